/** A market's mark moves: the one place where it does, whoever moved it. */
import { lotValueAt } from "../../kernel/value.ts";
import type { Ticks } from "../../kernel/units.ts";
import { MARKET } from "../../domain/rows.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";

/** Sets the mark; the waiting orders it reaches fire later in the command. */
export function setMark(tier: TierShard, market: Market, mark: Ticks): void {
  const { arena } = tier;
  arena.setInt(market.row, MARKET.mark, mark);
  arena.setNum(market.row, MARKET.lotValue, lotValueAt(mark, market.notional));
}
