/**
 * Every command a venue understands: its code, its fields, their units and ranges.
 *
 * This is the wire contract. What a command *does* is told in `commands/<name>.ts`; docs/reference/commands.md is
 * generated from here. Codes are never renumbered or reused. Ids start at 1; where a field allows 0 it means "none",
 * "all" or "cross" as its unit says.
 */
import { negate } from "../kernel/checked.ts";
import type {
  AssetUnits,
  Lots,
  MicroUsd,
  MicroUsdPerTickLot,
  MicroUsdPerWhole,
  Ms,
  Points,
  Ppb,
  Ppm,
  Shares,
  Ticks,
} from "../kernel/units.ts";
import { type CommandOf, type Field, type Layout, layout } from "./frame.ts";
import {
  ALL_ROLES,
  MAX_HOLD,
  MAX_MEMBERS,
  MAX_TIMELOCK,
  MIN_HOLD,
  MIN_TIMELOCK,
} from "./governanceLimits.ts";
import {
  MAX_ASSETS,
  MAX_BRACKETS,
  MAX_COOLDOWN,
  MAX_COVERS,
  MAX_INTEGER,
  MAX_LOTS,
  MAX_MARKETS,
  MAX_POINTS,
  MAX_POSTURE,
  MAX_RANGE_BITS,
  MAX_RELEASES,
  MAX_REPORTERS,
  MAX_TIERS,
  MIN_COOLDOWN,
  MIN_RANGE_BITS,
  PPM_ONE,
} from "./limits.ts";

const range = <Value extends number = number>(unit: string, min: number, max: number): Field<Value> => ({
  unit,
  min,
  max,
});
const choice = (unit: string, count: number): Field => ({ unit, min: 0, max: count - 1 });

const tier = range("tier", 1, MAX_TIERS);
const asset = range("asset", 1, MAX_ASSETS);
const market = range("market", 1, MAX_MARKETS);
const anyMarket = range("market, 0 = all", 0, MAX_MARKETS);
const mode = range("0 = cross, else the isolated market", 0, MAX_MARKETS);
const account = range("account", 1, 2 ** 31 - 1);
const bucket = range("bucket", 1, 2 ** 31 - 1);
const order = range("order", 1, MAX_INTEGER);
const withdrawal = range("withdrawal", 1, MAX_INTEGER);
const amount = range<AssetUnits>("asset units", 1, MAX_INTEGER);
const lots = range<Lots>("lots", 1, MAX_LOTS);
const clientId = range("client id, 0 = none", 0, MAX_INTEGER);
const ppm = range<Ppm>("ppm", 0, PPM_ONE);
const usd = range<MicroUsd>("micro-USD", 0, MAX_INTEGER);
const ticks = range<Ticks>("ticks", 1, 2 ** MAX_RANGE_BITS - 1);
const subject = range("market, 0 = the tier; of collateral: the asset", 0, MAX_MARKETS);
const parameter = range("parameter", 1, 64);
const value = range("in the parameter's unit", negate(MAX_INTEGER), MAX_INTEGER);
const shard = range("tier, 0 = the vault", 0, MAX_TIERS);
const member = range("member", 1, MAX_MEMBERS);
const proposal = range("proposal: the member who made it", 1, MAX_MEMBERS);
const nonce = range("number of the proposal", 1, MAX_INTEGER);
const digest = range("first 52 bits of a SHA-256", 0, 2 ** 52 - 1);
const threshold = range("approvals", 1, MAX_MEMBERS);
const timelock = range<Ms>("ms", MIN_TIMELOCK, MAX_TIMELOCK);
const payloadWord = range("field of the proposed command, in its order", negate(MAX_INTEGER), MAX_INTEGER);
const moment = range<Ms>("ms since the epoch", 0, MAX_INTEGER);
const reporter = range("reporter", 1, MAX_REPORTERS);
const feedKind = choice("0 = of a market, 1 = of a collateral asset", 2);
const priced = range("market, or asset", 1, MAX_MARKETS);
const duration = range<Ms>("ms", 1, 86_400_000);

