/**
 * The catalogue of refusals: every reason for which a well-formed command changes nothing.
 *
 * A refusal states a fact about the world. Its code is stable (a block of a thousand per layer, append only) and it
 * carries up to three numbers that explain it. Guards run in the order of docs/reference/refusals.md, which is generated
 * from here and walked row by row by a test.
 */

/** What a number of a refusal counts, and what that is. */
export const FACT_UNITS = {
  microUsd: "1e-6 USD",
  assetUnits: "units of the asset",
  ticks: "ticks of the market",
  points: "thousandths of a tick; of collateral 1e-6 USD",
  lots: "lots of the market",
  shares: "shares of a fund",
  ppm: "millionths",
  ppb: "billionths",
  ms: "ms, a duration",
  time: "ms since the epoch",
  count: "how many",
  id: "a number that names something",
  choice: "a number, or bits, that stand for words",
  digest: "a digest",
  parameter: "in the unit of the parameter it is about",
  field: "in the unit of the command's field",
  any: "depends on what was found",
} as const;

export type FactUnit = keyof typeof FACT_UNITS;

interface RefusalSpec {
  readonly code: number;
  /** What is true of the world, for people. */
  readonly meaning: string;
  /** The numbers it carries, in order. */
  readonly facts: readonly string[];
  /** What each of them counts, in the same order. */
  readonly units: Readonly<Record<string, FactUnit>>;
}

const spec = (code: number, meaning: string, units: Readonly<Record<string, FactUnit>>): RefusalSpec => ({
  code,
  meaning,
  facts: Object.keys(units),
  units,
});

