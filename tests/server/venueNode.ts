/**
 * A node to test on: a venue of one market (a dollar per tick and lot) on disks in memory, behind a gateway on ports of its own; and clients
 * of it, each with a wallet and a session key.
 */
import { FRAME_WORDS, encodeCommand, hex, refusalOf } from "@bulkhead/engine";
import {
  type CommandInput,
  type Hex,
  addressOf,
  batchDigest,
  commandDigest,
  contentHash,
  createPrivateKey,
  delegationDigest,
  directoryOf,
  encodeBatch,
  encodeRecords,
  frameOf,
  hexOf,
  publicKeyOf,
  requestDigest,
  sign,
  signRecoverable,
} from "@bulkhead/protocol";
import {
  type AccessOptions,
  DEFAULT_LIMITS,
  type Gateway,
  type GatewayDependencies,
  type GatewayOptions,
  type History,
  type HistoryAnswers,
  type Limits,
  type Log,
  Runner,
  type RunnerOptions,
  type Streams,
  genesisOf,
  openAccess,
  openGateway,
  openPublicLog,
} from "@bulkhead/server";
import { PLAIN_MARKET, smallVenue, usd } from "../engine/venue.ts";
import { MemoryDisk } from "./memoryDisk.ts";

const SEGMENT = 64 * 4_096;
export const NAMES = {
  assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
  tiers: [{ tier: 1, name: "Majors" }],
  instruments: [
    { symbol: "BTC-PERP", tier: 1, market: 1, base: "BTC", quote: "USD", tickSize: "1", lotSize: "1" },
  ],
};

/** Limits that no test meets unless it wants to. */
export const WIDE: Limits = {
  ...DEFAULT_LIMITS,
  requestsPerAddress: { perSecond: 1e6, burst: 1e6 },
  loginsPerAddress: { perSecond: 1e6, burst: 1e6 },
  requestsPerSession: { perSecond: 1e6, burst: 1e6 },
  commandsPerSession: { perSecond: 1e6, burst: 1e6 },
  commandsPerAccount: { perSecond: 1e6, burst: 1e6 },
  connectionsPerAddress: 1_000,
};

const NO_ROWS = { rows: [], sequence: Number.MAX_SAFE_INTEGER };
/** What views answer that have found nothing. */
const NOTHING: { readonly [Name in keyof HistoryAnswers]: HistoryAnswers[Name] } = {
  orders: NO_ROWS,
  order: undefined,
  fills: NO_ROWS,
  ledger: NO_ROWS,
  withdrawals: NO_ROWS,
  trades: NO_ROWS,
  candles: [],
  fundingRates: NO_ROWS,
  liquidations: NO_ROWS,
  fundHistory: [],
  timeline: NO_ROWS,
  proposals: NO_ROWS,
};
/** Views that have taken in everything. */
const NO_HISTORY: History = {
  sequence: async () => Number.MAX_SAFE_INTEGER,
  reached: async () => undefined,
  ask: async (name) => NOTHING[name],
};
const NO_STREAMS: Streams = { upgrade: (_, socket) => socket.destroy(), close: () => undefined };

export interface Disks {
  readonly log: MemoryDisk;
  readonly snapshots: MemoryDisk;
  readonly access: MemoryDisk;
}

export interface NodeOptions {
  readonly disks?: Disks;
  readonly core?: Pick<RunnerOptions, "probe" | "retryMs">;
  readonly limits?: Partial<Limits>;
  readonly access?: Partial<AccessOptions>;
  readonly gateway?: Partial<GatewayOptions>;
  readonly history?: (runner: Runner) => History;
  readonly streams?: Streams;
  readonly isLogPublic?: boolean;
  /** Under which the world reaches it. */
  readonly origin?: string;
  readonly playMoney?: GatewayDependencies["playMoney"];
  readonly clock?: () => number;
}

export interface TestNode {
  readonly runner: Runner;
  readonly gateway: Gateway;
  readonly access: Awaited<ReturnType<typeof openAccess>>;
  readonly disks: Disks;
  readonly url: string;
  readonly genesis: Uint8Array;
  /** Everything that was logged, as one line each. */
  readonly logged: string[];
  /** Executes a command as the node's operator would. */
  execute(command: CommandInput): Promise<readonly number[]>;
  /** A client with an account that has so many dollars in its cross bucket. */
  client(dollars?: number, scopes?: number): Promise<TestClient>;
  stateHash(): Promise<string>;
  /** Closes the gateway, and what it stands on. */
  close(): Promise<void>;
}

