/** Where a tier keeps who bore which default. */
import type { Ref, Regions } from "../kernel/arena.ts";
import { type Pool, reservePool } from "../kernel/pool.ts";
import { MAX_LOSSES } from "./limits.ts";
import { LOSS_BOOK_WORDS, LOSS_WORDS, SHORTFALL_WORDS } from "./rows/losses.ts";

export interface Losses {
  readonly book: Ref<"lossBook">;
  readonly base: number;
  readonly shortfalls: Pool<"shortfall">;
}

/** @param winners - positions the tier has room for: no default has more winners */
export function reserveLosses(regions: Regions, winners: number): Losses {
  return {
    book: regions.take(LOSS_BOOK_WORDS) as Ref<"lossBook">,
    base: regions.take(MAX_LOSSES * LOSS_WORDS),
    shortfalls: reservePool(regions, winners, SHORTFALL_WORDS),
  };
}

/** The row in which a default is remembered, until it is another's. */
export function rowOfLoss({ base }: Losses, id: number): Ref<"loss"> {
  return (base + ((id - 1) % MAX_LOSSES) * LOSS_WORDS) as Ref<"loss">;
}
