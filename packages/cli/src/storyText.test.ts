/** `bulkhead incidents --play`: what people see of a story. */
import { expect, test } from "vitest";
import { playStory } from "./playStory.ts";
import { run } from "./program.ts";
import { UsageError } from "./shell.ts";

async function played(id: string, width: number, isUndefended = false): Promise<[number, string[]]> {
  let text = "";
  const exit = await playStory(
    { id, isUndefended, speed: undefined, width },
    { write: (part) => (text += part) },
  );
  return [exit, text.split("\n")];
}

test("the side without the defence shows what happens, what moves, and who pays", async () => {
  const [exit, lines] = await played("a17", 100, true);
  const text = lines.join("\n");
  expect(exit).toBe(0);
  expect(text).toContain("A17  Nasdaq Clearing, power spread, 2018-09-10");
  expect(text).toContain("+0:01:00  The spread falls by 5.56 in a day");
  expect(text).toContain("power spread: index 12 → 6.44, mark 12 → 6.44");
  expect(text).toMatch(/1 operator's first tranche +░{6} +\$0 {2}paid \$7\.00 m/);
  expect(text).toMatch(/2 tier's insurance fund +██░░░░ +\$59\.00 m {2}paid \$107\.00 m/);
  expect(text).toMatch(/✘ With margin by size .* \$114,000,000\.00/s);
  expect(lines.every((line) => line.length <= 100)).toBe(true);
});

test("a wide terminal shows both sides beside each other, a narrow one the defended", async () => {
  const [exit, wide] = await played("A17", 150);
  expect(exit).toBe(0);
  const fall = wide.find((line) => line.includes("The spread falls"));
  expect(fall?.match(/The spread falls/g)).toHaveLength(2);
  expect(wide.every((line) => line.length <= 150)).toBe(true);
  const [, narrow] = await played("A17", 80);
  expect(narrow.join("\n")).toContain("DEFENDED");
  expect(narrow.join("\n")).not.toContain("UNDEFENDED");
  expect(narrow.every((line) => line.length <= 80)).toBe(true);
});

test("a story that takes its time waits between two steps", async () => {
  const begun = performance.now();
  let text = "";
  await playStory(
    { id: "A17", isUndefended: true, speed: 100, width: 100 },
    { write: (part) => (text += part) },
  );
  expect(performance.now() - begun).toBeGreaterThan(19 * 10);
  expect(text).toContain("The end");
});

test("there has to be such a story, and a speed", async () => {
  await expect(played("A99", 100)).rejects.toThrow(UsageError);
  let stderr = "";
  const streams = { stdout: { write: () => true }, stderr: { write: (part: string) => (stderr += part) } };
  expect(await run(["incidents", "--play", "A99"], streams)).toBe(2);
  expect(stderr).toMatch(/--play takes A1 to A21, or a drill .* such as oracle-1; found A99/);
  expect(await run(["incidents", "--play", "A1", "--speed", "fast"], streams)).toBe(2);
  expect(stderr).toMatch(/Steps a second are from 0 to 1000/);
});
