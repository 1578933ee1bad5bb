/** Precedence walks of the commands about what is listed: assets, tiers, markets, collateral. */
import { CONTRACT, limits } from "@bulkhead/engine";
import { sealedTier, sealedVault } from "../sealed.ts";
import { Desk, PLAIN_MARKET, openDesk, smallTier, smallVenue } from "../venue.ts";
import { SEALED, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

export const LISTING_WALKS: Pick<Walks, "listAsset" | "listTier" | "listMarket" | "acceptCollateral"> = {
  listAsset: [
    {
      scene: () => [sealedVault(), { scale: 5 }],
      steps: [{ refusal: "governance_required", facts: { tier: 0 }, why: "the vault is sealed" }],
    },
    {
      scene: () => {
        const desk = new Desk();
        for (let asset = 1; asset <= limits.MAX_ASSETS; asset++) desk.listAsset(1_000_000);
        return [desk, { scale: 5 }];
      },
      steps: [
        {
          refusal: "asset_capacity_reached",
          facts: { capacity: 32 },
          why: "32 assets are listed, the quote currency first",
        },
      ],
    },
    {
      scene: () => [new Desk(), { scale: 5 }],
      steps: [
        {
          refusal: "quote_asset_scale",
          facts: { scale: 5, required: 1_000_000 },
          why: "the first asset counts micro-dollars",
          cure: { scale: 1_000_000 },
        },
      ],
    },
  ],

  listTier: [
    {
      scene: () => [sealedVault(), { minInitialMargin: 0 }],
      steps: [{ refusal: "governance_required", facts: { tier: 0 }, why: "the vault is sealed" }],
    },
    {
      scene: () => [openDesk(), { minInitialMargin: 0 }],
      steps: [
        {
          refusal: "tier_capacity_reached",
          facts: { capacity: 1 },
          why: "there is room for one tier, and it is listed",
        },
      ],
    },
  ],

  listMarket: [
    {
      scene: () => [sealedTier(), { ...PLAIN_MARKET, tier: 9 }],
      steps: SEALED,
    },
    {
      scene: () => {
        const tiers = [smallTier({ markets: 1 }), smallTier({ ticks: 2 ** 15 })];
        const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
        desk.listTier(50_000);
        const faulty = {
          contract: CONTRACT.future,
          expiry: 1_000,
          rangeBits: 16,
          initialMargin: 1,
          takerFee: 50,
          makerFee: -100,
        };
        const oversized = { maxPositionLots: 2 ** 40, maxOpenInterestLots: 2 ** 40, oiLower: 5, oiUpper: 5 };
        return [desk, { ...PLAIN_MARKET, ...faulty, ...oversized, tier: 9 }];
      },
      steps: [
        noSuch("tier", "there are two tiers", { tier: 1 }),
        {
          refusal: "market_capacity_reached",
          facts: { capacity: 1 },
          why: "tier 1 lists all it can",
          cure: { tier: 2 },
        },
        {
          refusal: "expiry_absent",
          facts: { contract: 1, expiry: 1_000 },
          why: "the future would have expired this very millisecond",
          cure: { expiry: 1_001 },
        },
        {
          refusal: "margin_below_tier",
          facts: { initialMargin: 1, minimum: 50_000 },
          why: "tier 2 asks for 5 % at least",
          cure: { initialMargin: 50_000 },
        },
        {
          refusal: "position_value_cap",
          facts: { maxPositionLots: 2 ** 40, allowed: 17_179 },
          why: "2^50 µUSD over 65 536 dollars a lot",
          cure: { maxPositionLots: 17_179 },
        },
        {
          refusal: "open_interest_value_cap",
          facts: { maxOpenInterestLots: 2 ** 40, allowed: 137_438 },
          why: "2^53 − 1 µUSD over 65 536 dollars a lot",
          cure: { maxOpenInterestLots: 137_438 },
        },
        {
          refusal: "rebate_above_fee",
          facts: { makerFee: -100, takerFee: 50 },
          why: "every fill would cost the house 50 ppm",
          cure: { takerFee: 100 },
        },
        {
          refusal: "open_interest_bounds",
          facts: { oiLower: 5, oiUpper: 5 },
          why: "a line needs two different ends",
          cure: { oiUpper: 6 },
        },
        {
          refusal: "ladder_capacity_reached",
          facts: { needed: 65_536, free: 32_768 },
          why: "tier 2 has ladders for half of that",
          cure: { rangeBits: 15 },
        },
      ],
    },
  ],

  acceptCollateral: [
    {
      scene: () => [sealedTier(), { tier: 9, asset: 2, initialWeight: 0, maintenanceWeight: 0, cap: 0 }],
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = openDesk();
        desk.listAsset();
        return [desk, { tier: 9, asset: 9, initialWeight: 900_000, maintenanceWeight: 800_000, cap: 100 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("asset", "there are two assets", { asset: 1 }),
        {
          refusal: "collateral_is_quote",
          facts: { asset: 1 },
          why: "dollars count fully as it is",
          cure: { asset: 2 },
        },
        {
          refusal: "weight_order",
          facts: { initialWeight: 900_000, maintenanceWeight: 800_000 },
          why: "what opens a position must also keep it",
          cure: { maintenanceWeight: 900_000 },
        },
      ],
    },
  ],
};
