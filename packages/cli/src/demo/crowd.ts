/**
 * The demo's traders: makers in every market, some who follow moves, some who borrow more than is good for them, some who dabble. Each has a
 * wallet, a session and an account of its own, and knows what the public interface tells it.
 */
import { setMaxListeners } from "node:events";
import { type Instrument, SCOPE, amountText, priceText } from "@bulkhead/protocol";
import { type Client, allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { faucet } from "./house.ts";
import { demoKey } from "./keys.ts";
import { every } from "./pace.ts";
import { type Sight, type Wish, dabble, follow, hold, quotes } from "./strategies.ts";
import type { Underlying } from "./venue.ts";
import { worldPrice } from "./world.ts";

type Kind = "maker" | "follower" | "borrower" | "dabbler";

interface Trader {
  readonly client: Client;
  readonly kind: Kind;
  readonly instrument: Instrument;
  /** Dollars. */
  readonly stake: number;
  readonly leverage: number;
  /** Its orders that rest, as far as it knows. */
  resting: string[];
}

const USD = 1_000_000;
/** Of each market: what a trader of the kind brings, dollars, and how many there are. */
const PER_MARKET: readonly { readonly kind: Kind; readonly stake: number; readonly count: number }[] = [
  { kind: "maker", stake: 400_000, count: 2 },
  { kind: "follower", stake: 20_000, count: 1 },
  { kind: "borrower", stake: 25_000, count: 2 },
  { kind: "dabbler", stake: 10_000, count: 1 },
];
/** How much a borrower borrows, as a share of what the tier allows; whether he is long, by number. */
const DARING = [0.8, 0.6];
const LEVERAGES = [18, 9, 3.6];
/** Between two turns of one trader, ms. */
const PAUSE: Readonly<Record<Kind, number>> = {
  maker: 1_200,
  follower: 2_500,
  borrower: 4_000,
  dabbler: 1_700,
};
/** A trader who has lost this share of his stake comes back with a new one. */
const RUINED = 0.8;
const BEFORE_MS = 30_000;

/** @param began - when the demo's world did, ms since the epoch */
export async function trade(url: string, began: number, ended: AbortSignal): Promise<void> {
  // Each trader waits for the end.
  setMaxListeners(0, ended);
  const operator = await connect(url, { wallet: localWallet(demoKey("operator")) });
  const playing: Promise<void>[] = [];
  for (const instrument of operator.directory.instruments)
    for (const { kind, stake, count } of PER_MARKET)
      for (let number = 0; number < count && !ended.aborted; number++) {
        const name = `${kind}-${instrument.symbol}-${number + 1}`;
        const trader = await enter(url, operator, { name, kind, stake, number, instrument });
        playing.push(every(PAUSE[kind], ended, () => turn(trader, operator, began)));
      }
  await Promise.all(playing);
  operator.close();
}

interface Entrant {
  readonly name: string;
  readonly kind: Kind;
  readonly stake: number;
  readonly number: number;
  readonly instrument: Instrument;
}

async function enter(
  url: string,
  operator: Client,
  { name, kind, stake, number, instrument }: Entrant,
): Promise<Trader> {
  const wallet = localWallet(demoKey(name));
  const client = await connect(url, { wallet, scopes: SCOPE.read + SCOPE.trade });
  const leverage = (LEVERAGES[instrument.tier - 1] ?? 1) * (DARING[number] ?? 1) * (number === 0 ? 1 : -1);
  const trader = { client, kind, instrument, stake, leverage, resting: [] };
  if (client.session.accounts.length === 0) {
    await openAccount(client);
    await bringMoney(trader, operator);
  }
  // What an earlier life has left.
  await client.cancelOrders();
  return trader;
}

async function bringMoney({ client, instrument: { tier }, stake }: Trader, operator: Client): Promise<void> {
  await faucet(operator, client.account, stake * USD);
  await allocate(client, { asset: "USD", amount: String(stake) }, { tier });
}

async function turn(trader: Trader, operator: Client, began: number): Promise<void> {
  const { client, kind, instrument, stake, leverage } = trader;
  const { symbol, base, tier } = instrument;
  const elapsed = client.clock.now() - began;
  const [{ buckets }, positions] = await Promise.all([client.balances(), client.positions()]);
  const equity = Number(buckets.find((bucket) => bucket.tier === tier)?.equity ?? 0);
  if (equity < stake * (1 - RUINED)) return bringMoney(trader, operator);
  const held = positions.find((position) => position.symbol === symbol);
  const sight: Sight = {
    price: worldPrice(base as Underlying, elapsed),
    before: worldPrice(base as Underlying, Math.max(0, elapsed - BEFORE_MS)),
    position: held === undefined ? 0 : Number(held.amount) * (held.side === "long" ? 1 : -1),
    equity,
  };
  await place(trader, wishesOf(kind, sight, leverage));
}

function wishesOf(kind: Kind, sight: Sight, leverage: number): Wish[] {
  if (kind === "maker") return quotes(sight);
  if (kind === "follower") return follow(sight);
  return kind === "borrower" ? hold(sight, leverage) : dabble(sight, Math.random);
}

/**
 * Sends what can be said in whole ticks and lots, in place of what rests of the turn before: in one batch, so that the book is never without
 * either.
 */
async function place(trader: Trader, wishes: readonly Wish[]): Promise<void> {
  const { client, instrument, resting } = trader;
  const cancelled = resting.map((id) => ({ op: "cancel" as const, id }));
  const placed = wishes.flatMap(({ side, price, amount, isTaking }) => {
    const ticks = Math.round(price / Number(instrument.tickSize));
    const lots = Math.floor(amount / Number(instrument.lotSize));
    if (ticks < 1 || lots < 1) return [];
    const order = {
      symbol: instrument.symbol,
      side,
      type: "limit" as const,
      timeInForce: isTaking ? ("IOC" as const) : ("GTC" as const),
      price: priceText(instrument, ticks),
      amount: amountText(instrument, lots),
    };
    return [{ op: "place" as const, order }];
  });
  const operations = [...cancelled, ...placed];
  if (operations.length === 0) return;
  const results = await client.batch(operations);
  trader.resting = results.flatMap((result) =>
    result.op === "place" && "receipt" in result && result.receipt.status === "open"
      ? [result.receipt.id]
      : [],
  );
}
