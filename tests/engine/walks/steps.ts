/** What the walks share: who walks, where some begin, and the steps that many of them take. */
import { CONTRACT, type CommandName, QUALITY } from "@bulkhead/engine";
import type { TierShard } from "../../../packages/engine/src/domain/tierShard.ts";
import { type Desk, type Trader, openDesk, usd } from "../venue.ts";
import type { Cure, Step } from "./walk.ts";

export const ALICE = 1;
export const BOB = 2;
/** Largest position limit of a plain market: 2^50 over the value of a lot at the top of the range. */
export const MOST_LOTS = 34_359;

/** Value of a lot at the top of a plain market's range. */
export const CEILING = usd(1) * 2 ** 15;

/** The id of the order, or withdrawal, in a slot: its generation counts how often the slot was taken. */
export const idOf = (slot: number, generation = 1): number => generation * 2 ** 22 + slot;

/** Number 9 of a thing is named, and there are fewer. */
export function noSuch<Name extends CommandName>(
  thing: "tier" | "account" | "asset" | "market" | "bucket",
  why: string,
  cure: Cure<Name>,
): Step<Name> {
  return { refusal: `${thing}_unknown`, facts: { [thing]: 9 }, why, cure };
}

/** What only governance may do in a sealed tier, the second of two. */
export const SEALED = [
  { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
  { refusal: "governance_required", facts: { tier: 2 }, why: "it is sealed", cure: { tier: 1 } },
] as const;

/** Tier 1 is not sealed, tier 2 is. */
export const NOT_SEALED = [
  { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
  { refusal: "governance_not_sealed", facts: { tier: 1 }, why: "not yet", cure: { tier: 2 } },
] as const;

/** A price has been lost (`loseFeed`): everything that needs it is forbidden. */
export function deadPrice<Name extends CommandName>(why: string, cure: Cure<Name>): Step<Name> {
  const facts = { quality: QUALITY.dead, age: 0, forbids: 63 };
  return { refusal: "price_forbids", facts, why, cure };
}

/** A desk at 2 s whose market 1 is a future with its final price; market 2 is plain, and asset 2 no collateral yet. */
export function settledFuture(): Desk {
  const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
  desk.listMarket();
  desk.listAsset();
  desk.now = 2_000;
  desk.expire(1);
  return desk;
}

/**
 * Alice, bucket 1, is long 50 lots with 250 dollars over 212.5 of maintenance, and Carol, bucket 3, bids for half of them, 8 below the
 * mark of 85.
 */
export function nearLiquidation(): [Desk, Trader] {
  const desk = openDesk();
  const alice = desk.openTrader(1_000);
  const [bob, carol] = [desk.openTrader(10_000), desk.openTrader(10_000)];
  desk.trade(alice, bob, 50, 100);
  desk.mark(85);
  desk.expectAccepted(desk.buy(carol, 25, 77));
  return [desk, alice];
}

/** Makes the breaker of a market at 100 trip on a move of 1 % and back: it lets positions only shrink, or halts if `haltScore` is 1. */
export function trip(desk: Desk, market: number, haltScore = 0): void {
  desk.arm(market, { hardMove: 1_000, haltScore });
  for (const price of [101, 101, 100]) desk.mark(price, market);
}

/** Writes into tier 1 behind the engine's back, where no command leads to in a few lines. */
export function meddle(desk: Desk, write: (tier: TierShard) => void): void {
  const tier = desk.engine.venue.tier(1);
  if (tier === undefined) throw new RangeError("no tier");
  write(tier);
  tier.arena.commit();
}
