/** The demo's keeper: bids for a part of whatever is in liquidation, in every tier, and works off what it gets. */
import { SCOPE } from "@bulkhead/protocol";
import { type Client, ProblemError, allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { faucet } from "./house.ts";
import { demoKey } from "./keys.ts";
import { every } from "./pace.ts";
import { workOff } from "./workOff.ts";

const USD = 1_000_000;
/** What it brings to each tier, and what it bids for at a time, dollars. */
const STAKE = 500_000;
const BID = 25_000;
const PAUSE = 2_000;

export async function keep(url: string, ended: AbortSignal): Promise<void> {
  const operator = await connect(url, { wallet: localWallet(demoKey("operator")) });
  const wallet = localWallet(demoKey("keeper"));
  const client = await connect(url, { wallet, scopes: SCOPE.read + SCOPE.trade + SCOPE.keep });
  const tiers = client.directory.tiers.map(({ tier }) => tier);
  if (client.session.accounts.length === 0) {
    const account = await openAccount(client);
    await faucet(operator, account, tiers.length * STAKE * USD);
    for (const tier of tiers) await allocate(client, { asset: "USD", amount: String(STAKE) }, { tier });
  }
  operator.close();
  const stream = client.stream();
  for (const tier of tiers)
    await stream.subscribe("liquidations", { tier }, ({ events = [] }) => {
      for (const event of events)
        if (event.event === "liquidationStarted")
          bid(client, tier, Number(event["bucket"])).catch((error: unknown) =>
            process.stderr.write(`${String(error)}\n`),
          );
    }).ready;
  await every(PAUSE, ended, () => workOff(client));
  client.close();
}

/** Bids in each market of the tier: the venue knows in which of them the bucket has a position. */
async function bid(client: Client, tier: number, target: number): Promise<void> {
  const { buckets } = await client.balances();
  const own = buckets.find((bucket) => bucket.tier === tier);
  if (own === undefined) return;
  for (const { symbol, market, lotSize } of client.directory.instruments.filter(
    (each) => each.tier === tier,
  )) {
    const { mark } = await client.call("market", { params: { symbol } });
    const lots = Math.floor(BID / (Number(mark) * Number(lotSize)));
    try {
      const { account } = client;
      await client.send({ kind: "bidLiquidation", account, tier, bucket: own.bucket, target, market, lots });
    } catch (error) {
      if (!(error instanceof ProblemError) || error.refusal === undefined) throw error;
    }
  }
}
