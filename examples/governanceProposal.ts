/**
 * A governance proposal, from the proposer's and a signer's side: propose a parameter, read what is pending and what it would change, approve it as it
 * stands, and carry it out once its time has come. Run it again with another member's key to approve, and later to execute.
 *
 *     npx tsx examples/governanceProposal.ts --url … --key 0x… --tier 1 --member 1 --symbol BTC-PERP --parameter takerFee --value 600
 */
import { PARAMETERS, type ParameterName } from "@bulkhead/engine";
import { ProblemError, approve, execute, propose } from "@bulkhead/sdk";
import { setup } from "./setup.ts";

const { client, option } = await setup(["tier", "member", "symbol", "parameter", "value"]);
const tier = Number(option("tier", "1"));
const member = Number(option("member", "1"));
const name = option("parameter", "") as ParameterName | "";

/** Says what became of it; a refusal is an answer like any other. */
async function attempt(
  what: string,
  act: () => Promise<{ readonly facts: Readonly<Record<string, number>> }>,
): Promise<void> {
  try {
    console.log(`${what}:`, (await act()).facts);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    console.log(`${what}: refused (${error.refusal ?? error.kind}), ${error.message}`);
  }
}

if (name !== "") {
  const { id, level } = PARAMETERS[name];
  const { market } = client.instrument(option("symbol", "BTC-PERP"));
  const subject = level === "tier" ? 0 : market;
  await attempt(`propose ${name}`, () =>
    propose(client, tier, member, {
      kind: "setParameter",
      tier,
      market: subject,
      parameter: id,
      value: Number(option("value", "0")),
    }),
  );
}

const { items } = await client.call("proposals", { query: { tier, status: "pending" } });
for (const proposal of items) {
  const { proposal: by, nonce, change, approvals, needed, eta } = proposal;
  const effect =
    change === null
      ? ""
      : `, ${change.parameter} from ${change.before} to ${change.after} (${change.direction})`;
  console.log(`proposal ${nonce} of member ${by}${effect}: ${approvals} of ${needed} approvals`);
  const anHour = client.clock.now() + 3_600_000;
  await attempt(`approve ${nonce}`, () => approve(client, proposal, member, anHour));
  if (eta <= client.clock.now()) await attempt(`execute ${nonce}`, () => execute(client, proposal));
  else console.log(`it can be executed from ${new Date(eta).toISOString()} on`);
}
client.close();
