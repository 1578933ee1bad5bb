/** Decimals and counts are the same number, whatever the sizes; everything else is an error that says where. */
import { DecodeError } from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countOf, stepOf, stepOfPlaces, textOf } from "./decimal.ts";
import { decode } from "./decode.ts";
import {
  NAMES,
  type Names,
  averageText,
  directoryOf,
  instrumentNamed,
  instrumentOf,
  lotsOf,
  notionalOf,
  pointsOf,
  pointsText,
  priceText,
  ticksOf,
  unitsOf,
  usdText,
} from "./instruments.ts";

const names: Names = {
  assets: [
    { symbol: "USD", asset: 1, decimals: 6 },
    { symbol: "BTC", asset: 2, decimals: 8 },
  ],
  tiers: [{ tier: 1, name: "majors" }],
  instruments: [
    { symbol: "BTC-PERP", tier: 1, market: 1, base: "BTC", quote: "USD", tickSize: "0.5", lotSize: "0.001" },
    { symbol: "ETH-PERP", tier: 1, market: 2, base: "ETH", quote: "USD", tickSize: "0.1", lotSize: "0.01" },
  ],
};
const directory = directoryOf(names);
const btc = instrumentNamed(directory, "BTC-PERP", "symbol");

const steps = fc
  .tuple(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 0, max: 18 }))
  .map(([mantissa, places]) => {
    const digits = String(mantissa).padStart(places + 1, "0");
    return stepOf(places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`, "step");
  });
const counts = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, -1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER),
);

describe("a decimal", () => {
  test("of any count and step is read back as the count", () => {
    fc.assert(
      fc.property(counts, steps, (count, step) => {
        const text = textOf(count, step);
        expect(countOf(text, step, "price", "tick")).toBe(count);
        expect(Object.is(countOf(text, step, "price", "tick"), -0)).toBe(false);
      }),
    );
  });

  test("is the same with zeros behind it, and another number off the step by one in the last place", () => {
    fc.assert(
      fc.property(counts, steps, fc.integer({ min: 1, max: 5 }), (count, step, zeros) => {
        const text = textOf(count, step);
        const padded = (text.includes(".") ? text : `${text}.`) + "0".repeat(zeros);
        expect(countOf(padded, step, "price", "tick")).toBe(count);
        expect(() => countOf(`${padded.slice(0, -1)}1`, step, "price", "tick")).toThrow(DecodeError);
      }),
    );
  });

  test.each(["", "-", ".5", "5.", "1e3", "0x10", "+1", "01", "1,5", " 1", "NaN", "1_000", "9".repeat(40)])(
    "is not %j",
    (text) => {
      expect(() => countOf(text, stepOfPlaces(30), "price", "tick")).toThrow(DecodeError);
    },
  );

  test("beyond the exact integers is an error, not a rounding", () => {
    expect(countOf("9007199254740991", stepOfPlaces(0), "amount", "unit")).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => countOf("9007199254740992", stepOfPlaces(0), "amount", "unit")).toThrow(
      /amount: beyond 9007199254740991/,
    );
  });

  test("has as many places as its step", () => {
    expect([128_001, 128_000, 1, 0, -3].map((ticks) => priceText(btc, ticks))).toEqual([
      "64000.5",
      "64000.0",
      "0.5",
      "0.0",
      "-1.5",
    ]);
    expect([usdText(1), usdText(-1_500_000)]).toEqual(["0.000001", "-1.500000"]);
  });
});

describe("a name", () => {
  test("says what ticks, lots, points and units are", () => {
    expect(ticksOf(btc, "64000.5")).toBe(128_001);
    expect(lotsOf(btc, "1.25")).toBe(1_250);
    expect(pointsOf(btc, "64000.5005")).toBe(128_001_001);
    expect(pointsText(btc, 128_001_001)).toBe("64000.5005");
    expect(unitsOf(directory.assets[1]!, "0.00000001")).toBe(1);
    expect(notionalOf(btc)).toBe(500);
    expect(averageText(btc, 128_001 * 2 + 128_002, 3)).toBe("64000.6665");
    expect(instrumentOf(directory, 1, 2)?.symbol).toBe("ETH-PERP");
    expect(instrumentOf(directory, 1, 3)).toBeUndefined();
  });

  test("off the tick, or of nothing, is an error with its path", () => {
    expect(() => ticksOf(btc, "64000.3", "body.price")).toThrow(
      "body.price: no multiple of the tick 0.5; found 64000.3",
    );
    expect(() => lotsOf(btc, "0", "body.amount")).toThrow("body.amount: more than 0 is required; found 0");
    expect(() => lotsOf(btc, "-1")).toThrow(DecodeError);
    expect(() => instrumentNamed(directory, "DOGE-PERP", "body.symbol")).toThrow(
      "body.symbol: no such instrument; found DOGE-PERP",
    );
  });

  test.each([
    ["two of one symbol", { ...names, assets: [names.assets[0]!, names.assets[0]!] }, "assets.1.symbol"],
    [
      "two of one market",
      { ...names, instruments: [names.instruments[0]!, { ...names.instruments[0]!, symbol: "XBT-PERP" }] },
      "instruments.1.market",
    ],
    ["a market of no tier", { ...names, tiers: [] }, "instruments.0.tier"],
    [
      "a tick of nothing",
      { ...names, instruments: [{ ...names.instruments[0]!, tickSize: "0.0" }] },
      "instruments.0.tickSize",
    ],
  ])("is refused: %s", (_, wrong, path) => {
    expect(() => directoryOf(wrong)).toThrow(expect.objectContaining({ name: "DecodeError", path }));
  });

  test("file that is not of its schema says where", () => {
    expect(decode(NAMES, structuredClone(names), "names")).toEqual(names);
    const wrong = { ...names, assets: [{ symbol: "USD", asset: 0, decimals: 6 }] };
    expect(() => decode(NAMES, wrong, "names")).toThrow(/^names\.assets\.0\.asset: .*; found 0$/);
    expect(() => decode(NAMES, { ...names, extra: 1 }, "names")).toThrow(/names: .*"extra"/);
    const { symbol: _, ...unnamed } = names.assets[0]!;
    expect(() => decode(NAMES, { ...names, assets: [unnamed] }, "names")).toThrow(
      "names.assets.0.symbol: is required; found nothing",
    );
  });

  test("whose tick and lot make no whole micro-dollars cannot be listed", () => {
    const fine = directoryOf({
      ...names,
      instruments: [{ ...names.instruments[0]!, tickSize: "0.0001", lotSize: "0.001" }],
    });
    expect(() => notionalOf(fine.instruments[0]!)).toThrow(/BTC-PERP: tick times lot is no whole number/);
  });
});
