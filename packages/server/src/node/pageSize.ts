/** Whether the machine gives a large venue the pages it is best kept in: docs/operating/configuration.md#the-machine. */
import { readFile } from "node:fs/promises";
import { type Engine, PAGE_BYTES } from "@bulkhead/engine";
import type { Say } from "../telemetry/eventLogger.ts";

/** What Linux says of pages of 2 MB: `always [madvise] never`. */
const SETTING = "/sys/kernel/mm/transparent_hugepage/enabled";
/** A state from which on larger pages are worth a word: what the usual table of pages of 4 KB reaches is a tenth of it. */
const LARGE = 2 ** 26;

/** Says so if the state is large and lies in pages of 4 KB; nothing where there is no such setting. @param setting - the file that tells */
export async function adviseOnPages(
  { pages }: Pick<Engine, "pages">,
  say: Say,
  setting: string = SETTING,
): Promise<void> {
  const bytes = pages.count * PAGE_BYTES;
  if (bytes < LARGE) return;
  const told = await readFile(setting, "utf8").catch(() => "");
  const chosen = /\[(\w+)\]/.exec(told)?.[1];
  if (chosen !== undefined && chosen !== "always") say("memory.smallPages", { bytes, setting: chosen });
}
