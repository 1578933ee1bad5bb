/** What a measurement of a bucket finds. */
import type { MicroUsd } from "../kernel/units.ts";

/** A reusable result, so that measuring allocates nothing. All micro-dollars. */
export class BucketFigures {
  /** Cash + collateral at initial weights + unrealised profit and loss. */
  equity: MicroUsd = 0 as MicroUsd;
  /** The same, counting no unrealised profit: what may be taken out is measured by this. */
  equityWithoutProfit: MicroUsd = 0 as MicroUsd;
  /** Initial margin of positions and open orders. */
  required: MicroUsd = 0 as MicroUsd;
  /** Worth of all exposures at the top of their markets' ranges. */
  ceilingValue: MicroUsd = 0 as MicroUsd;
}
