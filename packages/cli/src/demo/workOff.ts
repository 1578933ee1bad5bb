/** Getting rid of positions that somebody was handed: a keeper by its bids, a backstop by what nobody else wanted. */
import { type Instrument, amountText, priceText } from "@bulkhead/protocol";
import type { Client } from "@bulkhead/sdk";

/** How far beyond the mark they are sold, as a share of it. */
const HASTE = 0.003;

/** Sells, or buys back, what an account holds, near the mark. */
export async function workOff(client: Client): Promise<void> {
  for (const { symbol, side, amount, markPrice } of await client.positions()) {
    const instrument: Instrument = client.instrument(symbol);
    const sells = side === "long";
    const ticks = Math.round(
      (Number(markPrice) * (sells ? 1 - HASTE : 1 + HASTE)) / Number(instrument.tickSize),
    );
    await client.placeOrder({
      symbol,
      side: sells ? "sell" : "buy",
      type: "limit",
      timeInForce: "IOC",
      reduceOnly: true,
      price: priceText(instrument, Math.max(1, ticks)),
      amount: amountText(instrument, Math.round(Number(amount) / Number(instrument.lotSize))),
    });
  }
}
