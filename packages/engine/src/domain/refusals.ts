/**
 * The catalogue of refusals: every reason for which a well-formed command changes nothing.
 *
 * A refusal states a fact about the world. Its code is stable (a block of a thousand per layer, append only) and it
 * carries up to three numbers that explain it. Guards run in the order of docs/reference/refusals.md, which is generated
 * from here and walked row by row by a test.
 */

interface RefusalSpec {
  readonly code: number;
  /** What is true of the world, for people. */
  readonly meaning: string;
  /** The numbers it carries, in order. */
  readonly facts: readonly string[];
}

const spec = (code: number, meaning: string, ...facts: string[]): RefusalSpec => ({ code, meaning, facts });

export const REFUSALS = {
  // 1xxx: identity, time and listing
  clock_went_back: spec(1_001, "the command is older than the venue's clock", "time", "venueTime"),
  tier_unknown: spec(1_002, "no such tier is listed", "tier"),
  market_unknown: spec(1_003, "no such market is listed in the tier", "market"),
  asset_unknown: spec(1_004, "no such asset is listed", "asset"),
  account_unknown: spec(1_005, "no such account is open", "account"),
  bucket_unknown: spec(1_006, "no such bucket is open in the tier", "bucket"),
  order_unknown: spec(1_007, "no such order is open: never placed, filled or cancelled", "order"),
  withdrawal_unknown: spec(1_008, "no such withdrawal is pending", "withdrawal"),
  parameter_unknown: spec(1_009, "no such parameter exists at this level", "parameter"),
  bucket_not_owned: spec(1_010, "the bucket belongs to another account", "bucket", "account"),
  order_not_owned: spec(1_011, "the order belongs to another account", "order", "account"),
  asset_capacity_reached: spec(1_012, "the venue lists as many assets as it can hold", "capacity"),
  tier_capacity_reached: spec(1_013, "the venue has as many tiers as it can hold", "capacity"),
  market_capacity_reached: spec(1_014, "the tier lists as many markets as it can hold", "capacity"),
  ladder_capacity_reached: spec(
    1_015,
    "the tier has no room for a price range of this size",
    "needed",
    "free",
  ),
  account_capacity_reached: spec(1_016, "the venue has as many accounts as it can hold", "capacity"),
  quote_asset_scale: spec(
    1_017,
    "the first asset is the quote currency and counts micro-dollars",
    "scale",
    "required",
  ),
  expiry_absent: spec(1_018, "a dated future expires in the future, a perpetual never", "contract", "expiry"),
  margin_below_tier: spec(
    1_019,
    "the tier does not allow so little initial margin",
    "initialMargin",
    "minimum",
  ),
  position_value_cap: spec(
    1_020,
    "positions of this size would be worth too much at the top of the price range",
    "maxPositionLots",
    "allowed",
  ),
  open_interest_value_cap: spec(
    1_021,
    "open interest of this size would be worth too much at the top of the price range",
    "maxOpenInterestLots",
    "allowed",
  ),
  rebate_above_fee: spec(1_022, "makers would be paid more than takers pay", "makerFee", "takerFee"),
  open_interest_bounds: spec(
    1_023,
    "the upper bound of open-interest scaling is above the lower, or both are 0",
    "oiLower",
    "oiUpper",
  ),
  parameter_out_of_range: spec(1_024, "the value lies outside the parameter's range", "value", "min", "max"),
  bracket_order: spec(1_025, "brackets rise in both notional and rate, without gaps", "lower", "rate"),
  weight_order: spec(
    1_026,
    "collateral counts no more for initial than for maintenance margin",
    "initialWeight",
    "maintenanceWeight",
  ),
  collateral_is_quote: spec(1_027, "the quote currency is always accepted at full weight", "asset"),
  collateral_not_accepted: spec(1_028, "the tier does not accept this asset", "asset"),
  // 2xxx: vault
  deposit_already_confirmed: spec(
    2_001,
    "this or a later chain receipt of the asset was confirmed before",
    "reference",
    "last",
  ),
  asset_held_cap: spec(2_002, "the vault cannot count more of this asset", "held", "amount"),
  balance_insufficient: spec(2_003, "the account's settled balance is smaller", "balance", "amount"),
  balance_capacity_reached: spec(2_004, "the vault has as many balances as it can hold", "capacity"),
  withdrawal_capacity_reached: spec(
    2_005,
    "the vault has as many pending withdrawals as it can hold",
    "capacity",
  ),
  withdrawal_not_released: spec(2_006, "nothing of the withdrawal is released", "withdrawal", "queued"),
  withdrawal_not_owned: spec(2_007, "the withdrawal belongs to another account", "withdrawal", "account"),
  withdrawal_not_queued: spec(2_008, "all of the withdrawal is released", "withdrawal", "released"),
  vault_price_is_fixed: spec(2_009, "the quote currency is worth one dollar", "asset"),
  posture_step: spec(2_010, "the throttle loosens one posture at a time", "posture", "current"),
  posture_dwell: spec(
    2_011,
    "the present posture has not been kept long enough to loosen it",
    "since",
    "required",
  ),
  throttle_stays_on: spec(
    2_012,
    "a window of the throttle that is on can be changed, not switched off",
    "parameter",
    "current",
  ),
  // 3xxx: margin accounts and risk
  bucket_capacity_reached: spec(3_001, "the tier has as many buckets as it can hold", "capacity"),
  position_capacity_reached: spec(3_002, "the tier has no room for another position", "capacity"),
  holding_capacity_reached: spec(
    3_003,
    "the tier has as many collateral holdings as it can hold",
    "capacity",
  ),
  collateral_cap_reached: spec(3_004, "the tier accepts no more of this asset", "held", "amount", "cap"),
  bucket_amount_insufficient: spec(3_005, "the bucket holds less of this asset", "held", "amount"),
  margin_insufficient: spec(3_006, "equity would not cover initial margin", "equity", "required"),
  free_collateral_insufficient: spec(
    3_007,
    "what would remain, without unrealised profit, does not cover initial margin",
    "equity",
    "required",
  ),
  health_would_fall: spec(
    3_008,
    "an account below initial margin may only act to improve",
    "equity",
    "maintenance",
  ),
  position_limit: spec(
    3_009,
    "position and open orders would exceed the market's position limit",
    "exposure",
    "limit",
  ),
  bucket_exposure_cap: spec(
    3_010,
    "positions and open orders of the bucket would be worth too much",
    "value",
    "limit",
  ),
  bucket_is_isolated: spec(3_011, "the bucket is isolated to another market", "market", "isolated"),
  market_held_in_other_bucket: spec(
    3_012,
    "the account already holds this market in another bucket of the tier",
    "market",
    "bucket",
  ),
  // 4xxx: execution
  market_not_open: spec(4_001, "the market takes no orders", "status"),
  market_expired: spec(4_002, "the dated future has expired", "expiry", "time"),
  market_not_expired: spec(4_003, "the dated future has not expired yet", "expiry", "time"),
  market_is_perpetual: spec(4_004, "a perpetual does not expire", "market"),
  market_not_settled: spec(4_005, "the market has no final price yet", "market"),
  market_is_settled: spec(4_006, "the market has its final price", "market"),
  price_absent: spec(4_007, "no price has been reported yet", "market"),
  price_required: spec(4_008, "a limit order names its price", "type"),
  price_outside_range: spec(4_009, "the price lies outside the market's range", "price", "limit"),
  price_outside_band: spec(4_010, "the price is too far through the mark", "price", "limit"),
  trigger_required: spec(4_011, "a conditional order, and no other, names its trigger", "type", "trigger"),
  trigger_already_met: spec(4_012, "the mark has already passed the trigger", "trigger", "mark"),
  expiry_required: spec(
    4_013,
    "a good-till-date order, and no other, names a time in the future",
    "expiry",
    "time",
  ),
  order_flags_conflict: spec(
    4_014,
    "an order that rests nothing cannot be post-only, a market order cannot rest",
    "type",
    "timeInForce",
    "flags",
  ),
  reduce_only_market: spec(4_015, "the market only lets positions shrink", "market"),
  nothing_to_reduce: spec(4_016, "there is no opposite position to reduce", "lots"),
  client_id_in_use: spec(4_017, "an open order of the account has this client id", "clientId", "order"),
  client_id_unknown: spec(4_018, "no open order of the account has this client id", "clientId"),
  bucket_order_limit: spec(4_019, "the bucket has as many open orders as it may", "limit"),
  market_order_limit: spec(4_020, "the market has as many open orders as it may", "limit"),
  order_capacity_reached: spec(4_021, "the tier has as many open orders as it can hold", "capacity"),
  post_only_would_cross: spec(4_022, "the order would trade at once", "price", "best"),
  fill_or_kill_unfilled: spec(4_023, "the order cannot be filled whole", "filled", "lots"),
  // 5xxx: clearing
  funding_above_cap: spec(5_001, "the rate is beyond the market's cap", "rate", "cap"),
  funding_not_due: spec(5_002, "only perpetuals that are not settled accrue funding", "market"),
  funding_index_exhausted: spec(5_003, "cumulated funding would exceed the value of a lot", "index", "limit"),
  position_absent: spec(5_004, "the bucket has no position in this market", "market"),
  position_not_flat: spec(5_005, "the position is open: its profit is not realised", "lots"),
  layer_unknown: spec(5_006, "layers 1 and 2 belong to a tier, layers 4 and 5 to the venue", "layer", "tier"),
  // 7xxx: governance
  governance_required: spec(7_001, "the shard is sealed: this change needs a proposal", "tier"),
  governance_not_sealed: spec(
    7_002,
    "the shard is still being set up: parameters are changed directly",
    "tier",
  ),
  governance_sealed: spec(7_003, "the shard is sealed for good", "tier"),
  member_lacks_role: spec(7_004, "the member may not do this", "member", "roles"),
  threshold_bounds: spec(
    7_005,
    "the threshold is more than half of the signers, and no more than all",
    "threshold",
    "signers",
  ),
  envelope_breached: spec(
    7_006,
    "a parameter lies outside the range of sealed tiers",
    "market",
    "parameter",
    "value",
  ),
  command_not_proposable: spec(7_007, "the shard's governance does not decide on this command", "command"),
  payload_out_of_range: spec(7_008, "the field is not one of the proposed command", "word", "value"),
  listing_too_open: spec(7_009, "what is newly listed begins with the smallest limit", "limit", "allowed"),
  proposal_pending: spec(7_010, "the member's earlier proposal still waits", "nonce", "lapse"),
  proposal_unknown: spec(7_011, "the member has no proposal waiting", "proposal"),
  nonce_used: spec(7_012, "this is another proposal", "nonce", "current"),
  proposal_lapsed: spec(7_013, "the time to execute the proposal is over", "lapse", "time"),
  member_too_new: spec(7_014, "the member was appointed after the proposal was made", "since", "nonce"),
  content_differs: spec(7_015, "the approval is of another content", "given", "actual"),
  parameters_differ: spec(7_016, "parameters have changed since the approval was signed", "given", "actual"),
  approval_expired: spec(7_017, "the approval came too late", "expiry", "time"),
  approval_outlives: spec(7_018, "an approval is good for an hour at most", "expiry", "latest"),
  timelock_running: spec(7_019, "the proposal cannot be executed yet", "eta", "time"),
  approvals_missing: spec(7_020, "too few approvals are valid", "approvals", "needed"),
  change_refused: spec(7_021, "the change itself would be refused", "code", "first", "second"),
  change_too_large: spec(7_022, "the step is larger than one change may be", "value", "bound"),
  change_too_soon: spec(7_023, "the last change was not long enough ago", "earliest", "time"),
  stress_worsens: spec(7_024, "the stress check would leave more uncovered", "before", "after"),
  not_delegated: spec(7_025, "this role does not change this parameter", "parameter"),
  not_tightening: spec(7_026, "a breaker only tightens", "value", "current"),
  beyond_baseline: spec(7_027, "a steward relaxes no further than governance set", "value", "baseline"),
  parameter_held: spec(7_028, "a breaker holds the parameter", "until"),
  hold_capacity_reached: spec(7_029, "breakers hold as many parameters as they may", "capacity"),
  value_unchanged: spec(7_030, "the parameter has this value already", "value"),
  not_cancellable: spec(7_031, "only guardians and the proposer cancel a proposal", "member", "roles"),
  collateral_listed: spec(7_032, "the asset is accepted already: its terms are parameters", "asset"),
  // 6xxx: prices
  reporter_unknown: spec(6_001, "nobody reports under this number", "reporter"),
  feed_not_configured: spec(6_002, "nobody is asked to report this price", "feedKind", "id"),
  reporter_not_of_feed: spec(6_003, "the reporter is not asked for this price", "reporter", "reporters"),
  report_out_of_sequence: spec(
    6_004,
    "this or a later report of the reporter came before",
    "sequence",
    "last",
  ),
  report_from_future: spec(6_005, "the report is dated in the future", "publishedAt", "time"),
  report_before_last: spec(
    6_006,
    "the report is older than the reporter's last one",
    "publishedAt",
    "lastPublishedAt",
  ),
  report_too_old: spec(6_007, "the report is too old to count", "age", "deadAfter"),
  price_at_floor: spec(
    6_008,
    "the price is at the lowest its source can tell, and may be far below",
    "price",
    "floor",
  ),
  report_too_uncertain: spec(6_009, "the reporter is less sure than a price needs", "confidence", "allowed"),
  price_comes_from_reporters: spec(
    6_010,
    "reporters tell this price, and no operator sets it",
    "feedKind",
    "id",
  ),
  price_forbids: spec(6_011, "the price is not good enough for this", "quality", "age", "forbids"),
  feed_ages_conflict: spec(6_012, "a price is stale before it is dead", "staleAfter", "deadAfter"),
  quorum_unreachable: spec(
    6_013,
    "the reporters have fewer operators than the quorum",
    "quorum",
    "operators",
  ),
  funding_rate_is_measured: spec(6_014, "the market measures its funding rate, and nobody names it", "rate"),
  funding_before_due: spec(6_015, "funding accrues once per interval", "due", "time"),
  redemption_chained: spec(
    6_016,
    "an asset redeems for one that redeems for nothing else, and nothing redeems for it",
    "asset",
    "underlying",
  ),
  redemption_not_configured: spec(6_017, "the asset cannot be redeemed", "asset"),
  redemption_jumped: spec(6_018, "a redemption ratio drifts, and does not leap", "ratio", "last", "allowed"),
  // 8xxx: breakers and postures
  price_not_named: spec(8_001, "while the market is cautious, a market order names its worst price", "level"),
  trading_paused: spec(8_002, "trading is paused, and funding does not accrue", "status"),
  breaker_thresholds: spec(8_003, "a soft threshold is no higher than the hard one", "soft", "hard"),
  report_expired: spec(8_004, "the report is no good any more", "expiry", "time"),
  // 9xxx: security
  invariant_broken: spec(
    9_001,
    "the command would have broken an invariant; it was rolled back and its market quarantined",
    "invariant",
    "expected",
    "found",
  ),
  beyond_exact_range: spec(
    9_002,
    "a sum would leave the range of exact integers; nothing was changed, and nothing is suspected",
    "value",
  ),
} as const satisfies Readonly<Record<string, RefusalSpec>>;

export type RefusalName = keyof typeof REFUSALS;

/** Outcome of a command: 0 when accepted, a refusal's code otherwise. */
export type OutcomeCode = number;
export const ACCEPTED: OutcomeCode = 0;
