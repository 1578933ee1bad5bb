/**
 * An oracle's reporter: tells the venue a price every second, signed by a session key that may do nothing else. `--source` is an address whose JSON
 * has the price at `--field`; the confidence is half of how far the last prices lie apart.
 *
 *     npx tsx examples/oracleReporter.ts --url … --key 0x… --symbol BTC-PERP --reporter 1 --source https://… --field price
 */
import { pointsOf, pointsText } from "@bulkhead/protocol";
import { SCOPE } from "@bulkhead/sdk";
import { repeat, setup } from "./setup.ts";

const names = ["symbol", "reporter", "source", "field"];
const { client, ended, option } = await setup(names, SCOPE.read + SCOPE.report);
const instrument = client.instrument(option("symbol", "BTC-PERP"));
const reporter = Number(option("reporter", "1"));
const source = option("source", "");
if (source === "") throw new Error("--source is required: where the price comes from");

const WINDOW = 10;
const recent: number[] = [];

/** The price as the source writes it, on the venue's grid of a thousandth of a tick. */
async function pointsNow(): Promise<number> {
  const answer = (await (await fetch(source)).json()) as Readonly<Record<string, unknown>>;
  const price = Number(answer[option("field", "price")]);
  if (!(price > 0)) throw new Error(`${source} has no price at "${option("field", "price")}"`);
  const perPoint = Number(instrument.tickSize) / 1_000;
  // Checked once more in exact decimals, so that nothing but a price of the grid is ever sent.
  return pointsOf(instrument, pointsText(instrument, Math.round(price / perPoint)));
}

await repeat(ended, 1_000, async () => {
  const price = await pointsNow();
  recent.push(price);
  if (recent.length > WINDOW) recent.shift();
  const confidence = Math.ceil((Math.max(...recent) - Math.min(...recent)) / 2);
  const publishedAt = client.clock.now();
  const { facts } = await client.send({
    kind: "reportPrice",
    tier: instrument.tier,
    reporter,
    feedKind: 0,
    id: instrument.market,
    price,
    confidence,
    publishedAt,
    // Rises with time, and goes on rising after a restart.
    sequence: publishedAt,
  });
  console.log(
    `reported ${pointsText(instrument, price)} ± ${pointsText(instrument, confidence)}: quality ${facts["quality"]}`,
  );
});
client.close();
