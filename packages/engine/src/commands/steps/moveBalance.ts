/** A movement in the vault's ledger, as its event tells it. */
import type { AssetUnits } from "../../kernel/units.ts";
import { EVENTS } from "../../domain/events.ts";
import type { Venue } from "../../domain/venue.ts";

const MOVED = EVENTS.balanceMoved.code;

/** Says that `amount` of an asset left the debited ledger account for the credited one. */
export function emitMoved(
  venue: Venue,
  asset: number,
  amount: AssetUnits,
  debit: number,
  credit: number,
): void {
  venue.events.emit(MOVED, asset, amount, debit, credit);
}
