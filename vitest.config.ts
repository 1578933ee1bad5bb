import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests read the packages' sources, never their builds, so they cannot pass on a stale `dist`. */
const source = (name: string, file = "index") =>
  fileURLToPath(new URL(`packages/${name}/src/${file}.ts`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "@bulkhead/engine/drill": source("engine", "drill"),
      "@bulkhead/engine": source("engine"),
      "@bulkhead/protocol/log": source("protocol", "log"),
      "@bulkhead/protocol": source("protocol"),
      "@bulkhead/sdk/node": source("sdk", "node/tcpSocket"),
      "@bulkhead/sdk": source("sdk"),
      "@bulkhead/server/core": source("server", "core"),
      "@bulkhead/server": source("server"),
      "@bulkhead/simulator/stories": source("simulator", "stories"),
      "@bulkhead/simulator": source("simulator"),
    },
  },
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts", "tools/**/*.test.ts"],
    testTimeout: 60_000,
    // What is waited for comes late on a machine with much else to do.
    expect: { poll: { timeout: 20_000 } },
    // Files are independent; by default two cores would run one at a time.
    maxWorkers: "100%",
  },
});
