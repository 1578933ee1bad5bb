/** Whoever embeds the core loads no doors, views, access or telemetry with it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the core stands on the log and the runner alone", () => {
  const files = new Set<string>();
  const packages = new Set<string>();
  const follow = (url: URL): void => {
    if (files.has(url.href)) return;
    files.add(url.href);
    const source = readFileSync(url, "utf8");
    for (const [, what = ""] of source.matchAll(/^(?:import|export) (?!type ).*? from "(.+?)";$/gms)) {
      if (what.startsWith(".")) follow(new URL(what, url));
      else if (!what.startsWith("node:")) packages.add(what);
    }
  };
  follow(new URL("./core.ts", import.meta.url));
  expect([...packages].toSorted()).toEqual(["@bulkhead/engine", "@bulkhead/protocol"]);
  const folders = [...files].map((file) => /src\/(?:(\w+)\/)?\w+\.ts$/.exec(file)?.[1] ?? "");
  expect([...new Set(folders)].toSorted()).toEqual(["", "log", "runner"]);
});
