/**
 * A risk watcher: follows an account's margin and, when a bucket has less equity than so many times its maintenance margin, closes a part of each
 * of its positions with orders that can only reduce.
 *
 *     npx tsx examples/riskWatcher.ts --url … --key 0x… --ratio 1.5 --share 0.25
 */
import { type Bucket, amountText, lotsOf, microUsdOf } from "@bulkhead/protocol";
import { ProblemError } from "@bulkhead/sdk";
import { setup } from "./setup.ts";

const { client, ended, option } = await setup(["ratio", "share"]);
const ratio = Number(option("ratio", "1.5"));
const share = Number(option("share", "0.25"));
/** Buckets that are being reduced now. */
const busy = new Set<number>();

function isThin({ maintenanceEquity, maintenanceMargin }: Bucket): boolean {
  const [equity, margin] = [microUsdOf(maintenanceEquity, "equity"), microUsdOf(maintenanceMargin, "margin")];
  return margin > 0 && equity < ratio * margin;
}

async function reduce(bucket: number): Promise<void> {
  for (const position of await client.positions()) {
    if (position.bucket !== bucket) continue;
    const { symbol, side, amount, marginMode } = position;
    const instrument = client.instrument(symbol);
    const lots = Math.ceil(lotsOf(instrument, amount) * share);
    try {
      const receipt = await client.placeOrder({
        symbol,
        side: side === "long" ? "sell" : "buy",
        type: "market",
        amount: amountText(instrument, lots),
        reduceOnly: true,
        marginMode,
      });
      console.log(`closed ${receipt.filled} of ${amount} ${symbol} at ${receipt.average}`);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      console.log(`${symbol} could not be reduced: ${error.message}`);
    }
  }
}

const stream = client.stream();
stream.subscribe("warnings", { account: client.account }, ({ items }) => {
  for (const { kind, detail } of items) console.log(`${kind}: ${detail}`);
});
const { ready } = stream.subscribe("margin", { account: client.account }, ({ items }) => {
  for (const each of items) {
    const { bucket, maintenanceEquity, maintenanceMargin } = each;
    console.log(`bucket ${bucket}: equity ${maintenanceEquity}, maintenance margin ${maintenanceMargin}`);
    if (!isThin(each) || busy.has(bucket)) continue;
    busy.add(bucket);
    void reduce(bucket)
      .catch(console.error)
      .finally(() => busy.delete(bucket));
  }
});
await ready;
await ended;
client.close();