export const LIST_ASSET = layout(1, "listAsset", {
  scale: range<AssetUnits>("asset units per whole", 1, 1e15),
});
export const LIST_TIER = layout(2, "listTier", { minInitialMargin: ppm });
export const LIST_MARKET = layout(3, "listMarket", {
  tier,
  contract: choice("0 = perpetual, 1 = dated future", 2),
  expiry: moment,
  notional: range<MicroUsdPerTickLot>("micro-USD per tick and lot", 1, 1e12),
  rangeBits: range("log2 of the ticks in the price range", MIN_RANGE_BITS, MAX_RANGE_BITS),
  initialMargin: range<Ppm>("ppm", 1, PPM_ONE),
  maintenanceRatio: range<Ppm>("ppm of initial margin", 1, PPM_ONE),
  scaleBase: usd,
  oiLower: usd,
  oiUpper: usd,
  band: range<Ppm>("ppm of mark", 1, PPM_ONE),
  takerFee: range<Ppm>("ppm of notional", 0, 100_000),
  makerFee: range<Ppm>("ppm of notional, negative = rebate", -100_000, 100_000),
  maxPositionLots: lots,
  maxOpenInterestLots: lots,
  fundingCap: range<Ppb>("ppb of mark per accrual", 0, 1e8),
});
export const ACCEPT_COLLATERAL = layout(4, "acceptCollateral", {
  tier,
  asset,
  initialWeight: ppm,
  maintenanceWeight: ppm,
  cap: range<AssetUnits>("asset units", 0, MAX_INTEGER),
});
export const OPEN_ACCOUNT = layout(5, "openAccount", {});
export const CONFIRM_DEPOSIT = layout(6, "confirmDeposit", {
  account,
  asset,
  amount,
  reference: range("chain receipt, increasing per asset", 1, MAX_INTEGER),
});
export const REQUEST_WITHDRAWAL = layout(7, "requestWithdrawal", { account, asset, amount });
export const FINALISE_WITHDRAWAL = layout(8, "finaliseWithdrawal", {
  withdrawal,
  paid: choice("0 = returned, 1 = paid", 2),
});
export const ALLOCATE = layout(9, "allocate", { account, tier, mode, asset, amount });
export const DEALLOCATE = layout(10, "deallocate", { account, tier, mode, asset, amount });
export const PLACE_ORDER = layout(11, "placeOrder", {
  account,
  tier,
  bucket,
  market,
  side: choice("0 = buy, 1 = sell", 2),
  type: choice(
    "0 limit, 1 market, 2 stop limit, 3 stop market, 4 take-profit limit, 5 take-profit market",
    6,
  ),
  timeInForce: choice("0 GTC, 1 GTD, 2 IOC, 3 FOK", 4),
  price: range<Ticks>("ticks; market: protection price, 0 = edge of the band", 0, 2 ** MAX_RANGE_BITS - 1),
  lots,
  trigger: range<Ticks>("ticks, 0 = none", 0, 2 ** MAX_RANGE_BITS - 1),
  expiry: moment,
  clientId,
  flags: choice("1 post-only + 2 reduce-only", 4),
  selfTrade: choice("0 cancel newest, 1 cancel oldest, 2 cancel both, 3 decrement", 4),
});
export const AMEND_ORDER = layout(12, "amendOrder", { account, tier, order, price: ticks, lots });
export const CANCEL_ORDER = layout(13, "cancelOrder", {
  account,
  tier,
  order: range("order, 0 = by client id", 0, MAX_INTEGER),
  clientId,
});
export const CANCEL_ALL = layout(14, "cancelAll", { account, tier, bucket, market: anyMarket });
export const MASS_CANCEL = layout(15, "massCancel", { tier, market });
export const UPDATE_INDEX_PRICE = layout(16, "updateIndexPrice", { tier, market, price: ticks });
export const UPDATE_COLLATERAL_PRICE = layout(17, "updateCollateralPrice", {
  tier,
  asset,
  price: range<MicroUsdPerWhole>("micro-USD per whole asset", 1, 1e15),
});
export const ACCRUE_FUNDING = layout(18, "accrueFunding", {
  tier,
  market,
  rate: range<Ppb>("ppb of mark", -1e8, 1e8),
});
export const CLOCK_TICK = layout(19, "clockTick", { tier });
export const EXPIRE_MARKET = layout(20, "expireMarket", {
  tier,
  market,
  price: range<Ticks>("ticks, 0 = its reporters made it", 0, 2 ** MAX_RANGE_BITS - 1),
});
export const SETTLE_EXPIRED = layout(21, "settleExpired", {
  tier,
  market,
  bucket,
  count: range("buckets", 1, 256),
});
export const SETTLE_RESIDUAL = layout(22, "settleResidual", { tier, bucket, market });
export const SET_PARAMETER = layout(23, "setParameter", {
  tier: range("tier, 0 = the venue", 0, MAX_TIERS),
  market: subject,
  parameter,
  value,
});
export const SET_MARGIN_BRACKET = layout(24, "setMarginBracket", {
  tier,
  market,
  bracket: range("bracket", 1, MAX_BRACKETS),
  lower: usd,
  rate: ppm,
});
export const FUND_LAYER = layout(40, "fundLayer", {
  account,
  tier: range("tier, 0 = the venue", 0, MAX_TIERS),
  layer: range("1 first tranche, 2 insurance, 4 second tranche, 5 mutual fund", 1, 5),
  amount,
});
export const APPOINT_BACKSTOP = layout(41, "appointBackstop", { tier, account });
export const UPDATE_VAULT_PRICE = layout(25, "updateVaultPrice", {
  asset,
  price: range<MicroUsdPerWhole>("micro-USD per whole asset", 1, 1e15),
});
export const SET_THROTTLE_POSTURE = layout(26, "setThrottlePosture", {
  posture: choice("0 normal, 1 elevated, 2 defensive, 3 strictest", MAX_POSTURE + 1),
});
export const RELEASE_WITHDRAWALS = layout(27, "releaseWithdrawals", {
  count: range("withdrawals to look at", 1, MAX_RELEASES),
});
export const CANCEL_WITHDRAWAL = layout(28, "cancelWithdrawal", { account, withdrawal });
export const SET_EXIT_RATIO = layout(29, "setExitRatio", {
  ratio: range<Ppm>("ppm of every cap, 0 = all of it", 0, PPM_ONE),
});
export const REGISTER_REPORTER = layout(30, "registerReporter", {
  tier,
  reporter,
  operator: range("who runs it", 1, 2 ** 31 - 1),
  weight: range<Ppm>("ppm, 0 = removed", 0, PPM_ONE),
});
export const CONFIGURE_FEED = layout(31, "configureFeed", {
  tier,
  feedKind,
  id: priced,
  reporters: range("one bit per reporter, the first in bit 0", 0, 2 ** MAX_REPORTERS - 1),
  quorum: range("operators, 0 = an operator sets the price", 0, MAX_REPORTERS),
  sigma: range<Ppb>("ppb per square root of a second", 1, 2_000_000),
  staleAfter: duration,
  deadAfter: duration,
  halfLife: duration,
  maxConfidence: range<Ppm>("ppm of price", 1, 50_000),
  jump: range<Ppm>("ppm of price", 1, PPM_ONE),
  deviation: range<Ppm>("ppm of price", 1, PPM_ONE),
  divergence: range<Ppm>("ppm of the 5-minute average", 1, PPM_ONE),
  frozenAfter: range("equal reports, 0 = never", 0, 1_000_000),
  floor: range<Points>("points", 0, MAX_POINTS),
});
export const REPORT_PRICE = layout(32, "reportPrice", {
  tier,
  reporter,
  feedKind,
  id: priced,
  price: range<Points>("points: 1/1000 tick, or micro-USD per whole asset", 1, MAX_POINTS),
  confidence: range<Points>("points", 0, MAX_POINTS),
  publishedAt: moment,
  sequence: range("report, increasing per reporter and feed", 1, MAX_INTEGER),
});
export const CONFIGURE_REDEMPTION = layout(33, "configureRedemption", {
  tier,
  asset,
  basis: choice("0 = cannot be redeemed, 1 = for dollars, 2 = for another asset", 3),
  underlying: range("asset, 0 = none", 0, MAX_ASSETS),
  maxAge: range<Ms>("ms", 1, 604_800_000),
  dailyStep: range<Ppm>("ppm of the ratio", 0, PPM_ONE),
});
export const REPORT_REDEMPTION = layout(34, "reportRedemption", {
  tier,
  reporter,
  asset,
  ratio: range("ppb of the underlying per asset", 1, 1_000_000_000_000),
  publishedAt: moment,
  sequence: range("report, increasing per asset", 1, MAX_INTEGER),
});
export const SET_VENUE_DEPTH = layout(35, "setVenueDepth", {
  tier,
  reporter,
  feedKind,
  id: priced,
  depth: range("USD within 1 % of the price", 0, 100_000_000_000),
  flow: range("USD per second of arbitrage against a push", 0, 1_000_000_000),
});

