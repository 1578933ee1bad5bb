/**
 * Money as clearing moves it, followed from the events: a fill realises profit, losers pay into the market's pool what cash they have, winners
 * get what is in it, and the rest stays in the cost (docs/spec/clearing.md). Every change of a bucket's cash is an entry of its ledger, so
 * that entries add up to balances.
 */
import type { RowOf } from "../schema.ts";
import { type Bucket, type Tier, marketAt } from "../world.ts";
import { type Moment, tell, touch } from "./moment.ts";

/** What an entry is about. */
export type LedgerKind =
  | "deposit"
  | "withdrawal"
  | "withdrawal_cancelled"
  | "withdrawal_returned"
  | "transfer"
  | "fee"
  | "realised"
  | "funding"
  | "unsettled"
  | "residual"
  | "liquidation_penalty"
  | "keeper_reward"
  | "collateral_sale"
  | "haircut"
  | "recovered"
  | "recovery"
  | "stake"
  | "unstake"
  | "layer_funding"
  | "cover_escrow"
  | "cover_released"
  | "other";

const QUOTE = 1;

/** Changes a bucket's cash, and says so in its owner's ledger. */
export function moveCash(
  moment: Moment,
  { row }: Bucket,
  amount: number,
  kind: LedgerKind,
  market = 0,
): void {
  if (amount === 0) return;
  row.cash += amount;
  touch(moment, "buckets", row);
  const { account, tier, bucket, cash } = row;
  tell(moment, "ledger", { account, tier, bucket, asset: QUOTE, kind, amount, balance: cash, market });
}

/** Changes what a bucket holds of an asset. */
export function moveHolding(
  moment: Moment,
  bucket: Bucket,
  asset: number,
  amount: number,
  kind: LedgerKind,
): void {
  if (asset === QUOTE) return moveCash(moment, bucket, amount, kind);
  const { tier, bucket: id, account } = bucket.row;
  let holding = bucket.holdings.get(asset);
  if (holding === undefined) bucket.holdings.set(asset, (holding = { tier, bucket: id, asset, amount: 0 }));
  holding.amount += amount;
  touch(moment, "holdings", holding);
  tell(moment, "ledger", {
    account,
    tier,
    bucket: id,
    asset,
    kind,
    amount,
    balance: holding.amount,
    market: 0,
  });
}

/** A bucket's position in a market, made if it has none. */
export function positionIn({ row, positions }: Bucket, market: number): RowOf<"positions"> {
  const { tier, bucket, account } = row;
  let position = positions.get(market);
  if (position === undefined)
    positions.set(market, (position = { tier, bucket, market, account, lots: 0, cost: 0 }));
  return position;
}

/** One side of what changes hands. */
export interface Side {
  readonly bucket: Bucket;
  readonly position: RowOf<"positions">;
  readonly realised: number;
  readonly fee: number;
}

/** Books lots, signed like the change, at a price. What it realises is told by the event, or follows from the cost. */
export function bookSide(
  moment: Moment,
  market: RowOf<"markets">,
  bucket: Bucket,
  signedLots: number,
  price: number,
  fee: number,
  told?: number,
): Side {
  const position = positionIn(bucket, market.market);
  const lotValue = price * market.notional;
  const realised = told ?? realisedBy(position, signedLots, lotValue);
  position.lots += signedLots;
  position.cost += signedLots * lotValue + fee;
  touch(moment, "positions", position);
  return { bucket, position, realised, fee };
}

/** Profit realised by a trade against a position: value of the part that closes less its share of the cost, toward zero. */
function realisedBy({ lots, cost }: RowOf<"positions">, signedLots: number, lotValue: number): number {
  if (lots === 0 || lots > 0 === signedLots > 0) return 0;
  const held = Math.abs(lots);
  const closed = Math.min(held, Math.abs(signedLots));
  const released = closed === held ? cost : partOf(cost, closed, held);
  return (lots > 0 ? closed : -closed) * lotValue - released;
}

/** amount × part ÷ whole, exactly, toward zero. */
function partOf(amount: number, part: number, whole: number): number {
  const product = amount * part;
  if (Number.isSafeInteger(product)) return Math.trunc(product / whole);
  return Number((BigInt(amount) * BigInt(part)) / BigInt(whole));
}

