/**
 * The backstop as a fund: its money is what its bucket is worth, and while others own shares of it the house gets at its own part by shares
 * only. See docs/spec/funds.md, "The backstop".
 */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { minus, most, negate } from "../../kernel/checked.ts";
import { numberOf, rowOf } from "../../kernel/pool.ts";
import { sharesBought, worthOfShares } from "../../kernel/shares.ts";
import { type MicroUsd, NONE, type Shares } from "../../kernel/units.ts";
import { EVENTS } from "../../domain/events.ts";
import { BACKSTOP_DUST, MIN_BACKSTOP_SHARES, QUOTE_ASSET } from "../../domain/limits.ts";
import { FORBID } from "../../domain/permits.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { BUCKET } from "../../domain/rows/bucket.ts";
import { SHARE_BOOK } from "../../domain/rows/shares.ts";
import { TIER } from "../../domain/rows/tier.ts";
import { clearBook, mint, sharesOf, stakeOf } from "../../domain/shareBook.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import { noteUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { measureBucket } from "../../risk/bucketMeasure.ts";
import { leastNetAssets, mostNetAssets } from "../../risk/netAssets.ts";
import { forbiddingMarket, worstEquity } from "../../risk/withdrawable.ts";
import { checkPermit } from "./checkPermit.ts";
import type { SharedFund } from "./fund.ts";
import { payIntoTier, payOutOfTier } from "./payTier.ts";

/** The number under which shares of a tier's backstop are bought. */
export const BACKSTOP_FUND = 7;

/** The bucket of the tier's backstop, `NIL` without one. */
export function backstopBucket({ arena, row, buckets }: TierShard): Ref<"bucket"> {
  const id = arena.int(row, TIER.backstop);
  return id === 0 ? NIL : rowOf(arena, buckets, id);
}

/** All shares of the backstop; 0 while it is the house's alone. */
export function sharesOfBackstop({ arena, backstopBook }: TierShard): Shares {
  return arena.num(backstopBook.row, SHARE_BOOK.shares);
}

/** True while the backstop is owned in shares. */
export function isOwnedInShares(tier: TierShard): boolean {
  return sharesOfBackstop(tier) !== 0;
}

/** @param bucket - the backstop's */
export function backstopFund(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): SharedFund {
  const { arena, backstopBook: book } = tier;
  const worthAtMost = (): MicroUsd => most(mostNetAssets(tier, bucket), NONE);
  const worthAtLeast = (): MicroUsd => most(leastNetAssets(tier, bucket), NONE);
  const house = arena.int(bucket, BUCKET.account);
  const move = (cash: MicroUsd): void => {
    arena.addNum(bucket, BUCKET.cash, cash);
    noteUnsettled(tier, bucket);
    venue.events.emit(EVENTS.bucketMoved.code, numberOf(tier.buckets, bucket), QUOTE_ASSET, cash);
  };
  return {
    arena,
    book,
    pot: worthAtLeast,
    mostWorth: worthAtMost,
    leastWorth: worthAtLeast,
    floor: () => arena.num(book.row, SHARE_BOOK.minimum),
    fewest: MIN_BACKSTOP_SHARES,
    appraise: () => {
      const forbidding = forbiddingMarket(tier, bucket, FORBID.withdraw);
      return forbidding === 0
        ? ACCEPTED
        : checkPermit(venue, tier, tier.listedMarket(forbidding), FORBID.withdraw);
    },
    open: () => openShares(venue, tier, bucket, house),
    mayLeave: (amount) => mayLeave(venue, tier, bucket, amount),
    take: (account, amount) => move(payIntoTier(venue, tier, account, amount)),
    give: (account, cash) => {
      move(negate(cash));
      payOutOfTier(venue, tier, account, cash);
    },
    close: () => giveUpShares(venue, tier, house, worthAtMost(), worthAtLeast()),
  };
}

/** Before the first share is sold, what is in the bucket becomes the house's shares, one for each micro-dollar it may be worth. */
function openShares(venue: Venue, tier: TierShard, bucket: Ref<"bucket">, house: number): OutcomeCode {
  const { arena, backstopBook: book } = tier;
  const worth = mostNetAssets(tier, bucket);
  if (worth < 0) {
    measureBucket(tier, bucket, venue.figures);
    return venue.refuse("margin_insufficient", worth, venue.figures.required);
  }
  if (isOwnedInShares(tier) || worth === 0) return ACCEPTED;
  const minted = sharesBought(worth, NONE, NONE);
  if (mint(arena, book, house, minted) === 0)
    return venue.refuse("stake_capacity_reached", book.stakes.capacity);
  venue.events.emit(EVENTS.stakeMinted.code, BACKSTOP_FUND, house, worth, minted, worth);
  return ACCEPTED;
}

/** Whether so much cash may leave the bucket: what remains, without unrealised profit, covers initial margin. */
function mayLeave(venue: Venue, tier: TierShard, bucket: Ref<"bucket">, amount: MicroUsd): OutcomeCode {
  const { figures } = venue;
  const cash = tier.arena.num(bucket, BUCKET.cash);
  if (amount > cash) return venue.refuse("bucket_amount_insufficient", cash, amount);
  measureBucket(tier, bucket, figures);
  const equity = minus(worstEquity(tier, bucket), amount);
  if (equity < figures.required)
    return venue.refuse("free_collateral_insufficient", equity, figures.required);
  return ACCEPTED;
}

/** Once what others own is worth next to nothing, the house gives its shares up: all that is in the bucket is its own again. */
function giveUpShares(
  venue: Venue,
  tier: TierShard,
  house: number,
  mostWorth: MicroUsd,
  leastWorth: MicroUsd,
): void {
  const { arena, backstopBook: book } = tier;
  const all = sharesOfBackstop(tier);
  const own = sharesOf(arena, book, stakeOf(arena, book, house));
  if (worthOfShares(minus(all, own), mostWorth, all) > BACKSTOP_DUST) return;
  clearBook(arena, book);
  if (own > 0) venue.events.emit(EVENTS.stakeRedeemed.code, BACKSTOP_FUND, house, 0, own, leastWorth);
}
