/** The demo's keeper: bids for a part of whatever is in liquidation, in every tier, and works off what it gets. */
import { type Instrument, SCOPE, amountText, priceText } from "@bulkhead/protocol";
import { type Client, ProblemError, allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { faucet } from "./house.ts";
import { demoKey } from "./keys.ts";
import { every } from "./pace.ts";

const USD = 1_000_000;
/** What it brings to each tier, and what it bids for at a time, dollars. */
const STAKE = 500_000;
const BID = 25_000;
const PAUSE = 2_000;
/** How far beyond the mark it sells what it got, as a share of it. */
const HASTE = 0.003;

export async function keep(url: string, ended: AbortSignal): Promise<void> {
  const operator = await connect(url, { wallet: localWallet(demoKey("operator")) });
  const wallet = localWallet(demoKey("keeper"));
  const client = await connect(url, { wallet, scopes: SCOPE.read + SCOPE.trade + SCOPE.keep });
  const tiers = client.directory.tiers.map(({ tier }) => tier);
  if (client.session.accounts.length === 0) {
    const account = await openAccount(client);
    await faucet(operator, account, tiers.length * STAKE * USD);
    for (const tier of tiers) await allocate(client, { asset: "USD", amount: String(STAKE) }, { tier });
  }
  operator.close();
  const stream = client.stream();
  for (const tier of tiers)
    await stream.subscribe("liquidations", { tier }, ({ events = [] }) => {
      for (const event of events)
        if (event.event === "liquidationStarted")
          bid(client, tier, Number(event["bucket"])).catch((error: unknown) =>
            process.stderr.write(`${String(error)}\n`),
          );
    }).ready;
  await every(PAUSE, ended, () => workOff(client));
  client.close();
}

/** Bids in each market of the tier: the venue knows in which of them the bucket has a position. */
async function bid(client: Client, tier: number, target: number): Promise<void> {
  const { buckets } = await client.balances();
  const own = buckets.find((bucket) => bucket.tier === tier);
  if (own === undefined) return;
  for (const { symbol, market, lotSize } of client.directory.instruments.filter(
    (each) => each.tier === tier,
  )) {
    const { mark } = await client.call("market", { params: { symbol } });
    const lots = Math.floor(BID / (Number(mark) * Number(lotSize)));
    try {
      const { account } = client;
      await client.send({ kind: "bidLiquidation", account, tier, bucket: own.bucket, target, market, lots });
    } catch (error) {
      if (!(error instanceof ProblemError) || error.refusal === undefined) throw error;
    }
  }
}

/** Sells what it holds, near the mark. */
async function workOff(client: Client): Promise<void> {
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
