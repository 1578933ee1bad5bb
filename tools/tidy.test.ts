import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { MAY_IMPORT, trespasses } from "./layers.ts";
import { type Module, moduleOf, readModules } from "./source.ts";
import * as tidy from "./tidy.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ENGINE = "packages/engine/src";
const AUDITOR = "packages/simulator/src/auditor/audit.ts";
const QUANTITIES = `
  declare const unit: unique symbol;
  export type Quantity<Unit extends string> = number & { readonly [unit]: Unit };
  export type Lots = Quantity<"Lots">;`;

type Files = Readonly<Record<string, string>>;

/** Each wall with files that breach it, the breaches it must find, and files it must leave in peace. */
const WALLS: Readonly<
  Record<
    string,
    {
      readonly rule: (modules: readonly Module[]) => readonly string[];
      readonly planted: Files;
      readonly breaches: readonly string[];
      readonly peaceful: Files;
    }
  >
> = {
  "imports keep to the table": {
    rule: trespasses,
    planted: {
      [`${ENGINE}/kernel/a.ts`]: `import { b } from "../domain/b.ts";`,
      [`${ENGINE}/risk/a.ts`]: `\nexport * from "../vault/b.ts";`,
      [`${ENGINE}/security/invariants/a.ts`]: `import type { b } from "../../clearing/b.ts";`,
      [`${ENGINE}/commands/a.ts`]: `import { b } from "./b.ts";`,
      [`${ENGINE}/commands/c.ts`]: `type B = import("../security/b.ts").B;`,
      [`${ENGINE}/commands/steps/a.ts`]: `import { b } from "../b.ts";`,
      [`${ENGINE}/domain/a.ts`]: `import { readFileSync } from "node:fs";`,
      [`${ENGINE}/engine.ts`]: `import { b } from "left-pad";`,
      [`${ENGINE}/helpers/a.ts`]: "",
      [AUDITOR]: `import { type Lots, plus } from "@bulkhead/engine";`,
      "packages/simulator/src/world/a.ts": `import { b } from "../../../engine/src/risk/b.ts";`,
      "packages/cli/src/main.ts": `const b = await import("@bulkhead/engine/dist/risk/b.js");`,
    },
    breaches: [
      `${ENGINE}/kernel/a.ts:1: engine/kernel may not import engine/domain`,
      `${ENGINE}/risk/a.ts:2: engine/risk may not import engine/vault`,
      `${ENGINE}/security/invariants/a.ts:1: engine/security may not import engine/clearing`,
      `${ENGINE}/commands/a.ts:1: engine/commands may not import engine/commands`,
      `${ENGINE}/commands/c.ts:1: engine/commands may not import engine/security`,
      `${ENGINE}/commands/steps/a.ts:1: engine/commands/steps may not import engine/commands`,
      `${ENGINE}/domain/a.ts:1: engine/domain may not import node`,
      `${ENGINE}/engine.ts:1: engine may not import npm:left-pad`,
      `${ENGINE}/helpers/a.ts: engine/helpers has no row in the import table`,
      `${AUDITOR}:1: simulator/auditor may not import @bulkhead/engine`,
      "packages/simulator/src/world/a.ts:1: simulator may not import engine/risk",
      "packages/cli/src/main.ts:1: cli may not import @bulkhead/engine/dist/risk/b.js",
    ],
    peaceful: {
      [`${ENGINE}/risk/a.ts`]: `import { b } from "./b.ts"; import { c } from "../kernel/c.ts";`,
      [`${ENGINE}/risk/a.test.ts`]: `import { b } from "../vault/b.ts"; import { test } from "vitest";`,
      [`${ENGINE}/commands/a.ts`]: `import { b } from "./steps/b.ts"; import { c } from "../vault/c.ts";`,
      [`${ENGINE}/index.ts`]: `export { b } from "./engine.ts"; export type { C } from "./security/c.ts";`,
      [AUDITOR]: `import type { Lots } from "@bulkhead/engine"; import { b } from "./b.ts";`,
      "packages/cli/src/main.ts": `import { Command } from "commander"; import { play } from "@bulkhead/simulator";`,
    },
  },
  "imports run in no circle, types included": {
    rule: tidy.cycles,
    planted: {
      "packages/cli/src/a.ts": `import { b } from "./b.ts";`,
      "packages/cli/src/b.ts": `import type { C } from "./deep/c.ts";`,
      "packages/cli/src/deep/c.ts": `export { a } from "../a.ts";`,
    },
    breaches: [
      "packages/cli/src/a.ts -> packages/cli/src/b.ts -> packages/cli/src/deep/c.ts -> packages/cli/src/a.ts",
    ],
    peaceful: {
      "packages/cli/src/a.ts": `import { b } from "./b.ts"; import { c } from "./c.ts";`,
      "packages/cli/src/b.ts": `import { c } from "./c.ts";`,
      "packages/cli/src/c.ts": "",
    },
  },
  "nothing is any": {
    rule: tidy.anys,
    planted: { "tests/a.test.ts": "\nconst a: Map<string, any[]> = new Map();" },
    breaches: ["tests/a.test.ts:2: any"],
    peaceful: { "tests/a.test.ts": `const a = "as any"; // any price will do` },
  },
  "no type error is silenced": {
    rule: tidy.silencedErrors,
    planted: { "tools/a.ts": "const a = 1;\n// @ts-ignore\n/* @ts-expect-error */\nconst b = 2;" },
    breaches: ["tools/a.ts:2: @ts-ignore", "tools/a.ts:3: @ts-expect-error"],
    peaceful: { "tools/a.ts": `const a = "@ts-ignore";` },
  },
  "nothing is left to do": {
    rule: tidy.leftovers,
    planted: { "bench/a.ts": "/**\n * TODO: the rest\n */\nconst a = 1; // FIXME" },
    breaches: ["bench/a.ts:2: TODO", "bench/a.ts:4: FIXME"],
    peaceful: { "bench/a.ts": `const a = "TODO"; // Methodology.` },
  },
  "quantities are made in the kernel and by decoders": {
    rule: tidy.rawCasts,
    planted: {
      [`${ENGINE}/kernel/quantity.ts`]: QUANTITIES,
      [`${ENGINE}/risk/a.ts`]: "const a = 1 as Lots;\nconst b = [] as Lots[];",
      "packages/cli/src/a.ts": `const a = <Lots>1;\nconst b = 1 as Quantity<"Lots">;`,
    },
    breaches: [
      `${ENGINE}/risk/a.ts:1: raw cast to Lots`,
      `${ENGINE}/risk/a.ts:2: raw cast to Lots`,
      "packages/cli/src/a.ts:1: raw cast to Lots",
      "packages/cli/src/a.ts:2: raw cast to Quantity",
    ],
    peaceful: {
      [`${ENGINE}/kernel/quantity.ts`]: `${QUANTITIES} export const NONE = 0 as Lots;`,
      [`${ENGINE}/domain/decode.ts`]: "const a = 1 as Lots;",
      [`${ENGINE}/risk/a.test.ts`]: "const a = 1 as Lots;",
      [`${ENGINE}/risk/a.ts`]: `const a = ["Lots"] as const; const b = 1 as number;`,
    },
  },
  "relative imports name the file": {
    rule: tidy.bareSuffixes,
    planted: { "tools/a.ts": `import "./b.ts";\nimport { c } from "./c";\nexport * from "../d.js";` },
    breaches: [`tools/a.ts:2: "./c" lacks its .ts suffix`, `tools/a.ts:3: "../d.js" lacks its .ts suffix`],
    peaceful: { "tools/a.ts": `import { test } from "vitest"; import "../b.ts";` },
  },
  "a package has one barrel": {
    rule: tidy.barrels,
    planted: { [`${ENGINE}/risk/index.ts`]: "", "tools/index.ts": "" },
    breaches: [
      `${ENGINE}/risk/index.ts: only a package's src root has an index.ts`,
      "tools/index.ts: only a package's src root has an index.ts",
    ],
    peaceful: { [`${ENGINE}/index.ts`]: "", [`${ENGINE}/oracle/priceIndex.ts`]: "" },
  },
  "every export has a name": {
    rule: tidy.defaultExports,
    planted: { "packages/cli/src/a.ts": "const a = 1;\nexport default a;" },
    breaches: ["packages/cli/src/a.ts:2: default export"],
    peaceful: { "packages/cli/src/a.ts": "export const a = 1;" },
  },
};

