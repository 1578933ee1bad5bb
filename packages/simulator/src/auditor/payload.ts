/** The fields of the commands that governance can propose, in their order, without the tier. */
import type { CommandName } from "@bulkhead/engine";
import { MAX_ASSETS, MAX_LOTS, MAX_MARKETS } from "./terms.ts";

type Field = readonly [name: string, min: number, max: number];

export interface Form {
  readonly code: number;
  readonly kind: CommandName;
  readonly fields: readonly Field[];
  /** Lists something new, which takes three days at least. */
  readonly isListing: boolean;
}

const MAX = 2 ** 53 - 1;
const DAY = 86_400_000;
const LOTS = Number(MAX_LOTS);

const LIST_ASSET: Form = { code: 1, kind: "listAsset", fields: [["scale", 1, 1e15]], isListing: true };
const LIST_TIER: Form = {
  code: 2,
  kind: "listTier",
  fields: [["minInitialMargin", 0, 1_000_000]],
  isListing: true,
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
  isListing: true,
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
  isListing: true,
};
const SET_PARAMETER: Form = {
  code: 23,
  kind: "setParameter",
  fields: [
    ["market", 0, MAX_MARKETS],
    ["parameter", 1, 64],
    ["value", -MAX, MAX],
  ],
  isListing: false,
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
  isListing: false,
};
export const APPOINT_MEMBER: Form = {
  code: 65,
  kind: "appointMember",
  fields: [
    ["member", 1, 16],
    ["roles", 0, 15],
  ],
  isListing: false,
};
const CHANGE_THRESHOLD: Form = {
  code: 73,
  kind: "changeThreshold",
  fields: [
    ["threshold", 1, 16],
    ["timelock", DAY, 30 * DAY],
  ],
  isListing: false,
};

const OF_VAULT: readonly Form[] = [LIST_ASSET, LIST_TIER, APPOINT_MEMBER, CHANGE_THRESHOLD];
const OF_TIER: readonly Form[] = [
  LIST_MARKET,
  ACCEPT_COLLATERAL,
  SET_PARAMETER,
  SET_MARGIN_BRACKET,
  APPOINT_MEMBER,
  CHANGE_THRESHOLD,
];

/** The form of a command that the vault (tier 0) or a tier can propose. */
export function formOf(code: number, tier: number): Form | undefined {
  return (tier === 0 ? OF_VAULT : OF_TIER).find((form) => form.code === code);
}
