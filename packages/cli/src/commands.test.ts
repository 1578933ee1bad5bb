/** The list of commands says what they say of themselves, and loads none of them. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { expect, test } from "vitest";
import { COMMANDS } from "./commands.ts";
import { run } from "./program.ts";

test.each(COMMANDS.map((entry) => [entry.name, entry] as const))(
  "%s takes what the list says",
  async (name, entry) => {
    const command = new Command(name);
    const add = await entry.load();
    add(command, process, () => undefined);
    expect(command.usage()).toBe(entry.usage);
  },
);

test("the list names all that is not hidden", async () => {
  let stdout = "";
  await run(["--help"], { stdout: { write: (text) => (stdout += text) }, stderr: process.stderr });
  for (const { name, usage, isHidden = false } of COMMANDS)
    expect(stdout.includes(`  ${name} ${usage} `)).toBe(!isHidden);
});

test("nothing but the command line's own is loaded before a command is run", () => {
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(new URL(file, import.meta.url), "utf8");
    for (const [, what = ""] of source.matchAll(/^import (?!type ).*? from "(.+?)";$/gms)) {
      if (what.startsWith("./")) follow(what);
      else expect(what).toMatch(/^(node:.*|commander)$/);
    }
  };
  follow("./main.ts");
  expect([...seen]).toEqual(["./main.ts", "./program.ts", "./commands.ts", "./shell.ts", "./version.ts"]);
});
