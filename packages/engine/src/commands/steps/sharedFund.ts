/** The funds that can be owned in shares: a tier's insurance fund, and the venue's mutual guarantee fund. */
import type { Arena } from "../../kernel/arena.ts";
import { negate } from "../../kernel/checked.ts";
import type { AssetUnits, MicroUsd } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { QUOTE_ASSET } from "../../domain/limits.ts";
import { ASSET, TIER } from "../../domain/rows.ts";
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
  return {
    arena: vault.arena,
    book: vault.mutualBook,
    pot: () => quoteAsCash(vault.arena.num(vault.asset(QUOTE_ASSET), ASSET.mutual)),
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
