/** The sources as a bundler joins them for a browser. */
import { fileURLToPath } from "node:url";
import { type OutputChunk, rolldown } from "rolldown";

const source = (path: string): string => fileURLToPath(new URL(`../../${path}.ts`, import.meta.url));

/** @param path - of a module, from the root of the repository, without its suffix */
export async function bundled(path: string, format: "esm" | "iife"): Promise<OutputChunk> {
  const build = await rolldown({
    input: source(path),
    platform: "browser",
    resolve: {
      alias: {
        "@bulkhead/engine/drill": source("packages/engine/src/drill"),
        "@bulkhead/engine": source("packages/engine/src/index"),
      },
    },
  });
  const { output } = await build.generate({ format, name: "stories" });
  await build.close();
  return output[0];
}
