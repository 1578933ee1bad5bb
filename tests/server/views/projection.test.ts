/** The projection alone: whatever happens to a venue, what the views make of its events is what its tables say. */
import { PROFILES } from "@bulkhead/simulator";
import { describe, expect, test } from "vitest";
import { emptyHarvest } from "../../../packages/server/src/views/projection/moment.ts";
import { project } from "../../../packages/server/src/views/projection/project.ts";
import { emptyWorld } from "../../../packages/server/src/views/world.ts";
import { differences } from "./compare.ts";
import { play } from "./stories.ts";

const COMMANDS = Number(process.env["VIEWS_COMMANDS"] ?? 10_000);
const seed = Number(process.env["SIMULATION_SEED"] ?? Date.now() % 1_000_000);

describe("what the events tell is what the engine has", () => {
  test.each(PROFILES.map(({ name }) => name))(`on a fresh venue (%s, seed ${seed})`, (name) => {
    const { engine, batches } = play(name, seed, COMMANDS, [997]);
    const world = emptyWorld();
    const harvest = emptyHarvest();
    for (const batch of batches) project(world, harvest, batch);
    expect(differences(world, harvest, engine)).toEqual([]);
  });
});
