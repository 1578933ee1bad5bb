import { directoryOf } from "@bulkhead/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Draft, EMPTY_DRAFT, fieldsOf, partOf, plain, read, timeOf } from "./draft.ts";

const [btc] = directoryOf({
  assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
  tiers: [{ tier: 1, name: "majors" }],
  instruments: [
    {
      symbol: "BTC-PERP",
      tier: 1,
      market: 1,
      base: "BTC",
      quote: "USD",
      tickSize: "0.5",
      lotSize: "0.001",
    },
  ],
}).instruments;
if (btc === undefined) throw new Error("no instrument");

const draft = (more: Partial<Draft>): Draft => ({ ...EMPTY_DRAFT, amount: "0.1", price: "64000", ...more });

describe("a draft", () => {
  test("becomes the request that it says", () => {
    expect(read(draft({ postOnly: true, clientOrderId: "42" }), btc, 7)).toEqual({
      faults: {},
      request: {
        account: 7,
        symbol: "BTC-PERP",
        side: "buy",
        type: "limit",
        amount: "0.1",
        price: "64000",
        timeInForce: "GTC",
        selfTradePrevention: "cancelNewest",
        marginMode: "cross",
        postOnly: true,
        clientOrderId: "42",
      },
    });
  });

  test("of every type sends what the type has, and nothing else", () => {
    const all: Partial<Draft> = { triggerPrice: "65000", postOnly: true, reduceOnly: true };
    const keys = (more: Partial<Draft>): readonly string[] =>
      Object.keys(read(draft({ ...all, ...more }), btc, 1).request ?? {});
    expect(keys({ type: "limit" })).toEqual(expect.arrayContaining(["price", "postOnly", "reduceOnly"]));
    expect(keys({ type: "limit" })).not.toContain("triggerPrice");
    expect(keys({ type: "market" })).not.toContain("postOnly");
    expect(keys({ type: "market" })).toContain("price");
    expect(keys({ type: "market", price: "" })).not.toContain("price");
    for (const type of ["stop", "take_profit"] as const) {
      expect(keys({ type })).toContain("triggerPrice");
      expect(keys({ type })).not.toContain("postOnly");
    }
    for (const type of ["stop_limit", "take_profit_limit"] as const)
      expect(keys({ type })).toEqual(expect.arrayContaining(["price", "triggerPrice", "postOnly"]));
    expect(keys({ type: "limit", timeInForce: "IOC" })).not.toContain("postOnly");
  });

  test("of a market order never rests, whatever was chosen before", () => {
    expect(timeOf(draft({ type: "market", timeInForce: "GTC" }))).toBe("IOC");
    expect(timeOf(draft({ type: "market", timeInForce: "FOK" }))).toBe("FOK");
    expect(fieldsOf({ type: "stop", timeInForce: "GTC" }).times).toEqual(["IOC", "FOK"]);
  });

  test("ends at the time that was named, UTC", () => {
    const request = { timeInForce: "GTD", expiresAt: "2026-11-22T14:00" } as const;
    expect(read(draft(request), btc, 1).request).toMatchObject({
      timeInForce: "GTD",
      expiresAt: Date.UTC(2026, 10, 22, 14),
    });
    expect(read(draft({ timeInForce: "GTD" }), btc, 1).request).toBeUndefined();
    expect(read(draft({ ...request, timeInForce: "GTC" }), btc, 1).request).not.toHaveProperty("expiresAt");
  });

  test("says what is wrong with which field, and calls nothing wrong that is only missing", () => {
    expect(read(draft({ price: "64000.3" }), btc, 1)).toEqual({
      request: undefined,
      faults: { price: "no multiple of the tick 0.5" },
    });
    expect(read(draft({ amount: "0.0005" }), btc, 1).faults).toEqual({
      amount: "no multiple of the lot 0.001",
    });
    expect(read(draft({ amount: "0" }), btc, 1).faults).toEqual({ amount: "more than 0 is required" });
    expect(read(draft({ amount: "-1" }), btc, 1).faults).toEqual({ amount: "more than 0 is required" });
    expect(read(draft({ amount: "abc" }), btc, 1).faults.amount).toMatch(/a decimal such as/);
    expect(read(draft({ clientOrderId: "0" }), btc, 1).faults).toHaveProperty("clientOrderId");
    expect(read(draft({ amount: "", price: "" }), btc, 1)).toEqual({ request: undefined, faults: {} });
  });
});

test("numbers are read as people type them, and never changed", () => {
  expect(["64,000.50", " .5", "5.", "007", "0.10", "1 000", "1,5", "x"].map(plain)).toEqual([
    "64000.50",
    "0.5",
    "5",
    "7",
    "0.10",
    "1000",
    "1,5",
    "x",
  ]);
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 999 }), (whole, rest) => {
      const text = `${whole}.${String(rest).padStart(3, "0")}`;
      expect(plain(text)).toBe(text);
      expect(plain(`${whole.toLocaleString("en-US")}.${String(rest).padStart(3, "0")}`)).toBe(text);
    }),
  );
});

test("a part of an amount is whole lots, and no more than it", () => {
  expect(partOf(btc, 1_559, 50)).toBe("0.779");
  expect(partOf(btc, 1_559, 100)).toBe("1.559");
  expect(partOf(btc, 3, 10)).toBe("0.000");
});
