/** Joins a module and what it imports into one, so that the compiler sees its constants as constants. */
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** Packages stay outside, but for the engine: whether imported by name or by file, its sources are joined in, once. */
export async function bundle(input: string, file: string): Promise<void> {
  const engine = fileURLToPath(new URL("../packages/engine/src/index.ts", import.meta.url));
  const build = await rolldown({
    input,
    platform: "node",
    resolve: { alias: { "@bulkhead/engine": engine } },
    external: (id) => !id.startsWith(".") && !id.startsWith("/") && id !== "@bulkhead/engine",
  });
  await build.write({ file, format: "esm", sourcemap: true });
  await build.close();
}
