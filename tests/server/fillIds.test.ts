/** A fill and a trade are called the same, and told alike, by the streams and by the views: whoever holds both can tell what he has twice. */
import { Engine, FRAME_WORDS, tierView, venueView } from "@bulkhead/engine";
import { type Instrument, type Trade, directoryOf } from "@bulkhead/protocol";
import { FanOut, MarketData } from "@bulkhead/server";
import { PROFILES } from "@bulkhead/simulator";
import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { tellFillRow } from "../../packages/server/src/gateway/tell.ts";
import { Labels } from "../../packages/server/src/telling/labels.ts";
import { tellTrade } from "../../packages/server/src/telling/trades.ts";
import { type Harvest, emptyHarvest } from "../../packages/server/src/views/projection/moment.ts";
import { project } from "../../packages/server/src/views/projection/project.ts";
import { emptyWorld } from "../../packages/server/src/views/world.ts";
import { type Story, play } from "./views/stories.ts";
import { Wire, expectShaped } from "./streaming.ts";

const COMMANDS = Number(process.env["VIEWS_COMMANDS"] ?? 4_000);
const seed = Number(process.env["SIMULATION_SEED"] ?? Date.now() % 1_000_000);

type Told = Record<string, unknown>;

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

/** What was told on a channel, by its name within an account or a market; nothing is told twice as an update. */
function byName(wire: Wire, channel: "fills" | "trades", of: "account" | "symbol"): Map<string, Told> {
  const found = new Map<string, Told>();
  for (const { type, items } of wire.of(channel))
    for (const item of items as Told[]) {
      const name = `${String(item[of])} ${String(item["id"])}`;
      if (type === "update") expect(found.has(name), `${channel} ${name} twice`).toBe(false);
      found.set(name, item);
    }
  return found;
}

const kinds = new Set<string>();

describe("what changes hands is called the same by the streams and by the views", () => {
  test.each(PROFILES.map(({ name }) => name))(
    `through a hostile market (%s, seed ${seed})`,
    async (profile) => {
      const story = play(profile, seed, COMMANDS, [7, 1, 20]);
      const names = namesOf(story);
      const labels = new Labels(names);
      const { wire, since } = await listen(story, names);
      expectShaped(wire.messages);
      const harvest: Harvest = emptyHarvest();
      const world = emptyWorld();
      for (const batch of story.batches) project(world, harvest, batch);

      const fills = byName(wire, "fills", "account");
      const rows = harvest.story.fills.filter(
        ({ account, sequence }) => sequence > (since.get(account) ?? Number.MAX_SAFE_INTEGER),
      );
      const told = rows.map((row) => tellFillRow(labels, row));
      expect(told.map(({ account, id }) => `${account} ${id}`).toSorted()).toEqual(
        [...fills.keys()].toSorted(),
      );
      for (const fill of told) {
        const streamed = fills.get(`${fill.account} ${fill.id}`) as Told;
        // Of a closing the event does not tell it.
        const realizedPnl = streamed["realizedPnl"] === null ? null : fill.realizedPnl;
        expect(streamed, `seed ${seed}`).toEqual({ ...fill, realizedPnl });
        kinds.add(fill.kind);
      }

      const trades = byName(wire, "trades", "symbol");
      const traded = harvest.story.trades.map((row) =>
        tellTrade(labels.instrument(row.tier, row.market) as Instrument, {
          ...row,
          kind: row.kind as Trade["kind"],
        }),
      );
      expect(Object.fromEntries(trades)).toEqual(
        Object.fromEntries(traded.map((trade) => [`${trade.symbol} ${trade.id}`, trade])),
      );
      expect(trades.size).toBe(traded.length);
    },
  );

  afterAll(() => {
    // The property has seen what it is about.
    expect([...kinds].toSorted()).toEqual([
      "auction",
      "backstop",
      "keeper",
      "liquidation",
      "settlement",
      "tear-up",
      "trade",
    ]);
  });
});
