/** Joins a module and what it imports into one, so that the compiler sees its constants as constants. */
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** Packages of ours that are joined in, whether imported by name or by file: once. */
const OURS = ["engine", "protocol", "server", "sdk"];

/** Packages stay outside, but for the engine and what stands on it. */
export async function bundle(input: string, file: string): Promise<void> {
  const alias = Object.fromEntries(
    OURS.map((name) => [
      `@bulkhead/${name}`,
      fileURLToPath(new URL(`../packages/${name}/src/index.ts`, import.meta.url)),
    ]),
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
