/** The wire, shared by the node and its clients. */
export {
  type Balances,
  type Bucket,
  type LedgerEntry,
  type NewSession,
  type Position,
  type Receipt,
  type Session,
  type Withdrawal,
} from "./api/accounts.ts";
export { asyncApi } from "./api/asyncapi.ts";
export {
  CHANNELS,
  CHANNEL_NAMES,
  type Channel,
  type ChannelMessage,
  type ChannelName,
  type ChannelOf,
  type OrderChange,
  STREAM_REPLY,
  STREAM_REQUEST,
  type StreamReply,
  type StreamRequest,
} from "./api/channels.ts";
export {
  type Book,
  type BreakerState,
  type Breakers,
  CONTRACT_NAMES,
  type Candle,
  FUND_NAMES,
  type Funds,
  INTERVALS,
  type Interval,
  LAYER_NAMES,
  type LayerBalance,
  type Liquidation,
  type Market,
  type PostureState,
  type Proposal,
  type Tier,
  type Trade,
  type Venue,
} from "./api/markets.ts";
export { type Governance, type GovernedParameter, PARAMETER_LEVELS, ROLE_NAMES } from "./api/governance.ts";
export { TAGS, openApi, templateOf } from "./api/openapi.ts";
export {
  type AmendRequest,
  type CancelReceipt,
  type Fill,
  type OperationResult,
  type Order,
  type OrderOperation,
  type OrderReceipt,
  type OrderRequest,
  type OrderStatus,
  type Preview,
} from "./api/orders.ts";
export { MAX_OPERATIONS } from "./api/privateRoutes.ts";
export {
  FUND_LAYER_NAMES,
  type FundPoint,
  HEALTH_EDGES,
  HEALTH_SAMPLE,
  type Health,
  type LiquidationMap,
  type LogSegments,
  MAP_BINS,
  MAP_RANGES,
  type Oracle,
  type Risk,
  type RiskTier,
  type Solvency,
  type TimelineEntry,
} from "./api/risk.ts";
export { COMMAND_PROBLEMS, COMMON_PROBLEMS, type Route, type RouteAuth, problemsOf } from "./api/route.ts";
export {
  ROUTES,
  ROUTE_NAMES,
  type RouteInput,
  type RouteName,
  type RouteRequest,
  type RouteResponse,
  routeOf,
} from "./api/routes.ts";
export {
  MARKET_STATUSES,
  ORDER_TYPES,
  REASONS,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
  nameOf,
} from "./api/values.ts";
export { ALL_SCOPES, AUTHORITY, type Authority, SCOPE, type Scope, hasScope, scopeFor } from "./authority.ts";
export { type BookLevelText, CHECKSUM_LEVELS, bookChecksum } from "./bookChecksum.ts";
export {
  type Answer,
  type BatchMessage,
  MAX_MESSAGE_BYTES,
  type OutcomesMessage,
  type ProblemMessage,
  type TermsMessage,
  decodeAnswer,
  decodeBatch,
  decodeTerms,
  encodeBatch,
  encodeOutcomes,
  encodeProblem,
  encodeRecords,
  encodeTerms,
} from "./binary.ts";
export { type Hex, bytesOf, hexOf } from "./bytes.ts";
export { type ParameterMeaning, parameterMeaning } from "./parameters.ts";
export { COMMAND, COMMAND_SCHEMAS, type CommandInput, decodeCommand, frameOf } from "./commands.ts";
export { DECIMAL, type Step, countOf, stepOf, stepOfPlaces, textOf } from "./decimal.ts";
export { decode } from "./decode.ts";
export {
  ASSET_NAME,
  type Asset,
  type AssetName,
  type Directory,
  INSTRUMENT,
  type Instrument,
  type InstrumentName,
  MICRO_USD,
  NAMES,
  type Names,
  TIER_NAME,
  type TierName,
  amountText,
  assetNamed,
  assetOf,
  assetText,
  averageText,
  directoryOf,
  instrumentNamed,
  instrumentOf,
  lotsOf,
  microUsdOf,
  notionalOf,
  pointsOf,
  pointsText,
  priceText,
  ticksOf,
  unitsOf,
  usdText,
} from "./instruments.ts";
export {
  type OrderName,
  type Placed,
  clientIdOf,
  orderFrame,
  orderNameOf,
  orderNameText,
  placeOrderOf,
  placedOf,
} from "./orders.ts";
export { personalDigest } from "./personal.ts";
export {
  PROBLEM,
  PROBLEM_KINDS,
  type Problem,
  type ProblemFacts,
  type ProblemKind,
  decodeProblem,
  factsOf,
  problemOf,
  refusalProblem,
  factUnitsOf,
  statusOf,
  titleOf,
} from "./problem.ts";
export { MAX_RECORD_BYTES, readRecord, recordBytes, writeRecord } from "./record.ts";
export {
  PUBLIC_KEY_BYTES,
  SIGNATURE_BYTES,
  addressIn,
  addressOf,
  checksummed,
  createPrivateKey,
  hasLowS,
  isPublicKey,
  privateKeyOf,
  publicKeyOf,
  recoverAddress,
  sign,
  signRecoverable,
  verify,
} from "./signatures.ts";
export {
  BATCH,
  COMMAND_STRUCTS,
  DELEGATION,
  type Delegation,
  type NonceWindow,
  REQUEST,
  SESSION_NONCES,
  type SignedBatch,
  type SignedRequest,
  WALLET_NONCES,
  batchDigest,
  commandDigest,
  commandTypedData,
  contentHash,
  delegationDigest,
  delegationTypedData,
  requestDigest,
} from "./signing.ts";
export {
  type SigningDomain,
  type Struct,
  type TypedData,
  digestOf,
  signingDomain,
  typedDataDigest,
  typedDataOf,
} from "./typedData.ts";
