/** The funds that can be owned in shares: a tier's insurance fund and its backstop, and the venue's mutual guarantee fund. */
import { NIL } from "../../kernel/arena.ts";
import { minus, most, negate, plus } from "../../kernel/checked.ts";
import { type MicroUsd, NONE } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { ONE_SHARE, QUOTE_ASSET } from "../../domain/limits.ts";
import { ACCEPTED } from "../../domain/refusals.ts";
import { SHARE_BOOK } from "../../domain/rows/shares.ts";
import { TIER } from "../../domain/rows/tier.ts";
import { ASSET } from "../../domain/rows/vault.ts";
import type { ShareBook } from "../../domain/shareBook.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { MUTUAL_FUND, contribute } from "../../vault/guarantee.ts";
import { LEDGER, creditOwner, debitOwner } from "../../vault/ledger.ts";
import { BACKSTOP_FUND, backstopBucket, backstopFund } from "./backstopFund.ts";
import type { SharedFund } from "./fund.ts";
import { emitMoved } from "./moveBalance.ts";
import { payIntoTier, payOutOfTier } from "./payTier.ts";

export const INSURANCE_FUND = 2;

/** True for the insurance fund and the backstop of a tier, and for the mutual fund of the venue (tier 0). */
export function isSharedFund(fund: number, tier: number): boolean {
  if (tier === 0) return fund === MUTUAL_FUND.layer;
  return fund === INSURANCE_FUND || fund === BACKSTOP_FUND;
}

/** Where the shares of a fund of the tier are counted; of the venue's without one. */
export function bookOf(venue: Venue, tier: TierShard | undefined, number: number): ShareBook {
  if (tier === undefined) return venue.vault.mutualBook;
  return number === BACKSTOP_FUND ? tier.backstopBook : tier.insuranceBook;
}

/** A fund of a tier; the venue's without one. Undefined for the backstop of a tier that has none. */
export function sharedFund(
  venue: Venue,
  tier: TierShard | undefined,
  number: number,
): SharedFund | undefined {
  if (tier === undefined) return mutualFund(venue);
  if (number === INSURANCE_FUND) return insuranceFund(venue, tier);
  const bucket = backstopBucket(tier);
  return bucket === NIL ? undefined : backstopFund(venue, tier, bucket);
}

/** What a fund that is a cell of cash has no need of. */
const CASH = {
  fewest: ONE_SHARE,
  appraise: () => ACCEPTED,
  open: () => ACCEPTED,
  mayLeave: () => ACCEPTED,
  close: () => undefined,
} as const satisfies Partial<SharedFund>;

function insuranceFund(venue: Venue, tier: TierShard): SharedFund {
  const { arena, row, insuranceBook: book } = tier;
  const pot = (): MicroUsd => arena.num(row, TIER.insurance);
  return {
    ...CASH,
    arena,
    book,
    pot,
    // Shares are bought as if all it has lent came back, and redeemed as if nothing did and it paid what it owes.
    mostWorth: () => plus(pot(), arena.num(row, TIER.lent)),
    leastWorth: () => most(minus(pot(), arena.num(row, TIER.owed)), NONE),
    floor: () => {
      const minimum = arena.num(book.row, SHARE_BOOK.minimum);
      const owes = arena.num(row, TIER.owed) > 0;
      return owes ? most(minimum, arena.num(book.row, SHARE_BOOK.target)) : minimum;
    },
    take: (account, amount) => arena.addNum(row, TIER.insurance, payIntoTier(venue, tier, account, amount)),
    give: (account, cash) => {
      arena.addNum(row, TIER.insurance, negate(cash));
      payOutOfTier(venue, tier, account, cash);
    },
  };
}

function mutualFund(venue: Venue): SharedFund {
  const { vault } = venue;
  const { ledger } = MUTUAL_FUND;
  const pot = (): MicroUsd => quoteAsCash(vault.arena.num(vault.asset(QUOTE_ASSET), ASSET.mutual));
  return {
    ...CASH,
    arena: vault.arena,
    book: vault.mutualBook,
    pot,
    mostWorth: pot,
    leastWorth: pot,
    floor: () => vault.arena.num(vault.mutualBook.row, SHARE_BOOK.minimum),
    take: (account, amount) => {
      debitOwner(vault, account, QUOTE_ASSET, amount);
      contribute(vault, MUTUAL_FUND, amount);
      emitMoved(venue, QUOTE_ASSET, amount, LEDGER.owner + account, ledger);
    },
    give: (account, cash) => {
      const amount = cashAsQuote(cash);
      contribute(vault, MUTUAL_FUND, negate(amount));
      creditOwner(vault, account, QUOTE_ASSET, amount);
      emitMoved(venue, QUOTE_ASSET, amount, ledger, LEDGER.owner + account);
    },
  };
}
