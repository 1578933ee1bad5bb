import { describe, expect, test } from "vitest";
import { ORDER_FLAG, ORDER_TYPE, SELF_TRADE, SIDE, TIME_IN_FORCE } from "./commands.ts";
import {
  executedType,
  firedTerms,
  firesUpward,
  isBuy,
  isConditional,
  isLimit,
  isPostOnly,
  isReduceOnly,
  isWaiting,
  packTerms,
  restsNever,
  selfTradeOf,
  sideOf,
  timeInForceOf,
  typeOf,
  waiting,
  withSelfTrade,
} from "./orderTerms.ts";

const { limit, market, stopLimit, stopMarket, takeProfitLimit, takeProfitMarket } = ORDER_TYPE;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface Terms {
  readonly side: number;
  readonly type: number;
  readonly timeInForce: number;
  readonly flags: number;
  readonly selfTrade: number;
}

/** Every combination there is: 2 sides, 6 types, 4 times in force, 4 flags, 4 self-trade modes. */
const ALL: readonly Terms[] = upTo(2).flatMap((side) =>
  upTo(6).flatMap((type) =>
    upTo(4).flatMap((timeInForce) =>
      upTo(4).flatMap((flags) => upTo(4).map((selfTrade) => ({ side, type, timeInForce, flags, selfTrade }))),
    ),
  ),
);

const packed = ({ side, type, timeInForce, flags, selfTrade }: Terms): number =>
  packTerms(side, type, timeInForce, flags, selfTrade);

const unpacked = (terms: number): Terms => ({
  side: sideOf(terms),
  type: typeOf(terms),
  timeInForce: timeInForceOf(terms),
  flags: (isPostOnly(terms) ? ORDER_FLAG.postOnly : 0) + (isReduceOnly(terms) ? ORDER_FLAG.reduceOnly : 0),
  selfTrade: selfTradeOf(terms),
});

describe("order terms", () => {
  test("all of them survive packing, each as its own integer", () => {
    expect(ALL.map((terms) => unpacked(packed(terms)))).toEqual(ALL);
    expect(new Set(ALL.map(packed)).size).toBe(768);
    expect(ALL.every((terms) => isBuy(packed(terms)) === (terms.side === SIDE.buy))).toBe(true);
  });

  test("waiting is one more bit, and changes no other term", () => {
    for (const terms of ALL) {
      expect(isWaiting(packed(terms))).toBe(false);
      expect(isWaiting(waiting(packed(terms)))).toBe(true);
      expect(unpacked(waiting(packed(terms)))).toEqual(terms);
      expect(waiting(waiting(packed(terms)))).toBe(waiting(packed(terms)));
    }
  });

  test("another self-trade mode changes no other term", () => {
    for (const terms of ALL) {
      for (const selfTrade of Object.values(SELF_TRADE)) {
        const changed = withSelfTrade(waiting(packed(terms)), selfTrade);
        expect(unpacked(changed)).toEqual({ ...terms, selfTrade });
        expect(isWaiting(changed)).toBe(true);
      }
    }
  });

  test("a fired order no longer waits, is plain limit or market, and keeps its other terms", () => {
    for (const terms of ALL) {
      const fired = firedTerms(waiting(packed(terms)));
      expect(isWaiting(fired)).toBe(false);
      expect(unpacked(fired)).toEqual({ ...terms, type: isLimit(terms.type) ? limit : market });
      expect(isConditional(typeOf(fired))).toBe(false);
    }
  });

  test.each([
    { name: "limit", type: limit, limited: true, conditional: false, executes: limit },
    { name: "market", type: market, limited: false, conditional: false, executes: market },
    { name: "stop limit", type: stopLimit, limited: true, conditional: true, executes: limit },
    { name: "stop market", type: stopMarket, limited: false, conditional: true, executes: market },
    { name: "take-profit limit", type: takeProfitLimit, limited: true, conditional: true, executes: limit },
    {
      name: "take-profit market",
      type: takeProfitMarket,
      limited: false,
      conditional: true,
      executes: market,
    },
  ])("$name: what it names and what it executes as", ({ type, limited, conditional, executes }) => {
    expect([isLimit(type), isConditional(type), executedType(type)]).toEqual([
      limited,
      conditional,
      executes,
    ]);
  });

  test.each([
    { why: "a stop buy guards a short against a rise", type: stopLimit, side: SIDE.buy, upward: true },
    { why: "a stop sell guards a long against a fall", type: stopMarket, side: SIDE.sell, upward: false },
    { why: "a take-profit buy waits for a fall", type: takeProfitMarket, side: SIDE.buy, upward: false },
    { why: "a take-profit sell waits for a rise", type: takeProfitLimit, side: SIDE.sell, upward: true },
  ])("$why", ({ type, side, upward }) => expect(firesUpward(type, side)).toBe(upward));

  test.each([
    { type: limit, timeInForce: TIME_IN_FORCE.goodTillCancelled, never: false },
    { type: limit, timeInForce: TIME_IN_FORCE.goodTillDate, never: false },
    { type: limit, timeInForce: TIME_IN_FORCE.immediateOrCancel, never: true },
    { type: limit, timeInForce: TIME_IN_FORCE.fillOrKill, never: true },
    { type: takeProfitLimit, timeInForce: TIME_IN_FORCE.goodTillDate, never: false },
    { type: market, timeInForce: TIME_IN_FORCE.immediateOrCancel, never: true },
    { type: stopMarket, timeInForce: TIME_IN_FORCE.goodTillDate, never: true },
  ])("type $type, time in force $timeInForce: rests never is $never", ({ type, timeInForce, never }) => {
    expect(restsNever(type, timeInForce)).toBe(never);
  });
});
