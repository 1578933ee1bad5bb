/** Precedence walks of the commands about governance itself, and of the keys it hands out: steward and breaker. */
import { CONTRACT, PARAMETERS, STATUS, governanceLimits } from "@bulkhead/engine";
import { BREAKER, Council, DAY, STEWARD, appointCouncil } from "../council.ts";
import { twoTiers } from "../sealed.ts";
import { type Desk, usd } from "../venue.ts";
import { NOT_SEALED, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

const { HOUR, MAX_HOLDS } = governanceLimits;
const { collateralCap, collateralInitialWeight, initialMargin, maxOpenInterestLots } = PARAMETERS;
const { maxOrders, maxPositionLots, status, takerFee } = PARAMETERS;

export const GOVERNANCE_WALKS: Pick<
  Walks,
  "appointMember" | "sealGovernance" | "changeThreshold" | "stewardSet" | "breakerSet"
> = {
  appointMember: [
    {
      scene: () => [twoTiers()[0], { tier: 9, member: 1, roles: 1 }],
      steps: [
        noSuch("tier", "there are two tiers", { tier: 2 }),
        {
          refusal: "governance_required",
          facts: { tier: 2 },
          why: "its members are chosen by its members",
          cure: { tier: 1 },
        },
      ],
    },
  ],

  sealGovernance: [
    {
      scene: () => {
        const [desk] = twoTiers();
        appointCouncil(desk, 1);
        desk.set(takerFee.id, 6_000);
        return [desk, { tier: 9, threshold: 2, timelock: DAY }];
      },
      steps: [
        noSuch("tier", "there are two tiers", { tier: 2 }),
        { refusal: "governance_sealed", facts: { tier: 2 }, why: "once is for good", cure: { tier: 1 } },
        {
          refusal: "threshold_bounds",
          facts: { threshold: 2, signers: 4 },
          why: "two of four are not more than half",
          cure: { threshold: 3 },
        },
        {
          refusal: "envelope_breached",
          facts: { market: 1, parameter: takerFee.id, value: 6_000 },
          why: "sealed tiers take half a percent at most",
          cure: (desk) => {
            desk.set(takerFee.id, 5_000);
          },
        },
      ],
    },
  ],

  changeThreshold: [
    {
      scene: () => [twoTiers()[0], { tier: 9, threshold: 1, timelock: DAY }],
      steps: [
        noSuch("tier", "there are two tiers", { tier: 1 }),
        {
          refusal: "governance_not_sealed",
          facts: { tier: 1 },
          why: "sealing says both",
          cure: { tier: 2 },
        },
        { refusal: "governance_required", facts: { tier: 2 }, why: "a proposal carries it" },
      ],
    },
  ],

  stewardSet: [
    {
      scene: () => {
        const [desk, council] = twoTiers((each) => {
          each.listAsset();
          each.listAsset();
          const bracket = { kind: "setMarginBracket", tier: 2, market: 1, bracket: 1 } as const;
          each.expectAccepted({ ...bracket, lower: usd(1_000), rate: 105_000 });
        });
        desk.expectAccepted(council.steward(initialMargin.id, 101_000));
        desk.expectAccepted(council.breaker(maxOpenInterestLots.id, 80_000));
        return [desk, { tier: 9, member: 1, market: 9, parameter: 33, value: 1 }];
      },
      steps: [
        ...NOT_SEALED,
        {
          refusal: "member_lacks_role",
          facts: { member: 1, roles: 1 },
          why: "a signer",
          cure: { member: STEWARD },
        },
        noSuch("market", "there is one market", { market: 1 }),
        {
          refusal: "parameter_unknown",
          facts: { parameter: 33 },
          why: "it is the tier's",
          cure: { parameter: collateralInitialWeight.id, market: 9 },
        },
        noSuch("asset", "there are three assets", { market: 3 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 3 },
          why: "not as collateral",
          cure: { parameter: maxOrders.id, market: 1 },
        },
        {
          refusal: "parameter_out_of_range",
          facts: { value: 1, min: 1_000, max: 2 ** 22 },
          why: "one order at a time would close the exits",
          cure: { value: 100_000 },
        },
        {
          refusal: "not_delegated",
          facts: { parameter: maxOrders.id },
          why: "by proposal only",
          cure: { parameter: initialMargin.id, value: 101_000 },
        },
        {
          refusal: "value_unchanged",
          facts: { value: 101_000 },
          why: "it would only start the clock anew",
          cure: { parameter: maxOpenInterestLots.id },
        },
        {
          refusal: "parameter_held",
          facts: { until: 1_000 + HOUR(1) },
          why: "a breaker was faster",
          cure: { parameter: initialMargin.id, value: 120_000 },
        },
        {
          refusal: "change_too_soon",
          facts: { earliest: 1_000 + HOUR(6), time: 1_000 },
          why: "he moved it just now",
          cure: { time: 1_000 + DAY },
        },
        {
          refusal: "change_too_large",
          facts: { value: 120_000, bound: 111_100 },
          why: "a tenth at a time",
          cure: { value: 99_999 },
        },
        {
          refusal: "beyond_baseline",
          facts: { value: 99_999, baseline: 100_000 },
          why: "looser than governance set it",
          cure: { value: 105_000 },
        },
        {
          refusal: "change_refused",
          facts: { code: 1_025, first: usd(1_000), second: 105_000 },
          why: "the first bracket must ask for more than no bracket",
          cure: { value: 104_999 },
        },
      ],
    },
  ],

  breakerSet: [
    {
      scene: () => {
        const [desk, council] = twoTiers((each) => {
          each.listMarket({ tier: 2 });
          for (let asset = 2; asset <= 32; asset++) {
            each.listAsset();
            if (asset > 2) each.acceptCollateral(asset, { tier: 2 });
          }
        });
        desk.expectAccepted(council.breaker(maxOpenInterestLots.id, 80_000));
        return [desk, { tier: 9, member: 1, market: 9, parameter: 33, value: 3, duration: HOUR(1) }];
      },
      steps: [
        ...NOT_SEALED,
        {
          refusal: "member_lacks_role",
          facts: { member: 1, roles: 1 },
          why: "a signer",
          cure: { member: BREAKER },
        },
        noSuch("market", "there are two markets", { market: 1 }),
        {
          refusal: "parameter_unknown",
          facts: { parameter: 33 },
          why: "it is the tier's",
          cure: { parameter: collateralCap.id, market: 33 },
        },
        { refusal: "asset_unknown", facts: { asset: 33 }, why: "there are 32 assets", cure: { market: 2 } },
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "not as collateral",
          cure: { parameter: status.id, market: 1 },
        },
        {
          refusal: "parameter_out_of_range",
          facts: { value: 3, min: 0, max: 1 },
          why: "no key settles a market, or halts one",
          cure: { parameter: initialMargin.id, value: 5_000 },
        },
        {
          refusal: "not_delegated",
          facts: { parameter: initialMargin.id },
          why: "it would liquidate people",
          cure: { parameter: status.id, value: STATUS.open },
        },
        {
          refusal: "not_tightening",
          facts: { value: 0, current: 0 },
          why: "it is open as it is",
          cure: { parameter: maxOpenInterestLots.id, value: 70_000 },
        },
        {
          refusal: "parameter_held",
          facts: { until: 1_000 + HOUR(1) },
          why: "one hold at a time",
          cure: (desk) => {
            desk.now = 1_000 + HOUR(1);
            desk.tick(2);
          },
        },
        {
          refusal: "change_too_soon",
          facts: { earliest: 1_000 + HOUR(25), time: 1_000 + HOUR(1) },
          why: "an exception is none if it has no end",
          cure: (desk) => {
            desk.now = 1_000 + HOUR(25);
            holdEverythingElse(desk);
          },
        },
        {
          refusal: "hold_capacity_reached",
          facts: { capacity: MAX_HOLDS },
          why: "sixty-four others are held",
          cure: (desk) => {
            desk.now += DAY;
            desk.tick(2);
          },
        },
      ],
    },
    {
      scene: () => {
        const [desk, council] = twoTiers((each) => {
          each.listMarket({ tier: 2, contract: CONTRACT.future, expiry: 2_000 });
        });
        desk.now = 2_000;
        desk.expectAccepted({ kind: "expireMarket", tier: 2, market: 2, price: 100 });
        const { kind: _, ...faulty } = council.breaker(maxOpenInterestLots.id, 5, HOUR(1), 2);
        return [desk, faulty];
      },
      steps: [
        {
          refusal: "change_refused",
          facts: { code: 4_006, first: 2, second: 0 },
          why: "a settled market is history",
        },
      ],
    },
  ],
};

/** Holds sixty-four parameters of the second tier, open interest of its first market not among them. */
function holdEverythingElse(desk: Desk): void {
  const council = new Council(desk, 2);
  for (const market of [1, 2]) {
    desk.expectAccepted(council.breaker(status.id, STATUS.reduceOnly, DAY, market));
    desk.expectAccepted(council.breaker(maxPositionLots.id, 5, DAY, market));
  }
  for (let asset = 3; asset <= 32; asset++) {
    desk.expectAccepted(council.breaker(collateralCap.id, 1, DAY, asset));
    desk.expectAccepted(council.breaker(collateralInitialWeight.id, 1, DAY, asset));
  }
}
