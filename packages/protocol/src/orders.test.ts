/** An order as a trader writes it is one command, and its names on the wire are one order's. */
import { LAYOUTS, ORDER_TYPE, REASON, commandOf } from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ORDER_REQUEST, type OrderRequest } from "./api/orders.ts";
import { ORDER_TYPES, SELF_TRADES, SIDES, TIMES_IN_FORCE, nameOf } from "./api/values.ts";
import { decode } from "./decode.ts";
import { amountText, directoryOf, instrumentNamed, priceText } from "./instruments.ts";
import { orderFrame, orderNameOf, orderNameText, placeOrderOf, placedOf } from "./orders.ts";

const directory = directoryOf({
  assets: [],
  tiers: [{ tier: 3, name: "majors" }],
  instruments: [
    { symbol: "BTC-PERP", tier: 3, market: 7, base: "BTC", quote: "USD", tickSize: "0.5", lotSize: "0.001" },
  ],
});
const btc = instrumentNamed(directory, "BTC-PERP", "symbol");

const placeOrder = LAYOUTS.find(({ name }) => name === "placeOrder")!;

const within = (field: { min: number; max: number } | undefined): fc.Arbitrary<number> =>
  fc.integer({ min: Math.max(1, field!.min), max: field!.max });

describe("an order", () => {
  test("is the command with its terms, whatever they are", () => {
    const { price, lots, trigger, expiry, clientId } = placeOrder.fields as Record<
      string,
      { min: number; max: number }
    >;
    fc.assert(
      fc.property(
        fc.record({
          side: fc.constantFrom("buy" as const, "sell" as const),
          type: fc.constantFrom(...(Object.keys(ORDER_TYPES) as (keyof typeof ORDER_TYPES)[])),
          timeInForce: fc.constantFrom(...(Object.keys(TIMES_IN_FORCE) as (keyof typeof TIMES_IN_FORCE)[])),
          price: fc.option(within(price), { nil: 0 }),
          lots: within(lots),
          trigger: fc.option(within(trigger), { nil: 0 }),
          expiry: fc.option(within(expiry), { nil: 0 }),
          clientId: fc.option(within(clientId), { nil: 0 }),
          postOnly: fc.boolean(),
          reduceOnly: fc.boolean(),
          selfTrade: fc.constantFrom(...(Object.keys(SELF_TRADES) as (keyof typeof SELF_TRADES)[])),
        }),
        (terms) => {
          const request: OrderRequest = {
            symbol: "BTC-PERP",
            side: terms.side,
            type: terms.type,
            timeInForce: terms.timeInForce,
            amount: amountText(btc, terms.lots),
            postOnly: terms.postOnly,
            reduceOnly: terms.reduceOnly,
            selfTradePrevention: terms.selfTrade,
            ...(terms.price > 0 && { price: priceText(btc, terms.price) }),
            ...(terms.trigger > 0 && { triggerPrice: priceText(btc, terms.trigger) }),
            ...(terms.expiry > 0 && { expiresAt: terms.expiry }),
            ...(terms.clientId > 0 && { clientOrderId: String(terms.clientId) }),
          };
          const sent = decode(ORDER_REQUEST, JSON.parse(JSON.stringify(request)), "body");
          expect(commandOf(orderFrame(sent, btc, 5, 9))).toEqual({
            kind: "placeOrder",
            time: 0,
            account: 5,
            tier: 3,
            bucket: 9,
            market: 7,
            side: SIDES[terms.side],
            type: ORDER_TYPES[terms.type],
            timeInForce: TIMES_IN_FORCE[terms.timeInForce],
            price: terms.price,
            lots: terms.lots,
            trigger: terms.trigger,
            expiry: terms.expiry,
            clientId: terms.clientId,
            flags: (terms.postOnly ? 1 : 0) + (terms.reduceOnly ? 2 : 0),
            selfTrade: SELF_TRADES[terms.selfTrade],
          });
        },
      ),
    );
  });

  test.each<readonly [string, Partial<OrderRequest>, string]>([
    ["a limit order rests", { type: "limit", price: "64000" }, "GTC"],
    ["a market order does not", { type: "market" }, "IOC"],
    ["what a stop sends does not either", { type: "stop", triggerPrice: "60000" }, "IOC"],
    ["with an end it is dated", { type: "limit", price: "64000", expiresAt: 5 }, "GTD"],
    ["what is named is kept", { type: "limit", price: "64000", timeInForce: "FOK" }, "FOK"],
  ])("without a time in force: %s", (_, terms, timeInForce) => {
    const request = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "1", ...terms } as const;
    const command = placeOrderOf(request, btc, 1, 1);
    expect(nameOf(TIMES_IN_FORCE, command.timeInForce)).toBe(timeInForce);
  });

  test("that fits no tick or lot says where", () => {
    const request = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "1", price: "1" } as const;
    expect(() => placeOrderOf({ ...request, price: "64000.3" }, btc, 1, 1)).toThrow(
      /^body\.price: .*tick 0\.5; found 64000\.3/,
    );
    expect(() => placeOrderOf({ ...request, amount: "0.0001" }, btc, 1, 1)).toThrow(
      /^body\.amount: .*lot 0\.001/,
    );
    expect(() => placeOrderOf({ ...request, type: "stop", triggerPrice: "0.1" }, btc, 1, 1)).toThrow(
      /triggerPrice/,
    );
    expect(() => placeOrderOf({ ...request, clientOrderId: "9007199254740992" }, btc, 1, 1)).toThrow(
      /clientOrderId/,
    );
    expect(() => orderFrame({ ...request, price: "9999999" }, btc, 1, 1)).toThrow(/placeOrder\.price/);
  });

  test.each([
    { symbol: "BTC-PERP", side: "BUY", type: "limit", amount: "1" },
    { symbol: "BTC-PERP", side: "buy", type: "limit", amount: 1 },
    { symbol: "BTC-PERP", side: "buy", type: "stop_market", amount: "1" },
    { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "1", extra: true },
    { side: "buy", type: "limit", amount: "1" },
  ])("is not %j", (value) => {
    expect(() => decode(ORDER_REQUEST, value, "body")).toThrow(
      expect.objectContaining({ name: "DecodeError" }),
    );
  });

  test("speaks of every type and choice the engine has", () => {
    expect(new Set<number>(Object.values(ORDER_TYPES))).toEqual(new Set<number>(Object.values(ORDER_TYPE)));
  });
});