/** Pays two sides in and out, the first one first, and writes what became of it into their ledgers. */
export function payBetween(moment: Moment, market: RowOf<"markets">, sides: readonly Side[]): void {
  const moved = sides.map(() => 0);
  const pay = (index: number, received: number): void => {
    const { bucket, position } = sides[index] as Side;
    if (received === 0) return;
    moved[index] = (moved[index] as number) + received;
    market.pool -= received;
    position.cost += received;
    // In the ledger it is told below; but the next payment needs to know.
    bucket.row.cash += received;
  };
  sides.forEach(({ bucket, realised, fee }, index) => {
    const net = realised - fee;
    if (net < 0) pay(index, -Math.min(-net, bucket.row.cash));
  });
  sides.forEach(({ realised, fee }, index) => {
    const net = realised - fee;
    if (net > 0) pay(index, Math.min(net, market.pool));
  });
  touch(moment, "markets", market);
  sides.forEach(({ bucket, position, realised, fee }, index) => {
    const received = moved[index] as number;
    bucket.row.cash -= received;
    moveCash(moment, bucket, realised, "realised", position.market);
    moveCash(moment, bucket, -fee, "fee", position.market);
    moveCash(moment, bucket, received - realised + fee, "unsettled", position.market);
  });
}

/** The house takes the fees it is owed, as far as the pool goes. */
export function collectFees(moment: Moment, market: RowOf<"markets">): void {
  const taken = Math.min(-market.feeCost, market.pool);
  if (taken <= 0) return;
  market.pool -= taken;
  market.feeCost += taken;
  touch(moment, "markets", market);
}

/** What changes a position's cost and moves no money is told in the ledger all the same, with its counterpart. */
export function chargeCost(
  moment: Moment,
  bucket: Bucket,
  market: number,
  amount: number,
  kind: LedgerKind,
): void {
  if (amount === 0) return;
  const position = positionIn(bucket, market);
  position.cost += amount;
  touch(moment, "positions", position);
  moveCash(moment, bucket, -amount, kind, market);
  moveCash(moment, bucket, amount, "unsettled", market);
}

/** How lots changed hands. */
export type FillKind = "trade" | "liquidation" | "auction" | "backstop" | "keeper" | "tear-up" | "settlement";

/** How a side's lots changed hands. */
export interface Exchange {
  /** Index, in the command, of the event that tells of it. */
  readonly index: number;
  readonly kind: FillKind;
  readonly role: "maker" | "taker";
  readonly signedLots: number;
  readonly price: number;
}

/** Tells a side of what changed hands. */
export function tellFill(
  moment: Moment,
  { bucket, position, realised, fee }: Side,
  { index, kind, role, signedLots, price }: Exchange,
  order?: RowOf<"orders">,
): void {
  const { tier, bucket: id, account } = bucket.row;
  tell(moment, "fills", {
    event: index + 1,
    tier,
    market: position.market,
    account,
    bucket: id,
    orderSequence: order?.sequence ?? 0,
    order: order?.order ?? 0,
    role,
    kind,
    side: signedLots > 0 ? 0 : 1,
    price,
    lots: Math.abs(signedLots),
    fee,
    realised,
    position: position.lots,
  });
}

/** What one bucket hands to another. */
export interface Handed {
  /** Index, in the command, of the event that tells of it. */
  readonly index: number;
  readonly market: number;
  readonly lots: number;
  readonly price: number;
  readonly kind: FillKind;
}

/** Lots, signed like the giver's position, pass from one bucket to another at a price, without fees. */
export function transfer(
  moment: Moment,
  tier: Tier,
  [giver, taker]: readonly [Bucket, Bucket],
  { index, market: id, lots, price, kind }: Handed,
): void {
  const market = marketAt(tier, id);
  const given = bookSide(moment, market, giver, -lots, price, 0);
  const taken = bookSide(moment, market, taker, lots, price, 0);
  tellFill(moment, given, { index, kind, role: "maker", signedLots: -lots, price });
  tellFill(moment, taken, { index, kind, role: "taker", signedLots: lots, price });
  payBetween(moment, market, [given, taken]);
}
