/** A node for the benchmark of the interface: everything between the network and the disk, in a process of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_WORDS, encodeCommand } from "@bulkhead/engine";
import { type Hex, directoryOf } from "@bulkhead/protocol";
import {
  DEFAULT_LIMITS,
  FanOut,
  type History,
  type Log,
  MarketData,
  Runner,
  createStreamEndpoint,
  genesisOf,
  openAccess,
  openDirectory,
  openGateway,
  takeOver,
} from "@bulkhead/server";
import { platformHash } from "./venueCommands.ts";
import { MARKETS, createIdleCommands, idleCapacities } from "./venueFlow.ts";

export const ACCOUNTS = 256;
/** Owners of the accounts; account a is owned by number (a − 1) mod OWNERS. */
export const OWNERS = 4;
export const CHAIN = 31_337;
export const SYMBOL = "BTC-PERP";

/** What the node is told. */
export type Told = { readonly keys: readonly string[] } | "figures" | "end";
/** What it tells. */
export type Tells =
  | {
      readonly port: number;
      readonly tcpPort: number;
      readonly genesis: Hex;
      readonly sessions: readonly number[];
      readonly tokens: readonly string[];
    }
  | Figures;

export interface Figures {
  /** CPU time of the whole process, verifying threads and all, µs. */
  readonly cpu: number;
  readonly sequence: number;
  /** Bytes of memory it holds. */
  readonly memory: number;
  readonly streams: Readonly<Record<string, number>>;
}

const PLENTY = { perSecond: 1e9, burst: 1e9 };
const NO_HISTORY: History = {
  sequence: async () => Number.MAX_SAFE_INTEGER,
  reached: async () => undefined,
  ask: async (name) => (name === "order" ? undefined : name === "candles" ? [] : { rows: [] }) as never,
};

const note: Log["error"] = (facts, code) => console.error(code, facts);

/** Lives until it is told to end. */
export async function beNode(): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "bulkhead-api-"));
  const { capacities, log, snapshots, release } = await takeOver(path, idleCapacities(ACCOUNTS));
  const clock = Date.now;
  const { runner } = await Runner.open({ log, snapshots }, { capacities, hash: platformHash, clock });
  await fill(runner);
  const genesis = genesisOf(capacities);
  const access = await openAccess(await openDirectory(join(path, "access"), "write"), {
    genesis,
    chainId: CHAIN,
    origins: () => ["https://venue.example"],
    offices: { operators: [], reporters: [], members: [] },
    durableUntil: 0,
    accountsPerAddress: ACCOUNTS,
    limits: {
      ...DEFAULT_LIMITS,
      requestsPerAddress: PLENTY,
      requestsPerSession: PLENTY,
      commandsPerSession: PLENTY,
      commandsPerAccount: PLENTY,
      orderRatio: { ...PLENTY, perFill: 1 },
      connectionsPerAddress: 4_096,
    },
  });
  const directory = directoryOf({
    assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
    tiers: [{ tier: 1, name: "Majors" }],
    instruments: Array.from({ length: MARKETS }, (_, index) => ({
      symbol: index === 0 ? SYMBOL : `M${index + 1}-PERP`,
      tier: 1,
      market: index + 1,
      base: index === 0 ? "BTC" : `M${index + 1}`,
      quote: "USD",
      tickSize: "0.1",
      lotSize: "0.001",
    })),
  });
  const fanOut = new FanOut();
  const market = new MarketData({ directory, fanOut, read: (question) => runner.read(question) });
  await runner.read((engine) => market.begin(engine));
  runner.listen((batch) => market.take(batch));
  market.start();
  const streams = createStreamEndpoint({ market, fanOut, authenticate: (token) => access.reader(token) });
  const gateway = await openGateway(
    { host: "127.0.0.1", port: 0, tcpPort: 0 },
    {
      core: runner,
      access,
      directory,
      about: { name: "bench", isDemo: false, origin: () => "https://venue.example" },
      streams,
      history: NO_HISTORY,
      log: { info: () => undefined, warn: note, error: note },
      metrics: async () => "",
      version: "0.0.0",
    },
  );
  process.on("message", async (told: Told) => {
    if (told === "figures") {
      const { user, system } = process.cpuUsage();
      const { sequence } = runner.engine;
      return tell({
        cpu: user + system,
        sequence,
        memory: process.memoryUsage.rss(),
        streams: { ...fanOut.figures },
      });
    }
    if (told === "end") {
      await gateway.close();
      market.close();
      await access.close();
      await runner.close();
      await release();
      rmSync(path, { recursive: true });
      return process.disconnect();
    }
    const opened = [];
    for (const [index, key] of told.keys.entries()) {
      const owner = `0x${String(index + 1).padStart(40, "0")}`;
      for (let account = index + 1; account <= ACCOUNTS; account += OWNERS)
        await access.registry.openAccount(owner, async () => account);
      const expires = clock() + 86_400_000;
      opened.push(
        await access.registry.openSession({ owner, key: Buffer.from(key, "hex"), scopes: 15, expires }),
      );
    }
    return tell({
      port: gateway.port,
      tcpPort: gateway.tcpPort as number,
      genesis: `0x${Buffer.from(genesis).toString("hex")}`,
      sessions: opened.map(({ session }) => session.id),
      tokens: opened.map(({ token }) => token),
    });
  });
}

/** Markets, and accounts with more than the flow can lose. */
async function fill(runner: Runner): Promise<void> {
  const frame = new Float64Array(FRAME_WORDS);
  const told = createIdleCommands(ACCOUNTS).map((command) => {
    encodeCommand(command, frame);
    return runner.submit(frame);
  });
  for (const { code, facts } of await Promise.all(told))
    if (code !== 0) throw new Error(`a command of the set-up was refused: ${code} ${facts.join(" ")}`);
}

function tell(tells: Tells): void {
  process.send?.(tells);
}
