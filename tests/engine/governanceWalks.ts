/** The precedence walks of governance's commands. */
import { CONTRACT, PARAMETERS, STATUS, governanceLimits } from "@bulkhead/engine";
import {
  BREAKER,
  Council,
  DAY,
  GUARDIAN,
  STEWARD,
  THRESHOLD,
  WEEK,
  appointCouncil,
  codeOf,
  rawProposal,
  seatCouncil,
} from "./council.ts";
import { type Desk, openDesk, smallTier, smallVenue, usd } from "./venue.ts";
import type { Walks } from "./walk.ts";

const { HOUR, MAX_HOLDS } = governanceLimits;
const { initialMargin, maxOpenInterestLots, maxPositionLots, maxOrders, takerFee, stressMove, status } =
  PARAMETERS;
const { collateralInitialWeight, collateralCap } = PARAMETERS;
const WEIGHTS = { initialWeight: 500_000, maintenanceWeight: 800_000 };

type GovernanceCommand =
  | "appointMember"
  | "sealGovernance"
  | "propose"
  | "approve"
  | "executeProposal"
  | "cancelProposal"
  | "stewardSet"
  | "breakerSet"
  | "changeThreshold";

/** A desk whose second tier is sealed, after whatever set-up, with a market in each; the council is the second's. */
function twoTiers(...setUp: readonly ((desk: Desk) => unknown)[]): [Desk, Council] {
  const tiers = [smallTier(), smallTier({ holdings: 64 })];
  const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
  desk.listTier();
  desk.listMarket({ tier: 2 });
  for (const each of setUp) each(desk);
  return [desk, seatCouncil(desk, 2)];
}

/** The same with a proposal that can be executed. */
function ripe(
  words: readonly number[],
  command: number = codeOf("setParameter"),
  ...setUp: readonly ((desk: Desk) => unknown)[]
): [Desk, Council] {
  const [desk, council] = twoTiers(...setUp);
  desk.expectAccepted(rawProposal(2, 1, command, words));
  desk.now = council.pending().eta;
  council.approve();
  return [desk, council];
}

/** When a proposal of the desk's first moment lapses. */
const LAPSE = 1_000 + 4 * DAY;
/** First 52 bits of SHA-256 over what docs/spec/governance.md says, of the proposal that is approved below. */
const CONTENT = 788_754_575_994_329;
const BASIS = 124_431_604_968_011;

