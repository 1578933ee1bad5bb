/**
 * From what came of commands to rows. Nothing else is read: the same batches give the same rows, on every machine and however they are cut.
 */
import {
  CODE,
  EVENTS,
  EVENT_WORDS,
  FRAME_WORDS,
  LAYOUTS,
  type Layout,
  RECEIPT_FACTS,
  TIME,
} from "@bulkhead/engine";
import type { ExecutedBatch } from "../../runner/executed.ts";
import { type Tier, type World, bucketAt, marketAt } from "../world.ts";
import { bookSide, chargeCost, collectFees, moveCash, payBetween, positionIn, tellFill } from "./clearing.ts";
import { moveFunds } from "./funds.ts";
import { carriedOut, govern, list, nameRate } from "./governance.ts";
import { liquidate } from "./liquidation.ts";
import {
  type EventOf,
  type Harvest,
  type Moment,
  codeOf,
  commandOf,
  eventAt,
  eventCount,
  tell,
  touch,
} from "./moment.ts";
import { tellTimeline } from "./timeline.ts";
import { beginTrading, endTrading, forcedFills, trade } from "./trading.ts";
import { beginVault, moveVault } from "./vault.ts";

const DAY = 86_400_000;
const LIQUIDATED = EVENTS.positionLiquidated.code;
const MEASURED = EVENTS.fundingMeasured.code;
const SETTLE_RESIDUAL = codeOf("settleResidual");
/** Where a command has its tier, by code. */
const TIER_AT: readonly (number | undefined)[] = LAYOUTS.reduce<(number | undefined)[]>(
  (byCode, layout: Layout) => {
    byCode[layout.code] = layout.at["tier"];
    return byCode;
  },
  [],
);
const NO_FILLS: ReadonlySet<number> = new Set();

/**
 * Takes a batch in: changes the world, and adds what is to be written to a harvest.
 * @param after - sequence up to which the batch was taken in before
 * @throws {ProjectionError} if its events do not fit the world
 */
export function project(world: World, harvest: Harvest, batch: ExecutedBatch, after = 0): void {
  const { first, count, frames, codes, facts, events, eventEnds } = batch;
  for (let index = Math.max(0, after + 1 - first); index < count; index++) {
    const frame = frames.subarray(index * FRAME_WORDS, (index + 1) * FRAME_WORDS);
    const from = index === 0 ? 0 : (eventEnds[index - 1] as number);
    const tierAt = TIER_AT[frame[CODE] as number];
    const moment: Moment = {
      world,
      harvest,
      sequence: first + index,
      time: frame[TIME] as number,
      frame,
      code: codes[index] as number,
      facts: facts.subarray(index * RECEIPT_FACTS, (index + 1) * RECEIPT_FACTS),
      tier: tierAt === undefined ? 0 : (frame[tierAt] as number),
      events: events.subarray(from * EVENT_WORDS, (eventEnds[index] as number) * EVENT_WORDS),
      ordinal: 0,
    };
    takeCommand(moment);
  }
}

function takeCommand(told: Moment): void {
  if (told.code !== 0) countRefusal(told);
  const moment: Moment = { ...told, ...carriedOut(told) };
  const count = eventCount(moment);
  const tier = moment.world.tiers.get(moment.tier);
  if (moment.code === 0) {
    list(moment, moment.frame !== told.frame);
    beginVault(moment, tier);
  }
  const trading = beginTrading(moment, tier);
  const forced = has(moment, LIQUIDATED) ? forcedFills(moment, count) : NO_FILLS;
  for (let index = 0; index < count; index++) {
    moveVault(moment, tier, index);
    moveFunds(moment, index);
    govern(moment, tier, index);
    if (tier === undefined) continue;
    trade(moment, tier, trading, index, forced);
    settle(moment, tier, index);
    liquidate(moment, tier, index);
  }
  endTrading(moment, tier, trading);
  nameRate(moment, has(moment, MEASURED));
  tellTimeline(moment);
}

/** Takes in an event by which a position settles something without trading, if it is one. */
function settle(moment: Moment, tier: Tier, index: number): void {
  const funding = eventAt(moment, "fundingSettled", index);
  if (funding !== undefined) return payFunding(moment, tier, funding);
  const settled = eventAt(moment, "positionSettled", index);
  if (settled !== undefined) return settlePosition(moment, tier, index, settled);
  const residual = eventAt(moment, "residualSettled", index);
  if (residual !== undefined) return settleResidual(moment, tier, residual);
  const repaid = eventAt(moment, "profitRepaid", index);
  if (repaid === undefined) return;
  const { default: id, bucket, amount } = repaid;
  const winner = bucket === 0 ? undefined : bucketAt(tier, bucket);
  if (winner !== undefined) moveCash(moment, winner, amount, "recovered");
  const account = winner?.row.account ?? 0;
  tell(moment, "haircuts", { tier: tier.row.tier, default: id, bucket, account, amount: -amount });
}

function payFunding(
  moment: Moment,
  tier: Tier,
  { market, bucket: id, amount, index }: EventOf<"fundingSettled">,
): void {
  const bucket = bucketAt(tier, id);
  const { lots } = positionIn(bucket, market);
  const { account } = bucket.row;
  tell(moment, "fundingPayments", {
    tier: tier.row.tier,
    market,
    account,
    bucket: id,
    amount: -amount,
    lots,
    index,
  });
  chargeCost(moment, bucket, market, amount, "funding");
}

/** A position of an expired market is closed at the final price, against the market's settlement account. */
function settlePosition(
  moment: Moment,
  tier: Tier,
  index: number,
  { market: id, bucket, lots, price, realised }: EventOf<"positionSettled">,
): void {
  const market = marketAt(tier, id);
  const side = bookSide(moment, market, bucketAt(tier, bucket), -lots, price, 0, realised);
  tellFill(moment, side, { index, kind: "settlement", role: "taker", signedLots: -lots, price });
  payBetween(moment, market, [side]);
  collectFees(moment, market);
}

function settleResidual(
  moment: Moment,
  tier: Tier,
  { market: id, bucket: bucketId, amount }: EventOf<"residualSettled">,
): void {
  const market = marketAt(tier, id);
  const bucket = bucketAt(tier, bucketId);
  const position = positionIn(bucket, id);
  market.pool -= amount;
  position.cost += amount;
  touch(moment, "markets", market);
  touch(moment, "positions", position);
  moveCash(moment, bucket, amount, "residual", id);
  // Where the books of a bankrupt are closed the house waits.
  if (commandOf(moment) === SETTLE_RESIDUAL) collectFees(moment, market);
}

function countRefusal({ harvest, time, frame, code }: Moment): void {
  const day = time - (time % DAY);
  const command = frame[CODE] as number;
  const key = `${day}/${command}/${code}`;
  const row = harvest.refusals.get(key);
  if (row === undefined) harvest.refusals.set(key, { day, command, code, count: 1 });
  else row.count++;
}

function has({ events }: Moment, code: number): boolean {
  for (let at = 0; at < events.length; at += EVENT_WORDS) if (events[at] === code) return true;
  return false;
}
