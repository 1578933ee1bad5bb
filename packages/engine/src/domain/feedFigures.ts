/** Scratch for putting a feed's price together: what its reporters say, and how much each counts. */
import { MAX_REPORTERS } from "./limits.ts";

/** Every reporter has three votes: its price, and either end of what it is unsure of. */
const VOTES = 3 * MAX_REPORTERS;

export class FeedFigures {
  /** Reporters that still count; the arrays below are filled up to here. */
  count = 0;
  readonly reporter: Int32Array = new Int32Array(MAX_REPORTERS);
  readonly operator: Int32Array = new Int32Array(MAX_REPORTERS);
  /** Weight as registered, ppm. */
  readonly nominal: Float64Array = new Float64Array(MAX_REPORTERS);
  /** Weight by age and confidence, and after the caps. */
  readonly weight: Float64Array = new Float64Array(MAX_REPORTERS);
  readonly capped: Float64Array = new Float64Array(MAX_REPORTERS);
  readonly price: Float64Array = new Float64Array(MAX_REPORTERS);
  /** Uncertainty with age, points. */
  readonly spread: Float64Array = new Float64Array(MAX_REPORTERS);
  readonly age: Float64Array = new Float64Array(MAX_REPORTERS);

  /** Votes, kept in ascending order, with their weights. */
  votes = 0;
  readonly vote: Float64Array = new Float64Array(VOTES);
  readonly voteWeight: Float64Array = new Float64Array(VOTES);

  /** What came of it, points; `median` 0 = no reporter counts. */
  median = 0;
  confidence = 0;
  unweighted = 0;
  /** Registered weight of all reporters asked, ppm. */
  asked = 0;
  operators = 0;
  /** Age of the reports that the quorum rests on; −1 if there is no quorum. */
  quorumAge = -1;
}
