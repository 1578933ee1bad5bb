/**
 * What a node is told when it starts: a JSON file, checked before anything is done. Everything left out has a default, and what is not known
 * is an error that names its place. Rates, limits and parameters are the engine's integers, as docs/reference/parameters.md has them; ticks,
 * lots and caps are decimals of the market's or asset's own units.
 */
import { readFile } from "node:fs/promises";
import { PARAMETERS, VENUE_PARAMETERS } from "@bulkhead/engine";
import { z } from "zod";

const whole = z.int().nonnegative();
const positive = z.int().positive();
const ppm = z.int().min(0).max(1_000_000);
const decimal = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,15})?$/, 'must be a decimal number in quotes, such as "0.5"');
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hexadecimal digits");
const symbol = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9.-]{0,23}$/, "must be capitals, digits, - and ., such as BTC-PERP");
const origin = z
  .string()
  .refine(isOrigin, 'must be an origin, without a path or a slash at the end: "https://venue.example"');
const moment = z.iso.datetime({ error: 'must be a moment such as "2026-12-25T08:00:00Z"' });

/** Whether it is an origin as browsers name it. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Numbers under the names of parameters. */
function parameters(names: readonly string[]) {
  return z.partialRecord(z.enum(names as [string, ...string[]]), z.int());
}
const tierParameters = parameters(Object.keys(PARAMETERS));
const venueParameters = parameters(Object.keys(VENUE_PARAMETERS));

const feed = z.strictObject({
  /** Numbers of the reporters that are asked; all of the tier's if left out. */
  reporters: z.array(positive).min(1).optional(),
  quorum: positive.optional(),
  sigma: positive.optional(),
  staleAfter: positive.optional(),
  deadAfter: positive.optional(),
  halfLife: positive.optional(),
  maxConfidence: positive.optional(),
  jump: positive.optional(),
  deviation: positive.optional(),
  divergence: positive.optional(),
  frozenAfter: whole.optional(),
  floor: whole.optional(),
});

const breaker = z.strictObject({
  sigma: whole.optional(),
  softZ: whole.optional(),
  hardZ: whole.optional(),
  softMove: ppm.optional(),
  hardMove: ppm.optional(),
  divergence: ppm.optional(),
  liquidationCapacity: whole.optional(),
  openInterestStep: whole.optional(),
  lossCapacity: whole.optional(),
  spreadFactor: whole.optional(),
  depthFloor: ppm.optional(),
  cautionBand: ppm.optional(),
  haltScore: whole.optional(),
  haltCost: ppm.optional(),
});

const market = z.strictObject({
  symbol,
  base: symbol,
  contract: z.enum(["perpetual", "future"]).default("perpetual"),
  expiry: moment.optional(),
  tickSize: decimal,
  lotSize: decimal,
  /** The price range has 2^rangeBits ticks. */
  rangeBits: z.int().min(15).max(22).default(20),
  initialMargin: ppm.default(50_000),
  maintenanceRatio: ppm.default(600_000),
  scaleBase: whole.default(1_000_000_000_000),
  oiLower: whole.default(0),
  oiUpper: whole.default(0),
  band: ppm.default(50_000),
  takerFee: whole.default(450),
  makerFee: z.int().default(-50),
  maxPositionLots: positive.optional(),
  maxOpenInterestLots: positive.optional(),
  fundingCap: whole.default(1_000_000),
  brackets: z.array(z.strictObject({ lower: positive, rate: ppm })).default([]),
  parameters: tierParameters.default({}),
  /** false = an operator tells the price. */
  feed: z.union([z.literal(false), feed]).default({}),
  /** false = no breaker. */
  breaker: z.union([z.literal(false), breaker]).default({}),
});

const collateral = z.strictObject({
  asset: symbol,
  initialWeight: ppm,
  maintenanceWeight: ppm,
  cap: decimal,
  feed: z.union([z.literal(false), feed]).default({}),
});

const reporter = z.strictObject({
  reporter: positive,
  /** Who runs it: an operator's reporters count as one in a quorum. */
  operator: positive,
  address,
  weight: ppm.default(1_000_000),
});

const posture = z.strictObject({
  baseline: z.int().min(0).max(2).default(0),
  insuranceTarget: whole.default(0),
});

const capacities = z.strictObject({
  markets: positive.max(64).optional(),
  buckets: positive.optional(),
  positions: positive.optional(),
  orders: positive.optional(),
  holdings: positive.optional(),
  ticks: positive.optional(),
});

const tier = z.strictObject({
  name: z.string().min(1).max(40),
  minInitialMargin: ppm.default(20_000),
  capacities: capacities.default({}),
  parameters: tierParameters.default({}),
  reporters: z.array(reporter).max(16).default([]),
  /** false = no controller. */
  posture: z.union([z.literal(false), posture]).default({ baseline: 0, insuranceTarget: 0 }),
  collateral: z.array(collateral).default([]),
  markets: z.array(market).min(1),
});

const rate = z.strictObject({ perSecond: z.number().positive(), burst: z.number().positive() });
/** access/limits.ts tells what each of them is. */
const limits = z
  .strictObject({
    requestsPerAddress: rate,
    loginsPerAddress: rate,
    newAccounts: rate,
    requestsPerSession: rate,
    commandsPerSession: rate,
    commandsPerAccount: rate,
    orderRatio: rate.extend({ perFill: positive }),
    connectionsPerAddress: positive,
    connections: positive,
    bodyBytes: positive,
    bodyDepth: positive,
    batchOrders: positive,
    batchesInFlight: positive,
    unsentBytes: positive,
    headersTimeout: positive,
    requestTimeout: positive,
    idleTimeout: positive,
  })
  .partial();