export const GOVERNANCE_WALKS: Pick<Walks, GovernanceCommand> = {
  appointMember: [
    {
      scene: () => [twoTiers()[0], { tier: 9, member: 1, roles: 1 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
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

  propose: [
    {
      scene: () => {
        const [desk] = twoTiers();
        desk.expectAccepted(rawProposal(2, 1, codeOf("setParameter"), [1, initialMargin.id, 90_000]));
        const { kind: _, ...faulty } = rawProposal(9, STEWARD, codeOf("openAccount"), [2]);
        return [desk, faulty];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
        {
          refusal: "governance_not_sealed",
          facts: { tier: 1 },
          why: "what can be done directly is not proposed",
          cure: { tier: 2 },
        },
        {
          refusal: "member_lacks_role",
          facts: { member: STEWARD, roles: 2 },
          why: "signers propose",
          cure: { member: 1 },
        },
        {
          refusal: "command_not_proposable",
          facts: { command: codeOf("openAccount") },
          why: "accounts are nobody's policy",
          cure: { command: codeOf("acceptCollateral"), word2: 2_000_000 },
        },
        {
          refusal: "payload_out_of_range",
          facts: { word: 2, value: 2_000_000 },
          why: "a weight of two",
          cure: { word2: 1, word4: 5 },
        },
        {
          refusal: "listing_too_open",
          facts: { limit: 5, allowed: 0 },
          why: "new collateral begins at nothing",
          cure: { word4: 0 },
        },
        {
          refusal: "proposal_pending",
          facts: { nonce: 8, lapse: 1_000 + DAY + 3 * DAY },
          why: "one at a time",
          cure: { member: 2 },
        },
      ],
    },
  ],

  approve: [
    {
      scene: () => {
        const [desk, council] = twoTiers();
        council.propose({ kind: "appointMember", tier: 2, member: 4, roles: 1 });
        council.propose(council.set(initialMargin.id, 90_000), 2);
        desk.now += DAY;
        council.approve();
        desk.expectAccepted(council.execution());
        desk.now = council.pending(2).lapse - 1;
        const faulty = { content: 1, parameters: 2, expiry: 3, time: desk.now + 1 };
        return [desk, { tier: 9, member: STEWARD, proposal: 5, nonce: 77, ...faulty }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
        { refusal: "governance_not_sealed", facts: { tier: 1 }, why: "not yet", cure: { tier: 2 } },
        { refusal: "proposal_unknown", facts: { proposal: 5 }, why: "none of his", cure: { proposal: 2 } },
        { refusal: "nonce_used", facts: { nonce: 77, current: 9 }, why: "not that one", cure: { nonce: 9 } },
        {
          refusal: "proposal_lapsed",
          facts: { lapse: LAPSE, time: LAPSE },
          why: "its three days are over",
          cure: { time: LAPSE - 1 },
        },
        {
          refusal: "member_lacks_role",
          facts: { member: STEWARD, roles: 2 },
          why: "signers approve",
          cure: { member: 4 },
        },
        {
          refusal: "member_too_new",
          facts: { since: 10, nonce: 9 },
          why: "she was appointed again while it waited",
          cure: { member: 1 },
        },
        {
          refusal: "content_differs",
          facts: { given: 1, actual: CONTENT },
          why: "he was shown something else",
          cure: { content: CONTENT },
        },
        {
          refusal: "parameters_differ",
          facts: { given: 2, actual: BASIS },
          why: "he decided on another tier than this one",
          cure: { parameters: BASIS },
        },
        {
          refusal: "approval_expired",
          facts: { expiry: 3, time: LAPSE - 1 },
          why: "it was signed for the time long past",
          cure: { expiry: LAPSE + HOUR(1) },
        },
        {
          refusal: "approval_outlives",
          facts: { expiry: LAPSE + HOUR(1), latest: LAPSE - 1 + HOUR(1) },
          why: "a millisecond more than the hour it may live",
          cure: { expiry: LAPSE - 1 + HOUR(1) },
        },
      ],
    },
  ],

  executeProposal: [
    {
      scene: () => {
        const [desk, council] = twoTiers();
        council.propose(council.set(initialMargin.id, 90_000));
        return [desk, { tier: 9, proposal: 5, nonce: 77, time: LAPSE }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
        { refusal: "governance_not_sealed", facts: { tier: 1 }, why: "not yet", cure: { tier: 2 } },
        { refusal: "proposal_unknown", facts: { proposal: 5 }, why: "none of his", cure: { proposal: 1 } },
        { refusal: "nonce_used", facts: { nonce: 77, current: 8 }, why: "not that one", cure: { nonce: 8 } },
        {
          refusal: "proposal_lapsed",
          facts: { lapse: LAPSE, time: LAPSE },
          why: "its three days are over",
          cure: { time: 1_000 },
        },
        {
          refusal: "timelock_running",
          facts: { eta: 1_000 + DAY, time: 1_000 },
          why: "it was made this very moment",
          cure: { time: 1_000 + DAY },
        },
        {
          refusal: "approvals_missing",
          facts: { approvals: 0, needed: THRESHOLD },
          why: "nobody has approved it",
          cure: (desk) => {
            desk.now = 1_000 + DAY;
            new Council(desk, 2).approve();
          },
        },
      ],
    },
    {
      scene: () => {
        const [desk, council] = ripe(
          [2, 500_000, 800_000, 0],
          codeOf("acceptCollateral"),
          (each) => each.listAsset(),
          (each) => each.expectAccepted({ kind: "acceptCollateral", tier: 2, asset: 2, ...WEIGHTS, cap: 5 }),
        );
        return [desk, { tier: 2, proposal: 1, nonce: council.pending().nonce }];
      },
      steps: [
        { refusal: "collateral_listed", facts: { asset: 2 }, why: "its weights are parameters by now" },
      ],
    },
    {
      scene: () => [ripe([1, 31, 5])[0], { tier: 2, proposal: 1, nonce: 8 }],
      steps: [
        {
          refusal: "change_refused",
          facts: { code: 1_009, first: 31, second: 0 },
          why: "there is no such parameter, and nobody noticed",
        },
      ],
    },
    {
      scene: () => {
        const [desk, council] = twoTiers();
        council.pass(council.set(initialMargin.id, 80_000));
        desk.now += 5 * DAY;
        council.ripen(council.set(initialMargin.id, 63_999));
        return [desk, { tier: 2, proposal: 1, nonce: 9 }];
      },
      steps: [
        {
          refusal: "change_too_soon",
          facts: { earliest: 1_000 + DAY + WEEK, time: 1_000 + DAY + 6 * DAY },
          why: "a week between two loosenings",
          cure: { time: 1_000 + DAY + WEEK },
        },
        {
          refusal: "change_too_large",
          facts: { value: 63_999, bound: 64_000 },
          why: "a fifth less at a time",
        },
      ],
    },
    {
      scene: () => {
        const [desk, council] = ripe([1, initialMargin.id, 90_000], codeOf("setParameter"), (each) => {
          each.set(stressMove.id, 200_000, 1, 2);
          each.trade(each.openTrader(100, 0, 2), each.openTrader(100, 0, 2), 1, 100, { tier: 2 });
        });
        return [desk, { tier: 2, proposal: 1, nonce: council.pending().nonce }];
      },
      steps: [
        {
          refusal: "stress_worsens",
          facts: { before: usd(2.5), after: usd(4.25) },
          why: "twenty dollars move against seven quarters of ten that must stay, then of nine",
        },
      ],
    },
  ],

  cancelProposal: [
    {
      scene: () => {
        const [desk, council] = twoTiers();
        council.propose(council.set(initialMargin.id, 90_000));
        return [desk, { tier: 9, member: 2, proposal: 5, nonce: 77 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
        { refusal: "governance_not_sealed", facts: { tier: 1 }, why: "not yet", cure: { tier: 2 } },
        { refusal: "proposal_unknown", facts: { proposal: 5 }, why: "none of his", cure: { proposal: 1 } },
        { refusal: "nonce_used", facts: { nonce: 77, current: 8 }, why: "not that one", cure: { nonce: 8 } },
        {
          refusal: "not_cancellable",
          facts: { member: 2, roles: 1 },
          why: "another signer has no say in it",
          cure: { member: GUARDIAN },
        },
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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
        { refusal: "governance_not_sealed", facts: { tier: 1 }, why: "not yet", cure: { tier: 2 } },
        {
          refusal: "member_lacks_role",
          facts: { member: 1, roles: 1 },
          why: "a signer",
          cure: { member: STEWARD },
        },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there is one market", cure: { market: 1 } },
        {
          refusal: "parameter_unknown",
          facts: { parameter: 33 },
          why: "it is the tier's",
          cure: { parameter: collateralInitialWeight.id, market: 9 },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are three assets", cure: { market: 3 } },
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
            if (asset > 2)
              each.expectAccepted({ kind: "acceptCollateral", tier: 2, asset, ...WEIGHTS, cap: 5 });
          }
        });
        desk.expectAccepted(council.breaker(maxOpenInterestLots.id, 80_000));
        return [desk, { tier: 9, member: 1, market: 9, parameter: 33, value: 3, duration: HOUR(1) }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
        { refusal: "governance_not_sealed", facts: { tier: 1 }, why: "not yet", cure: { tier: 2 } },
        {
          refusal: "member_lacks_role",
          facts: { member: 1, roles: 1 },
          why: "a signer",
          cure: { member: BREAKER },
        },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are two markets",
          cure: { market: 1 },
        },
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
            desk.expectAccepted({ kind: "clockTick", tier: 2 });
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
            desk.expectAccepted({ kind: "clockTick", tier: 2 });
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

  changeThreshold: [
    {
      scene: () => [twoTiers()[0], { tier: 9, threshold: 1, timelock: DAY }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
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
