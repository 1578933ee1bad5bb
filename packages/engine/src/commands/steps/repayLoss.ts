/**
 * The waterfall backwards: money recovered of a default makes the last layer that bore it whole, then the one before; within a layer
 * everybody gets in proportion to what he is short of. See docs/spec/funds.md, "Recoveries".
 */
import type { Ref } from "../../kernel/arena.ts";
import { least, minus, negate } from "../../kernel/checked.ts";
import { rowOf } from "../../kernel/pool.ts";
import { type AssetUnits, type MicroUsd, NONE } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { EVENTS } from "../../domain/events.ts";
import { MAX_COVERS, QUOTE_ASSET } from "../../domain/limits.ts";
import {
  LAST_LAYER,
  coverAccountAt,
  coverPaidAt,
  repaid,
  shortOf,
  shortfallsOf,
} from "../../domain/losses.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { BUCKET } from "../../domain/rows/bucket.ts";
import { LOSS, LOSS_BOOK, SHORTFALL } from "../../domain/rows/losses.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { waterFill } from "../../clearing/waterFill.ts";
import { type Guarantee, MUTUAL_FUND, SECOND_TRANCHE, contribute } from "../../vault/guarantee.ts";
import { LEDGER, creditOwner, debitOwner } from "../../vault/ledger.ts";
import { emitMoved } from "./moveBalance.ts";
import { payIntoTier } from "./payTier.ts";

const RECOVERED = EVENTS.lossRecovered.code;
const REPAID = EVENTS.profitRepaid.code;
/** The house, where an event names a bucket. */
const HOUSE = 0;
/** Layers whose money is in the tier. */
const OF_TIER: readonly number[] = [6, 2, 1];

/** Money on its way back: whose, and to whom. */
interface Recovery {
  readonly venue: Venue;
  readonly tier: TierShard;
  readonly loss: Ref<"loss">;
  readonly payer: number;
}

/** Repays layers from the last one down to `lowest`, which are short of the amount at least; the payer has it. */
export function repayLoss(
  venue: Venue,
  tier: TierShard,
  loss: Ref<"loss">,
  payer: number,
  amount: AssetUnits,
  lowest: number,
): void {
  const recovery = { venue, tier, loss, payer };
  let left = quoteAsCash(amount);
  const parts: MicroUsd[] = [NONE];
  let ofTier: MicroUsd = NONE;
  for (let layer = LAST_LAYER; layer >= lowest; layer--) {
    const part = least(left, shortOf(tier, loss, layer));
    parts[layer] = part;
    left = minus(left, part);
    if (OF_TIER.includes(layer)) ofTier = minus(ofTier, negate(part));
  }
  if (ofTier > 0) payIntoTier(venue, tier, payer, cashAsQuote(ofTier));
  const id = tier.arena.num(loss, LOSS.default);
  for (let layer = LAST_LAYER; layer >= lowest; layer--) {
    const part = parts[layer] ?? NONE;
    if (part === 0) continue;
    repayLayer(recovery, layer, part);
    venue.events.emit(RECOVERED, id, layer, part, shortOf(tier, loss, layer));
  }
}

function repayLayer(recovery: Recovery, layer: number, part: MicroUsd): void {
  const { tier, loss } = recovery;
  const { arena, row } = tier;
  switch (layer) {
    case 1:
      repaid(tier, loss, LOSS.skin, part);
      arena.addNum(row, TIER.skin, part);
      return;
    case 2:
      repaid(tier, loss, LOSS.insurance, part);
      arena.addNum(row, TIER.insurance, part);
      return;
    case 3:
      return repayCovers(recovery, part);
    case 4:
      repaid(tier, loss, LOSS.secondTranche, part);
      return repayVenue(recovery, SECOND_TRANCHE, part);
    case 5:
      repaid(tier, loss, LOSS.mutual, part);
      return repayVenue(recovery, MUTUAL_FUND, part);
    default:
      return repayWinners(recovery, part);
  }
}

function repayVenue({ venue, payer }: Recovery, guarantee: Guarantee, part: MicroUsd): void {
  const { vault } = venue;
  const amount = cashAsQuote(part);
  debitOwner(vault, payer, QUOTE_ASSET, amount);
  contribute(vault, guarantee, amount);
  emitMoved(venue, QUOTE_ASSET, amount, LEDGER.owner + payer, guarantee.ledger);
}

/** To the providers, whether or not their policies are still in force. */
function repayCovers({ venue, tier, loss, payer }: Recovery, part: MicroUsd): void {
  const { arena } = tier;
  const { vault } = venue;
  const paid = Array.from({ length: MAX_COVERS }, (_, index) => arena.num(loss, coverPaidAt(index + 1)));
  const shares = waterFill(
    part,
    paid.map((amount) => ({ weight: amount, cap: amount })),
  );
  shares.forEach((share, index) => {
    if (share === 0) return;
    const account = arena.int(loss, coverAccountAt(index + 1));
    arena.addNum(loss, coverPaidAt(index + 1), negate(share));
    const amount = cashAsQuote(share);
    debitOwner(vault, payer, QUOTE_ASSET, amount);
    creditOwner(vault, account, QUOTE_ASSET, amount);
    emitMoved(venue, QUOTE_ASSET, amount, LEDGER.owner + payer, LEDGER.owner + account);
  });
}

/** To the winners as cash, then to the house. */
function repayWinners({ venue, tier, loss }: Recovery, part: MicroUsd): void {
  const { arena } = tier;
  const id = arena.num(loss, LOSS.default);
  const toWinners = least(part, arena.num(loss, LOSS.profits));
  const rows = shortfallsOf(tier, loss);
  const short = rows.map((row) => arena.num(row, SHORTFALL.amount));
  const shares = waterFill(
    toWinners,
    short.map((amount) => ({ weight: amount, cap: amount })),
  );
  rows.forEach((row, index) => {
    const share = shares[index] ?? NONE;
    if (share === 0) return;
    const bucket = arena.int(row, SHORTFALL.bucket);
    arena.addNum(row, SHORTFALL.amount, negate(share));
    arena.addNum(rowOf(arena, tier.buckets, bucket), BUCKET.cash, share);
    venue.events.emit(REPAID, id, bucket, share);
  });
  repaid(tier, loss, LOSS.profits, toWinners);
  const toHouse = minus(part, toWinners);
  if (toHouse === 0) return;
  repaid(tier, loss, LOSS.house, toHouse);
  arena.addNum(tier.row, TIER.fees, toHouse);
  venue.events.emit(REPAID, id, HOUSE, toHouse);
}

/** Nothing can be recovered of a default that never was, or is forgotten. */
export function refuseDefault(venue: Venue, { arena, row, losses }: TierShard, id: number): OutcomeCode {
  const forgotten = arena.num(losses.book, LOSS_BOOK.forgotten);
  return venue.refuse("default_unknown", id, forgotten, arena.num(row, TIER.defaults));
}
