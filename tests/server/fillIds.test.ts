/** A fill and a trade are called the same, and told alike, by the streams and by the views: whoever holds both can tell what he has twice. */
import {
  CONTRACT,
  Engine,
  FRAME_WORDS,
  PARAMETERS,
  bucketIdOf,
  hex,
  tierView,
  venueView,
} from "@bulkhead/engine";
import {
  type Fill,
  type Instrument,
  type Trade,
  createPrivateKey,
  directoryOf,
  hexOf,
} from "@bulkhead/protocol";
import { type Client, allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import {
  FanOut,
  type History,
  MarketData,
  type Runner,
  type Views,
  fillsCsv,
  genesisOf,
  openViews,
} from "@bulkhead/server";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tellFillRow } from "../../packages/server/src/gateway/tell.ts";
import { Labels } from "../../packages/server/src/telling/labels.ts";
import { tellTrade } from "../../packages/server/src/telling/trades.ts";
import { emptyHarvest } from "../../packages/server/src/views/projection/moment.ts";
import { project } from "../../packages/server/src/views/projection/project.ts";
import { emptyWorld } from "../../packages/server/src/views/world.ts";
import { LIMIT_ORDER, PLAIN_MARKET, smallVenue } from "../engine/venue.ts";
import { type WholeNode, openWholeNode } from "../sdk/wholeNode.ts";
import { Wire, expectShaped } from "./streaming.ts";
import { NAMES } from "./venueNode.ts";
import { type Story, play } from "./views/stories.ts";

const COMMANDS = Number(process.env["VIEWS_COMMANDS"] ?? 6_000);
const SEED = Number(process.env["SIMULATION_SEED"] ?? Date.now() % 1_000_000);

type Told = Record<string, unknown>;

interface Trader {
  readonly client: Client;
  readonly account: number;
  readonly bucket: number;
  /** Messages of the stream of fills. */
  readonly heard: readonly Told[];
}

/** Names for every market that a story's venue has room for, of a dollar per tick and lot. */
function namesOf({ capacities }: Story): ReturnType<typeof directoryOf> {
  const terms = { base: "X", quote: "USD", tickSize: "1", lotSize: "1" } as const;
  return directoryOf({
    assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
    tiers: capacities.tiers.map((_, index) => ({ tier: index + 1, name: `tier ${index + 1}` })),
    instruments: capacities.tiers.flatMap(({ markets }, index) =>
      Array.from({ length: markets }, (_, market) => ({
        ...terms,
        symbol: `M${index + 1}-${market + 1}`,
        tier: index + 1,
        market: market + 1,
      })),
    ),
  });
}

/** Plays a story to streams, on which everybody listens from when he, or the market, is there. */
async function listen(story: Story, names: ReturnType<typeof directoryOf>): Promise<Listened> {
  const { capacities, batches } = story;
  const engine = new Engine({ capacities, hash: (bytes) => createHash("sha256").update(bytes).digest() });
  const fanOut = new FanOut({ maxOutbox: 1e9, maxTopics: 10_000 });
  const market = new MarketData({
    directory: names,
    fanOut,
    read: (question) => Promise.resolve(question(engine)),
    onFault: (error) => {
      throw error;
    },
  });
  market.begin(engine);
  const wire = new Wire();
  const subscriber = fanOut.join(wire);
  const since = new Map<number, number>();
  const markets = new Set<string>();
  for (const batch of batches) {
    for (let account = since.size + 1; account <= venueView(engine.venue).accounts; account++) {
      expect(await market.subscribe(subscriber, { channel: "fills", account })).toBeUndefined();
      since.set(account, engine.sequence);
    }
    for (const { symbol, tier, market: id } of names.instruments) {
      const { tiers } = venueView(engine.venue);
      if (markets.has(symbol) || tier > tiers || id > tierView(engine.venue, tier).markets) continue;
      expect(await market.subscribe(subscriber, { channel: "trades", symbol })).toBeUndefined();
      markets.add(symbol);
    }
    for (let index = 0; index < batch.count; index++)
      engine.apply(batch.frames.slice(index * FRAME_WORDS, (index + 1) * FRAME_WORDS));
    market.take(batch);
  }
  return { wire, since };
}

interface Listened {
  readonly wire: Wire;
  /** The command after which each account was listened to. */
  readonly since: ReadonlyMap<number, number>;
}

/** What messages told, by its name within an account or a market; nothing is told twice as an update. */
function byName(messages: readonly Told[], of: "account" | "symbol"): Map<string, Told> {
  const found = new Map<string, Told>();
  for (const { type, items } of messages)
    for (const item of items as Told[]) {
      const name = nameOf(item, of);
      if (type === "update") expect(found.has(name), `${name} twice`).toBe(false);
      found.set(name, item);
    }
  return found;
}

