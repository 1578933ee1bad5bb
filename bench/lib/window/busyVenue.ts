/**
 * A venue that is full: the demo's markets and money behind them, and in its first compartment as many buckets with positions as the heat map has
 * cells, from calm ones to such as are nearly liquidated. The crowd is put into the log while the node is down, by the commands that would have
 * made it; ten thousand wallets that sign take minutes, and are not what is measured.
 */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_WORDS, MAX_BATCH, RECEIPT_FACTS } from "@bulkhead/engine";
import {
  type CommandInput,
  type Directory,
  HEALTH_SAMPLE,
  addressOf,
  directoryOf,
  frameOf,
  instrumentNamed,
  placeOrderOf,
  privateKeyOf,
  publicKeyOf,
} from "@bulkhead/protocol";
import { Runner, capacitiesOf, genesisOf, openAccess, parseConfig, takeOver } from "@bulkhead/server";
import { DEMO_PARTIES, demoKey } from "../../../packages/cli/src/demo/keys.ts";
import {
  DEMO_REPORTERS,
  FIRST_PRICES,
  type Underlying,
  demoConfig,
} from "../../../packages/cli/src/demo/venue.ts";
import { createRandom } from "../random.ts";
import { type NodeProcess, startNodeProcess } from "./nodeProcess.ts";
import { priceReport } from "./priceReport.ts";

/** The market that is busy. */
export const SYMBOL = "BTC-PERP";
/** Who trades: owners of accounts like any other. */
export const TRADERS: readonly string[] = Array.from({ length: 8 }, (_, index) => `trader-${index + 1}`);
/** Buckets that the heat map has cells for. */
export const CELLS: number = HEALTH_SAMPLE;

const TIER = 1;
const ASSET = 1;
const USD = 1_000_000;
const MILLION = 1_000_000 * USD;
/** What goes into the layers: tier, layer, amount. */
const LAYERS = [
  [1, 1, 2 * MILLION],
  [1, 2, 10 * MILLION],
  [2, 1, MILLION],
  [2, 2, 4 * MILLION],
  [3, 1, MILLION / 2],
  [3, 2, 2 * MILLION],
  [0, 4, 2 * MILLION],
  [0, 5, 20 * MILLION],
] as const;
const TRADER_MONEY = 5 * MILLION;
const TRADER_POSITION = 1;
/** Equity of the crowd's buckets goes from one to so many thousand dollars, its leverage from 1 to this. */
const [MOST_THOUSANDS, MOST_LEVERAGE] = [5, 9];
/** What each of the crowd pays for its position, and some of the price's way, as a share of it. */
const ALLOWANCE = 0.006;
/** Of the initial margin, ppm. */
const MAINTENANCE = 950_000;
const SEED = 1;
const GRAINS = 2 ** 20;
const PLENTY = { perSecond: 1e6, burst: 1e8 };

interface DemoConfig {
  readonly tiers: readonly { readonly markets: readonly { readonly breaker: object }[] }[];
}
type OwnDirectory = Awaited<ReturnType<typeof takeOver>>;

/** Starts a node whose first compartment has so many buckets with positions. It is gone, with all that it kept, when it is stopped. */
export async function openBusyVenue(bin: string, buckets = CELLS): Promise<NodeProcess> {
  const directory = await mkdtemp(join(tmpdir(), "bulkhead-busy-"));
  const forget = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const demo = demoConfig(DEMO_PARTIES, Date.now()) as DemoConfig;
    const config = {
      ...demo,
      // A crowd that comes at once is no step that trips a breaker; and margins lie so near each other that the map has all of its colours.
      tiers: demo.tiers.map((tier) => ({
        ...tier,
        markets: tier.markets.map((market) => ({
          ...market,
          maintenanceRatio: MAINTENANCE,
          breaker: { ...market.breaker, openInterestStep: 0 },
        })),
      })),
      name: "Busy venue",
      limits: {
        requestsPerAddress: PLENTY,
        loginsPerAddress: PLENTY,
        orderRatio: { ...PLENTY, perFill: 1 },
        connectionsPerAddress: 512,
      },
    };
    const file = join(directory, "config.json");
    const data = join(directory, "data");
    await writeFile(file, JSON.stringify(config));
    const args = ["--config", file, "--data", data, "--port", "0", "--quiet"];
    // The first start sets the venue up: its listings and its names.
    await (await startNodeProcess(bin, args)).stop();
    await fill(data, config, buckets);
    const node = await startNodeProcess(bin, args);
    await viewsOf(node);
    return { ...node, stop: () => node.stop().then(forget) };
  } catch (error) {
    await forget();
    throw error;
  }
}

