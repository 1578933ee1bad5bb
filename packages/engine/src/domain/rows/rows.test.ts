import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Columns as the files here declare them: only the source says which hold 4 bytes and which 8. */
const FILES = readdirSync(import.meta.dirname).filter((file) => !file.endsWith(".test.ts"));
const SOURCE = FILES.map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("\n");
const MODULES = await Promise.all(
  FILES.map(async (file) => (await import(`./${file}`)) as Readonly<Record<string, unknown>>),
);
const ROWS: Readonly<Record<string, unknown>> = Object.assign({}, ...MODULES);

/** Columns that are the first of several. */
const REPEATED: Readonly<Record<string, number>> = {
  "ASSET.custody": 17,
  "TIER.freeBlocks": 4,
  "MARKET.bracketRate": 4,
  "MARKET.bracketLower": 4,
};

const TABLES = [...SOURCE.matchAll(/export const (\w+) = \{(.*?)\} as const;/gsu)].map(
  ([, table, body]) => [table ?? "", body ?? ""] as const,
);

describe.each(TABLES)("a row of %s", (table, body) => {
  test("has no two columns in one place, and none beyond its end", () => {
    const columns = ROWS[table] as Readonly<Record<string, number>>;
    const kinds = new Map(
      [...body.matchAll(/(\w+):\s+[\w.() +*]+ as (Int|Num)</gu)].map(([, column, kind]) => [column, kind]),
    );
    expect([...kinds.keys()]).toEqual(Object.keys(columns));
    const owners = new Map<number, string>();
    for (const [column, at] of Object.entries(columns)) {
      const words = kinds.get(column) === "Num" ? 2 : 1;
      const end = at * words + words * (REPEATED[`${table}.${column}`] ?? 1);
      for (let word = at * words; word < end; word++) {
        expect(owners.get(word), `word ${word} of ${table}.${column}`).toBeUndefined();
        owners.set(word, column);
      }
    }
    const size = ROWS[`${table}_WORDS`];
    if (typeof size === "number") expect(Math.max(...owners.keys())).toBeLessThan(size);
  });
});