const nameOf = (item: object, of: "account" | "symbol"): string =>
  `${String((item as Told)[of])} ${String((item as Told)["id"])}`;

const named = (trades: Iterable<object>): Record<string, object> =>
  Object.fromEntries([...trades].map((trade) => [nameOf(trade, "symbol"), trade]));

/** Of a closing the stream does not tell what it realised, if its event does not. */
function expectAlike(streamed: ReadonlyMap<string, Told>, told: readonly Fill[]): void {
  const names = told.map((fill) => nameOf(fill, "account"));
  expect([...streamed.keys()].toSorted()).toEqual(names.toSorted());
  for (const fill of told) {
    const same = streamed.get(nameOf(fill, "account")) as Told;
    expect({ ...same, realizedPnl: same["realizedPnl"] ?? fill.realizedPnl }).toEqual(fill);
  }
}

/** Two stories in which all there is happens, and others as chance has them. */
const STORIES: [profile: string, seed: number][] = [
  ["ruin", 2],
  ["guarded", 2],
  ...["dated", "slide", "cramped"].map((profile): [string, number] => [profile, SEED]),
];
const kinds = new Set<string>();

describe("what changes hands is called the same by the streams and by the views", () => {
  test.each(STORIES)(
    "through a hostile market (%s, seed %i)",
    async (profile, seed) => {
      const story = play(profile, seed, COMMANDS, [7, 1, 20]);
      const names = namesOf(story);
      const labels = new Labels(names);
      const { wire, since } = await listen(story, names);
      expectShaped(wire.messages);
      const harvest = emptyHarvest();
      const world = emptyWorld();
      for (const batch of story.batches) project(world, harvest, batch);

      const fills = byName(wire.of("fills"), "account");
      const rows = harvest.story.fills.filter(
        ({ account, sequence }) => sequence > (since.get(account) ?? Number.MAX_SAFE_INTEGER),
      );
      for (const { kind } of rows) kinds.add(kind);
      expectAlike(
        fills,
        rows.map((row) => tellFillRow(labels, row)),
      );
      const trades = harvest.story.trades.map(({ kind, ...row }) =>
        tellTrade(labels.instrument(row.tier, row.market) as Instrument, {
          ...row,
          kind: kind as Trade["kind"],
        }),
      );
      expect(named(byName(wire.of("trades"), "symbol").values())).toEqual(named(trades));
    },
    120_000,
  );

  test("and the stories have everything by which lots change hands", () => {
    const all = ["auction", "backstop", "keeper", "liquidation", "settlement", "tear-up", "trade"];
    expect([...kinds].toSorted()).toEqual(all);
  });
});