/** Waits until the views have taken in what was done while they were down. */
async function viewsOf({ url }: NodeProcess): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (Number(/^views_lag_commands (\d+)/m.exec(metrics)?.[1]) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function fill(data: string, config: object, buckets: number): Promise<void> {
  const parsed = parseConfig(config);
  const own = await takeOver(data, capacitiesOf(parsed));
  const { runner } = await Runner.open(own, { capacities: own.capacities, hash, clock: Date.now });
  try {
    if (own.names === undefined) throw new Error("the venue was not set up");
    const accounts = await crowd(runner, directoryOf(own.names), buckets);
    await giveAway(own, accounts);
    await runner.snapshot();
  } finally {
    await runner.close();
    await own.release();
  }
}

/** Opens the accounts, funds them, and has every two of them trade with each other. @returns the accounts, the traders' first */
async function crowd(runner: Runner, names: Directory, buckets: number): Promise<readonly number[]> {
  const house = (await submit(runner, [{ kind: "openAccount" }]))[0] as number;
  const total = LAYERS.reduce((sum, [, , amount]) => sum + amount, 0);
  await submit(runner, [
    { kind: "confirmDeposit", account: house, asset: ASSET, amount: total, reference: 1 },
    ...LAYERS.map(([tier, layer, amount]): CommandInput => ({
      kind: "fundLayer",
      account: house,
      tier,
      layer,
      amount,
    })),
    ...reports(names),
  ]);

  const random = createRandom(SEED);
  const between = (least: number, most: number): number =>
    least * (most / least) ** (random.below(GRAINS) / GRAINS);
  const instrument = instrumentNamed(names, SYMBOL, "symbol");
  const price = FIRST_PRICES.BTC;
  // Two who trade with each other have the same position, and each a leverage of his own.
  const positions: { readonly lots: number; readonly money: readonly [number, number] }[] = [];
  for (let first = 0; first < buckets; first += 2) {
    if (first < TRADERS.length) {
      positions.push({ lots: TRADER_POSITION, money: [TRADER_MONEY, TRADER_MONEY] });
      continue;
    }
    const amount = Math.max(0.01, Math.round(((between(1, MOST_THOUSANDS) * 4_000) / price) * 1_000) / 1_000);
    const money = (): number =>
      Math.round(amount * price * (1 / between(1, MOST_LEVERAGE) + ALLOWANCE) * USD);
    positions.push({ lots: amount, money: [money(), money()] });
  }
  const money = positions.flatMap((pair) => pair.money);
  const accounts = await submit(
    runner,
    money.map(() => ({ kind: "openAccount" })),
  );
  await submit(
    runner,
    accounts.map((account, index): CommandInput => ({
      kind: "confirmDeposit",
      account,
      asset: ASSET,
      amount: money[index] as number,
      reference: 2 + index,
    })),
  );
  const owned = await submit(
    runner,
    accounts.map((account, index): CommandInput => ({
      kind: "allocate",
      account,
      tier: TIER,
      mode: 0,
      asset: ASSET,
      amount: money[index] as number,
    })),
  );
  await submit(
    runner,
    accounts.map((account, index): CommandInput => {
      const order = {
        symbol: SYMBOL,
        side: index % 2 === 0 ? "sell" : "buy",
        type: "limit",
        amount: (positions[index >> 1] as (typeof positions)[number]).lots.toFixed(3),
        price: price.toFixed(1),
      } as const;
      return placeOrderOf(order, instrument, account, owned[index] as number, "order");
    }),
  );
  return accounts;
}

function reports(names: Directory): readonly CommandInput[] {
  const publishedAt = Date.now();
  return names.instruments.flatMap((instrument) =>
    DEMO_REPORTERS.map((_, index) =>
      priceReport(instrument, index + 1, FIRST_PRICES[instrument.base as Underlying], publishedAt),
    ),
  );
}

/** Makes them durable, in order. @returns the first fact of each. @throws if one is refused */
async function submit(runner: Runner, commands: readonly CommandInput[]): Promise<readonly number[]> {
  const firsts: number[] = [];
  for (let from = 0; from < commands.length; from += MAX_BATCH) {
    const part = commands.slice(from, from + MAX_BATCH);
    const frames = new Float64Array(part.length * FRAME_WORDS);
    for (const [index, command] of part.entries()) frames.set(frameOf(command), index * FRAME_WORDS);
    const { batch, index: at } = await runner.submitAll(frames);
    for (const [index, command] of part.entries()) {
      const facts = batch.facts.subarray((at + index) * RECEIPT_FACTS, (at + index + 1) * RECEIPT_FACTS);
      if (batch.codes[at + index] !== 0)
        throw new Error(
          `${JSON.stringify(command)} was refused: ${batch.codes[at + index]} ${facts.join(" ")}`,
        );
      firsts.push(facts[0] as number);
    }
  }
  return firsts;
}

/** Says whose the accounts are: traders' are those of their keys, and each of the others has an owner of its own. */
async function giveAway(own: OwnDirectory, accounts: readonly number[]): Promise<void> {
  const access = await openAccess(own.access, {
    genesis: genesisOf(own.capacities),
    chainId: 31_337,
    origins: () => ["http://localhost"],
    offices: { operators: [], reporters: [], members: [] },
    durableUntil: 0,
  });
  await Promise.all(
    accounts.map((account, index) => {
      const trader = TRADERS[index];
      const owner =
        trader === undefined
          ? `0x${account.toString(16).padStart(40, "0")}`
          : addressOf(publicKeyOf(privateKeyOf(demoKey(trader), trader)));
      return access.registry.openAccount(owner.toLowerCase(), async () => account);
    }),
  );
  await access.close();
}

function hash(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
