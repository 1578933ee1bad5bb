/**
 * Who may import whom. A zone is a folder of a package's `src`; every zone may import itself unless it is sealed,
 * and whatever is absent from its row is forbidden. Tests are free: they may set up any scene.
 *
 *     engine/risk          files below packages/engine/src/risk
 *     engine               files lying directly in packages/engine/src
 *     @bulkhead/engine     another package, by its public index
 *     type @bulkhead/...   the same, but by `import type` only
 *     node, npm:name       the platform, a dependency
 */
import { isRelative, isTest, type Import, type Module, targetOf } from "./source.ts";

const INNER = ["engine/kernel", "engine/domain", "engine/domain/rows"];
const LAYERS = [
  "engine/execution",
  "engine/risk",
  "engine/clearing",
  "engine/vault",
  "engine/guard",
  "engine/oracle",
  "engine/governance",
];

/** One folder a page; pages do not import one another. */
const DASHBOARD_PAGES = [
  "dashboard/venue",
  "dashboard/trade",
  "dashboard/account",
  "dashboard/oracle",
  "dashboard/governance",
  "dashboard/incidents",
  "dashboard/verify",
];
const PAGE = [
  "dashboard/charts",
  "dashboard/live",
  "dashboard/records",
  "dashboard/ui",
  "@bulkhead/protocol",
  "@bulkhead/sdk", // what a wallet signs: withdraw, allocate, stake
  "npm:react",
  "npm:wouter",
];

export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "engine/kernel": [],
  "engine/domain/rows": ["engine/kernel"],
  "engine/domain": ["engine/kernel", "engine/domain/rows"],
  "engine/execution": INNER,
  "engine/risk": INNER,
  "engine/clearing": INNER,
  "engine/vault": INNER,
  "engine/guard": INNER,
  "engine/oracle": INNER,
  "engine/governance": INNER,
  "engine/security": INNER, // judges the layers, so it shares no code with them
  "engine/commands/steps": [...INNER, ...LAYERS],
  "engine/commands": [...INNER, ...LAYERS, "engine/commands/steps"],
  engine: [...INNER, ...LAYERS, "engine/security", "engine/commands", "engine/commands/steps"],

  "simulator/auditor": ["type @bulkhead/engine"], // predicts balances with arithmetic of its own
  "simulator/telling": ["@bulkhead/engine"],
  "simulator/drills": ["simulator/telling", "@bulkhead/engine", "@bulkhead/engine/drill"], // writes behind the engine's back
  "simulator/incidents": ["simulator/telling", "@bulkhead/engine", "@bulkhead/engine/drill"], // one of them has a faulty engine
  // Played in browsers too.
  "simulator/stories": ["simulator/telling", "simulator/drills", "simulator/incidents", "@bulkhead/engine"],
  simulator: [
    "simulator/auditor",
    "simulator/drills",
    "simulator/incidents",
    "simulator/stories",
    "simulator/telling",
    "@bulkhead/engine",
    "node",
  ],

  protocol: [
    "@bulkhead/engine",
    "npm:@noble/curves/secp256k1.js",
    "npm:@noble/hashes/sha2.js",
    "npm:@noble/hashes/sha3.js",
    "npm:@noble/hashes/utils.js",
    "npm:zod",
  ],
  "sdk/node": ["sdk", "@bulkhead/protocol", "node"], // browsers never load it
  sdk: ["@bulkhead/engine", "@bulkhead/protocol", "npm:ws"],
  "server/log": ["@bulkhead/protocol/log", "node"],
  "server/access": [
    "@bulkhead/protocol/log",
    "server/log",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "npm:@noble/curves/secp256k1.js",
    "npm:viem/siwe",
    "npm:zod",
    "node",
  ],
  "server/runner": [
    "server/log",
    "server",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "@bulkhead/protocol/log",
    "node",
  ],
  // State and rows in symbols and decimals, told alike by answers and streams.
  "server/telling": ["@bulkhead/engine", "@bulkhead/protocol"],
  "server/market": [
    "type server/runner",
    "server/telling",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "npm:ws",
    "npm:zod",
    "node",
  ],
  "server/telemetry": [
    "type server/log",
    "type server/runner",
    "@bulkhead/engine",
    "npm:@opentelemetry/api",
    "npm:@opentelemetry/core",
    "npm:@opentelemetry/exporter-trace-otlp-http",
    "npm:@opentelemetry/resources",
    "npm:@opentelemetry/sdk-trace-base",
    "npm:pino",
    "npm:prom-client",
    "node",
  ],
  "server/gateway": [
    "server/access",
    "server/log",
    "server/runner",
    "server/telling",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "@bulkhead/protocol/log",
    "npm:@fastify/cors",
    "npm:@fastify/helmet",
    "npm:fastify",
    "npm:ws",
    "node",
  ],
  "server/views": [
    "type server/runner", // batches come from it, and are all that is known of it
    "server/telling",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "npm:@electric-sql/pglite",
    "npm:drizzle-orm",
    "npm:drizzle-orm/pg-core",
    "npm:drizzle-orm/pglite",
    "npm:drizzle-orm/postgres-js",
    "npm:postgres",
  ],
  // Where the parts meet.
  "server/node": [
    "server",
    "server/access",
    "server/gateway",
    "server/log",
    "server/market",
    "server/runner",
    "server/telemetry",
    "server/views",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "@bulkhead/protocol/log",
    "npm:zod",
    "node",
  ],
  server: [
    "server/access",
    "server/gateway",
    "server/log",
    "server/market",
    "server/node",
    "server/runner",
    "server/telemetry",
    "server/views",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "@bulkhead/protocol/log",
    "node",
  ],

  "dashboard/ui": ["npm:react", "npm:react-dom"],
  "dashboard/charts": [
    "dashboard/ui",
    "npm:react",
    "npm:uplot",
    "npm:uplot/dist/uPlot.min.css",
    "npm:lightweight-charts",
  ],
  "dashboard/live": [
    "@bulkhead/protocol",
    "@bulkhead/sdk",
    "npm:@tanstack/react-query",
    "npm:react",
    "npm:wouter", // what is chosen stands in the address
  ],
  // Orders, fills and refusals as several pages tell them.
  "dashboard/records": [
    "dashboard/live",
    "dashboard/ui",
    "@bulkhead/protocol",
    "@bulkhead/sdk",
    "npm:react",
    "npm:wouter", // records link to the account and the market they are of
  ],
  // The shell: it alone knows all pages.
  "dashboard/app": [
    "dashboard/live",
    "dashboard/records",
    "dashboard/ui",
    ...DASHBOARD_PAGES,
    "npm:react",
    "npm:wouter",
  ],
  ...Object.fromEntries(DASHBOARD_PAGES.map((page) => [page, PAGE])),
  // Those two run the engine itself.
  "dashboard/incidents": [...PAGE, "@bulkhead/simulator/stories"],
  "dashboard/verify": [...PAGE, "@bulkhead/engine", "@bulkhead/protocol/log"],
  dashboard: ["dashboard/app", "dashboard/ui", "npm:react", "npm:react-dom/client", "npm:zod"],

  cli: [
    "@bulkhead/dashboard",
    "@bulkhead/engine",
    "@bulkhead/protocol",
    "@bulkhead/sdk",
    "@bulkhead/server",
    "@bulkhead/server/core",
    "@bulkhead/simulator",
    "@bulkhead/simulator/stories",
    "npm:commander",
    "npm:cli-progress",
    "node",
  ],
};

