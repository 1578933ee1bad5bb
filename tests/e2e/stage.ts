/**
 * A venue whose prices a test makes: the demo's configuration and the demo's house, three reporters who say what they are told to, and two who
 * have bet against each other. What takes the demo minutes happens here within a second of being asked for.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PARAMETERS } from "@bulkhead/engine";
import { SCOPE } from "@bulkhead/protocol";
import { type Client, allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { parseConfig, startNode } from "@bulkhead/server";
import { priceReport } from "../../bench/lib/window/priceReport.ts";
import { faucet, openHouse } from "../../packages/cli/src/demo/house.ts";
import { DEMO_PARTIES, demoKey } from "../../packages/cli/src/demo/keys.ts";
import {
  DEMO_REPORTERS,
  FIRST_PRICES,
  type Underlying,
  demoConfig,
} from "../../packages/cli/src/demo/venue.ts";
import { proposalOf } from "../engine/council.ts";

export interface Stage {
  readonly url: string;
  /** Every underlying is worth so much of what it was at first, from now on. Resolves when all reporters have said so. */
  readonly setPrices: (share: number) => Promise<void>;
  /** Somebody sells one BTC at the first price, to whoever wants it. */
  readonly offer: () => Promise<void>;
  /** Member 1 proposes a parameter of BTC-PERP; nobody has approved it. */
  readonly propose: (parameter: "initialMargin" | "band", value: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const SITE = fileURLToPath(new URL("../../packages/dashboard/dist/site", import.meta.url));
const PAUSE_MS = 1_000;
const USD = 1_000_000;
const SYMBOL = "BTC-PERP";
/** A bet of 5 BTC: with 22,000 USD behind it the buyer is nearly as bold as the market allows. */
const AMOUNT = "5";
const [BOLD_USD, SOUND_USD] = [22_000, 500_000];

export async function openStage(): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "bulkhead-stage-"));
  const config = { ...parseConfig(demoConfig(DEMO_PARTIES, Date.now())), port: 0 };
  const node = await startNode({ config, directory, say: () => undefined, version: "test", site: SITE });
  const { url } = node;
  let share = 1;
  const over = new AbortController();
  const reporters = await Promise.all(
    DEMO_REPORTERS.map((name) =>
      connect(url, { wallet: localWallet(demoKey(name)), scopes: SCOPE.read + SCOPE.report }),
    ),
  );
  const reportAll = async (): Promise<void> => {
    await Promise.all(reporters.map((client, index) => report(client, index + 1, share)));
  };
  await reportAll();
  const reporting = (async () => {
    while (!over.signal.aborted) {
      await reportAll().catch((error: unknown) => over.signal.aborted || console.warn(String(error)));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  await openHouse(url);
  const operator = await connect(url, { wallet: localWallet(demoKey("operator")) });
  const bold = await enter(url, operator, "stage-bold", BOLD_USD);
  const sound = await enter(url, operator, "stage-sound", SOUND_USD);
  // By a price of now: one that grows old asks for more margin than the buyer has.
  await reportAll();
  const order = { symbol: SYMBOL, type: "limit", amount: AMOUNT, price: `${FIRST_PRICES.BTC}.0` } as const;
  await sound.placeOrder({ ...order, side: "sell" });
  await bold.placeOrder({ ...order, side: "buy" });
  return {
    url,
    setPrices: async (next) => {
      share = next;
      await reportAll();
    },
    offer: async () => {
      await sound.placeOrder({ ...order, amount: "1", side: "sell" });
    },
    propose: async (parameter, value) => {
      const member = await connect(url, { wallet: localWallet(demoKey("member-1")) });
      const { id } = PARAMETERS[parameter];
      await member.sign(proposalOf({ kind: "setParameter", tier: 1, market: 1, parameter: id, value }, 1));
      member.close();
    },
    stop: async () => {
      over.abort();
      await reporting;
      for (const client of [...reporters, operator, bold, sound]) client.close();
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function enter(url: string, operator: Client, name: string, dollars: number): Promise<Client> {
  const client = await connect(url, {
    wallet: localWallet(demoKey(name)),
    scopes: SCOPE.read + SCOPE.trade,
  });
  await openAccount(client);
  await faucet(operator, client.account, dollars * USD);
  await allocate(client, { asset: "USD", amount: String(dollars) }, { tier: 1 });
  return client;
}

async function report(client: Client, reporter: number, share: number): Promise<void> {
  const publishedAt = client.clock.now();
  for (const instrument of client.directory.instruments) {
    const dollars = FIRST_PRICES[instrument.base as Underlying] * share;
    await client.send(priceReport(instrument, reporter, dollars, publishedAt));
  }
}
