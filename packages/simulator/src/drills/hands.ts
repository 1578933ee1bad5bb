/**
 * What a compromised layer can reach: any row of the shards that its command touches. Nothing here is anything a party could do; it is what
 * code in the place of an honest layer could.
 */
import { EVENTS, EVENT_WORDS, type Venue, bucketIdOf } from "@bulkhead/engine";
import {
  ACCOUNT,
  ASSET,
  BALANCE,
  BUCKET,
  LOAN,
  MARKET,
  NIL,
  POSITION,
  THROTTLE,
  TIER,
  positionOf,
  rowOf,
} from "@bulkhead/engine/drill";
import type { Party } from "./party.ts";
import { NOTIONAL } from "./terms.ts";

/** Where a fill names its price. */
const FILL_PRICE = 1 + EVENTS.fill.fields.indexOf("price");

type Shard = NonNullable<ReturnType<Venue["tier"]>>;

/** The hands in a tier, on one of its markets. */
export class Hands {
  private readonly venue: Venue;
  private readonly tier: Shard;
  private readonly market: number;

  constructor(venue: Venue, tier: number, market = 1) {
    this.venue = venue;
    this.tier = venue.tier(tier) as Shard;
    this.market = market;
  }

  /** Books lots at a price on a party's position, as one side of a fill would. */
  book(who: Party, lots: number, ticks: number): void {
    const { arena } = this.tier;
    const position = this.position(who);
    arena.setNum(position, POSITION.lots, add(arena.num(position, POSITION.lots), lots));
    this.charge(who, lots * ticks * NOTIONAL);
  }

  /** Adds to what a party's position cost; a negative amount is a gift. */
  charge(who: Party, amount: number): void {
    const { arena } = this.tier;
    const position = this.position(who);
    arena.setNum(position, POSITION.cost, add(arena.num(position, POSITION.cost), amount));
  }

  /** Counts open interest. */
  openInterest(lots: number): void {
    const { arena } = this.tier;
    const row = this.tier.marketRow(this.market);
    arena.setNum(row, MARKET.openInterest, add(arena.num(row, MARKET.openInterest), lots));
  }

  lotsOf(who: Party): number {
    return this.tier.arena.num(this.position(who), POSITION.lots);
  }

  /** Adds to a party's cash in the tier. */
  credit(who: Party, amount: number): void {
    const { arena } = this.tier;
    const bucket = this.bucket(who);
    arena.setNum(bucket, BUCKET.cash, add(arena.num(bucket, BUCKET.cash), amount));
  }

  /** Takes from the tier's insurance fund. @returns what was there */
  emptyInsurance(): number {
    const { arena, row } = this.tier;
    const amount = arena.num(row, TIER.insurance);
    arena.setNum(row, TIER.insurance, add(amount, amount * -1));
    return amount;
  }

  /** Strikes out what one tier owes another, as if it had never been lent. */
  strikeLoan(lender: number, borrower: number): void {
    const { arena } = this.venue.vault;
    const row = this.venue.vault.loan(lender, borrower);
    const owed = arena.num(row, LOAN.owed);
    arena.setNum(row, LOAN.owed, add(owed, owed * -1));
  }

  /** Moves custody of the quote currency from another tier to this one. */
  takeCustody(from: number, amount: number): void {
    const { vault } = this.venue;
    const row = vault.asset(1);
    for (const [tier, change] of [
      [from, -amount],
      [this.tier.id, amount],
    ] as const) {
      const cell = (ASSET.custody + tier) as typeof ASSET.custody;
      vault.arena.setNum(row, cell, add(vault.arena.num(row, cell), change));
    }
  }

  /** Tells of another price than the one at which the last fill was made. */
  retell({ events }: Venue, change: (price: number) => number): void {
    for (let at = 0; at < events.count * EVENT_WORDS; at += EVENT_WORDS) {
      if (events.words[at] === EVENTS.fill.code)
        events.words[at + FILL_PRICE] = change(events.words[at + FILL_PRICE] as number);
    }
  }

  /** Asks no margin for as long as a story lasts. */
  withoutMargin<Value>(story: () => Value): Value {
    const { arena } = this.tier;
    const row = this.tier.marketRow(this.market);
    const margin = arena.int(row, MARKET.initialMargin);
    const base = arena.num(row, MARKET.scaleBase);
    arena.setInt(row, MARKET.initialMargin, 1 as typeof margin);
    arena.setNum(row, MARKET.scaleBase, 0 as typeof base);
    const value = story();
    arena.setInt(row, MARKET.initialMargin, margin);
    arena.setNum(row, MARKET.scaleBase, base);
    return value;
  }

  private bucket({ account }: Party) {
    const { arena, buckets, id } = this.tier;
    return rowOf(arena, buckets, bucketIdOf(this.venue, id, account));
  }

  private position(who: Party) {
    const position = positionOf(this.tier.arena, this.bucket(who), this.market);
    if (position === NIL) throw new Error(`${who.name} has no position to write to`);
    return position;
  }
}

/** Adds to what an account owns in the vault. */
export function creditBalance({ vault }: Venue, who: Party, amount: number): void {
  const row = balanceRow(vault, who);
  vault.arena.setNum(row, BALANCE.amount, add(vault.arena.num(row, BALANCE.amount), amount));
}

function balanceRow({ arena, accounts }: Venue["vault"], { account }: Party) {
  let row = arena.int(rowOf(arena, accounts, account), ACCOUNT.balances);
  while (arena.int(row, BALANCE.asset) !== 1) row = arena.int(row, BALANCE.next);
  return row;
}

/** Makes the mutual fund look two and a half times as large for as long as a story lasts. */
export function inflated<Value>({ vault }: Venue, story: () => Value): Value {
  const row = vault.asset(1);
  const { arena } = vault;
  const more = Math.floor(arena.num(row, ASSET.mutual) * 1.5);
  arena.setNum(row, ASSET.mutual, add(arena.num(row, ASSET.mutual), more));
  const value = story();
  arena.setNum(row, ASSET.mutual, add(arena.num(row, ASSET.mutual), -more));
  return value;
}

const RATES = [THROTTLE.hour, THROTTLE.day, THROTTLE.assetHour, THROTTLE.assetDay] as const;

/** Has the vault know of no windows for as long as a story lasts. */
export function withoutWindows<Value>({ vault }: Venue, story: () => Value): Value {
  const { arena, throttle } = vault;
  const rates = RATES.map((column) => arena.int(throttle, column));
  for (const column of RATES) arena.setInt(throttle, column, 0 as (typeof rates)[number]);
  const value = story();
  RATES.forEach((column, index) => arena.setInt(throttle, column, rates[index] as (typeof rates)[number]));
  return value;
}

/** Pays an amount out of the vault that its owner never asked for. */
export function payOut({ vault }: Venue, who: Party, amount: number): void {
  const { arena } = vault;
  const row = vault.asset(1);
  arena.setNum(row, ASSET.held, add(arena.num(row, ASSET.held), -amount));
  const balance = balanceRow(vault, who);
  arena.setNum(balance, BALANCE.amount, add(arena.num(balance, BALANCE.amount), -amount));
}

/** Credits an owner where no journal sees it. */
export function forgeBalance({ vault }: Venue, who: Party, amount: number): void {
  const cell = (balanceRow(vault, who) >> 1) + BALANCE.amount;
  vault.arena.f64[cell] = (vault.arena.f64[cell] ?? 0) + amount;
}

/** Keeps the unit of what is added to. */
function add<Value extends number>(value: Value, amount: number): Value {
  return (value + amount) as Value;
}