/** Zones whose files do not import one another: each command tells its own story. */
const SEALED: ReadonlySet<string> = new Set(["engine/commands"]);

/** Packages where every folder needs a row of its own; elsewhere a folder shares its parent's. */
const CLOSED: ReadonlySet<string> = new Set(["engine"]);

export function trespasses(modules: readonly Module[]): readonly string[] {
  return modules
    .filter((module) => !isTest(module.path))
    .flatMap((module) => {
      const zone = zoneOf(module.path);
      const row = MAY_IMPORT[zone];
      if (row === undefined) return [`${module.path}: ${zone} has no row in the import table`];
      return module.imports
        .map((found) => ({ found, target: zoneOfImport(module, found) }))
        .filter(({ found, target }) => !isAllowed(row, zone, target, found.typeOnly))
        .map(({ found, target }) => `${module.path}:${found.line}: ${zone} may not import ${target}`);
    });
}

function isAllowed(row: readonly string[], zone: string, target: string, typeOnly: boolean): boolean {
  if (target === zone) return !SEALED.has(zone);
  return row.includes(target) || (typeOnly && row.includes(`type ${target}`));
}

function zoneOfImport(module: Module, { specifier }: Import): string {
  if (isRelative(specifier)) return zoneOf(targetOf(module, specifier));
  if (specifier.startsWith("@bulkhead/")) return specifier;
  if (specifier.startsWith("node:")) return "node";
  return `npm:${specifier}`;
}

/** The nearest folder with a row, seen upwards from the file. */
function zoneOf(path: string): string {
  const folders = path
    .replace(/^packages\/([^/]+)\/src\//, "$1/")
    .split("/")
    .slice(0, -1);
  for (let depth = folders.length; depth > 0; depth -= 1) {
    const zone = folders.slice(0, depth).join("/");
    const isShared = depth === folders.length || !CLOSED.has(zone);
    if (zone in MAY_IMPORT && isShared) return zone;
  }
  return folders.join("/");
}
