/**
 * Events: what a command did, as fixed records of doubles. Everything outside the engine (streams, views, statements,
 * settlement) is built from these and can be rebuilt from them. Word 0 is the code; unused words are 0.
 */

/** Doubles in an event record. */
export const EVENT_WORDS = 12;

interface EventSpec {
  readonly code: number;
  readonly fields: readonly string[];
}

export const EVENTS = {
  fill: {
    code: 1,
    fields: [
      "market",
      "makerOrder",
      "makerBucket",
      "takerBucket",
      "side",
      "price",
      "lots",
      "makerFee",
      "takerFee",
      "makerRealised",
      "takerRealised",
    ],
  },
  orderRested: { code: 2, fields: ["market", "order", "bucket", "side", "price", "lots", "clientId"] },
  orderReduced: { code: 3, fields: ["market", "order", "bucket", "lots", "remaining", "reason"] },
  orderRemoved: { code: 4, fields: ["market", "order", "bucket", "lots", "reason"] },
  orderTriggered: { code: 5, fields: ["market", "order", "bucket", "mark", "outcome"] },
  fundingSettled: { code: 6, fields: ["market", "bucket", "amount", "index"] },
  positionSettled: { code: 7, fields: ["market", "bucket", "lots", "price", "realised"] },
  balanceMoved: { code: 8, fields: ["asset", "amount", "debit", "credit"] },
  bucketMoved: { code: 9, fields: ["bucket", "asset", "amount"] },
  residualSettled: { code: 10, fields: ["market", "bucket", "amount", "remaining"] },
  marketQuarantined: { code: 11, fields: ["market", "invariant"] },
  liquidationStarted: { code: 30, fields: ["bucket", "equity", "maintenance"] },
  positionLiquidated: {
    code: 31,
    fields: ["market", "bucket", "lots", "how", "counterparty", "price", "penalty"],
  },
  liquidationEnded: { code: 32, fields: ["bucket", "outcome", "equity"] },
  positionTornUp: { code: 33, fields: ["market", "bucket", "lots", "price"] },
  lossAbsorbed: { code: 34, fields: ["default", "bucket", "layer", "amount", "remaining"] },
  profitHaircut: { code: 35, fields: ["default", "market", "bucket", "amount"] },
  layerFunded: { code: 36, fields: ["layer", "account", "amount", "balance"] },
  collateralSold: { code: 37, fields: ["bucket", "asset", "amount", "value"] },
  withdrawalQueued: { code: 12, fields: ["withdrawal", "account", "asset", "amount", "place"] },
  withdrawalReleased: { code: 13, fields: ["withdrawal", "account", "asset", "amount", "queued", "way"] },
  withdrawalCancelled: { code: 14, fields: ["withdrawal", "account", "asset", "amount"] },
  memberAppointed: { code: 60, fields: ["tier", "member", "roles"] },
  governanceSet: { code: 61, fields: ["tier", "threshold", "timelock"] },
  proposalMade: {
    code: 62,
    fields: ["tier", "proposal", "nonce", "command", "content", "eta", "lapse"],
  },
  proposalApproved: { code: 63, fields: ["tier", "proposal", "nonce", "member", "approvals"] },
  proposalContested: { code: 64, fields: ["tier", "proposal", "nonce", "member"] },
  proposalCancelled: { code: 65, fields: ["tier", "proposal", "nonce", "member"] },
  proposalLapsed: { code: 66, fields: ["tier", "proposal", "nonce"] },
  proposalExecuted: { code: 67, fields: ["tier", "proposal", "nonce", "command"] },
  parameterChanged: {
    code: 68,
    fields: ["market", "parameter", "previous", "value", "cause", "until"],
  },
  holdLapsed: { code: 69, fields: ["market", "parameter", "previous", "value"] },
  priceUpdated: {
    code: 20,
    fields: ["feedKind", "id", "price", "confidence", "sources", "operators"],
  },
  qualityChanged: { code: 21, fields: ["feedKind", "id", "quality", "age", "forbids"] },
  markMoved: { code: 22, fields: ["market", "mark", "index"] },
  fundingMeasured: { code: 23, fields: ["market", "rate", "premium", "samples"] },
  breakerMoved: { code: 50, fields: ["market", "from", "to", "signal", "score", "lossAvoided", "cost"] },
  breakerWithheld: { code: 51, fields: ["market", "level", "signal", "score", "lossAvoided", "cost"] },
  auctionPriced: {
    code: 53,
    fields: ["market", "price", "volume", "imbalance", "forced", "extensions", "index"],
  },
  auctionExtended: { code: 54, fields: ["market", "price", "lowest", "highest", "extensions", "endsAt"] },
  ordersPaired: { code: 55, fields: ["market", "buyOrder", "sellOrder", "buyer", "seller", "price", "lots"] },
  postureMoved: { code: 52, fields: ["from", "to", "rule", "seen", "bound", "version"] },
  stakeMinted: { code: 38, fields: ["fund", "account", "amount", "shares", "balance"] },
  unstakeRequested: { code: 39, fields: ["fund", "account", "shares", "unlocksAt"] },
  stakeRedeemed: { code: 40, fields: ["fund", "account", "amount", "shares", "balance"] },
  feesSwept: { code: 41, fields: ["insured", "kept", "balance"] },
  bidRecorded: { code: 42, fields: ["target", "market", "bucket", "lots", "endsAt"] },
  bidFilled: { code: 43, fields: ["target", "market", "bucket", "lots", "price", "reward"] },
  bidDropped: { code: 44, fields: ["target", "market", "bucket", "lots"] },
  coverRegistered: {
    code: 45,
    fields: ["cover", "account", "attachment", "limit", "escrow", "expiry"],
  },
  coverReleased: { code: 46, fields: ["cover", "account", "amount"] },
  coverClaimed: { code: 47, fields: ["default", "cover", "account", "paid", "owed"] },
  lossRecovered: { code: 48, fields: ["default", "layer", "amount", "short"] },
  profitRepaid: { code: 49, fields: ["default", "bucket", "amount"] },
  insuranceAsked: { code: 70, fields: ["tier", "amount"] },
  insuranceLent: { code: 71, fields: ["lender", "borrower", "amount", "lent"] },
  insuranceDrawn: { code: 72, fields: ["lender", "borrower", "amount", "owed"] },
  loanReturned: { code: 73, fields: ["lender", "borrower", "amount", "how", "claim"] },
} as const satisfies Readonly<Record<string, EventSpec>>;

