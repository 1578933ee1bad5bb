/** Precedence walks of the commands about loans between insurance funds. */
import { PARAMETERS } from "@bulkhead/engine";
import { CONTROLLER } from "../../../packages/engine/src/domain/rows/guard.ts";
import { askForLoan, lendingDesk } from "../lending.ts";
import { type Desk, usd } from "../venue.ts";
import { meddle, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

function setPosture(desk: Desk, posture: number): void {
  meddle(desk, (tier) => tier.arena.setNum(tier.controller, CONTROLLER.posture, posture));
}

export const LOAN_WALKS: Pick<Walks, "lendInsurance" | "drawInsurance"> = {
  lendInsurance: [
    {
      scene: () => {
        const desk = lendingDesk();
        setPosture(desk, 2);
        desk.set(PARAMETERS.insuranceLending.id, 0, 0, 1);
        return [desk, { tier: 9, borrower: 9 }];
      },
      steps: [
        noSuch("tier", "there are three tiers", { tier: 1 }),
        noSuch("tier", "the borrower is none either", { borrower: 1 }),
        {
          refusal: "lender_strained",
          facts: { posture: 2, strictest: 1 },
          why: "it is defensive itself",
          cure: (desk) => setPosture(desk, 0),
        },
        {
          refusal: "loan_not_asked",
          facts: { borrower: 1, askedAt: 0 },
          why: "nobody lends to himself",
          cure: { borrower: 2 },
        },
        {
          refusal: "loan_not_asked",
          facts: { borrower: 2, askedAt: 0 },
          why: "it has not asked",
          cure: (desk) => {
            askForLoan(desk, 2);
            desk.now += 3_600_000;
          },
        },
        {
          refusal: "loan_not_asked",
          facts: { borrower: 2, askedAt: 1_000 },
          why: "it asked an hour ago",
          cure: (desk) => askForLoan(desk, 2),
        },
        {
          refusal: "nothing_to_lend",
          facts: { excess: usd(600), left: usd(100), room: 0 },
          why: "its governance does not lend",
          cure: (desk) => desk.set(PARAMETERS.insuranceLending.id, 200_000, 0, 1),
        },
      ],
    },
  ],

  drawInsurance: [
    {
      scene: () => [lendingDesk(), { tier: 9 }],
      steps: [
        noSuch("tier", "there are three tiers", { tier: 1 }),
        {
          refusal: "loan_not_needed",
          facts: { balance: usd(1_000), target: usd(400), owed: 0 },
          why: "its fund is beyond its target",
          cure: { tier: 2 },
        },
      ],
    },
  ],
};
