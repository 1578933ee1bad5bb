/**
 * A market maker: quotes both sides around the mark over the binary connection, leans against its position, and has everything cancelled should it
 * fall silent.
 *
 *     npx tsx examples/marketMaker.ts --url … --key 0x… --symbol BTC-PERP --spread 0.001 --amount 0.01 --most 0.1
 */
import { amountText, lotsOf, priceText, ticksOf } from "@bulkhead/protocol";
import { repeat, setup } from "./setup.ts";

const { client, ended, option } = await setup(["symbol", "spread", "amount", "most"]);
const symbol = option("symbol", "BTC-PERP");
const instrument = client.instrument(symbol);
const spread = Number(option("spread", "0.001"));
const lots = lotsOf(instrument, option("amount", instrument.lotSize), "amount");
const most = lotsOf(instrument, option("most", amountText(instrument, 10 * lots)), "most");

/** Ticks; 0 = not known yet. */
let mark = 0;
/** Lots, below 0 = short. */
let position = 0;
let quotes: readonly string[] = [];

const stream = client.stream();
stream.subscribe("ticker", { symbol }, ({ mark: price }) => {
  mark = price === null ? 0 : ticksOf(instrument, price);
});
stream.subscribe("positions", { account: client.account }, ({ items }) => {
  for (const { symbol: of, side, amount } of items)
    if (of === symbol)
      position = (side === "short" ? -1 : 1) * (/[1-9]/.test(amount) ? lotsOf(instrument, amount) : 0);
});

await client.cancelAfter(10_000);
const entry = await client.orderEntry();

/** A bid below and an ask above the mark; both lie lower the longer the position is. */
async function quote(side: "buy" | "sell"): Promise<string | undefined> {
  const sign = side === "buy" ? -1 : 1;
  if (-sign * position >= most) return undefined;
  const centre = mark * (1 - (spread * position) / most);
  const ticks = Math.max(1, Math.round(centre * (1 + (sign * spread) / 2)));
  const order = {
    symbol,
    side,
    type: "limit",
    amount: amountText(instrument, lots),
    postOnly: true,
  } as const;
  const { id, status } = await entry.place({ ...order, price: priceText(instrument, ticks) });
  return status === "open" ? id : undefined;
}

await repeat(ended, 1_000, async () => {
  if (mark === 0) return;
  // What was filled meanwhile cannot be cancelled, and need not be.
  const old = quotes.map((id) => entry.cancel(client.account, id).catch(() => 0));
  const placed = await Promise.allSettled([quote("buy"), quote("sell"), ...old]);
  quotes = placed.flatMap((each) =>
    each.status === "fulfilled" && typeof each.value === "string" ? [each.value] : [],
  );
  console.log(
    `mark ${priceText(instrument, mark)}, position ${amountText(instrument, position)}, quotes ${quotes.join(" ")}`,
  );
  for (const each of placed) if (each.status === "rejected") console.log(String(each.reason));
  await client.cancelAfter(10_000);
});

await client.cancelOrders(symbol);
await client.cancelAfter(0);
client.close();
