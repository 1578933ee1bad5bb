/** What a measurement of a bucket finds. */
import { type MicroUsd, NONE } from "../kernel/units.ts";

/** A reusable result, so that measuring allocates nothing. All micro-dollars. */
export class BucketFigures {
  /** Cash + collateral at initial weights + unrealised profit and loss. */
  equity: MicroUsd = NONE;
  /** The same, counting no unrealised profit: what may be taken out is measured by this. */
  equityWithoutProfit: MicroUsd = NONE;
  /** Initial margin of positions and open orders. */
  required: MicroUsd = NONE;
  /** Worth of all exposures at the top of their markets' ranges. */
  ceilingValue: MicroUsd = NONE;
}
