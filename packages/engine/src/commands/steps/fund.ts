/** What commands about shares ask of a fund, whichever it is. */
import type { Arena } from "../../kernel/arena.ts";
import type { AssetUnits, MicroUsd, Shares } from "../../kernel/units.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import type { ShareBook } from "../../domain/shareBook.ts";

/** A fund: where its shares are counted, what it is worth, and how money gets in and out. */
export interface SharedFund {
  readonly arena: Arena;
  readonly book: ShareBook;
  /** What it holds; of what is no cash, what it is worth at least. */
  readonly pot: () => MicroUsd;
  /** What it may be worth at most, for which shares are bought, and at least, for which they are redeemed; ≥ 0. Cash that is owed to nobody is worth what it is. */
  readonly mostWorth: () => MicroUsd;
  readonly leastWorth: () => MicroUsd;
  /** What redemptions leave in it. */
  readonly floor: () => MicroUsd;
  /** The fewest shares that are sold at once. */
  readonly fewest: Shares;
  /** Whether anybody can tell what it is worth now. */
  readonly appraise: () => OutcomeCode;
  /** Before shares are bought: those of whoever owned it until now. */
  readonly open: () => OutcomeCode;
  /** Whether so much may leave it now. */
  readonly mayLeave: (amount: MicroUsd) => OutcomeCode;
  /** From an owner who has the balance. */
  readonly take: (account: number, amount: AssetUnits) => void;
  /** To an owner for whose balance there is room. */
  readonly give: (account: number, cash: MicroUsd) => void;
  /** After shares were redeemed: if they were the last ones that matter. */
  readonly close: () => void;
}
