/** Precedence walks of the commands about loans between insurance funds. See walks.ts. */
import { PARAMETERS } from "@bulkhead/engine";
import { CONTROLLER } from "../../packages/engine/src/domain/rows/guard.ts";
import { askForLoan, lendingDesk } from "./lending.ts";
import { usd } from "./venue.ts";
import type { Walks } from "./walk.ts";

export const LOAN_WALKS: Pick<Walks, "lendInsurance" | "drawInsurance"> = {
  lendInsurance: [
    {
      scene: () => {
        const desk = lendingDesk();
        const tier = desk.engine.venue.tier(1);
        tier?.arena.setNum(tier.controller, CONTROLLER.posture, 2);
        tier?.arena.commit();
        desk.set(PARAMETERS.insuranceLending.id, 0, 0, 1);
        return [desk, { tier: 9, borrower: 9 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are three tiers", cure: { tier: 1 } },
        {
          refusal: "tier_unknown",
          facts: { tier: 9 },
          why: "the borrower is none either",
          cure: { borrower: 1 },
        },
        {
          refusal: "lender_strained",
          facts: { posture: 2, strictest: 1 },
          why: "it is defensive itself",
          cure: (desk) => {
            const tier = desk.engine.venue.tier(1);
            tier?.arena.setNum(tier.controller, CONTROLLER.posture, 0);
            tier?.arena.commit();
          },
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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are three tiers", cure: { tier: 1 } },
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
