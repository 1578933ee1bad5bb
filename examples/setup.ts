/** What the examples share: `--url` of the node, `--key` of a wallet (a new one without it), `--seconds` to run, and whatever else each names. */
import { parseArgs } from "node:util";
import { createPrivateKey, hexOf } from "@bulkhead/protocol";
import { type Client, SCOPE, connect, localWallet, openAccount } from "@bulkhead/sdk";

export interface Setup {
  readonly client: Client;
  /** Settles when it is time to end. */
  readonly ended: Promise<void>;
  readonly option: (name: string, otherwise: string) => string;
}

/**
 * Reads the command line and connects, with an account.
 * @param names - of options besides the common ones
 */
export async function setup(
  names: readonly string[] = [],
  scopes: number = SCOPE.read + SCOPE.trade,
): Promise<Setup> {
  const options = ["url", "key", "seconds", ...names].map((name) => [name, { type: "string" as const }]);
  const { values } = parseArgs({
    options: Object.fromEntries(options) as Record<string, { type: "string" }>,
  });
  const key = values["key"] ?? hexOf(createPrivateKey());
  const client = await connect(values["url"] ?? "http://127.0.0.1:8642", {
    wallet: localWallet(key),
    scopes,
  });
  if (client.session.accounts.length === 0) await openAccount(client);
  console.log(`account ${client.account} of ${client.wallet?.address}`);
  return {
    client,
    ended: new Promise((resolve) => {
      process.once("SIGINT", resolve);
      if (values["seconds"] !== undefined) setTimeout(resolve, Number(values["seconds"]) * 1_000);
    }),
    option: (name, otherwise) => values[name] ?? otherwise,
  };
}

/** Does something every so often until it is time to end; what fails is told, and the next turn comes all the same. */
export async function repeat(ended: Promise<void>, every: number, turn: () => Promise<void>): Promise<void> {
  for (let isOver = false; !isOver;) {
    await turn().catch((error: unknown) => console.log(String(error)));
    const waited = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), every));
    isOver = await Promise.race([ended.then(() => true), waited]);
  }
}
