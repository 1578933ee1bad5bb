/**
 * First orders: look at the market, see what an order would do, place it, cancel it; then buy a lot at once, and watch the fill.
 *
 *     npx tsx examples/placeOrder.ts --url http://127.0.0.1:8642 --key 0x… --symbol BTC-PERP
 */
import { priceText, ticksOf } from "@bulkhead/protocol";
import { ProblemError } from "@bulkhead/sdk";
import { setup } from "./setup.ts";

const { client, option } = await setup(["symbol"]);
const [first] = client.directory.instruments;
const symbol = option("symbol", first?.symbol ?? "BTC-PERP");
const market = await client.call("market", { params: { symbol } });
console.log(`${symbol}: mark ${market.mark}, bid ${market.bestBid}, ask ${market.bestAsk}`);

// A bid one per cent below the mark, on the tick.
const instrument = client.instrument(symbol);
const ticks = Math.floor(ticksOf(instrument, market.mark ?? instrument.tickSize) * 0.99);
const order = {
  symbol,
  side: "buy",
  type: "limit",
  amount: instrument.lotSize,
  price: priceText(instrument, ticks),
  postOnly: true,
} as const;

try {
  const { outcome, facts, after } = await client.preview(order);
  console.log(
    `it would be ${outcome}`,
    outcome === "accepted" ? `with ${after?.initialMargin} USD of margin` : facts,
  );
  const { id, status, remaining } = await client.placeOrder(order);
  console.log(`order ${id}: ${status}, ${remaining} at ${order.price}`);
  const canceled = await client.cancelOrder(id);
  console.log(`order ${id}: ${canceled.status}`);

  const { account } = client;
  const stream = client.stream();
  const seen = new EventTarget();
  const filled = new Promise((resolve) => seen.addEventListener("fill", resolve));
  const { ready } = stream.subscribe("fills", { account }, ({ type, items }) => {
    if (type === "snapshot") return;
    for (const { price, amount, fee, takerOrMaker } of items)
      console.log(`filled: ${amount} at ${price} as ${takerOrMaker}, fee ${fee}`);
    seen.dispatchEvent(new Event("fill"));
  });
  await ready;
  const atOnce = { symbol, side: "buy", type: "market", amount: instrument.lotSize } as const;
  const bought = await client.placeOrder(atOnce);
  if (Number(bought.filled) > 0) await filled;
  else console.log(`nobody sells: ${bought.status}`);
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  console.log(`refused (${error.refusal ?? error.kind}): ${error.message}`);
  // A newcomer has deposited nothing yet, or not said what of it may be lost here.
  if (error.refusal === "bucket_unknown")
    console.log(`deposit to account ${client.account}, and allocate to tier ${instrument.tier}`);
}
client.close();
