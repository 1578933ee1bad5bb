import { type Receipt, REFUSALS, type RefusalName } from "@bulkhead/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type By, Diary } from "./diary.ts";

function receipt(command: Receipt["command"], outcome: Receipt["outcome"], events: Receipt["events"] = []) {
  return { sequence: 1, command, outcome, code: 0, facts: {}, events };
}

const paid = (layer: number, amount: number) => ({
  event: "lossAbsorbed" as const,
  values: { default: 1, bucket: 1, layer, amount, remaining: 0 },
});

test("commands are summed up by kind, outcome and whose they are", () => {
  const diary = new Diary();
  diary.note("attacker", 1, receipt("placeOrder", "accepted"));
  diary.note("attacker", 1, receipt("placeOrder", "accepted"));
  diary.note("other", 1, receipt("placeOrder", "accepted"));
  expect(diary.take()).toEqual({
    deeds: [
      { kind: "placeOrder", outcome: "accepted", by: "attacker", count: 2 },
      { kind: "placeOrder", outcome: "accepted", by: "other", count: 1 },
    ],
    notables: [],
  });
  expect(diary.take()).toEqual({ deeds: [], notables: [] });
});

test("what stops an attacker is told apart from what others are refused", () => {
  const diary = new Diary();
  diary.note("attacker", 2, receipt("placeOrder", "order_unknown"));
  diary.note("other", 2, receipt("placeOrder", "order_unknown"));
  diary.note("other", 2, receipt("placeOrder", "invariant_broken"));
  const { notables } = diary.take();
  expect(notables.map(({ sort, tier }) => [sort, tier])).toEqual([
    ["stopped", 2],
    ["refused", 2],
    ["stopped", 2],
  ]);
  expect(notables[0]?.text).toBe(`placeOrder: ${REFUSALS.order_unknown.meaning} (order_unknown)`);
});

test("layers that pay are told with their sum, and remembered after it was told", () => {
  const diary = new Diary();
  diary.note("venue", 1, receipt("clockTick", "accepted", [paid(2, 30), paid(2, 12), paid(5, 1)]));
  expect(diary.take().notables).toEqual([
    { sort: "loss", text: "tier's insurance fund pays", tier: 1, market: 0, count: 2, amount: 42 },
    { sort: "loss", text: "mutual guarantee fund pays", tier: 1, market: 0, count: 1, amount: 1 },
  ]);
  expect([diary.paidBy(1, 2), diary.paidBy(1, 5), diary.paidBy(2, 2)]).toEqual([42, 1, 0]);
});

test("however much happens, every command is counted once, and what is told stays small", () => {
  const outcomes = Object.keys(REFUSALS).slice(0, 6) as RefusalName[];
  const noted = fc.record({
    kind: fc.constantFrom<Receipt["command"]>("placeOrder", "cancelAll", "clockTick"),
    outcome: fc.constantFrom<Receipt["outcome"]>("accepted", ...outcomes),
    by: fc.constantFrom<By>("attacker", "other", "venue"),
    layer: fc.integer({ min: 1, max: 6 }),
    amount: fc.integer({ min: 0, max: 1e9 }),
  });
  fc.assert(
    fc.property(fc.array(noted, { maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (all, pages) => {
      const diary = new Diary();
      let [counted, amounts] = [0, 0];
      const take = (): void => {
        const { deeds, notables } = diary.take();
        expect(deeds.length).toBeLessThanOrEqual(3 * 7 * 3);
        expect(notables.length).toBeLessThanOrEqual(3 * 6 * 2 + 6);
        counted += deeds.reduce((sum, { count }) => sum + count, 0);
        amounts += notables.reduce((sum, { amount }) => sum + amount, 0);
      };
      for (const [index, { kind, outcome, by, layer, amount }] of all.entries()) {
        diary.note(by, 1, receipt(kind, outcome, [paid(layer, amount)]));
        if (index % pages === 0) take();
      }
      take();
      const total = all.reduce((sum, { amount }) => sum + amount, 0);
      expect([counted, amounts]).toEqual([all.length, total]);
      const layers = [1, 2, 3, 4, 5, 6].reduce((sum, layer) => sum + diary.paidBy(1, layer), 0);
      expect(layers).toBe(total);
    }),
  );
});
