/** @bulkhead/engine: the deterministic clearing engine. */
export { Engine, type EngineOptions, type StateSeal, hex } from "./engine.ts";
export { PAGE_BYTES, type StateDigests, type StatePages } from "./statePages.ts";
export { DIGEST_WORDS } from "./kernel/pageTree.ts";
export type { Handler, Handlers } from "./transition.ts";
export { HANDLERS } from "./handlers.ts";
export { SnapshotError } from "./snapshot.ts";
export { MAX_BATCH } from "./receipts.ts";
export type { Preview, Standing } from "./preview.ts";
export { type EventView, type Receipt, describeOutcome, refusalOf } from "./receiptView.ts";
export type { Finding } from "./security/finding.ts";
export {
  type AssetView,
  type BucketView,
  type MarketView,
  type OrderView,
  type PositionView,
  UnknownId,
  assetView,
  balanceView,
  balancesView,
  bookView,
  bucketIdOf,
  bucketView,
  isBelowMaintenance,
  marketView,
  orderView,
  positionView,
  tierView,
  type TierView,
  venueView,
} from "./queries.ts";
export { type AuctionView, auctionView } from "./auctionQueries.ts";
export { type FundView, type StakeView, bidsView, fundView, stakeView } from "./fundQueries.ts";
export {
  type LoanMove,
  type LoanView,
  type LoansView,
  type RebalancingPlan,
  loansView,
  rebalancingPlan,
} from "./loanQueries.ts";
export {
  type CoverTwoView,
  type OwnersResiduals,
  addResiduals,
  coverTwo,
  coverTwoOf,
  openResiduals,
} from "./coverTwo.ts";
export {
  type BucketRun,
  type Census,
  type Doomed,
  type LiquidationMap,
  bucketsIn,
  countBuckets,
  mapLiquidations,
  openCensus,
  openLiquidationMap,
} from "./riskQueries.ts";
export {
  type BookView,
  type LayerView,
  type SolvencyView,
  type SourceStanding,
  feedStanding,
  layersView,
  oldestInQueue,
  openNotional,
  solvencyView,
  valuationPrices,
} from "./standingQueries.ts";
export { LONGEST_RULE, RULES as POSTURE_RULES, STALE_RULE } from "./guard/postureRules.ts";
export {
  type CoverView,
  type DepthView,
  type LossView,
  coversView,
  depthView,
  lossesView,
  pierceDepth,
} from "./coverQueries.ts";
export {
  type PendingWithdrawal,
  type RestingOrder,
  bucketOwners,
  pendingWithdrawals,
  restingOrders,
} from "./streamQueries.ts";
export {
  type AssetThrottleView,
  type ThrottleView,
  type WindowView,
  type WithdrawalView,
  depositedWithin,
  lastReference,
  throttleView,
  withdrawalView,
} from "./vaultQueries.ts";
export {
  type ChangeView,
  type GovernanceView,
  type HoldView,
  type MemberView,
  type ProposalView,
  governanceView,
  holdsView,
  parameterSubjects,
  parameterView,
  pendingProposals,
  venueParameterView,
} from "./governanceQueries.ts";
export {
  type FeedView,
  type ManipulationView,
  type MarkView,
  type SourceView,
  collateralView,
  feedView,
  manipulationView,
  markView,
} from "./oracleQueries.ts";
export { FORBID, QUALITY, SOURCE_STATE } from "./domain/permits.ts";
export {
  type Capacities,
  DEFAULT_CAPACITIES,
  DEFAULT_TIER_CAPACITIES,
  type TierCapacities,
} from "./domain/capacities.ts";
export { BREAKER, BREAKER_OFF, SIGNAL } from "./domain/breaker.ts";
export { type BreakerView, type PostureView, breakerView, postureView } from "./guardQueries.ts";
export { INPUT, POSTURE } from "./domain/posture.ts";
export { DecodeError, commandOf, encodeCommand, expectCommand } from "./domain/codec.ts";
export {
  BASIS,
  CONTRACT,
  type Command,
  type CommandName,
  FEED_KIND,
  LAYOUTS,
  ORDER_FLAG,
  ORDER_TYPE,
  SELF_TRADE,
  SIDE,
  TIME_IN_FORCE,
} from "./domain/commands.ts";
export {
  CAUSE,
  EVENTS,
  EVENT_WORDS,
  type EventName,
  REASON,
  RECEIPT_FACTS,
  RECEIPT_FIELDS,
  WAY,
} from "./domain/events.ts";
export { CODE, type Field, FRAME_WORDS, type Layout, TIME } from "./domain/frame.ts";
export * as governanceLimits from "./domain/governanceLimits.ts";
export * as limits from "./domain/limits.ts";
export {
  PARAMETERS,
  type ParameterName,
  type ParameterSpec,
  STATUS,
  VENUE_PARAMETERS,
  type VenueParameterName,
} from "./domain/parameters.ts";
export { PRECEDENCE } from "./domain/precedence.ts";
export {
  ACCEPTED,
  FACT_UNITS,
  type FactUnit,
  type OutcomeCode,
  REFUSALS,
  type RefusalName,
} from "./domain/refusals.ts";
export type { Venue } from "./domain/venue.ts";
export { InvariantViolation } from "./kernel/invariant.ts";
export { type Hash, sha256 } from "./kernel/sha256.ts";
