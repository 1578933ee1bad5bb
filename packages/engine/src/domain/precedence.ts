/**
 * In which order the guards of each command speak: of several reasons to refuse, the first in this list is given.
 *
 * Every command is first checked for `clock_went_back`, and may last be refused for `invariant_broken`; those two are not
 * repeated here. docs/reference/refusals.md is generated from this table, and a test walks it row by row.
 */
import type { CommandName } from "./commands.ts";
import type { RefusalName } from "./refusals.ts";

export const PRECEDENCE: Readonly<Record<CommandName, readonly RefusalName[]>> = {
  listAsset: ["asset_capacity_reached", "quote_asset_scale"],
  listTier: ["tier_capacity_reached"],
  listMarket: [
    "tier_unknown", "market_capacity_reached", "expiry_absent", "margin_below_tier", "position_value_cap",
    "open_interest_value_cap", "rebate_above_fee", "open_interest_bounds", "ladder_capacity_reached",
  ],
  acceptCollateral: ["tier_unknown", "asset_unknown", "collateral_is_quote", "weight_order"],
  openAccount: ["account_capacity_reached"],
  confirmDeposit: [
    "account_unknown", "asset_unknown", "deposit_already_confirmed", "asset_held_cap", "balance_capacity_reached",
  ],
  requestWithdrawal: ["account_unknown", "asset_unknown", "balance_insufficient", "withdrawal_capacity_reached"],
  finaliseWithdrawal: ["withdrawal_unknown"],
  allocate: [
    "tier_unknown", "account_unknown", "asset_unknown", "market_unknown", "collateral_not_accepted", "balance_insufficient",
    "collateral_cap_reached", "bucket_capacity_reached", "holding_capacity_reached",
  ],
  deallocate: [
    "tier_unknown", "account_unknown", "asset_unknown", "bucket_unknown", "bucket_amount_insufficient",
    "free_collateral_insufficient", "balance_capacity_reached",
  ],
  placeOrder: [
    "tier_unknown", "account_unknown", "bucket_unknown", "bucket_not_owned", "market_unknown", "bucket_is_isolated",
    "market_not_open", "market_expired", "price_absent", "order_flags_conflict", "price_required", "trigger_required",
    "price_outside_range", "price_outside_band", "trigger_already_met", "expiry_required", "client_id_in_use",
    "bucket_order_limit", "market_order_limit", "order_capacity_reached", "market_held_in_other_bucket", "too_many_positions",
    "position_capacity_reached", "nothing_to_reduce", "reduce_only_market", "position_limit", "bucket_exposure_cap",
    "margin_insufficient", "post_only_would_cross", "fill_or_kill_unfilled", "health_would_fall",
  ],
  amendOrder: [
    "tier_unknown", "account_unknown", "order_unknown", "order_not_owned", "market_not_open", "market_expired",
    "price_outside_range", "price_outside_band", "nothing_to_reduce", "reduce_only_market", "position_limit",
    "bucket_exposure_cap", "margin_insufficient", "post_only_would_cross", "health_would_fall",
  ],
  cancelOrder: ["tier_unknown", "account_unknown", "client_id_unknown", "order_unknown", "order_not_owned"],
  cancelAll: ["tier_unknown", "account_unknown", "bucket_unknown", "bucket_not_owned", "market_unknown"],
  massCancel: ["tier_unknown", "market_unknown"],
  updateIndexPrice: ["tier_unknown", "market_unknown", "market_is_settled", "price_outside_range"],
  updateCollateralPrice: ["tier_unknown", "asset_unknown", "collateral_not_accepted"],
  accrueFunding: [
    "tier_unknown", "market_unknown", "funding_not_due", "price_absent", "funding_above_cap", "funding_index_exhausted",
  ],
  clockTick: ["tier_unknown"],
  expireMarket: [
    "tier_unknown", "market_unknown", "market_is_perpetual", "market_is_settled", "market_not_expired", "price_outside_range",
  ],
  settleExpired: ["tier_unknown", "market_unknown", "market_not_settled"],
  settleResidual: ["tier_unknown", "bucket_unknown", "market_unknown", "position_absent", "position_not_flat"],
  setParameter: [
    "tier_unknown", "market_unknown", "parameter_unknown", "parameter_out_of_range", "market_is_settled", "margin_below_tier",
    "bracket_order", "open_interest_bounds", "rebate_above_fee", "position_value_cap", "open_interest_value_cap",
  ],
  setMarginBracket: ["tier_unknown", "market_unknown", "bracket_order"],
};
