/** What stories are compared with, in one module: as a single bundle of the sources it runs several times as fast as file by file. */
export { play } from "../../packages/simulator/src/drills/drill.ts";
export { DRILLS } from "../../packages/simulator/src/drills/registry.ts";
export { openScene } from "../../packages/simulator/src/drills/setUp.ts";
export { INCIDENTS } from "../../packages/simulator/src/incidents/registry.ts";
export { totalsOf } from "../../packages/simulator/src/incidents/totals.ts";
export { STORIES, UnknownStory, tell } from "../../packages/simulator/src/stories.ts";
