/** One command of a batch, with what came of it. */
import type { Trade } from "./trades.ts";

/** A command and where its events are. */
export interface Executed {
  readonly sequence: number;
  readonly time: number;
  readonly tier: number;
  /** Its frame begins at `at`. */
  readonly frames: Float64Array;
  readonly at: number;
  /** Its receipt's facts begin at `factsAt`. */
  readonly facts: Float64Array;
  readonly factsAt: number;
  readonly events: Float64Array;
  /** Its first event, and the one after its last. */
  readonly from: number;
  readonly to: number;
  /** The fills among them, in order. */
  readonly trades: readonly Trade[];
}
