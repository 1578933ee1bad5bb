/** The funds that can be owned in shares: a tier's insurance fund, and the venue's mutual guarantee fund. */
import type { Arena } from "../../kernel/arena.ts";
import { minus, most, negate, plus } from "../../kernel/checked.ts";
import { type AssetUnits, type MicroUsd, NONE } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { QUOTE_ASSET } from "../../domain/limits.ts";
import { ASSET, SHARE_BOOK, TIER } from "../../domain/rows.ts";
import type { ShareBook } from "../../domain/shareBook.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { MUTUAL_FUND, contribute } from "../../vault/guarantee.ts";
import { LEDGER, creditOwner, debitOwner } from "../../vault/ledger.ts";
import { emitMoved } from "./moveBalance.ts";
import { payIntoTier, payOutOfTier } from "./payTier.ts";

const INSURANCE = 2;

/** A fund: where its shares are counted, what it holds, and how money gets in and out. */
export interface SharedFund {
  readonly arena: Arena;
  readonly book: ShareBook;
  readonly pot: () => MicroUsd;
  /** What shares are bought by: as if all it has lent came back, and all it has borrowed were its own. */
  readonly atBest: () => MicroUsd;
  /** What shares are redeemed by: as if nothing it has lent came back, and less all it has borrowed. */
  readonly atWorst: () => MicroUsd;
  /** What redemptions leave in it. */
  readonly floor: () => MicroUsd;
  /** From an owner who has the balance. */
  readonly take: (account: number, amount: AssetUnits) => void;
  /** To an owner who has paid in before. */
  readonly give: (account: number, cash: MicroUsd) => void;
}

/** True for the insurance fund of a tier, and for the mutual fund of the venue (tier 0). */
export function isSharedFund(fund: number, tier: number): boolean {
  return fund === (tier === 0 ? MUTUAL_FUND.layer : INSURANCE);
}

/** The fund of a tier; the venue's without one. */
export function sharedFund(venue: Venue, tier: TierShard | undefined): SharedFund {
  return tier === undefined ? mutualFund(venue) : insuranceFund(venue, tier);
}

function insuranceFund(venue: Venue, tier: TierShard): SharedFund {
  const { arena, row, insuranceBook: book } = tier;
  return {
    arena,
    book,
    pot: () => arena.num(row, TIER.insurance),
    atBest: () => plus(arena.num(row, TIER.insurance), arena.num(row, TIER.lent)),
    atWorst: () => most(minus(arena.num(row, TIER.insurance), arena.num(row, TIER.owed)), NONE),
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
    arena: vault.arena,
    book: vault.mutualBook,
    pot,
    atBest: pot,
    atWorst: pot,
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
