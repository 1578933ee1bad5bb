import { SESSION_NONCES } from "@bulkhead/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Denied } from "./denial.ts";
import { Nonces } from "./nonces.ts";

const NOW = 1_800_000_000_000;

function outcome(act: () => void): string {
  try {
    act();
    return "counts";
  } catch (error) {
    return (error as Denied).denial;
  }
}

describe("a nonce", () => {
  test.each([
    [0, "counts", "the node's own time"],
    [-60_000, "counts", "as old as may be"],
    [-60_001, "nonce_too_old", "older"],
    [2_000, "counts", "as far ahead as may be"],
    [2_001, "nonce_too_new", "further"],
    [0.5, "nonce_too_new", "no integer"],
    [Number.NaN, "nonce_too_new", "no number"],
  ])("at now %d %s: %s", (offset, expected) => {
    expect(outcome(() => new Nonces(SESSION_NONCES, 0).use("a", NOW + offset, NOW))).toBe(expected);
  });

  test("counts once, and later ones only count above it", () => {
    const nonces = new Nonces<string>(SESSION_NONCES, 0);
    nonces.use("a", NOW, NOW);
    expect(outcome(() => nonces.use("a", NOW, NOW))).toBe("nonce_not_increasing");
    expect(outcome(() => nonces.use("a", NOW - 1, NOW))).toBe("nonce_not_increasing");
    expect(outcome(() => nonces.use("b", NOW - 1, NOW))).toBe("counts");
    expect(outcome(() => nonces.use("a", NOW + 1, NOW))).toBe("counts");
  });

  const step = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        kind: fc.constant("use" as const),
        signer: fc.nat(3),
        offset: fc.constantFrom(-60_000, -2_001, -2, -1, 0, 1, 2, 1_999, 2_000),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        ms: fc.constantFrom(1, 2, 1_000, 2_001, 40_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  );

  test("never counts twice: not across restarts, not with more signers than are remembered", () => {
    let counted = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80, size: "max" }),
        fc.integer({ min: 1, max: 4 }),
        (steps, most) => {
          let [now, durable] = [NOW, 0];
          let nonces = new Nonces<number>(SESSION_NONCES, 0, most);
          const seen = new Set<string>();
          for (const each of steps) {
            if (each.kind === "pass") now += each.ms;
            else if (each.kind === "restart") nonces = new Nonces<number>(SESSION_NONCES, durable, most);
            else {
              const nonce = now + each.offset;
              if (outcome(() => nonces.use(each.signer, nonce, now)) !== "counts") continue;
              expect(seen).not.toContain(`${each.signer} ${nonce}`);
              seen.add(`${each.signer} ${nonce}`);
              // What it was for is made durable at that time.
              durable = now;
              counted++;
              expect(nonces.size).toBeLessThanOrEqual(most);
            }
          }
        },
      ),
    );
    expect(counted).toBeGreaterThan(100);
  });
});
