import type { RefusalName } from "@bulkhead/engine";

/**
 * Thrown by a guard, caught where the command (or a fired order) began; carries what explains the refusal. It is an answer and
 * no error: tracing the stack would cost more than the rest of the prediction.
 */
export class Refused {
  readonly refusal: RefusalName;
  readonly facts: readonly bigint[];

  constructor(refusal: RefusalName, facts: readonly bigint[]) {
    this.refusal = refusal;
    this.facts = facts;
  }
}

/** Ends the command with a refusal. */
export function refuse(refusal: RefusalName, ...facts: readonly (number | bigint)[]): never {
  throw new Refused(refusal, facts.map(BigInt));
}

/** Codes of what a change within a larger story may be refused for. */
const INNER_CODE: Readonly<Partial<Record<RefusalName, number>>> = {
  market_unknown: 1_003,
  asset_unknown: 1_004,
  account_unknown: 1_005,
  bucket_unknown: 1_006,
  parameter_unknown: 1_009,
  asset_capacity_reached: 1_012,
  tier_capacity_reached: 1_013,
  market_capacity_reached: 1_014,
  ladder_capacity_reached: 1_015,
  quote_asset_scale: 1_017,
  expiry_absent: 1_018,
  margin_below_tier: 1_019,
  position_value_cap: 1_020,
  open_interest_value_cap: 1_021,
  rebate_above_fee: 1_022,
  open_interest_bounds: 1_023,
  parameter_out_of_range: 1_024,
  bracket_order: 1_025,
  weight_order: 1_026,
  collateral_is_quote: 1_027,
  collateral_not_accepted: 1_028,
  backstop_shared: 3_019,
  market_is_settled: 4_006,
  fund_unknown: 5_007,
  fund_takes_no_fees: 5_015,
  feed_ages_conflict: 6_012,
  quorum_unreachable: 6_013,
  redemption_chained: 6_016,
  threshold_bounds: 7_005,
  envelope_breached: 7_006,
  breaker_thresholds: 8_003,
};

/** Tells a change; what it is refused for becomes the refusal of the story around it. */
export function wrapping<Result>(change: () => Result): Result {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const [first = 0n, second = 0n] = error.facts;
    return refuse("change_refused", INNER_CODE[error.refusal] ?? 0, first, second);
  }
}
