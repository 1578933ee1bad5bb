/** What the examples share: `--url` of the node, `--key` of a wallet (a new one without it), `--seconds` to run, and whatever else each names. */
import { parseArgs } from "node:util";
import { DecodeError } from "@bulkhead/engine";
import { createPrivateKey, hexOf } from "@bulkhead/protocol";
import {
  type Client,
  ProblemError,
  SCOPE,
  Unanswered,
  connect,
  localWallet,
  openAccount,
} from "@bulkhead/sdk";

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
  const values = optionsOf(["url", "key", "seconds", ...names]);
  const client = await joined(values, scopes).catch(giveUp);
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

function optionsOf(names: readonly string[]): Readonly<Record<string, string | undefined>> {
  try {
    return parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: "string" }])) }).values;
  } catch (error) {
    return giveUp(error);
  }
}

async function joined(
  { key = hexOf(createPrivateKey()), url = "http://127.0.0.1:8642" }: ReturnType<typeof optionsOf>,
  scopes: number,
): Promise<Client> {
  const client = await connect(url, { wallet: localWallet(key), scopes });
  if (client.session.accounts.length === 0) await openAccount(client);
  return client;
}

/** What was given is wrong, or nobody is there: that is said in a sentence. Anything else is a fault of the program. */
function giveUp(error: unknown): never {
  const isExpected =
    error instanceof DecodeError ||
    error instanceof ProblemError ||
    error instanceof Unanswered ||
    (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS") === true;
  if (!isExpected) throw error;
  console.error((error as Error).message);
  return process.exit(2);
}

/** Does something every so often until it is time to end; what fails is told, and the next turn comes all the same. */
export async function repeat(ended: Promise<void>, every: number, turn: () => Promise<void>): Promise<void> {
  for (let isOver = false; !isOver;) {
    await turn().catch((error: unknown) => console.log(String(error)));
    const waited = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), every));
    isOver = await Promise.race([ended.then(() => true), waited]);
  }
}
