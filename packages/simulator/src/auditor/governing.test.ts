import { describe, expect, test } from "vitest";
import { Desk, answer, tale } from "./desk.ts";
import { digestOf } from "./sha256.ts";

const DAY = 86_400_000;
const MARGIN = 2;
const CONTENT = digestOf([1, 1, 5, 23, 1, MARGIN, 80_000, ...Array.from({ length: 12 }, () => 0)]);

/** Three signers, a steward and breaker; two approvals decide. */
function sealed(): Desk {
  const desk = new Desk();
  desk.market();
  for (const [index, roles] of [1, 1, 5, 10].entries())
    desk.must("appointMember", { tier: 1, member: index + 1, roles });
  desk.must("sealGovernance", { tier: 1, threshold: 2, timelock: DAY });
  return desk;
}

function propose(desk: Desk, value: number): number[] {
  const fields = Array.from({ length: 15 }, (_, index) => [
    `word${index + 1}`,
    [1, MARGIN, value][index] ?? 0,
  ]);
  return desk.must("propose", { tier: 1, member: 1, command: 23, ...Object.fromEntries(fields) });
}

/** The digest that an approval must name, learnt from a refusal. */
function basisFor(desk: Desk, approval: Parameters<Desk["must"]>[1]): number {
  return Number(desk.send("approve", approval as never).facts[1]);
}

describe("a proposal", () => {
  test("is numbered, bound to its content, and waits", () => {
    const desk = sealed();
    expect(propose(desk, 80_000)).toEqual([5, Number(CONTENT), 1_000 + DAY]);
    expect(answer(desk.send("executeProposal", { tier: 1, proposal: 1, nonce: 5 }))).toBe(
      `timelock_running ${1_000 + DAY} 1000`,
    );
  });

  test("is executed with enough approvals, and loosens once a week", () => {
    const desk = sealed();
    for (const [round, outcome] of [
      "accepted 23 100000",
      `change_too_soon ${1_000 + 8 * DAY} ${1_000 + 2 * DAY}`,
    ].entries()) {
      const [nonce = 0, content = 0, eta = 0] = propose(desk, 80_000 - round * 10_000);
      desk.time = eta;
      const approval = { tier: 1, proposal: 1, nonce, content, expiry: eta };
      const parameters = basisFor(desk, { ...approval, member: 1, parameters: 0 });
      for (const member of [1, 2]) desk.must("approve", { ...approval, member, parameters });
      expect(answer(desk.send("executeProposal", { tier: 1, proposal: 1, nonce }))).toBe(outcome);
    }
  });
});

describe("at once", () => {
  test("a steward tightens by a tenth, and not sooner than six hours later", () => {
    const desk = sealed();
    const set = { tier: 1, member: 4, market: 1, parameter: MARGIN };
    expect(answer(desk.send("stewardSet", { ...set, value: 110_001 }))).toBe(
      "change_too_large 110001 110000",
    );
    desk.must("stewardSet", { ...set, value: 110_000 });
    expect(answer(desk.send("stewardSet", { ...set, value: 111_000 }))).toBe(
      `change_too_soon ${1_000 + DAY / 4} 1000`,
    );
  });

  test("a breaker closes a market for an hour", () => {
    const desk = sealed();
    desk.must("breakerSet", { tier: 1, member: 4, market: 1, parameter: 1, value: 1, duration: 3_600_000 });
    expect(desk.marketState().status).toBe(1n);
    desk.time += 3_600_000;
    expect(tale(desk.send("clockTick", { tier: 1 }))).toEqual(["holdLapsed 1 1 1 0"]);
    expect(desk.auditor.violations()).toEqual([]);
  });
});
