/**
 * A keeper: bids in the auctions of positions in liquidation. Bids are collected for a quarter of a second and share one price, so nobody is paid
 * for being first; what the bucket cannot carry at the mark is refused.
 *
 *     npx tsx examples/keeper.ts --url … --key 0x… --tier 1 --amount 0.1
 */
import { lotsOf } from "@bulkhead/protocol";
import { ProblemError, SCOPE } from "@bulkhead/sdk";
import { setup } from "./setup.ts";

const { client, ended, option } = await setup(["tier", "amount"], SCOPE.read + SCOPE.keep);
const tier = Number(option("tier", "1"));
const markets = client.directory.instruments.filter((instrument) => instrument.tier === tier);
const { buckets } = await client.balances();
const own = buckets.find((bucket) => bucket.tier === tier && bucket.marginMode === "cross");

/** Bids for whatever the bucket in distress holds: the venue knows in which of the markets it has a position. */
async function bid(target: number): Promise<void> {
  if (own === undefined) return console.log(`no bucket of tier ${tier}: allocate to it first`);
  for (const instrument of markets) {
    const { symbol, market } = instrument;
    const lots = lotsOf(instrument, option("amount", instrument.lotSize), "amount");
    try {
      const command = {
        kind: "bidLiquidation",
        account: client.account,
        tier,
        bucket: own.bucket,
        target,
        market,
        lots,
      } as const;
      const { facts } = await client.send(command);
      console.log(`bid for ${symbol} of bucket ${target}; its batch ends at ${facts["endsAt"]}`);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.refusal === undefined) throw error;
      console.log(`no bid for ${symbol} of bucket ${target}: ${error.message}`);
    }
  }
}

const stream = client.stream();
const { ready } = stream.subscribe("liquidations", { tier }, ({ type, events = [] }) => {
  if (type === "snapshot") return;
  for (const event of events) {
    if (event.event === "liquidationStarted") void bid(Number(event["bucket"])).catch(console.error);
    if (event.event === "bidFilled" && event["bucket"] === own?.bucket)
      console.log(`got ${String(event["amount"])} ${String(event["symbol"])} at ${String(event["price"])}`);
  }
});
await ready;
console.log(`watching tier ${tier}`);
await ended;
client.close();
