import type { TimelineEntry } from "@bulkhead/protocol";
import { expect, test } from "vitest";
import { tellingOf } from "./tellings.ts";

const MOMENT = { id: "1-1", time: 0, sequence: 1, tier: 1 };

test("a trip is told with its signal, its score and what it was worth", () => {
  const { what, evidence, tone } = tellingOf({
    ...MOMENT,
    kind: "breaker",
    symbol: "BTC-PERP",
    from: "caution",
    to: "reduceOnly",
    signal: "velocity",
    score: "1.052940",
    lossAvoided: "12669.770033",
    cost: "0.150410",
  });
  expect(what).toBe("BTC-PERP: breaker caution → reduce only");
  expect(evidence).toBe(
    "the price moved fast and unusually far: score 1.052940, it trips at 1; expected loss avoided 12,669.77 USD, cost 0.15 USD",
  );
  expect(tone).toBe("alarm");
});

test("a posture is told with what was seen: parts with their bound, steps in words", () => {
  const posture = { ...MOMENT, kind: "posture", from: "normal", to: "defensive" } as const;
  expect(tellingOf({ ...posture, rule: 10, input: "fund", seen: 350_000, bound: 300_000 }).evidence).toMatch(
    /^rule 10: what the insurance fund is short of its target: 35\.00.%, bound 30\.00.%$/,
  );
  expect(tellingOf({ ...posture, rule: 12, input: "oracle", seen: 2, bound: 1 }).evidence).toContain(
    "half of the open interest",
  );
  expect(tellingOf({ ...posture, rule: 0, input: null, seen: 0, bound: 0 }).evidence).toContain(
    "long enough",
  );
});

test("a layer that pays and one that gets back are not the same", () => {
  const layer = { ...MOMENT, kind: "layer", default: 3, layer: "insurance", remaining: "0.000000" } as const;
  const paid = tellingOf({ ...layer, amount: "1250000.000000" });
  const back = tellingOf({ ...layer, amount: "-1250000.000000" });
  expect(paid).toMatchObject({ what: "Insurance fund paid 1.25M USD", tone: "alarm" });
  expect(back).toMatchObject({ what: "Insurance fund got back 1.25M USD", tone: "calm" });
  expect(back.evidence).not.toContain("−");
});

test("every kind is told", () => {
  const rest: readonly TimelineEntry[] = [
    { ...MOMENT, kind: "haircut", default: 1, amount: "5.000000", winners: 12 },
    { ...MOMENT, kind: "tear-up", symbol: "BTC-PERP", amount: "0.5", price: "64000.0", positions: 3 },
    { ...MOMENT, kind: "quarantine", symbol: "BTC-PERP", invariant: 4 },
    { ...MOMENT, kind: "proposal", proposal: 1, nonce: 2, status: "made", command: "setParameter" },
    {
      ...MOMENT,
      kind: "parameter",
      symbol: null,
      parameter: "minInitialMargin",
      before: 1,
      after: 2,
      cause: "steward",
      until: null,
    },
  ];
  for (const entry of rest) {
    const { what, evidence } = tellingOf(entry);
    expect(what).not.toBe("");
    expect(evidence).toMatch(/\d/);
  }
});