export const REFUSALS = {
  // 1xxx: identity, time and listing
  clock_went_back: spec(1_001, "the command is older than the venue's clock", {
    time: "time",
    venueTime: "time",
  }),
  tier_unknown: spec(1_002, "no such tier is listed", { tier: "id" }),
  market_unknown: spec(1_003, "no such market is listed in the tier", { market: "id" }),
  asset_unknown: spec(1_004, "no such asset is listed", { asset: "id" }),
  account_unknown: spec(1_005, "no such account is open", { account: "id" }),
  bucket_unknown: spec(1_006, "no such bucket is open in the tier", { bucket: "id" }),
  order_unknown: spec(1_007, "no such order is open: never placed, filled or cancelled", { order: "id" }),
  withdrawal_unknown: spec(1_008, "no such withdrawal is pending", { withdrawal: "id" }),
  parameter_unknown: spec(1_009, "no such parameter exists at this level", { parameter: "id" }),
  bucket_not_owned: spec(1_010, "the bucket belongs to another account", { bucket: "id", account: "id" }),
  order_not_owned: spec(1_011, "the order belongs to another account", { order: "id", account: "id" }),
  asset_capacity_reached: spec(1_012, "the venue lists as many assets as it can hold", { capacity: "count" }),
  tier_capacity_reached: spec(1_013, "the venue has as many tiers as it can hold", { capacity: "count" }),
  market_capacity_reached: spec(1_014, "the tier lists as many markets as it can hold", {
    capacity: "count",
  }),
  ladder_capacity_reached: spec(1_015, "the tier has no room for a price range of this size", {
    needed: "ticks",
    free: "ticks",
  }),
  account_capacity_reached: spec(1_016, "the venue has as many accounts as it can hold", {
    capacity: "count",
  }),
  quote_asset_scale: spec(1_017, "the first asset is the quote currency and counts micro-dollars", {
    scale: "assetUnits",
    required: "assetUnits",
  }),
  expiry_absent: spec(1_018, "a dated future expires in the future, a perpetual never", {
    contract: "choice",
    expiry: "time",
  }),
  margin_below_tier: spec(1_019, "the tier does not allow so little initial margin", {
    initialMargin: "ppm",
    minimum: "ppm",
  }),
  position_value_cap: spec(
    1_020,
    "positions of this size would be worth too much at the top of the price range",
    { maxPositionLots: "lots", allowed: "lots" },
  ),
  open_interest_value_cap: spec(
    1_021,
    "open interest of this size would be worth too much at the top of the price range",
    { maxOpenInterestLots: "lots", allowed: "lots" },
  ),
  rebate_above_fee: spec(1_022, "makers would be paid more than takers pay", {
    makerFee: "ppm",
    takerFee: "ppm",
  }),
  open_interest_bounds: spec(
    1_023,
    "the upper bound of open-interest scaling is above the lower, or both are 0",
    { oiLower: "microUsd", oiUpper: "microUsd" },
  ),
  parameter_out_of_range: spec(1_024, "the value lies outside the parameter's range", {
    value: "parameter",
    min: "parameter",
    max: "parameter",
  }),
  bracket_order: spec(1_025, "brackets rise in both notional and rate, without gaps", {
    lower: "microUsd",
    rate: "ppm",
  }),
  weight_order: spec(1_026, "collateral counts no more for initial than for maintenance margin", {
    initialWeight: "ppm",
    maintenanceWeight: "ppm",
  }),
  collateral_is_quote: spec(1_027, "the quote currency is always accepted at full weight", { asset: "id" }),
  collateral_not_accepted: spec(1_028, "the tier does not accept this asset", { asset: "id" }),
  // 2xxx: vault
  deposit_already_confirmed: spec(2_001, "this or a later chain receipt of the asset was confirmed before", {
    reference: "id",
    last: "id",
  }),
  asset_held_cap: spec(2_002, "the vault cannot count more of this asset", {
    held: "assetUnits",
    amount: "assetUnits",
  }),
  balance_insufficient: spec(2_003, "the account's settled balance is smaller", {
    balance: "assetUnits",
    amount: "assetUnits",
  }),
  balance_capacity_reached: spec(2_004, "the vault has as many balances as it can hold", {
    capacity: "count",
  }),
  withdrawal_capacity_reached: spec(2_005, "the vault has as many pending withdrawals as it can hold", {
    capacity: "count",
  }),
  withdrawal_not_released: spec(2_006, "nothing of the withdrawal is released", {
    withdrawal: "id",
    queued: "assetUnits",
  }),
  withdrawal_not_owned: spec(2_007, "the withdrawal belongs to another account", {
    withdrawal: "id",
    account: "id",
  }),
  withdrawal_not_queued: spec(2_008, "all of the withdrawal is released", {
    withdrawal: "id",
    released: "assetUnits",
  }),
  vault_price_is_fixed: spec(2_009, "the quote currency is worth one dollar", { asset: "id" }),
  posture_step: spec(2_010, "the throttle loosens one posture at a time", {
    posture: "choice",
    current: "choice",
  }),
  posture_dwell: spec(2_011, "the present posture has not been kept long enough to loosen it", {
    since: "time",
    required: "ms",
  }),
  throttle_stays_on: spec(2_012, "a window of the throttle that is on can be changed, not switched off", {
    parameter: "id",
    current: "parameter",
  }),
  // 3xxx: margin accounts and risk
  bucket_capacity_reached: spec(3_001, "the tier has as many buckets as it can hold", { capacity: "count" }),
  position_capacity_reached: spec(3_002, "the tier has no room for another position", { capacity: "count" }),
  holding_capacity_reached: spec(3_003, "the tier has as many collateral holdings as it can hold", {
    capacity: "count",
  }),
  collateral_cap_reached: spec(3_004, "the tier accepts no more of this asset", {
    held: "assetUnits",
    amount: "assetUnits",
    cap: "assetUnits",
  }),
  bucket_amount_insufficient: spec(3_005, "the bucket holds less of this asset", {
    held: "assetUnits",
    amount: "assetUnits",
  }),
  margin_insufficient: spec(3_006, "equity would not cover initial margin", {
    equity: "microUsd",
    required: "microUsd",
  }),
  free_collateral_insufficient: spec(
    3_007,
    "what would remain, without unrealised profit, does not cover initial margin",
    { equity: "microUsd", required: "microUsd" },
  ),
  health_would_fall: spec(3_008, "an account below initial margin may only act to improve", {
    equity: "microUsd",
    maintenance: "microUsd",
  }),
  position_limit: spec(3_009, "position and open orders would exceed the market's position limit", {
    exposure: "lots",
    limit: "lots",
  }),
  bucket_exposure_cap: spec(3_010, "positions and open orders of the bucket would be worth too much", {
    value: "microUsd",
    limit: "microUsd",
  }),
  bucket_is_isolated: spec(3_011, "the bucket is isolated to another market", {
    market: "id",
    isolated: "id",
  }),
  market_held_in_other_bucket: spec(
    3_012,
    "the account already holds this market in another bucket of the tier",
    { market: "id", bucket: "id" },
  ),
  not_in_liquidation: spec(3_013, "no liquidation of this bucket has begun", {
    target: "id",
    distress: "choice",
  }),
  own_liquidation: spec(3_014, "nobody bids for his own account's positions", {
    target: "id",
    account: "id",
  }),
  auction_not_open: spec(3_015, "the auction of the bucket's positions opens later", {
    opensAt: "time",
    time: "time",
  }),
  bid_in_place: spec(3_016, "the bucket has a bid for this position", { lots: "lots" }),
  bid_capacity_reached: spec(3_017, "the tier has as many bids as it can hold", { capacity: "count" }),
  takeover_not_possible: spec(
    3_018,
    "the bucket could not take over these lots now: initial margin, a limit or another bucket forbids it",
    { lots: "lots" },
  ),
  backstop_shared: spec(
    3_019,
    "others own shares of the backstop: its money leaves by redemption, and no other bucket takes its place",
    { bucket: "id", shares: "shares" },
  ),
  // 4xxx: execution
  market_not_open: spec(4_001, "the market takes no orders", { status: "choice" }),
  market_expired: spec(4_002, "the dated future has expired", { expiry: "time", time: "time" }),
  market_not_expired: spec(4_003, "the dated future has not expired yet", { expiry: "time", time: "time" }),
  market_is_perpetual: spec(4_004, "a perpetual does not expire", { market: "id" }),
  market_not_settled: spec(4_005, "the market has no final price yet", { market: "id" }),
  market_is_settled: spec(4_006, "the market has its final price", { market: "id" }),
  price_absent: spec(4_007, "no price has been reported yet", { market: "id" }),
  price_required: spec(4_008, "a limit order names its price", { type: "choice" }),
  price_outside_range: spec(4_009, "the price lies outside the market's range", {
    price: "field",
    limit: "field",
  }),
  price_outside_band: spec(4_010, "the price is too far through the mark", {
    price: "ticks",
    limit: "ticks",
  }),
  trigger_required: spec(4_011, "a conditional order, and no other, names its trigger", {
    type: "choice",
    trigger: "ticks",
  }),
  trigger_already_met: spec(4_012, "the mark has already passed the trigger", {
    trigger: "ticks",
    mark: "ticks",
  }),
  expiry_required: spec(4_013, "a good-till-date order, and no other, names a time in the future", {
    expiry: "time",
    time: "time",
  }),
  order_flags_conflict: spec(
    4_014,
    "an order that rests nothing cannot be post-only, a market order cannot rest",
    { type: "choice", timeInForce: "choice", flags: "choice" },
  ),
  reduce_only_market: spec(4_015, "the market only lets positions shrink", { market: "id" }),
  nothing_to_reduce: spec(4_016, "there is no opposite position to reduce", { lots: "lots" }),
  client_id_in_use: spec(4_017, "an open order of the account has this client id", {
    clientId: "id",
    order: "id",
  }),
  client_id_unknown: spec(4_018, "no open order of the account has this client id", { clientId: "id" }),
  bucket_order_limit: spec(4_019, "the bucket has as many open orders as it may", { limit: "count" }),
  market_order_limit: spec(4_020, "the market has as many open orders as it may", { limit: "count" }),
  order_capacity_reached: spec(4_021, "the tier has as many open orders as it can hold", {
    capacity: "count",
  }),
  post_only_would_cross: spec(4_022, "the order would trade at once", { price: "ticks", best: "ticks" }),
  fill_or_kill_unfilled: spec(4_023, "the order cannot be filled whole", { filled: "lots", lots: "lots" }),
  // 5xxx: clearing
  funding_above_cap: spec(5_001, "the rate is beyond the market's cap", { rate: "ppb", cap: "ppb" }),
  funding_not_due: spec(5_002, "only perpetuals that are not settled accrue funding", { market: "id" }),
  funding_index_exhausted: spec(5_003, "cumulated funding would exceed the value of a lot", {
    index: "any",
    limit: "any",
  }),
  position_absent: spec(5_004, "the bucket has no position in this market", { market: "id" }),
  position_not_flat: spec(5_005, "the position is open: its profit is not realised", { lots: "lots" }),
  layer_unknown: spec(5_006, "layers 1 and 2 belong to a tier, layers 4 and 5 to the venue", {
    layer: "id",
    tier: "id",
  }),
  // 7xxx: governance
  governance_required: spec(7_001, "the shard is sealed: this change needs a proposal", { tier: "id" }),
  governance_not_sealed: spec(7_002, "the shard is still being set up: parameters are changed directly", {
    tier: "id",
  }),
  governance_sealed: spec(7_003, "the shard is sealed for good", { tier: "id" }),
  member_lacks_role: spec(7_004, "the member may not do this", { member: "id", roles: "choice" }),
  threshold_bounds: spec(7_005, "the threshold is more than half of the signers, and no more than all", {
    threshold: "count",
    signers: "count",
  }),
  envelope_breached: spec(7_006, "a parameter lies outside the range of sealed tiers", {
    market: "id",
    parameter: "id",
    value: "parameter",
  }),
  command_not_proposable: spec(7_007, "the shard's governance does not decide on this command", {
    command: "choice",
  }),
  payload_out_of_range: spec(7_008, "the field is not one of the proposed command", {
    word: "id",
    value: "field",
  }),
  listing_too_open: spec(7_009, "what is newly listed begins with the smallest limit", {
    limit: "field",
    allowed: "field",
  }),
  proposal_pending: spec(7_010, "the member's earlier proposal still waits", { nonce: "id", lapse: "time" }),
  proposal_unknown: spec(7_011, "the member has no proposal waiting", { proposal: "id" }),
  nonce_used: spec(7_012, "this is another proposal", { nonce: "id", current: "id" }),
  proposal_lapsed: spec(7_013, "the time to execute the proposal is over", { lapse: "time", time: "time" }),
  member_too_new: spec(7_014, "the member was appointed after the proposal was made", {
    since: "id",
    nonce: "id",
  }),
  content_differs: spec(7_015, "the approval is of another content", { given: "digest", actual: "digest" }),
  parameters_differ: spec(7_016, "parameters have changed since the approval was signed", {
    given: "digest",
    actual: "digest",
  }),
  approval_expired: spec(7_017, "the approval came too late", { expiry: "time", time: "time" }),
  approval_outlives: spec(7_018, "an approval is good for an hour at most", {
    expiry: "time",
    latest: "time",
  }),
  timelock_running: spec(7_019, "the proposal cannot be executed yet", { eta: "time", time: "time" }),
  approvals_missing: spec(7_020, "too few approvals are valid", { approvals: "count", needed: "count" }),
  change_refused: spec(7_021, "the change itself would be refused", {
    code: "choice",
    first: "any",
    second: "any",
  }),
  change_too_large: spec(7_022, "the step is larger than one change may be", {
    value: "parameter",
    bound: "parameter",
  }),
  change_too_soon: spec(7_023, "the last change was not long enough ago", { earliest: "time", time: "time" }),
  stress_worsens: spec(7_024, "the stress check would leave more uncovered", {
    before: "microUsd",
    after: "microUsd",
  }),
  not_delegated: spec(7_025, "this role does not change this parameter", { parameter: "id" }),
  not_tightening: spec(7_026, "a breaker only tightens", { value: "parameter", current: "parameter" }),
  beyond_baseline: spec(7_027, "a steward relaxes no further than governance set", {
    value: "parameter",
    baseline: "parameter",
  }),
  parameter_held: spec(7_028, "a breaker holds the parameter", { until: "time" }),
  hold_capacity_reached: spec(7_029, "breakers hold as many parameters as they may", { capacity: "count" }),
  value_unchanged: spec(7_030, "the parameter has this value already", { value: "parameter" }),
  not_cancellable: spec(7_031, "only guardians and the proposer cancel a proposal", {
    member: "id",
    roles: "choice",
  }),
  collateral_listed: spec(7_032, "the asset is accepted already: its terms are parameters", { asset: "id" }),
  // 6xxx: prices
  reporter_unknown: spec(6_001, "nobody reports under this number", { reporter: "id" }),
  feed_not_configured: spec(6_002, "nobody is asked to report this price", { feedKind: "choice", id: "id" }),
  reporter_not_of_feed: spec(6_003, "the reporter is not asked for this price", {
    reporter: "id",
    reporters: "choice",
  }),
  report_out_of_sequence: spec(6_004, "this or a later report of the reporter came before", {
    sequence: "id",
    last: "id",
  }),
  report_from_future: spec(6_005, "the report is dated in the future", { publishedAt: "time", time: "time" }),
  report_before_last: spec(6_006, "the report is older than the reporter's last one", {
    publishedAt: "time",
    lastPublishedAt: "time",
  }),
  report_too_old: spec(6_007, "the report is too old to count", { age: "ms", deadAfter: "ms" }),
  price_at_floor: spec(6_008, "the price is at the lowest its source can tell, and may be far below", {
    price: "points",
    floor: "points",
  }),
  report_too_uncertain: spec(6_009, "the reporter is less sure than a price needs", {
    confidence: "points",
    allowed: "points",
  }),
  price_comes_from_reporters: spec(6_010, "reporters tell this price, and no operator sets it", {
    feedKind: "choice",
    id: "id",
  }),
  price_forbids: spec(6_011, "the price is not good enough for this", {
    quality: "choice",
    age: "ms",
    forbids: "choice",
  }),
  feed_ages_conflict: spec(6_012, "a price is stale before it is dead", {
    staleAfter: "ms",
    deadAfter: "ms",
  }),
  quorum_unreachable: spec(6_013, "the reporters have fewer operators than the quorum", {
    quorum: "count",
    operators: "count",
  }),
  funding_rate_is_measured: spec(6_014, "the market measures its funding rate, and nobody names it", {
    rate: "ppb",
  }),
  funding_before_due: spec(6_015, "funding accrues once per interval", { due: "time", time: "time" }),
  redemption_chained: spec(
    6_016,
    "an asset redeems for one that redeems for nothing else, and nothing redeems for it",
    { asset: "id", underlying: "id" },
  ),
  redemption_not_configured: spec(6_017, "the asset cannot be redeemed", { asset: "id" }),
  redemption_jumped: spec(6_018, "a redemption ratio drifts, and does not leap", {
    ratio: "field",
    last: "field",
    allowed: "field",
  }),
  // 8xxx: breakers and postures
  price_not_named: spec(8_001, "while the market is cautious, a market order names its worst price", {
    level: "choice",
  }),
  trading_paused: spec(8_002, "trading is paused, and funding does not accrue", { status: "choice" }),
  breaker_thresholds: spec(8_003, "a soft threshold is no higher than the hard one", {
    soft: "parameter",
    hard: "parameter",
  }),
  order_not_collected: spec(8_005, "a call auction collects limit orders that may rest, no others", {
    type: "choice",
    timeInForce: "choice",
    flags: "choice",
  }),
  auction_full: spec(8_006, "the call auction has collected as many orders as it can", { limit: "count" }),
  report_expired: spec(8_004, "the report is no good any more", { expiry: "time", time: "time" }),
  fund_unknown: spec(
    5_007,
    "shares are of a tier's insurance fund, 2, or backstop, 7, or of the venue's mutual fund, 5",
    { fund: "id", tier: "id" },
  ),
  stake_too_small: spec(5_008, "the amount does not buy a single share, or of a backstop a million", {
    amount: "microUsd",
  }),
  stake_capacity_reached: spec(5_009, "the fund has as many owners as it can hold", { capacity: "count" }),
  shares_insufficient: spec(5_010, "the account owns fewer shares", { held: "shares", shares: "shares" }),
  unstake_not_requested: spec(5_011, "fewer shares were asked to be turned into money", {
    leaving: "shares",
    shares: "shares",
  }),
  unstake_cooling_down: spec(5_012, "the shares are not free yet", { unlocksAt: "time", time: "time" }),
  unstake_window_passed: spec(5_013, "the time to fetch the money has passed: ask again", {
    until: "time",
    time: "time",
  }),
  fund_minimum: spec(5_014, "the fund would be left with less than its minimum", {
    rest: "microUsd",
    minimum: "microUsd",
  }),
  fund_takes_no_fees: spec(5_015, "only an insurance fund takes fees, and has a target for them", {
    target: "microUsd",
  }),
  default_unknown: spec(5_016, "the tier has had no such default, or it is too long ago", {
    default: "id",
    forgotten: "id",
    latest: "id",
  }),
  recovery_exceeds_loss: spec(5_017, "nobody is short of as much by this default", {
    short: "microUsd",
    amount: "microUsd",
  }),
  claim_exceeded: spec(
    5_018,
    "the account owes less for this default under this policy: its claim, no more than layers 4 to 6 are short of",
    { owed: "microUsd", amount: "microUsd" },
  ),
  cover_expired: spec(5_019, "a policy ends later than it begins", { expiry: "time", time: "time" }),
  escrow_above_limit: spec(5_020, "no more is paid in ahead than the policy may bear", {
    escrow: "microUsd",
    limit: "microUsd",
  }),
  cover_capacity_reached: spec(5_021, "the tier has as many policies as it can hold", { capacity: "count" }),
  cover_unknown: spec(5_022, "the tier has no such policy", { cover: "id" }),
  cover_in_force: spec(5_023, "the policy has not ended yet", { expiry: "time", time: "time" }),
  lender_strained: spec(5_030, "a tier lends only while its posture is normal or elevated", {
    posture: "choice",
    strictest: "choice",
  }),
  loan_not_asked: spec(5_031, "the borrower asks for nothing more, or asked too long ago", {
    borrower: "id",
    askedAt: "time",
  }),
  nothing_to_lend: spec(
    5_032,
    "the insurance fund has nothing to lend now: what is beyond its target, of that what is left today, and within its limit",
    { excess: "microUsd", left: "microUsd", room: "microUsd" },
  ),
  loan_not_needed: spec(5_033, "the insurance fund lacks nothing that it may borrow, and asks for nothing", {
    balance: "microUsd",
    target: "microUsd",
    owed: "microUsd",
  }),
  // 9xxx: security
  invariant_broken: spec(
    9_001,
    "the command would have broken an invariant; it was rolled back and its market quarantined",
    { invariant: "id", expected: "any", found: "any" },
  ),
  beyond_exact_range: spec(
    9_002,
    "a sum would leave the range of exact integers; nothing was changed, and nothing is suspected",
    { value: "any" },
  ),
} as const satisfies Readonly<Record<string, RefusalSpec>>;

export type RefusalName = keyof typeof REFUSALS;

/** Outcome of a command: 0 when accepted, a refusal's code otherwise. */
export type OutcomeCode = number;
export const ACCEPTED: OutcomeCode = 0;
