import { readFileSync } from "node:fs";
import { CODE, type Handler, HANDLERS, LAYOUTS, type Layout, type Venue } from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { type Failure, type Simulation, simulate } from "./simulate.ts";
import { lineOf } from "./step.ts";
import { PROFILES, type Profile, profileNamed } from "./workload/profile.ts";

const COMMANDS = 300_000;
const PATIENCE_MS = 20_000;
const TIMEOUT_MS = 180_000;

/** What a failed simulation says: enough to run it again. */
function story({ seed, failure }: Simulation): string {
  if (failure === undefined) return "no difference";
  const { profile, episode, difference, steps } = failure;
  const { kind, expected, found } = difference;
  const head = `seed ${seed}, episode ${episode} (${profile}): ${kind}\nexpected ${expected}\nfound    ${found}`;
  return [...steps.map(({ step }) => lineOf(step)), head].join("\n");
}

describe("engine and auditor agree", () => {
  // A new one each time: what it finds is kept in seeds.txt, and played again with SIMULATION_SEED.
  const seed = Number(process.env["SIMULATION_SEED"] ?? Date.now());
  const commands = Math.ceil(COMMANDS / PROFILES.length);

  test.each(PROFILES.map((profile): [string, Profile] => [profile.name, profile]))(
    `on a fresh venue (%s, seed ${seed})`,
    (_, profile) => {
      expect(story(simulate({ commands, seed, profile, patienceMs: PATIENCE_MS }))).toBe("no difference");
    },
    TIMEOUT_MS,
  );

  const kept = readFileSync(new URL("seeds.txt", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => /^(?<seed>\d+) (?<profile>\w+) (?<commands>\d+) (?<history>.+)$/.exec(line)?.groups ?? {});

  test.each(kept)(
    "on kept seed $seed, $profile: $history",
    ({ seed: old, profile, commands: count }) => {
      const chosen = profileNamed(profile ?? "") as Profile;
      const options = {
        commands: Number(count),
        seed: Number(old),
        profile: chosen,
        patienceMs: PATIENCE_MS,
      };
      expect(story(simulate(options))).toBe("no difference");
    },
    TIMEOUT_MS,
  );
});

describe("a dishonest engine is found out", () => {
  const placeOrder = LAYOUTS.find(({ name }) => name === "placeOrder") as Layout;
  const honest = HANDLERS[placeOrder.code] as Handler;
  /** Cash of a bucket, and how far rows of buckets lie apart, as the engine's tables have them. */
  const CASH = 4 as never;
  const HOME_WORDS = 80;
  const LOTS = placeOrder.at["lots"] as number;

  /** Moves cash from nowhere into a bucket, unless that would leave it with less than nothing. */
  function pay({ tiers, tierInUse }: Venue, bucket: Venue["entry"]["bucket"], amount: number): boolean {
    const arena = tiers.at(tierInUse - 1)?.arena;
    const cash = arena?.num(bucket, CASH) ?? -1;
    if (cash + amount < 0) return false;
    arena?.setNum(bucket, CASH, (cash + amount) as never);
    return true;
  }

  function caught(dishonest: Handler): Failure {
    const handlers = HANDLERS.slice();
    handlers[placeOrder.code] = dishonest;
    const { failure } = simulate({ commands: 5_000, seed: 1, handlers, profile: profileNamed("calm") });
    if (failure === undefined) throw new Error("nobody noticed");
    expect(failure.steps.length).toBeLessThan(failure.length);
    return failure;
  }

  test("when it makes money out of nothing", () => {
    const { difference, steps } = caught((venue: Venue) => {
      const outcome = honest(venue);
      if (outcome !== 0) return outcome;
      pay(venue, venue.entry.bucket, 1);
      return outcome;
    });
    expect(difference.kind).toBe("placeOrder: accepted expected, invariant_broken found");
    expect(steps.length).toBeLessThanOrEqual(12);
  });

  test("when it trades a lot less than it was told", () => {
    const { difference, steps } = caught((venue: Venue) => {
      const lots = venue.command.at(LOTS) ?? 0;
      if (lots > 1) venue.command[LOTS] = lots - 1;
      return honest(venue);
    });
    expect(difference.kind).toMatch(/^placeOrder: /);
    expect(steps.length).toBeLessThanOrEqual(12);
  });

  test("when it pays with somebody else's cash", () => {
    const { difference, steps } = caught((venue: Venue) => {
      const outcome = honest(venue);
      const { entry } = venue;
      if (outcome !== 0 || entry.filled === 0 || entry.account === 1) return outcome;
      const victim = venue.tier(venue.tierInUse)?.buckets.base ?? 0;
      if (pay(venue, (victim + HOME_WORDS) as typeof entry.bucket, -1)) pay(venue, entry.bucket, 1);
      return outcome;
    });
    // Every sum holds; but nothing the command told of has moved that cash.
    expect(difference.kind).toMatch(/invariant_broken found$/);
    expect(steps.length).toBeLessThanOrEqual(40);
  });

  test("when it forgets to refuse", () => {
    const { difference } = caught((venue: Venue) => {
      const outcome = honest(venue);
      return outcome === 0 || venue.command[CODE] !== placeOrder.code ? outcome : venue.accept();
    });
    expect(difference.kind).toMatch(/accepted found$|invariant_broken found$/);
  });
});
