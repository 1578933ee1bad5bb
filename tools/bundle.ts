/** Joins a module and what it imports into one, so that the compiler sees its constants as constants. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** Entries of ours that are joined in, whether imported by name or by file: once. */
const OURS: Readonly<Record<string, string>> = {
  "@bulkhead/engine": "engine/src/index.ts",
  "@bulkhead/protocol/log": "protocol/src/log.ts",
  "@bulkhead/protocol": "protocol/src/index.ts",
  "@bulkhead/server/core": "server/src/core.ts",
  "@bulkhead/server": "server/src/index.ts",
  "@bulkhead/sdk": "sdk/src/index.ts",
};

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Packages stay outside, but for the engine and what stands on it.
 * @param root - of the tree whose engine it is; this one if not told
 */
export async function bundle(input: string, file: string, root = ROOT): Promise<void> {
  const alias = Object.fromEntries(
    Object.entries(OURS).map(([name, entry]) => [name, join(root, "packages", entry)]),
  );
  const build = await rolldown({
    input,
    platform: "node",
    resolve: { alias },
    external: (id) => !id.startsWith(".") && !id.startsWith("/") && !(id in alias),
  });
  await build.write({ file, format: "esm", sourcemap: true });
  await build.close();
}