export const APPOINT_MEMBER = layout(65, "appointMember", {
  tier: shard,
  member,
  roles: range("1 signer + 2 steward + 4 guardian + 8 breaker, 0 = none", 0, ALL_ROLES),
});
export const SEAL_GOVERNANCE = layout(66, "sealGovernance", { tier: shard, threshold, timelock });
export const PROPOSE = layout(67, "propose", {
  tier: shard,
  member,
  command: range("code of the proposed command", 1, 255),
  word1: payloadWord,
  word2: payloadWord,
  word3: payloadWord,
  word4: payloadWord,
  word5: payloadWord,
  word6: payloadWord,
  word7: payloadWord,
  word8: payloadWord,
  word9: payloadWord,
  word10: payloadWord,
  word11: payloadWord,
  word12: payloadWord,
  word13: payloadWord,
  word14: payloadWord,
  word15: payloadWord,
});
export const APPROVE = layout(68, "approve", {
  tier: shard,
  member,
  proposal,
  nonce,
  content: digest,
  parameters: digest,
  expiry: moment,
});
export const EXECUTE_PROPOSAL = layout(69, "executeProposal", { tier: shard, proposal, nonce });
export const CANCEL_PROPOSAL = layout(70, "cancelProposal", { tier: shard, member, proposal, nonce });
export const STEWARD_SET = layout(71, "stewardSet", { tier, member, market: subject, parameter, value });
export const BREAKER_SET = layout(72, "breakerSet", {
  tier,
  member,
  market: subject,
  parameter,
  value,
  duration: range<Ms>("ms", MIN_HOLD, MAX_HOLD),
});
export const CHANGE_THRESHOLD = layout(73, "changeThreshold", { tier: shard, threshold, timelock });
export const CONFIGURE_BREAKER = layout(55, "configureBreaker", {
  tier,
  market,
  sigma: range<Ppm>("ppm per square root of a second", 0, 100_000),
  softZ: range("standard deviations", 0, 1_000),
  hardZ: range("standard deviations", 0, 1_000),
  softMove: ppm,
  hardMove: ppm,
  divergence: range<Ppm>("ppm of the index, 0 = not looked at", 0, PPM_ONE),
  liquidationCapacity: range<MicroUsd>("micro-USD in 5 minutes, 0 = not looked at", 0, 1e15),
  openInterestStep: range<Ppm>("ppm in 10 minutes, 0 = not looked at", 0, 10_000_000),
  lossCapacity: range<MicroUsd>("micro-USD in an hour, 0 = not looked at", 0, 1e15),
  spreadFactor: range("times the usual spread, 0 = not looked at", 0, 1_000),
  depthFloor: range<Ppm>("ppm of the usual depth, 0 = not looked at", 0, PPM_ONE),
  cautionBand: range<Ppm>("ppm of mark, 0 = as set", 0, PPM_ONE),
  haltScore: range<Ppm>("hard score that halts, 1e6 = one, 0 = never", 0, 1_000_000_000),
  haltCost: range<Ppm>("ppm of open interest per hour halted, 0 = costs are not looked at", 0, PPM_ONE),
});
export const CONFIGURE_POSTURE = layout(56, "configurePosture", {
  tier,
  enabled: choice("1 = the controller is on", 2),
  baseline: choice("posture without a fresh report", 3),
  insuranceTarget: range<MicroUsd>("micro-USD, 0 = none", 0, 1e15),
});
export const REPORT_RISK = layout(60, "reportRisk", {
  tier,
  expectedShortfall: range("ppm of the insurance fund, one hour ahead", 0, 1_000_000_000),
  ruin: range("probability of ruin within 30 days, ppm", 0, PPM_ONE),
  branching: range("liquidations that one liquidation sets off, ppm", 0, 1_000_000_000),
  spike: range("probability that variance triples within an hour, ppm", 0, PPM_ONE),
  cover2: range("shortfall of the two largest defaults, ppm of the mutual fund", 0, 1_000_000_000),
  expiry: moment,
});
const tierOrVenue = range("tier, 0 = the venue", 0, MAX_TIERS);
const fund = range("2 insurance, 5 mutual fund, 7 backstop", 2, 7);
const shares = range<Shares>("shares", 1, MAX_INTEGER);
export const STAKE_FUND = layout(42, "stakeFund", { account, tier: tierOrVenue, fund, amount });
export const REQUEST_UNSTAKE = layout(43, "requestUnstake", { account, tier: tierOrVenue, fund, shares });
export const WITHDRAW_STAKE = layout(44, "withdrawStake", { account, tier: tierOrVenue, fund, shares });
export const SWEEP_FEES = layout(45, "sweepFees", { tier });
export const BID_LIQUIDATION = layout(47, "bidLiquidation", {
  account,
  tier,
  bucket,
  target: range("bucket in liquidation", 1, 2 ** 31 - 1),
  market,
  lots,
});
export const SET_FUND_TERMS = layout(46, "setFundTerms", {
  tier: tierOrVenue,
  fund,
  cooldown: range<Ms>("ms", MIN_COOLDOWN, MAX_COOLDOWN),
  window: range<Ms>("ms", MIN_COOLDOWN, MAX_COOLDOWN),
  minimum: usd,
  target: range<MicroUsd>("micro-USD, 0 = without end", 0, MAX_INTEGER),
});

