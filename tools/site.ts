/**
 * Builds the dashboard's pages with Vite, unless they were built of the same sources already: `npm run build` does it after the packages, and
 * `npm run dashboard` serves them with changes shown at once, beside a node on its usual port.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { type InlineConfig, build, createServer } from "vite";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGE = join(ROOT, "packages/dashboard");
const SITE = join(PACKAGE, "dist/site");
const SEAL = join(PACKAGE, "dist/site.sha256");

/** What the pages are made of, and what makes them. */
const INPUTS = [
  "packages/dashboard/src",
  "packages/dashboard/public",
  "packages/dashboard/index.html",
  "packages/dashboard/package.json",
  "packages/engine/dist",
  "packages/protocol/dist",
  "packages/sdk/dist",
  "packages/simulator/dist",
  "tools/site.ts",
  "package-lock.json",
];
const IS_INPUT = /\.(?:css|html|js|json|svg|ts|tsx)$/;
/** Neither ends in the pages: a build's own notes, and tests. */
const IS_ASIDE = /\.d\.ts$|\.test\.tsx?$|\.tsbuildinfo$|^packages\/engine\/dist\/bundle\.js$/;

/** Libraries that every page needs, apart from what changes with each version of the pages. */
const FRAMEWORK = /node_modules\/(?:react|react-dom|scheduler|wouter|regexparam|@tanstack)\//;
/** The wire: schemas, signatures, the client. What of the engine they need comes along; the whole of it only where a page runs it. */
const WIRE = /node_modules\/(?:zod|@noble)\/|packages\/(?:protocol|sdk)\/dist\//;

const CONFIG: InlineConfig = {
  root: PACKAGE,
  configFile: false,
  plugins: [react()],
  resolve: {
    alias: [
      // The engine by its modules: only those that a page needs come along, where the joined one comes whole.
      { find: /^@bulkhead\/engine$/, replacement: join(ROOT, "packages/engine/dist/index.js") },
      // Where a browser has no WebSocket there is nothing to show; `ws` is for Node.
      { find: /^ws$/, replacement: join(PACKAGE, "src/live/noSocket.ts") },
    ],
  },
};

/** @returns whether there was anything to build */
export async function buildSite(): Promise<boolean> {
  const seal = digestOfInputs();
  if (existsSync(join(SITE, "index.html")) && existsSync(SEAL) && readFileSync(SEAL, "utf8") === seal)
    return false;
  await build({
    ...CONFIG,
    logLevel: "warn",
    build: {
      outDir: SITE,
      emptyOutDir: true,
      target: "es2023",
      // Nothing may stand in the page itself: its policy allows files only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 800,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: "framework", test: FRAMEWORK },
              { name: "wire", test: WIRE },
            ],
          },
        },
      },
    },
  });
  writeFileSync(SEAL, seal);
  return true;
}

/** Serves the sources to a browser while they are worked on. */
export async function serveSite(node: string): Promise<void> {
  const server = await createServer({
    ...CONFIG,
    server: {
      proxy: { "/v1": { target: node, ws: true }, "^/(?:health|ready|openapi.json)$": { target: node } },
    },
  });
  await server.listen();
  server.printUrls();
}

function digestOfInputs(): string {
  const digest = createHash("sha256");
  for (const path of INPUTS.flatMap(filesBelow).toSorted()) {
    digest.update(`${path}\0`);
    digest.update(readFileSync(join(ROOT, path)));
  }
  return digest.digest("hex");
}

function filesBelow(path: string): readonly string[] {
  const whole = join(ROOT, path);
  if (!existsSync(whole)) return [];
  if (IS_INPUT.test(path) && !IS_ASIDE.test(path)) return [path];
  try {
    return readdirSync(whole).flatMap((name) => filesBelow(`${path}/${name}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [];
    throw error;
  }
}
