/** Properties over random stories, and what the stories must have shown before their silence says anything. */
import { expect } from "vitest";

/**
 * Runs a property, and again with new stories while some of what it counts was never met: a run of bad luck is not a fault, but a property
 * that cannot meet what it is about is one, and fails after so many rounds.
 */
export async function untilSeen(
  seen: Readonly<Record<string, number>>,
  run: () => unknown,
  rounds = 20,
): Promise<void> {
  const missing = () => Object.keys(seen).filter((name) => seen[name] === 0);
  for (let round = 0; round < rounds; round++) {
    await run();
    if (missing().length === 0) return;
  }
  expect(missing(), `never met in ${rounds} rounds`).toEqual([]);
}
