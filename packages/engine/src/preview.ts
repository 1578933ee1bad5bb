/**
 * Preview of an order: what it would do to its bucket, without doing it. It runs the order's own story on the real state and rolls
 * everything back, so it cannot disagree with the order itself.
 */
import { NIL, type Ref } from "./kernel/arena.ts";
import { rowOf } from "./kernel/pool.ts";
import { type Lots, type MicroUsd, NONE, type Ticks } from "./kernel/units.ts";
import { placeOrder } from "./commands/placeOrder.ts";
import { BucketFigures } from "./domain/bucketFigures.ts";
import { PLACE_ORDER } from "./domain/commands.ts";
import { type Word, word } from "./domain/frame.ts";
import { positionOf } from "./domain/positions.ts";
import { type OutcomeCode, REFUSALS, type RefusalName } from "./domain/refusals.ts";
import { POSITION } from "./domain/rows/bucket.ts";
import { VAULT } from "./domain/rows/vault.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { describeEvents, refusalOf } from "./receiptView.ts";
import { maintenanceEquityOf, maintenanceOf, measureBucket } from "./risk/bucketMeasure.ts";
import { liquidationPrice } from "./risk/liquidationPrice.ts";

const { at } = PLACE_ORDER;

/** A bucket's standing, as an order finds or leaves it. */
export interface Standing {
  /** The order's market only, signed. */
  readonly lots: Lots;
  readonly equity: MicroUsd;
  /** Of positions and open orders. */
  readonly initialMargin: MicroUsd;
  readonly maintenanceEquity: MicroUsd;
  readonly maintenanceMargin: MicroUsd;
  /** Of the order's market, all else unchanged; 0 = none in its price range. */
  readonly liquidationPrice: Ticks;
}

export interface Preview {
  readonly outcome: "accepted" | RefusalName;
  /** The numbers that explain a refusal. */
  readonly facts: Readonly<Record<string, number>>;
  /** Lots traded at once, and what they cost before fees: Σ price·lots, in ticks × lots. */
  readonly filled: Lots;
  readonly tickLots: number;
  /** Fees on them, micro-dollars. */
  readonly fees: MicroUsd;
  /** Lots that would rest or wait. */
  readonly resting: Lots;
  readonly before: Standing | undefined;
  /** Undefined if the order would be refused. */
  readonly after: Standing | undefined;
}

/** Previews the order in `venue.command`. State and receipts stay as they are; the last command's events are forgotten. */
export function previewOrder(venue: Venue): Preview {
  const { command, vault, events } = venue;
  const tier = venue.tier(word(command, at.tier));
  const before = tier === undefined ? undefined : standingOf(venue, tier);
  venue.makersMet = 0;
  events.clear();
  try {
    const clock = vault.arena.num(vault.row, VAULT.clock);
    const code = venue.now < clock ? venue.refuse("clock_went_back", venue.now, clock) : placeOrder(venue);
    return describe(venue, tier, before, code);
  } finally {
    vault.arena.rollback();
    tier?.arena.rollback();
    events.clear();
  }
}

/** What the order has done, while it is still there to be seen. */
function describe(
  venue: Venue,
  tier: TierShard | undefined,
  before: Standing | undefined,
  code: OutcomeCode,
): Preview {
  const outcome = refusalOf(code);
  const { facts, entry } = venue;
  if (outcome !== "accepted") {
    const nothing = { filled: NONE, tickLots: 0, fees: NONE, resting: NONE, after: undefined };
    return { outcome, facts: factsOf(outcome, facts), before, ...nothing };
  }
  const fills = describeEvents(venue).filter(({ event }) => event === "fill");
  return {
    outcome,
    facts: {},
    filled: word(facts, FILLED),
    tickLots: fills.reduce((sum, { values }) => sum + (values["price"] ?? 0) * (values["lots"] ?? 0), 0),
    fees: fills.length > 0 ? entry.fees : NONE,
    resting: word(facts, RESTING),
    before,
    after: tier === undefined ? undefined : standingOf(venue, tier),
  };
}

/** Where a placed order's receipt has its filled and its resting lots. */
const FILLED: Word<Lots> = 1;
const RESTING: Word<Lots> = 2;

function standingOf(venue: Venue, tier: TierShard): Standing | undefined {
  const { command } = venue;
  const { arena } = tier;
  const bucket = rowOf(arena, tier.buckets, word(command, at.bucket));
  const market = tier.market(word(command, at.market));
  if (bucket === NIL || market === undefined) return undefined;
  const figures = new BucketFigures();
  measureBucket(tier, bucket, figures);
  const position: Ref<"position"> = positionOf(arena, bucket, market.id);
  return {
    lots: position === NIL ? NONE : arena.num(position, POSITION.lots),
    equity: figures.equity,
    initialMargin: figures.required,
    maintenanceEquity: maintenanceEquityOf(tier, bucket),
    maintenanceMargin: maintenanceOf(tier, bucket),
    liquidationPrice: position === NIL ? NONE : liquidationPrice(tier, bucket, market, position),
  };
}

function factsOf(refusal: RefusalName, facts: Float64Array): Record<string, number> {
  const names: readonly string[] = REFUSALS[refusal].facts;
  return Object.fromEntries(names.map((name, index) => [name, facts[index] as number]));
}
