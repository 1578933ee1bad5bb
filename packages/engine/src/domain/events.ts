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
  breakerMoved: { code: 50, fields: ["market", "from", "to", "signal", "score", "lossAvoided", "cost"] },
  breakerWithheld: { code: 51, fields: ["market", "level", "signal", "score", "lossAvoided", "cost"] },
  postureMoved: { code: 52, fields: ["from", "to", "rule", "seen", "bound", "version"] },
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

/** Numbers a receipt carries besides its outcome; an accepted command says here what it returns. */
export const RECEIPT_FACTS = 4;

/**
 * What the facts of an accepted command mean, per command; a refused one carries its refusal's facts.
 * `resting` is 0 when nothing rests, and `reason` then says why (0: filled whole).
 */
export const RECEIPT_FIELDS = {
  listAsset: ["asset"],
  listTier: ["tier"],
  listMarket: ["market"],
  acceptCollateral: [],
  openAccount: ["account"],
  confirmDeposit: ["balance"],
  requestWithdrawal: ["withdrawal", "balance"],
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
  configureBreaker: ["level"],
  configurePosture: ["posture"],
  reportRisk: ["posture"],
} as const;