describe("at a node", () => {
  let views: Views;
  let at: WholeNode;
  let ahead = 0;
  let taken: Promise<unknown> = Promise.resolve();
  const open: { close(): void }[] = [];

  beforeAll(async () => {
    views = await openViews({ database: "memory:", genesis: hex(genesisOf(smallVenue())) });
    at = await openWholeNode({ clock: () => Date.now() + ahead, history: follow });
  }, 60_000);
  afterAll(async () => {
    for (const each of open) each.close();
    await at.close();
    await views.close();
  });

  const follow = (runner: Runner): History => {
    runner.listen((batch) => {
      taken = taken.then(() => views.apply([batch]));
    });
    return {
      sequence: () => views.sequence(),
      reached: async () => void (await taken),
      ask: (name, question) => views.ask(name, question as never) as never,
    };
  };

  /** Somebody with dollars in the cross bucket of his account, who hears of all his fills. */
  async function join(dollars: number): Promise<Trader> {
    const client = await connect(at.url, { wallet: localWallet(hexOf(createPrivateKey())) });
    open.push(client);
    const account = await openAccount(client);
    const amount = dollars * 2_000_000;
    await at.execute({ kind: "confirmDeposit", account, asset: 1, amount, reference: 2 ** 40 + account });
    await allocate(client, { asset: "USD", amount: String(dollars) }, { tier: 1 });
    const stream = client.stream();
    open.push(stream);
    const heard: Told[] = [];
    await stream.subscribe("fills", { account }, (message) => heard.push(message as unknown as Told)).ready;
    const bucket = await at.runner.read(({ venue }) => bucketIdOf(venue, 1, account));
    return { client, account, bucket, heard };
  }

  test("pages tell an account what the stream told it, however it came by it", async () => {
    const [maker, victim, keeper] = [await join(1_000_000), await join(1_000), await join(100_000)];
    const publicStream = maker.client.stream();
    open.push(publicStream);
    const trades: Told[] = [];
    const symbol = "BTC-PERP";
    await publicStream.subscribe("trades", { symbol }, (each) => trades.push(each as unknown as Told)).ready;
    const order = (who: Trader, side: "buy" | "sell", amount: number, price: number) =>
      who.client.placeOrder({
        symbol,
        side,
        type: "limit",
        amount: String(amount),
        price: String(price),
      });
    const set = (parameter: number, value: number) =>
      at.execute({ kind: "setParameter", tier: 1, market: 0, parameter, value });
    const crash = async (price: number): Promise<void> => {
      await at.execute({ kind: "updateIndexPrice", tier: 1, market: 1, price });
      await at.execute({ kind: "clockTick", tier: 1 });
    };
    await set(PARAMETERS.liquidationBuffer.id, 150_000);

    // Trades, as maker and as taker.
    await order(maker, "sell", 60, 100);
    await order(victim, "buy", 70, 100);
    await order(maker, "sell", 40, 100);
    await order(victim, "buy", 30, 100);
    // Who would take over some of it bids for it when it falls into distress; then the book does; then nobody.
    await set(PARAMETERS.auctionSpan.id, 60_000);
    await at.execute({ kind: "updateIndexPrice", tier: 1, market: 1, price: 94 });
    await at.execute({
      kind: "bidLiquidation",
      account: keeper.account,
      tier: 1,
      bucket: keeper.bucket,
      target: victim.bucket,
      market: 1,
      lots: 10,
    });
    ahead += 300;
    await at.execute({ kind: "clockTick", tier: 1 });
    await set(PARAMETERS.auctionSpan.id, 0);
    await order(maker, "buy", 10, 93);
    await crash(93);
    await crash(60);

    // A future that expires.
    const expiry = Date.now() + ahead + 5_000;
    const { tier: _, ...terms } = PLAIN_MARKET;
    await at.execute({ kind: "listMarket", tier: 1, ...terms, contract: CONTRACT.future, expiry });
    await at.execute({ kind: "updateIndexPrice", tier: 1, market: 2, price: 100 });
    const place = { ...LIMIT_ORDER, market: 2, price: 100, lots: 3 };
    await at.execute({ ...place, account: maker.account, bucket: maker.bucket, side: 0 });
    await at.execute({ ...place, account: keeper.account, bucket: keeper.bucket, side: 1 });
    ahead += 10_000;
    await at.execute({ kind: "expireMarket", tier: 1, market: 2, price: 110 });
    await at.execute({ kind: "settleExpired", tier: 1, market: 2, bucket: 1, count: 256 });

    await taken;
    const seen = new Set<string>();
    for (const { client, account: own, heard } of [maker, victim, keeper]) {
      const paged: Fill[] = [];
      for (let cursor: string | undefined, isMore = true; isMore;) {
        const query = { limit: 3, ...(cursor !== undefined && { cursor }) };
        const { items, next } = await client.call("fills", { params: { account: own }, query });
        paged.push(...items);
        [cursor, isMore] = [next ?? undefined, next !== null];
      }
      await vi.waitFor(() => expect(byName(heard, "account").size).toBe(paged.length), 5_000);
      expectAlike(byName(heard, "account"), paged);
      for (const { kind, takerOrMaker } of paged) seen.add(`${kind} ${takerOrMaker}`);
      let csv = "";
      for await (const part of fillsCsv(views, directoryOf(NAMES), { account: own })) csv += part;
      const [header = "", ...lines] = csv.trimEnd().split("\r\n");
      const column = header.split(",").indexOf("id");
      expect(lines.map((line) => line.split(",")[column])).toEqual(paged.map(({ id }) => id).toReversed());
    }
    expect([...seen].toSorted()).toEqual([
      "keeper maker",
      "keeper taker",
      "liquidation maker",
      "liquidation taker",
      "settlement taker",
      "tear-up maker",
      "tear-up taker",
      "trade maker",
      "trade taker",
    ]);
    const page = await maker.client.call("trades", { params: { symbol }, query: { limit: 100 } });
    expect(page.items.map(({ kind }) => kind)).toEqual(["liquidation", "trade", "trade", "trade"]);
    await vi.waitFor(() => expect(byName(trades, "symbol").size).toBe(4), 5_000);
    expect(named(byName(trades, "symbol").values())).toEqual(named(page.items));
  }, 60_000);
});