const cover = range("policy", 1, MAX_COVERS);
const defaultId = range("default of the tier", 1, MAX_INTEGER);
export const REGISTER_COVER = layout(48, "registerCover", {
  account,
  tier,
  attachment: usd,
  limit: range<MicroUsd>("micro-USD", 1, MAX_INTEGER),
  escrow: range<AssetUnits>("micro-USD", 0, MAX_INTEGER),
  expiry: moment,
});
export const PAY_COVER = layout(49, "payCover", { account, tier, default: defaultId, cover, amount });
export const RECORD_RECOVERY = layout(50, "recordRecovery", { account, tier, default: defaultId, amount });
export const RELEASE_COVER = layout(51, "releaseCover", { tier, cover });

export const LEND_INSURANCE = layout(58, "lendInsurance", { tier, borrower: range("tier", 1, MAX_TIERS) });
export const DRAW_INSURANCE = layout(59, "drawInsurance", { tier });

/** All command layouts, by code. */
export const LAYOUTS = [
  LIST_ASSET,
  LIST_TIER,
  LIST_MARKET,
  ACCEPT_COLLATERAL,
  OPEN_ACCOUNT,
  CONFIRM_DEPOSIT,
  REQUEST_WITHDRAWAL,
  FINALISE_WITHDRAWAL,
  ALLOCATE,
  DEALLOCATE,
  PLACE_ORDER,
  AMEND_ORDER,
  CANCEL_ORDER,
  CANCEL_ALL,
  MASS_CANCEL,
  UPDATE_INDEX_PRICE,
  UPDATE_COLLATERAL_PRICE,
  ACCRUE_FUNDING,
  CLOCK_TICK,
  EXPIRE_MARKET,
  SETTLE_EXPIRED,
  SETTLE_RESIDUAL,
  SET_PARAMETER,
  SET_MARGIN_BRACKET,
  FUND_LAYER,
  APPOINT_BACKSTOP,
  UPDATE_VAULT_PRICE,
  SET_THROTTLE_POSTURE,
  RELEASE_WITHDRAWALS,
  CANCEL_WITHDRAWAL,
  SET_EXIT_RATIO,
  APPOINT_MEMBER,
  SEAL_GOVERNANCE,
  PROPOSE,
  APPROVE,
  EXECUTE_PROPOSAL,
  CANCEL_PROPOSAL,
  STEWARD_SET,
  BREAKER_SET,
  CHANGE_THRESHOLD,
  REGISTER_REPORTER,
  CONFIGURE_FEED,
  REPORT_PRICE,
  CONFIGURE_REDEMPTION,
  REPORT_REDEMPTION,
  SET_VENUE_DEPTH,
  CONFIGURE_BREAKER,
  CONFIGURE_POSTURE,
  REPORT_RISK,
  STAKE_FUND,
  REQUEST_UNSTAKE,
  WITHDRAW_STAKE,
  SWEEP_FEES,
  SET_FUND_TERMS,
  BID_LIQUIDATION,
  REGISTER_COVER,
  PAY_COVER,
  RECORD_RECOVERY,
  RELEASE_COVER,
  LEND_INSURANCE,
  DRAW_INSURANCE,
] as const satisfies readonly Layout[];

/** Any command, as an object with named fields. */
export type Command = {
  [L in (typeof LAYOUTS)[number]["name"]]: CommandOf<Extract<(typeof LAYOUTS)[number], { name: L }>>;
}[(typeof LAYOUTS)[number]["name"]];
export type CommandName = Command["kind"];

/** The words that choices and flags stand for. */
export const SIDE = { buy: 0, sell: 1 } as const;
export const FEED_KIND = { market: 0, collateral: 1 } as const;
export const BASIS = { none: 0, quote: 1, asset: 2 } as const;
export const CONTRACT = { perpetual: 0, future: 1 } as const;
export const ORDER_TYPE = {
  limit: 0,
  market: 1,
  stopLimit: 2,
  stopMarket: 3,
  takeProfitLimit: 4,
  takeProfitMarket: 5,
} as const;
export const TIME_IN_FORCE = {
  goodTillCancelled: 0,
  goodTillDate: 1,
  immediateOrCancel: 2,
  fillOrKill: 3,
} as const;
export const ORDER_FLAG = { postOnly: 1, reduceOnly: 2 } as const;
export const SELF_TRADE = { cancelNewest: 0, cancelOldest: 1, cancelBoth: 2, decrement: 3 } as const;
