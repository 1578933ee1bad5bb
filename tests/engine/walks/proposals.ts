/** Precedence walks of the commands about proposals: made, approved, executed, cancelled. */
import { PARAMETERS, governanceLimits } from "@bulkhead/engine";
import { Council, DAY, GUARDIAN, STEWARD, THRESHOLD, WEEK, codeOf, rawProposal } from "../council.ts";
import { twoTiers } from "../sealed.ts";
import { type Desk, usd } from "../venue.ts";
import { NOT_SEALED, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

const { HOUR } = governanceLimits;
const { initialMargin, stressMove } = PARAMETERS;

/** When a proposal of the desk's first moment lapses. */
const LAPSE = 1_000 + 4 * DAY;
/** First 52 bits of SHA-256 over what docs/spec/governance.md says, of the proposal that is approved below. */
const CONTENT = 788_754_575_994_329;
const BASIS = 124_431_604_968_011;

/** Proposal 1 is the only one, and the eighth thing that was decided. */
const NOT_THE_FIRST = [
  { refusal: "proposal_unknown", facts: { proposal: 5 }, why: "none of his", cure: { proposal: 1 } },
  { refusal: "nonce_used", facts: { nonce: 77, current: 8 }, why: "not that one", cure: { nonce: 8 } },
] as const;

/** A desk with a proposal that can be executed, the first of its second tier. */
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

export const PROPOSAL_WALKS: Pick<Walks, "propose" | "approve" | "executeProposal" | "cancelProposal"> = {
  propose: [
    {
      scene: () => {
        const [desk] = twoTiers();
        desk.expectAccepted(rawProposal(2, 1, codeOf("setParameter"), [1, initialMargin.id, 90_000]));
        const { kind: _, ...faulty } = rawProposal(9, STEWARD, codeOf("openAccount"), [2]);
        return [desk, faulty];
      },
      steps: [
        noSuch("tier", "there are two tiers", { tier: 1 }),
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
        ...NOT_SEALED,
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
        ...NOT_SEALED,
        ...NOT_THE_FIRST,
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
          (each) => each.acceptCollateral(2, { tier: 2 }),
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
        ...NOT_SEALED,
        ...NOT_THE_FIRST,
        {
          refusal: "not_cancellable",
          facts: { member: 2, roles: 1 },
          why: "another signer has no say in it",
          cure: { member: GUARDIAN },
        },
      ],
    },
  ],
};
