/** The fields of the commands that governance can propose, in their order, without the tier. */
import type { CommandName } from "@bulkhead/engine";
import { MAX_ASSETS, MAX_LOTS, MAX_MARKETS } from "./terms.ts";

type Field = readonly [name: string, min: number, max: number];

export interface Form {
  readonly code: number;
  readonly kind: CommandName;
  readonly fields: readonly Field[];
  /** Lists something new or has to do with prices, which takes three days at least. */
  readonly isLong: boolean;
}

const MAX = 2 ** 53 - 1;
const DAY = 86_400_000;
const LOTS = Number(MAX_LOTS);
const MAX_POINTS = 1e15;

const LIST_ASSET: Form = { code: 1, kind: "listAsset", fields: [["scale", 1, 1e15]], isLong: true };
const LIST_TIER: Form = {
  code: 2,
  kind: "listTier",
  fields: [["minInitialMargin", 0, 1_000_000]],
  isLong: true,
};
const LIST_MARKET: Form = {
  code: 3,
  kind: "listMarket",
  fields: [
    ["contract", 0, 1],
    ["expiry", 0, MAX],
    ["notional", 1, 1e12],
    ["rangeBits", 15, 22],
    ["initialMargin", 1, 1_000_000],
    ["maintenanceRatio", 1, 1_000_000],
    ["scaleBase", 0, MAX],
    ["oiLower", 0, MAX],
    ["oiUpper", 0, MAX],
    ["band", 1, 1_000_000],
    ["takerFee", 0, 100_000],
    ["makerFee", -100_000, 100_000],
    ["maxPositionLots", 1, LOTS],
    ["maxOpenInterestLots", 1, LOTS],
    ["fundingCap", 0, 1e8],
  ],
  isLong: true,
};
const ACCEPT_COLLATERAL: Form = {
  code: 4,
  kind: "acceptCollateral",
  fields: [
    ["asset", 1, MAX_ASSETS],
    ["initialWeight", 0, 1_000_000],
    ["maintenanceWeight", 0, 1_000_000],
    ["cap", 0, MAX],
  ],
  isLong: true,
};
const SET_PARAMETER: Form = {
  code: 23,
  kind: "setParameter",
  fields: [
    ["market", 0, MAX_MARKETS],
    ["parameter", 1, 64],
    ["value", -MAX, MAX],
  ],
  isLong: false,
};
const SET_MARGIN_BRACKET: Form = {
  code: 24,
  kind: "setMarginBracket",
  fields: [
    ["market", 1, MAX_MARKETS],
    ["bracket", 1, 4],
    ["lower", 0, MAX],
    ["rate", 0, 1_000_000],
  ],
  isLong: false,
};
export const APPOINT_MEMBER: Form = {
  code: 65,
  kind: "appointMember",
  fields: [
    ["member", 1, 16],
    ["roles", 0, 15],
  ],
  isLong: false,
};
const CHANGE_THRESHOLD: Form = {
  code: 73,
  kind: "changeThreshold",
  fields: [
    ["threshold", 1, 16],
    ["timelock", DAY, 30 * DAY],
  ],
  isLong: false,
};

const REGISTER_REPORTER: Form = {
  code: 30,
  kind: "registerReporter",
  fields: [
    ["reporter", 1, 16],
    ["operator", 1, 2 ** 31 - 1],
    ["weight", 0, 1_000_000],
  ],
  isLong: true,
};
const CONFIGURE_FEED: Form = {
  code: 31,
  kind: "configureFeed",
  fields: [
    ["feedKind", 0, 1],
    ["id", 1, MAX_MARKETS],
    ["reporters", 0, 2 ** 16 - 1],
    ["quorum", 0, 16],
    ["sigma", 1, 2_000_000],
    ["staleAfter", 1, DAY],
    ["deadAfter", 1, DAY],
    ["halfLife", 1, DAY],
    ["maxConfidence", 1, 50_000],
    ["jump", 1, 1_000_000],
    ["deviation", 1, 1_000_000],
    ["divergence", 1, 1_000_000],
    ["frozenAfter", 0, 1_000_000],
    ["floor", 0, MAX_POINTS],
  ],
  isLong: true,
};
const CONFIGURE_REDEMPTION: Form = {
  code: 33,
  kind: "configureRedemption",
  fields: [
    ["asset", 1, MAX_ASSETS],
    ["basis", 0, 2],
    ["underlying", 0, MAX_ASSETS],
    ["maxAge", 1, 7 * DAY],
    ["dailyStep", 0, 1_000_000],
  ],
  isLong: true,
};
const APPOINT_BACKSTOP: Form = {
  code: 41,
  kind: "appointBackstop",
  fields: [["account", 1, 2 ** 31 - 1]],
  isLong: true,
};
const SET_FUND_TERMS: Form = {
  code: 46,
  kind: "setFundTerms",
  fields: [
    ["fund", 2, 7],
    ["cooldown", 3_600_000, 90 * DAY],
    ["window", 3_600_000, 90 * DAY],
    ["minimum", 0, MAX],
    ["target", 0, MAX],
  ],
  isLong: false,
};
const CONFIGURE_BREAKER: Form = {
  code: 55,
  kind: "configureBreaker",
  fields: [
    ["market", 1, MAX_MARKETS],
    ["sigma", 0, 100_000],
    ["softZ", 0, 1_000],
    ["hardZ", 0, 1_000],
    ["softMove", 0, 1_000_000],
    ["hardMove", 0, 1_000_000],
    ["divergence", 0, 1_000_000],
    ["liquidationCapacity", 0, 1e15],
    ["openInterestStep", 0, 10_000_000],
    ["lossCapacity", 0, 1e15],
    ["spreadFactor", 0, 1_000],
    ["depthFloor", 0, 1_000_000],
    ["cautionBand", 0, 1_000_000],
    ["haltScore", 0, 1_000_000_000],
    ["haltCost", 0, 1_000_000],
  ],
  isLong: false,
};
const CONFIGURE_POSTURE: Form = {
  code: 56,
  kind: "configurePosture",
  fields: [
    ["enabled", 0, 1],
    ["baseline", 0, 2],
    ["insuranceTarget", 0, 1e15],
  ],
  isLong: false,
};

const OF_VAULT: readonly Form[] = [LIST_ASSET, LIST_TIER, SET_FUND_TERMS, APPOINT_MEMBER, CHANGE_THRESHOLD];
const OF_TIER: readonly Form[] = [
  LIST_MARKET,
  ACCEPT_COLLATERAL,
  SET_PARAMETER,
  SET_MARGIN_BRACKET,
  REGISTER_REPORTER,
  CONFIGURE_FEED,
  CONFIGURE_REDEMPTION,
  CONFIGURE_BREAKER,
  CONFIGURE_POSTURE,
  APPOINT_BACKSTOP,
  SET_FUND_TERMS,
  APPOINT_MEMBER,
  CHANGE_THRESHOLD,
];

/** The form of a command that the vault (tier 0) or a tier can propose. */
export function formOf(code: number, tier: number): Form | undefined {
  return (tier === 0 ? OF_VAULT : OF_TIER).find((form) => form.code === code);
}
