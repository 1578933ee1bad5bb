/**
 * Who makes the venue busy: reporters whose prices sway once a second, and traders who place, cancel and take, each command a signed batch of its
 * own over the public interface. What comes of it is counted by a subscriber of the book.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { Instrument } from "@bulkhead/protocol";
import { amountText, hexOf, placeOrderOf, priceText, ticksOf } from "@bulkhead/protocol";
import { type Client, type OrderEntry, SCOPE, type SessionKey, connect, localWallet } from "@bulkhead/sdk";
import { WebSocket } from "ws";
import { demoKey } from "../../../packages/cli/src/demo/keys.ts";
import { DEMO_REPORTERS, FIRST_PRICES, type Underlying } from "../../../packages/cli/src/demo/venue.ts";
import { createRandom } from "../random.ts";
import { SYMBOL, TRADERS } from "./busyVenue.ts";
import { priceReport } from "./priceReport.ts";

/** What was done since the beginning. */
export interface Busyness {
  readonly seconds: number;
  readonly commands: number;
  readonly refused: number;
  /** How many were for which reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What a subscriber of the busy market's book was told: messages, and levels that changed, of which a message tells all of a batch. */
  readonly bookMessages: number;
  readonly levels: number;
}

export interface BusyTraders {
  /** Goes on with so many commands a second; nearly each of them changes the book. */
  readonly trade: (rate: number) => void;
  readonly figures: () => Busyness;
  readonly stop: () => Promise<void>;
}

const SEED = 2;
/** Prices sway by so much, up and down once in so many ms: far from what would liquidate anybody. */
const [SWAY, PERIOD_MS] = [0.002, 90_000];
const REPORT_MS = 1_000;
const TICK_MS = 2;
/** A machine with much else to do answers late. */
const PATIENCE_MS = 60_000;
/** Commands that are made up for at most when the process was kept. */
const MOST_BEHIND = 50;
/** Orders that each trader has in the book. */
const RESTING = 40;
/** How far from the middle they lie at most, ticks; and lots of each. */
const [REACH, LOTS] = [150, 400];
/** One of so many orders takes. */
const TAKES = 25;

const curve = createRequire(import.meta.url)("secp256k1") as {
  readonly ecdsaSign: (digest: Uint8Array, key: Uint8Array) => { readonly signature: Uint8Array };
  readonly publicKeyCreate: (key: Uint8Array) => Uint8Array;
};

interface Trader {
  readonly entry: OrderEntry;
  readonly account: number;
  readonly bucket: number;
  /** Names of orders that rest, the oldest first. */
  readonly resting: number[];
  named: number;
}