describe("a receipt", () => {
  test.each([
    [
      "rests",
      [4_711, 0, 1_000, 0],
      { id: "3-4711", status: "open", filled: "0.000", remaining: "1.000", reason: null },
    ],
    [
      "is filled whole",
      [0, 1_000, 0, 0],
      { id: "3-s99", status: "closed", filled: "1.000", remaining: "0.000", reason: null },
    ],
    [
      "is filled in part and dropped",
      [0, 400, 0, REASON.immediateOrCancel],
      { id: "3-s99", status: "canceled", filled: "0.400", remaining: "0.000", reason: "immediateOrCancel" },
    ],
  ])("of an order that %s", (_, facts, placed) => {
    expect(placedOf(btc, facts, 99)).toEqual(placed);
  });
});

describe("the name of an order", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.constantFrom("order" as const, "client" as const, "sequence" as const),
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        (tier, by, value) => {
          expect(orderNameOf(orderNameText(tier, by, value))).toEqual({ tier, by, value });
        },
      ),
    );
  });

  test.each(["", "1", "1-", "0-5", "17-5", "1-0", "1-x5", "1-c", "-1-5", "1-9007199254740992", "1-5 "])(
    "is not %j",
    (text) => {
      expect(() => orderNameOf(text)).toThrow(/^id: an order's id/);
    },
  );
});
