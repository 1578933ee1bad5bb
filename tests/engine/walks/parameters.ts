/** Precedence walks of the commands about parameters. */
import { CONTRACT, PARAMETERS, VENUE_PARAMETERS } from "@bulkhead/engine";
import { sealedTier } from "../sealed.ts";
import { Desk, openDesk, usd } from "../venue.ts";
import { MOST_LOTS, SEALED, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

const { initialMargin, maxBucketOrders, maxOpenInterestLots, maxOrders, maxPositionLots, status } =
  PARAMETERS;
const { throttleHour } = VENUE_PARAMETERS;

export const PARAMETER_WALKS: Pick<Walks, "setParameter" | "setMarginBracket"> = {
  setParameter: [
    {
      scene: () => [sealedTier(), { tier: 9, market: 1, parameter: maxOrders.id, value: 5 }],
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = new Desk();
        desk.listQuote();
        desk.listAsset();
        desk.listTier(50_000);
        desk.listMarket({ contract: CONTRACT.future, expiry: 2_000, takerFee: 50 });
        desk.listMarket({ takerFee: 50, oiUpper: 100 });
        const bracket = { tier: 1, market: 2, bracket: 1, lower: usd(1_000), rate: 200_000 };
        desk.expectAccepted({ kind: "setMarginBracket", ...bracket });
        desk.now = 2_000;
        desk.expire(1);
        return [desk, { tier: 9, market: 9, parameter: maxBucketOrders.id, value: 0 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are two markets", { market: 1 }),
        {
          refusal: "parameter_unknown",
          facts: { parameter: maxBucketOrders.id },
          why: "it is a parameter of tiers, and this is a market",
          cure: { parameter: PARAMETERS.collateralCap.id, market: 9 },
        },
        noSuch("asset", "there are two assets", { market: 2 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier takes no collateral",
          cure: { parameter: initialMargin.id, market: 1 },
        },
        {
          refusal: "parameter_out_of_range",
          facts: { value: 0, min: 1, max: 1_000_000 },
          why: "margin is at least 1 ppm",
          cure: { value: 1 },
        },
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "nothing is left to set",
          cure: { market: 2 },
        },
        {
          refusal: "margin_below_tier",
          facts: { initialMargin: 1, minimum: 50_000 },
          why: "the tier asks for 5 %",
          cure: { value: 200_000 },
        },
        {
          refusal: "bracket_order",
          facts: { lower: usd(1_000), rate: 200_000 },
          why: "the first bracket must ask for more than no bracket",
          cure: { parameter: PARAMETERS.oiUpper.id, value: 0, market: 2 },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk({ takerFee: 50 });
        desk.listAsset();
        desk.acceptCollateral(2, { initialWeight: 500_000, maintenanceWeight: 800_000 });
        return [desk, { tier: 1, market: 1, parameter: PARAMETERS.oiLower.id, value: 1 }];
      },
      steps: [
        {
          refusal: "open_interest_bounds",
          facts: { oiLower: 1, oiUpper: 0 },
          why: "the upper bound is still 0",
          cure: { parameter: PARAMETERS.makerFee.id, value: -51 },
        },
        {
          refusal: "rebate_above_fee",
          facts: { makerFee: -51, takerFee: 50 },
          why: "takers pay 50",
          cure: { parameter: maxPositionLots.id, value: MOST_LOTS + 1 },
        },
        {
          refusal: "position_value_cap",
          facts: { maxPositionLots: MOST_LOTS + 1, allowed: MOST_LOTS },
          why: "one lot beyond 2^50 µUSD",
          cure: { parameter: maxOpenInterestLots.id, value: 274_878 },
        },
        {
          refusal: "open_interest_value_cap",
          facts: { maxOpenInterestLots: 274_878, allowed: 274_877 },
          why: "one lot beyond 2^53 − 1 µUSD",
          cure: { parameter: PARAMETERS.collateralInitialWeight.id, market: 2, value: 800_001 },
        },
        {
          refusal: "weight_order",
          facts: { initialWeight: 800_001, maintenanceWeight: 800_000 },
          why: "what opens a position must also keep it",
          cure: { value: 800_000 },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        desk.set(throttleHour.id, 20_000, 0, 0);
        return [desk, { tier: 0, market: 1, parameter: status.id, value: -1 }];
      },
      steps: [
        {
          refusal: "market_unknown",
          facts: { market: 1 },
          why: "the venue has no markets, its tiers have",
          cure: { market: 0 },
        },
        {
          refusal: "parameter_unknown",
          facts: { parameter: status.id },
          why: "it is a parameter of markets, and this is the venue",
          cure: { parameter: throttleHour.id },
        },
        {
          refusal: "parameter_out_of_range",
          facts: { value: -1, min: 0, max: 1_000_000 },
          why: "nobody lets less than nothing out",
          cure: { value: 0 },
        },
        {
          refusal: "throttle_stays_on",
          facts: { parameter: throttleHour.id, current: 20_000 },
          why: "whoever may widen a window may not tear it down",
          cure: { value: 1_000_000 },
        },
      ],
    },
  ],

  setMarginBracket: [
    {
      scene: () => [sealedTier(), { tier: 9, market: 1, bracket: 1, lower: 5, rate: 200_000 }],
      steps: SEALED,
    },
    {
      scene: () => [openDesk(), { tier: 9, market: 9, bracket: 2, lower: usd(1_000), rate: 200_000 }],
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there is one market", { market: 1 }),
        {
          refusal: "bracket_order",
          facts: { lower: usd(1_000), rate: 200_000 },
          why: "the second before the first",
          cure: { bracket: 1 },
        },
      ],
    },
  ],
};