const ROLES = { signer: 1, steward: 2, guardian: 4, breaker: 8 } as const;
const governance = z.strictObject({
  members: z
    .array(
      z.strictObject({
        member: positive,
        address,
        roles: z.array(z.enum(Object.keys(ROLES) as [keyof typeof ROLES])).min(1),
      }),
    )
    .default([]),
  /** Approvals a proposal needs; from then on operators change nothing more. Left out: the venue stays in its operators' hands. */
  seal: z.strictObject({ threshold: positive, timelock: positive.default(172_800_000) }).optional(),
});

const CONFIG = z
  .strictObject({
    name: z.string().min(1).max(60),
    /** Whether it is a demo: its money is play money, and whoever looks at it may make himself a key. */
    demo: z.boolean().default(false),
    /** Of the chain whose wallets sign; part of every signature. */
    chainId: positive.default(31_337),
    host: z.string().default("127.0.0.1"),
    port: z.int().min(0).max(65_535).default(8_642),
    /** Under which browsers reach the node, if that is not `http://host:port`: behind a proxy that speaks TLS, for example. */
    publicOrigin: origin.optional(),
    /** Other origins whose pages may call the node from a browser, and log in. */
    origins: z.array(origin).max(32).default([]),
    /** Addresses of proxies in front of the node, whose word is taken for where a request comes from. */
    proxies: z
      .array(z.union([z.ipv4(), z.ipv6()], "must be an IP address"))
      .max(32)
      .default([]),
    /** Port for binary orders over TCP; left out: none, they go over the WebSocket. */
    binaryPort: z.int().min(0).max(65_535).optional(),
    assets: z
      .array(z.strictObject({ symbol, decimals: z.int().min(0).max(15), price: decimal.optional() }))
      .min(1),
    /** Who may list, confirm deposits and payments, and set what is not sealed. */
    operators: z.array(address).default([]),
    governance: governance.default({ members: [] }),
    parameters: venueParameters.default({}),
    capacities: z
      .strictObject({
        accounts: positive.default(20_000),
        balances: positive.default(60_000),
        withdrawals: positive.default(20_000),
      })
      .prefault({}),
    tiers: z.array(tier).min(1).max(8),
    /** A PostgreSQL URL, or "embedded". */
    views: z.string().default("embedded"),
    snapshots: z
      .strictObject({ everyCommands: positive.default(1_000_000), everySeconds: positive.default(600) })
      .prefault({}),
    /** Where notices of alerts go, and the key that signs them. */
    alerts: z.strictObject({ webhook: z.url(), secret: z.string().min(16) }).optional(),
    /** Where spans of requests and batches go by OTLP over HTTP, and which part of them. */
    openTelemetry: z
      .strictObject({
        endpoint: z.url(),
        headers: z.record(z.string(), z.string()).prefault({}),
        sample: z.number().min(0).max(1).default(1),
      })
      .optional(),
    log: z.strictObject({ level: z.enum(["debug", "info", "warn", "error"]).default("info") }).prefault({}),
    /** Whether everybody may read the log of commands. */
    publicLog: z.boolean().default(false),
    /** What a demo gives away: to an account at a time, and within a day. */
    playMoney: z.strictObject({ asset: symbol, amount: decimal, perDay: decimal }).optional(),
    /** Those of access/limits.ts that are to be other than its defaults. */
    limits: limits.default({}),
  })
  .superRefine(({ assets, tiers, demo, playMoney, governance: { members, seal } }, context) => {
    const problem = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    if (assets[0]?.decimals !== 6)
      problem(["assets", 0, "decimals"], "the first asset is the quote currency and has 6 decimals");
    tiers.forEach((each, tierIndex) => {
      each.markets.forEach((listed, index) => {
        const path = ["tiers", tierIndex, "markets", index];
        if ((listed.contract === "future") !== (listed.expiry !== undefined))
          problem([...path, "expiry"], "a future needs one, a perpetual has none");
        if (listed.feed !== false && each.reporters.length === 0)
          problem([...path, "feed"], "the tier has no reporters; with false an operator tells the price");
      });
    });
    if (playMoney !== undefined && !demo) problem(["playMoney"], "only a demo gives money away");
    if (playMoney !== undefined && !assets.some((asset) => asset.symbol === playMoney.asset))
      problem(["playMoney", "asset"], "is none of the venue's assets");
    const signers = members.filter(({ roles }) => roles.includes("signer")).length;
    if (seal !== undefined && seal.threshold > signers)
      problem(["governance", "seal", "threshold"], `there are ${signers} signers`);
  });

export type Config = z.output<typeof CONFIG>;
export type TierConfig = Config["tiers"][number];
export type MarketConfig = TierConfig["markets"][number];
export type FeedConfig = Exclude<MarketConfig["feed"], false>;

/** A configuration that cannot be used; the message names every place and what is wrong there. */
export class ConfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ConfigError";
  }
}

/** @throws {ConfigError} */
export function parseConfig(value: unknown, source = "configuration"): Config {
  const parsed = CONFIG.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${pathText(path)}: ${message}`);
  throw new ConfigError(`${source} cannot be used:\n${lines.join("\n")}`);
}

/** @throws {ConfigError} if there is no such file, it is no JSON, or not a configuration */
export async function readConfig(file: string): Promise<Config> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${file}: ${(error as Error).message}`, { cause: error });
  }
  return parseConfig(value, file);
}

/** The bits of a member's roles. */
export function rolesOf(roles: readonly (keyof typeof ROLES)[]): number {
  return roles.reduce((bits, role) => bits | ROLES[role], 0);
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? "(top)" : text.replace(/^\./, "");
}
