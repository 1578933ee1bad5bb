/** A venue whose streams are listened to: an engine, its batches, and connections that keep what they were sent. */
import { type Command, Engine } from "@bulkhead/engine";
import { CHANNELS, type ChannelName, type Directory, directoryOf } from "@bulkhead/protocol";
import { FanOut, type FanOutOptions, MarketData, type MarketDataOptions } from "@bulkhead/server";
import { expect } from "vitest";
import type { Connection } from "../../packages/server/src/market/fanOut.ts";
import type { Beginning } from "../../packages/server/src/market/marketData.ts";
import { PLAIN_MARKET, smallVenue, usd } from "../engine/venue.ts";
import { execute } from "./executing.ts";

/** Names of a tier with two markets of one dollar per tick and lot, and of one more that is named and not listed. */
export const DIRECTORY: Directory = directoryOf({
  assets: [
    { symbol: "USD", asset: 1, decimals: 6 },
    { symbol: "ETH", asset: 2, decimals: 3 },
  ],
  tiers: [{ tier: 1, name: "majors" }],
  instruments: [
    {
      symbol: "BTC-PERP",
      tier: 1,
      market: 1,
      base: "BTC",
      quote: "USD",
      tickSize: "0.5",
      lotSize: "2",
    },
    { symbol: "ETH-PERP", tier: 1, market: 2, base: "ETH", quote: "USD", tickSize: "1", lotSize: "1" },
  ],
});

type Told = Record<string, unknown>;

/** A connection that takes nothing off its outbox unless it is told to. */
export class Wire implements Connection {
  readonly messages: Told[] = [];
  bufferedBytes = 0;
  isStalled = false;
  closed: readonly [number, string] | undefined;

  send(message: Uint8Array): void {
    if (this.isStalled) this.bufferedBytes += message.length;
    this.messages.push(JSON.parse(Buffer.from(message).toString()) as Told);
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }

  /** Takes up what was held back. */
  resume(): void {
    this.isStalled = false;
    this.bufferedBytes = 0;
  }

  of(channel: ChannelName): Told[] {
    return this.messages.filter((message) => message["channel"] === channel);
  }
}

/** Expects of every message on a channel that it is what the protocol's table says, and nothing beside it. */
export function expectShaped(messages: readonly Told[]): void {
  for (const message of messages) {
    const { message: schema } = CHANNELS[message["channel"] as ChannelName];
    const result = schema.safeParse(message);
    expect(result.error?.issues, JSON.stringify(message)).toBeUndefined();
    if (message["events"] === undefined) expect(result.data, String(message["channel"])).toEqual(message);
  }
}

export interface Stage {
  readonly engine: Engine;
  readonly fanOut: FanOut;
  readonly market: MarketData;
  /** Executes commands as one batch and lets the streams take it. */
  readonly run: (...commands: readonly Command[]) => void;
  readonly listen: (...channels: readonly Parameters<MarketData["subscribe"]>[1][]) => Promise<Wire>;
  readonly faults: unknown[];
  /** What the streams have told of how they began. */
  readonly beginning: Beginning;
}

export const TRADERS = 3;
const time = 1_000_000;

/** Commands that list two markets and open three traders, each with $10,000 in a cross bucket of his number. */
export function opening(): Command[] {
  const { tier: _, ...terms } = PLAIN_MARKET;
  const commands: Command[] = [
    { kind: "listAsset", time, scale: usd(1) },
    { kind: "listTier", time, minInitialMargin: 10_000 },
    { kind: "listMarket", time, tier: 1, ...terms },
    { kind: "listMarket", time, tier: 1, ...terms },
    { kind: "updateIndexPrice", time, tier: 1, market: 1, price: 100 },
    { kind: "updateIndexPrice", time, tier: 1, market: 2, price: 200 },
  ];
  for (let account = 1; account <= TRADERS; account++) {
    const funding = { time, account, asset: 1, amount: usd(10_000) };
    commands.push(
      { kind: "openAccount", time },
      { kind: "confirmDeposit", ...funding, amount: usd(11_000), reference: account },
      { kind: "allocate", ...funding, tier: 1, mode: 0 },
    );
  }
  return commands;
}

export function openStage(
  options: Partial<MarketDataOptions> = {},
  bounds: FanOutOptions = {},
  before: readonly Command[] = opening(),
): Stage {
  const engine = new Engine({ capacities: smallVenue() });
  const fanOut = new FanOut(bounds);
  const faults: unknown[] = [];
  const begun: Beginning[] = [];
  const market = new MarketData({
    directory: DIRECTORY,
    fanOut,
    read: (question) => Promise.resolve(question(engine)),
    onBegun: (beginning) => begun.push(beginning),
    onFault: (error) => faults.push(error),
    ...options,
  });
  for (const command of before) expect(engine.submit(command)).toMatchObject({ outcome: "accepted" });
  market.begin(engine);
  return {
    engine,
    fanOut,
    market,
    faults,
    get beginning() {
      return begun.at(-1) as Beginning;
    },
    run: (...commands) => market.take(execute(engine, commands)),
    listen: async (...channels) => {
      const wire = new Wire();
      const subscriber = fanOut.join(wire);
      for (const channel of channels) expect(await market.subscribe(subscriber, channel)).toBeUndefined();
      return wire;
    },
  };
}
