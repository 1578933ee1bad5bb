/** Joins a module and what it imports into one, so that the compiler sees its constants as constants. */
import { rolldown } from "rolldown";

/** Packages stay outside, but for the engine, which is joined in from its modules. */
export async function bundle(input: string, file: string): Promise<void> {
  const engine = new URL("../packages/engine/dist/index.js", import.meta.url).pathname;
  const build = await rolldown({
    input,
    platform: "node",
    resolve: { alias: { "@bulkhead/engine": engine } },
    external: (id) => !id.startsWith(".") && !id.startsWith("/") && id !== "@bulkhead/engine",
  });
  await build.write({ file, format: "esm", sourcemap: true });
  await build.close();
}