export type EventName = keyof typeof EVENTS;

/** Why an order left the book, or shrank, other than by a fill. */
export const REASON = {
  cancelled: 1,
  amended: 2,
  selfTrade: 3,
  expired: 4,
  reduceOnly: 5,
  makerMargin: 6,
  massCancelled: 7,
  settled: 8,
  immediateOrCancel: 9,
  matchLimit: 10,
  openInterest: 11,
  refused: 12,
  liquidated: 13,
} as const;

/** By which way a withdrawal, or a part of one, was released. */
export const WAY = { atOnce: 1, lane: 2, round: 3, exit: 4 } as const;
/** Who changed a parameter of a sealed tier. */
export const CAUSE = { proposal: 1, steward: 2, breaker: 3 } as const;

/** How money that was lent moves back: repaid out of the borrower's fees, not needed by him after all, received by the lender. */
export const RETURNED = { repaid: 1, unneeded: 2, received: 3 } as const;

/** Numbers a receipt carries besides its outcome; an accepted command says here what it returns. */
export const RECEIPT_FACTS = 4;

/**
 * What the facts of an accepted command mean, per command; a refused one carries its refusal's facts.
 * `resting` is 0 when nothing rests, and `reason` then says why (0: filled whole). A withdrawal's `place` is 0 when nothing of it is
 * queued; of a release, `seen` counts the withdrawals looked at and `released` those of which something was released.
 */
export const RECEIPT_FIELDS = {
  listAsset: ["asset"],
  listTier: ["tier"],
  listMarket: ["market"],
  acceptCollateral: [],
  openAccount: ["account"],
  confirmDeposit: ["balance"],
  requestWithdrawal: ["withdrawal", "balance", "queued", "place"],
  finaliseWithdrawal: ["amount"],
  allocate: ["bucket", "held"],
  deallocate: ["bucket", "held"],
  placeOrder: ["order", "filled", "resting", "reason"],
  amendOrder: ["order", "filled", "resting", "reason"],
  cancelOrder: ["order", "lots"],
  cancelAll: ["cancelled"],
  massCancel: ["cancelled", "remaining"],
  updateIndexPrice: ["triggered", "inDistress"],
  updateCollateralPrice: [],
  accrueFunding: ["index"],
  clockTick: ["expired", "triggered", "inDistress"],
  expireMarket: ["price"],
  settleExpired: ["settled", "nextBucket"],
  settleResidual: ["amount", "remaining"],
  setParameter: ["previous"],
  setMarginBracket: [],
  fundLayer: ["balance"],
  appointBackstop: ["bucket"],
  updateVaultPrice: ["previous"],
  setThrottlePosture: ["previous"],
  releaseWithdrawals: ["seen", "released", "length"],
  cancelWithdrawal: ["amount", "balance"],
  setExitRatio: ["previous"],
  appointMember: ["previousRoles"],
  sealGovernance: ["signers"],
  propose: ["nonce", "content", "eta"],
  approve: ["approvals", "needed"],
  executeProposal: ["command", "result"],
  cancelProposal: ["contested"],
  stewardSet: ["previous"],
  breakerSet: ["previous", "until"],
  changeThreshold: [],
  registerReporter: [],
  configureFeed: ["quality"],
  reportPrice: ["state", "price", "quality", "triggered"],
  configureRedemption: [],
  reportRedemption: ["price", "initialPrice"],
  setVenueDepth: ["cost"],
  configureBreaker: ["level"],
  configurePosture: ["posture"],
  reportRisk: ["posture"],
  stakeFund: ["minted", "shares"],
  requestUnstake: ["unlocksAt"],
  withdrawStake: ["amount", "shares"],
  sweepFees: ["insured", "balance"],
  setFundTerms: [],
  bidLiquidation: ["lots", "endsAt"],
  registerCover: ["cover"],
  payCover: ["owed"],
  recordRecovery: ["short"],
  releaseCover: ["amount"],
  lendInsurance: ["amount", "lent"],
  drawInsurance: ["drawn", "asked"],
} as const;
