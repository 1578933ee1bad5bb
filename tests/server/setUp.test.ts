/** A venue is set up once, whole, and goes on where it was stopped; a configuration that the engine refuses leaves the log empty. */
import { FRAME_WORDS, encodeCommand } from "@bulkhead/engine";
import { ConfigError, Runner, bootstrap, capacitiesOf, parseConfig } from "@bulkhead/server";
import { expect, test } from "vitest";
import { atNoTime, rehearse, setUp } from "../../packages/server/src/node/setUp.ts";
import { MemoryDisk } from "./memoryDisk.ts";

const ROOM = { markets: 2, buckets: 8, positions: 32, orders: 64, holdings: 8, ticks: 2 ** 16 };
const market = { symbol: "X-PERP", base: "X", tickSize: "0.01", lotSize: "1", feed: false, rangeBits: 15 };
const configOf = (change: object = {}) =>
  parseConfig({
    name: "small",
    assets: [{ symbol: "USD", decimals: 6 }],
    capacities: { accounts: 8, balances: 16, withdrawals: 8 },
    tiers: [{ name: "only", capacities: ROOM, markets: [{ ...market, ...change }] }],
  });

const config = configOf();
const SETUP = bootstrap(config).length;

async function open(disk: MemoryDisk) {
  const storages = { log: disk, snapshots: new MemoryDisk() };
  const capacities = capacitiesOf(config);
  return (await Runner.open(storages, { capacities, segmentBytes: 2 ** 16, clock: () => 1_000 })).runner;
}
const nameless = { names: undefined, keepNames: async () => {} };

test("a venue that was stopped half way is the same in the end", async () => {
  const whole = await open(new MemoryDisk());
  await setUp(config, nameless, whole);
  expect(whole.engine.sequence).toBe(SETUP);
  for (let stop = 0; stop <= SETUP; stop++) {
    const disk = new MemoryDisk();
    const before = await open(disk);
    const frame = new Float64Array(FRAME_WORDS);
    for (const instruction of bootstrap(config).slice(0, stop)) {
      encodeCommand(atNoTime(instruction), frame);
      await before.submit(frame);
    }
    await before.close();
    const after = await open(disk);
    const { instruments } = await setUp(config, nameless, after);
    expect(instruments.map(({ symbol }) => symbol)).toEqual(["X-PERP"]);
    expect(after.engine.sequence).toBe(SETUP);
    expect(after.engine.stateHash()).toEqual(whole.engine.stateHash());
  }
});

test("names that are there say that it is done", async () => {
  const runner = await open(new MemoryDisk());
  const { names } = await setUp(config, nameless, runner);
  const elsewhere = await open(new MemoryDisk());
  await setUp(configOf({ symbol: "Y-PERP" }), { ...nameless, names }, elsewhere);
  expect(elsewhere.engine.sequence).toBe(0);
});

test("what the engine would refuse is said with its numbers", () => {
  const wrong = configOf({ takerFee: 10, makerFee: -50 });
  expect(() => rehearse(wrong)).toThrow(ConfigError);
  expect(() => rehearse(wrong)).toThrow(/listMarket.*rebate_above_fee/);
  rehearse(config);
});

test("a directory that was begun with another configuration is left alone", async () => {
  const disk = new MemoryDisk();
  const runner = await open(disk);
  const frame = new Float64Array(FRAME_WORDS);
  encodeCommand({ kind: "listAsset", time: 0, scale: 10 }, frame);
  await runner.submit(frame);
  await expect(setUp(config, nameless, runner)).rejects.toThrow(
    /begun with another configuration: command 1/,
  );
});