export async function openNode(options: NodeOptions = {}): Promise<TestNode> {
  const clock = options.clock ?? Date.now;
  const disks = options.disks ?? {
    log: new MemoryDisk(),
    snapshots: new MemoryDisk(),
    access: new MemoryDisk(),
  };
  const capacities = smallVenue();
  const genesis = genesisOf(capacities);
  const { runner } = await Runner.open(disks, { capacities, segmentBytes: SEGMENT, clock, ...options.core });
  const access = await openAccess(disks.access, {
    genesis,
    chainId: 31_337,
    origins: () => ["https://venue.example"],
    offices: { operators: [], reporters: [], members: [] },
    limits: { ...WIDE, ...options.limits },
    durableUntil: runner.engine.time,
    segmentBytes: SEGMENT,
    threads: 1,
    clock,
    ...options.access,
  });
  const logged: string[] = [];
  const note = (facts: Readonly<Record<string, unknown>>, code: string): void => {
    const told = Object.entries(facts).map(([name, value]) => [
      name,
      value instanceof Error ? `${value.stack} ${JSON.stringify(value)}` : value,
    ]);
    logged.push(JSON.stringify({ code, ...Object.fromEntries(told) }));
  };
  const log: Log = { info: note, warn: note, error: note };
  const gateway = await openGateway(
    { host: "127.0.0.1", port: 0, tcpPort: 0, ...options.gateway },
    {
      core: runner,
      access,
      history: options.history?.(runner) ?? NO_HISTORY,
      streams: options.streams ?? NO_STREAMS,
      directory: directoryOf(NAMES),
      about: { name: "a venue", isDemo: false, origin: () => options.origin ?? "https://venue.example" },
      log,
      metrics: async () => "# nothing\n",
      ...(options.isLogPublic === true && { publicLog: openPublicLog(runner.log, disks.log) }),
      playMoney: options.playMoney,
      version: "0.0.0",
    },
  );
  const url = `http://127.0.0.1:${gateway.port}`;

  const execute = async (command: CommandInput): Promise<readonly number[]> => {
    const frame = new Float64Array(FRAME_WORDS);
    encodeCommand({ ...command, time: 0 }, frame);
    const { code, facts } = await runner.submit(frame);
    if (code !== 0) throw new Error(`${command.kind}: ${refusalOf(code)} ${[...facts].join(" ")}`);
    return [...facts];
  };
  if (runner.engine.sequence === 0) {
    await execute({ kind: "listAsset", scale: 1_000_000 });
    await execute({ kind: "listTier", minInitialMargin: 10_000 });
    await execute({ kind: "listMarket", ...PLAIN_MARKET });
    await execute({ kind: "updateIndexPrice", tier: 1, market: 1, price: 100 });
  }
  let reference = Date.now() * 1_000;
  const node: TestNode = {
    runner,
    gateway,
    access,
    disks,
    url,
    genesis,
    logged,
    execute,
    client: async (dollars = 1_000, scopes = 15) => {
      const client = new TestClient(node, clock);
      await client.openAccount();
      const { account } = client;
      const amount = usd(dollars);
      if (dollars > 0)
        await execute({ kind: "confirmDeposit", account, asset: 1, amount, reference: ++reference });
      if (dollars > 0) await execute({ kind: "allocate", account, tier: 1, mode: 0, asset: 1, amount });
      await client.delegate(scopes);
      return client;
    },
    stateHash: () => runner.read((engine) => hex(engine.stateHash())),
    close: async () => {
      await gateway.close();
      await access.close();
      await runner.close();
    },
  };
  return node;
}

/** Of an answer, what tests look into; what they compare it with says the rest. */
export interface Told extends Iterable<Told> {
  readonly id: string;
  readonly session: number;
  readonly token: string;
  readonly message: string;
  readonly sequence: number;
  readonly facts: { readonly account: number };
  readonly events: readonly unknown[];
  readonly results: readonly { readonly receipt: { readonly sequence: number } }[];
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Told;
}

export async function call(url: string, method: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { method, ...init });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  const body = (isJson ? JSON.parse(text) : text) as Told;
  return { status: response.status, headers: response.headers, body };
}