/** Reporters report from now on; nobody trades until it is asked for. */
export async function openBusyTraders(url: string): Promise<BusyTraders> {
  const ended = new AbortController();
  const began = performance.now();
  const swaying = (): number => 1 + SWAY * Math.sin(((performance.now() - began) / PERIOD_MS) * 2 * Math.PI);
  const clients: Client[] = [];
  const enter = async (name: string, scopes: number): Promise<Client> => {
    const client = await connect(url, {
      wallet: localWallet(demoKey(name)),
      isSessionWanted: false,
      timeout: PATIENCE_MS,
    });
    await client.begin(scopes, nativeKey());
    clients.push(client);
    return client;
  };
  const reporters = await Promise.all(DEMO_REPORTERS.map((name) => enter(name, SCOPE.read + SCOPE.report)));
  const reportAll = (): Promise<unknown> =>
    Promise.all(reporters.map((client, index) => report(client, index + 1, swaying())));
  await reportAll();
  const owners = await Promise.all(TRADERS.map((name) => enter(name, SCOPE.read + SCOPE.trade)));
  const instrument = (owners[0] as Client).instrument(SYMBOL);
  const traders = await Promise.all(owners.map((client) => traderOf(client, instrument)));
  const { socket, told } = await listen(url);

  let [sent, refused, skipped] = [0, 0, 0];
  const random = createRandom(SEED);
  const middle = ticksOf(instrument, FIRST_PRICES.BTC.toFixed(1));
  const act = async (trader: Trader, mid: number): Promise<void> => {
    const { entry, account, bucket, resting } = trader;
    if (resting.length >= RESTING) {
      const clientId = resting.splice(random.below(resting.length), 1)[0] as number;
      await entry.send({ kind: "cancelOrder", account, tier: instrument.tier, order: 0, clientId });
      return;
    }
    const isBuy = random.below(2) === 0;
    const takes = random.below(TAKES) === 0;
    const away = takes ? -REACH : 1 + Math.floor((random.below(REACH) * random.below(REACH)) / REACH);
    const clientId = ++trader.named;
    const order = {
      symbol: SYMBOL,
      side: isBuy ? "buy" : "sell",
      type: "limit",
      amount: amountText(instrument, 1 + random.below(takes ? 8 : LOTS)),
      price: priceText(instrument, isBuy ? mid - away : mid + away),
      timeInForce: takes ? "IOC" : "GTC",
      clientOrderId: String(clientId),
    } as const;
    if (!takes) resting.push(clientId);
    await entry.send(placeOrderOf(order, instrument, account, bucket, "order"));
  };

  const reasons: Record<string, number> = {};
  const refuse = (error: unknown): void => {
    refused++;
    const reason = (error as Error).message.replaceAll(/\d+/g, "…");
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  };
  const complain = (error: unknown): void => {
    if (!ended.signal.aborted) console.error(String(error));
  };
  let [started, rate] = [performance.now(), 0];
  let toldBefore = told();
  // Who is late tells the next price, not all that he missed.
  let isReporting = false;
  const reporting = setInterval(() => {
    if (isReporting) return;
    isReporting = true;
    void reportAll()
      .catch(complain)
      .finally(() => (isReporting = false));
  }, REPORT_MS);
  const trading = setInterval(() => {
    const due = Math.floor(((performance.now() - started) * rate) / 1_000);
    const least = due - MOST_BEHIND;
    for (skipped = Math.max(skipped, least - sent); sent + skipped < due; sent++)
      act(traders[sent % traders.length] as Trader, Math.round(middle * swaying())).catch(refuse);
  }, TICK_MS);

  return {
    trade: (wanted) => {
      [started, rate, sent, skipped] = [performance.now(), wanted, 0, 0];
      toldBefore = told();
    },
    figures: () => ({
      seconds: (performance.now() - started) / 1_000,
      commands: sent,
      refused,
      reasons,
      bookMessages: told().messages - toldBefore.messages,
      levels: told().levels - toldBefore.levels,
    }),
    stop: async () => {
      ended.abort();
      clearInterval(reporting);
      clearInterval(trading);
      socket.terminate();
      for (const client of clients) client.close();
    },
  };
}

async function traderOf(client: Client, { tier }: Instrument): Promise<Trader> {
  const { account } = client;
  const { buckets } = await client.call("balances", { params: { account } });
  const bucket = buckets.find((each) => each.tier === tier)?.bucket;
  if (bucket === undefined) throw new Error(`account ${account} has no bucket in tier ${tier}`);
  const entry = await client.orderEntry({ cancelOnDisconnect: false, key: nativeKey() });
  return { entry, account, bucket, resting: [], named: 0 };
}

async function report(client: Client, reporter: number, share: number): Promise<void> {
  const publishedAt = client.clock.now();
  for (const instrument of client.directory.instruments) {
    const dollars = FIRST_PRICES[instrument.base as Underlying] * share;
    await client.send(priceReport(instrument, reporter, dollars, publishedAt));
  }
}

interface Told {
  readonly messages: number;
  readonly levels: number;
}

/** Follows the book, and counts what it is told without making sense of it. */
async function listen(url: string): Promise<{ readonly socket: WebSocket; readonly told: () => Told }> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/stream`, { perMessageDeflate: false });
  await once(socket, "open");
  let [messages, levels] = [0, 0];
  socket.on("message", (data: Buffer) => {
    if (!data.subarray(0, 64).includes('"channel":"book"')) return;
    messages++;
    // Each level is a pair of texts.
    levels += data.toString("latin1").split('["').length - 1;
  });
  // A connection on which nothing is said is cut.
  const pulse = setInterval(() => socket.send('{"op":"ping"}'), 20_000);
  socket.on("close", () => clearInterval(pulse));
  socket.send(JSON.stringify({ op: "subscribe", channel: "book", symbol: SYMBOL }));
  return { socket, told: () => ({ messages, levels }) };
}

/** Signs by the native curve: the traders share the machine with what is measured. */
function nativeKey(): SessionKey {
  const key = randomBytes(32);
  return {
    publicKey: hexOf(curve.publicKeyCreate(key)),
    sign: (digest) => curve.ecdsaSign(digest, key).signature,
  };
}
