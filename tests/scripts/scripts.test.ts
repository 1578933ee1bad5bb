/** Every diary in this folder goes as it is written. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { retell } from "./diary.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".script"))) {
  const text = readFileSync(`${FOLDER}${file}`, "utf8");
  test(titleOf(text), () => expect(retell(text)).toBe(text));
}

test("a diary that went otherwise is told as it went", () => {
  const text = "market BTC\nmark BTC 100\ndeposit alice 50\nallocate alice 60\nexpect alice vault=60\n";
  expect(retell(text)).toBe(
    "market BTC\nmark BTC 100\ndeposit alice 50\nallocate alice 60  -> balance_insufficient\nexpect alice vault=50\n",
  );
});

test("a word nobody knows is not passed over", () => {
  expect(() => retell("market BTC\nmarkt BTC 100\n")).toThrow("nobody knows how to markt");
  expect(() => retell("market BTC\ndeposit alice 5\nallocate bob 5\n")).toThrow("nobody knows bob");
});

/** The first comment of a diary is its title. */
function titleOf(text: string): string {
  return text.slice(2, text.indexOf("\n"));
}