interface SignedWith {
  readonly nonce?: number;
  readonly key?: Uint8Array;
}

export class TestClient {
  readonly wallet: Uint8Array = createPrivateKey();
  readonly key: Uint8Array = createPrivateKey();
  readonly address: Hex = addressOf(publicKeyOf(this.wallet));
  readonly node: TestNode;
  private readonly clock: () => number;
  private last = 0;
  account = 0;
  session = 0;
  token = "";

  constructor(node: TestNode, clock: () => number) {
    this.node = node;
    this.clock = clock;
  }

  /** Above all that it gave before, and as near to now as can be. */
  nonce(): number {
    return (this.last = Math.max(this.last + 1, this.clock()));
  }

  async openAccount(): Promise<void> {
    const { body } = await this.command({ kind: "openAccount" });
    this.account = body.facts.account;
  }

  /** Any command, signed by the wallet. */
  command(
    command: CommandInput,
    wallet: Uint8Array = this.wallet,
    nonce: number = this.nonce(),
  ): Promise<Reply> {
    const digest = commandDigest(this.node.access.domain, frameOf(command), nonce);
    const signature = hexOf(signRecoverable(digest, wallet));
    return this.post("/v1/commands", { command, nonce, signature });
  }

  async delegate(scopes: number, expires: number = this.clock() + 3_600_000): Promise<Reply> {
    const delegation = {
      owner: this.address,
      key: hexOf(publicKeyOf(this.key)),
      scopes,
      expires,
      nonce: this.nonce(),
    };
    const signature = hexOf(
      signRecoverable(delegationDigest(this.node.access.domain, delegation), this.wallet),
    );
    const reply = await this.post("/v1/auth/delegations", { delegation, signature });
    if (reply.status === 201) [this.session, this.token] = [reply.body.session, reply.body.token];
    return reply;
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return call(this.node.url + path, "POST", {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  }

  /** The headers that sign a request. */
  signed(
    method: string,
    target: string,
    body = "",
    nonce: number = this.nonce(),
    key: Uint8Array = this.key,
  ): Record<string, string> {
    const bytes = new TextEncoder().encode(body);
    const digest = requestDigest(this.node.access.domain, {
      method,
      target,
      body: contentHash(bytes),
      nonce,
    });
    return {
      "bulkhead-session": String(this.session),
      "bulkhead-nonce": String(nonce),
      "bulkhead-signature": hexOf(sign(digest, key)),
    };
  }

  /** A request signed by the session key. */
  send(method: string, target: string, value?: unknown): Promise<Reply> {
    const body = value === undefined ? "" : JSON.stringify(value);
    return call(this.node.url + target, method, {
      ...(value !== undefined && { body }),
      headers: {
        ...(value !== undefined && { "content-type": "application/json" }),
        ...this.signed(method, target, body),
      },
    });
  }

  /** A request with the session's token. */
  read(target: string): Promise<Reply> {
    return call(this.node.url + target, "GET", { headers: { authorization: `Bearer ${this.token}` } });
  }

  order(side: "buy" | "sell", amount: number, price: number, more: object = {}): Promise<Reply> {
    const order = {
      symbol: "BTC-PERP",
      side,
      type: "limit",
      amount: String(amount),
      price: String(price),
      ...more,
    };
    return this.send("POST", "/v1/orders", order);
  }

  /** A message of commands, as binary order entry takes it. */
  batch(commands: readonly CommandInput[], request = 1, more: SignedWith = {}): Uint8Array {
    return this.message(recordsOf(commands), commands.length, request, more);
  }

  message(records: Uint8Array, count: number, request: number, more: SignedWith = {}): Uint8Array {
    const { nonce = this.nonce(), key = this.key } = more;
    const { session } = this;
    const digest = batchDigest(this.node.access.domain, { session, nonce, records: contentHash(records) });
    return encodeBatch({ request, session, nonce, signature: sign(digest, key), count, records });
  }
}

/** Commands as a batch has them. */
export function recordsOf(commands: readonly CommandInput[]): Uint8Array {
  const frames = new Float64Array(commands.length * FRAME_WORDS);
  commands.forEach((command, index) => frames.set(frameOf(command), index * FRAME_WORDS));
  return encodeRecords(frames);
}
