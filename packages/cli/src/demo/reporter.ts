/** One of the demo's reporters: looks at the world, a little differently from the others, and tells every tier what it saw each second. */
import { SCOPE, pointsOf, pointsText } from "@bulkhead/protocol";
import { connect, localWallet } from "@bulkhead/sdk";
import { demoKey } from "./keys.ts";
import { everySecond } from "./pace.ts";
import { DEMO_REPORTERS, type Underlying } from "./venue.ts";
import { worldPrice } from "./world.ts";

const MICRO_USD = 1_000_000;
/** How far reporters see apart, and how sure they are, as a share of the price. */
const SPREAD = 0.0001;
const CONFIDENCE = 0.0002;
const POINTS_PER_TICK = 1_000;
const [OF_MARKET, OF_COLLATERAL] = [0, 1];

/** @param number - from 1 @param began - when the demo's world did, ms since the epoch */
export async function report(url: string, number: number, began: number, ended: AbortSignal): Promise<void> {
  const wallet = localWallet(demoKey(DEMO_REPORTERS[number - 1] as string));
  const client = await connect(url, { wallet, scopes: SCOPE.read + SCOPE.report });
  const { assets, instruments } = client.directory;
  const sees = 1 + (number - 2) * SPREAD;
  await everySecond(ended, async () => {
    const publishedAt = client.clock.now();
    const tell = async (of: { tier: number; feedKind: number; id: number }, price: number, grain: number) => {
      const confidence = Math.ceil((price * CONFIDENCE) / grain) * grain;
      const sequence = publishedAt;
      await client.send({
        kind: "reportPrice",
        reporter: number,
        ...of,
        price,
        confidence,
        publishedAt,
        sequence,
      });
    };
    for (const instrument of instruments) {
      const { tier, market: id, base, tickSize } = instrument;
      const points = Math.round(
        (worldPrice(base as Underlying, publishedAt - began) * sees * POINTS_PER_TICK) / Number(tickSize),
      );
      await tell({ tier, feedKind: OF_MARKET, id }, pointsOf(instrument, pointsText(instrument, points)), 1);
    }
    for (const { symbol, asset } of assets) {
      if (symbol === "USD") continue;
      const price = Math.round(worldPrice(symbol as Underlying, publishedAt - began) * sees * MICRO_USD);
      await tell({ tier: 1, feedKind: OF_COLLATERAL, id: asset }, price, 1);
    }
  });
  client.close();
}
