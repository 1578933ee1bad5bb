import { directoryOf } from "@bulkhead/protocol";
import { expect, test } from "vitest";
import { factTexts } from "./facts.ts";

const { instruments, assets } = directoryOf({
  assets: [{ symbol: "BTC", asset: 2, decimals: 8 }],
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
});
const [instrument] = instruments;
const [asset] = assets;

test("numbers of a refusal have the units that people read", () => {
  expect(factTexts("margin_insufficient", { equity: 1_500_000, required: 2_000_000 })).toEqual([
    { name: "equity", text: "1.50 USD" },
    { name: "required", text: "2.00 USD" },
  ]);
  expect(factTexts("price_outside_band", { price: 140_000, limit: 134_000 }, { instrument })).toEqual([
    { name: "price", text: "70,000.0 USD" },
    { name: "limit", text: "67,000.0 USD" },
  ]);
  expect(factTexts("position_limit", { exposure: 2_500, limit: 2_000 }, { instrument })).toEqual([
    { name: "exposure", text: "2.500 BTC" },
    { name: "limit", text: "2.000 BTC" },
  ]);
  expect(factTexts("balance_insufficient", { balance: 1, amount: 150_000_000 }, { asset })).toEqual([
    { name: "balance", text: "0.00000001 BTC" },
    { name: "amount", text: "1.50000000 BTC" },
  ]);
  expect(factTexts("price_outside_range", { price: 140_000, limit: 134_000 }, { instrument })).toEqual([
    { name: "price", text: "70,000.0 USD" },
    { name: "limit", text: "67,000.0 USD" },
  ]);
  expect(factTexts("bucket_exposure_cap", { value: 3_000_000, limit: 2_000_000 }, { instrument })).toEqual([
    { name: "value", text: "3.00 USD" },
    { name: "limit", text: "2.00 USD" },
  ]);
  expect(factTexts("report_too_old", { age: 1_500, deadAfter: 1_000 })).toEqual([
    { name: "age", text: "1.5 s" },
    { name: "dead after", text: "1 s" },
  ]);
  expect(factTexts("bucket_order_limit", { limit: 200 })).toEqual([{ name: "limit", text: "200" }]);
  expect(factTexts("market_not_open", { status: 2 })).toEqual([]);
});
