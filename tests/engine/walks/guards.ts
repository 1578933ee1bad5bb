/** Precedence walks of the commands about breakers and postures. */
import { BREAKER_OFF } from "@bulkhead/engine";
import { sealedTier } from "../sealed.ts";
import { openDesk } from "../venue.ts";
import { SEALED, noSuch, settledFuture } from "./steps.ts";
import type { Walks } from "./walk.ts";

export const GUARD_WALKS: Pick<Walks, "configureBreaker" | "configurePosture" | "reportRisk"> = {
  configureBreaker: [
    {
      scene: () => [sealedTier(), { tier: 9, market: 1, ...BREAKER_OFF }],
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = settledFuture();
        return [desk, { tier: 9, market: 9, ...BREAKER_OFF, softZ: 6, hardZ: 5, softMove: 2, hardMove: 1 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are two markets", { market: 1 }),
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "its price is final, and moves no more",
          cure: { market: 2 },
        },
        {
          refusal: "breaker_thresholds",
          facts: { soft: 6, hard: 5 },
          why: "caution would come after reduce-only",
          cure: { hardZ: 6 },
        },
        {
          refusal: "breaker_thresholds",
          facts: { soft: 2, hard: 1 },
          why: "the same for the floors",
          cure: { softMove: 1 },
        },
      ],
    },
  ],

  configurePosture: [
    {
      scene: () => [sealedTier(), { tier: 9, enabled: 1, baseline: 1, insuranceTarget: 0 }],
      steps: SEALED,
    },
  ],

  reportRisk: [
    {
      scene: () => {
        const calmly = { expectedShortfall: 0, ruin: 0, branching: 0, spike: 0, cover2: 0 };
        return [openDesk(), { tier: 9, ...calmly, expiry: 1_000 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        {
          refusal: "report_expired",
          facts: { expiry: 1_000, time: 1_000 },
          why: "it was good until now",
          cure: { expiry: 1_001 },
        },
      ],
    },
  ],
};
