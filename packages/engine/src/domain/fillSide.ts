import { type MicroUsd, NONE } from "../kernel/units.ts";

/** What one side of a fill came to; reusable, micro-dollars. */
export class FillSide {
  /** Profit realised by closing, before the fee; signed. */
  realised: MicroUsd = NONE;
  /** Fee paid, or rebate received (negative). */
  fee: MicroUsd = NONE;
}