const tree = readModules(ROOT, ["packages", "tests", "tools", "bench"]);

describe.each(Object.entries(WALLS))("%s", (_, { rule, planted, breaches, peaceful }) => {
  test("a planted breach is found", () => expect(rule(parse(planted))).toEqual(breaches));
  test("the innocent are left in peace", () => expect(rule(parse(peaceful))).toEqual([]));
  test("the tree is clean", () => expect(rule(tree)).toEqual([]));
});

describe("the engine has no runtime dependency", () => {
  test("a planted one is found", () => {
    const manifest = { devDependencies: { vitest: "1" }, peerDependencies: { "left-pad": "1" } };
    expect(tidy.runtimeDependencies(manifest)).toEqual(["peerDependencies: left-pad"]);
  });
  test("the engine's manifest is clean", () => {
    const manifest = JSON.parse(
      readFileSync(posix.join(ROOT, "packages/engine/package.json"), "utf8"),
    ) as Record<string, unknown>;
    expect(tidy.runtimeDependencies(manifest)).toEqual([]);
  });
});

describe("the walls see the whole tree", () => {
  test("sources are found in every package", () => {
    for (const name of ["engine", "simulator", "cli"]) {
      expect(tree.some(({ path }) => path.startsWith(`packages/${name}/src/`))).toBe(true);
    }
  });
  test("the kernel's units are recognised, so that casts to them can be", () => {
    const units = tidy.unitsDeclaredIn(tree.filter(({ path }) => path.startsWith(`${ENGINE}/kernel/`)));
    expect([...units]).toEqual(expect.arrayContaining(["MicroUsd", "Lots", "Ticks", "Ppm", "Ppb", "Ms"]));
  });
  test("every zone a row names has a row of its own or is a package", () => {
    const named = Object.values(MAY_IMPORT)
      .flat()
      .filter((zone) => !/^(?:type )?@bulkhead\/|^npm:|^node$/.test(zone))
      .map((zone) => zone.replace(/^type /, ""));
    expect(named.filter((zone) => !(zone in MAY_IMPORT))).toEqual([]);
  });
});

function parse(files: Files): readonly Module[] {
  return Object.entries(files).map(([path, text]) => moduleOf(path, text));
}
