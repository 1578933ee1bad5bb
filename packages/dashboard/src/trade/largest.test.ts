import { type OrderRequest, directoryOf, lotsOf } from "@bulkhead/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { largestOf } from "./largest.ts";

const [sol] = directoryOf({
  assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
  tiers: [{ tier: 1, name: "alts" }],
  instruments: [
    {
      symbol: "SOL-PERP",
      tier: 1,
      market: 1,
      base: "SOL",
      quote: "USD",
      tickSize: "0.005",
      lotSize: "0.1",
    },
  ],
}).instruments;
if (sol === undefined) throw new Error("no instrument");
const order: OrderRequest = { symbol: "SOL-PERP", side: "buy", type: "limit", amount: "0.1", price: "150" };

test("finds the largest size that is taken, to half a percent and in few rounds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (limit) => {
      let asked = 0;
      const found = await largestOf(order, sol, ({ amount }) => {
        asked++;
        return Promise.resolve(lotsOf(sol, amount) <= limit);
      });
      expect(found).toBeLessThanOrEqual(limit);
      expect(found).toBeGreaterThanOrEqual(limit - Math.max(1, limit / 200));
      expect(asked).toBeLessThanOrEqual(8 * 5);
    }),
  );
});
