import { EVENTS, EVENT_WORDS } from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { Auditor, type Prediction } from "./auditor/auditor.ts";
import { Coverage } from "./coverage.ts";
import type { Answer } from "./workload/memory.ts";
import { type Profile, profileNamed } from "./workload/profile.ts";
import { Workload } from "./workload/workload.ts";

const COMMANDS = 20_000;
const AUDIT_EVERY = 1_000;
const TIMEOUT_MS = 120_000;

/** What an engine would answer that does as predicted. */
function answerOf({ outcome, facts, events }: Prediction): Answer {
  const words = new Float64Array(events.length * EVENT_WORDS);
  for (const [index, { name, values }] of events.entries()) {
    words.set([EVENTS[name].code, ...values.map(Number)], index * EVENT_WORDS);
  }
  const receipt = new Float64Array(4);
  receipt.set(facts.map(Number));
  return { outcome, facts: receipt, events: words, eventCount: events.length };
}

/** Plays a profile against the auditor alone: what happened, and which of its own claims did not hold. */
function play(profile: Profile, seed: number): { coverage: Coverage; violations: string[] } {
  const workload = new Workload(profile, seed, 0);
  const { ticks, ...tier } = profile.tier;
  const auditor = new Auditor({
    capacities: { ...profile.vault, ...tier, ladderTicks: ticks, tiers: profile.tiers },
  });
  const coverage = new Coverage();
  for (let done = 1; done <= COMMANDS; done++) {
    const step = workload.next();
    if (!("command" in step)) continue;
    const answer = answerOf(auditor.predict(step.command));
    coverage.count(step, answer);
    workload.learn(step, answer);
    if (done % AUDIT_EVERY !== 0) continue;
    const violations = auditor.violations();
    if (violations.length > 0) return { coverage, violations };
  }
  return { coverage, violations: [] };
}

describe("traffic that defaults", () => {
  const reached = new Coverage();

  test.each([
    ["slide", 1],
    ["slide", 2],
    ["ruin", 1],
    ["ruin", 2],
    ["cramped", 1],
  ] as const)(
    "breaks no claim of the auditor's own (%s, seed %d)",
    (name, seed) => {
      const { coverage, violations } = play(profileNamed(name) as Profile, seed);
      reached.add(coverage);
      expect(violations).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test("comes to every way in which a liquidation can go", () => {
    const ways = [
      "liquidationStarted",
      "positionTornUp",
      "profitHaircut",
      "collateralSold",
      "residualSettled",
      "orderRemoved liquidated",
      ...[1, 2, 3].map((how) => `positionLiquidated ${how}`),
      ...[0, 1, 2].map((outcome) => `liquidationEnded ${outcome}`),
      ...[1, 2, 4, 5, 6].map((layer) => `lossAbsorbed ${layer}`),
      ...[1, 2, 4, 5].map((layer) => `layerFunded ${layer}`),
    ];
    expect(ways.filter((way) => reached.of(`event ${way}`) === 0)).toEqual([]);
    const refusals = [
      "fundLayer layer_unknown",
      "fundLayer tier_unknown",
      "fundLayer account_unknown",
      "fundLayer balance_insufficient",
      "appointBackstop tier_unknown",
      "appointBackstop account_unknown",
      "appointBackstop bucket_unknown",
    ];
    expect(refusals.filter((refusal) => reached.of(refusal) === 0)).toEqual([]);
  });
});
