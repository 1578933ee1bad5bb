/** @bulkhead/simulator: hostile markets for the engine, and the independent auditor that watches it. */
export { type Failure, type Simulation, type SimulationOptions, simulate } from "./simulate.ts";
export { DRILLS, runDrills } from "./drills/registry.ts";
export type { DrillRow } from "./drills/drill.ts";
export { type AttackedLayer, LAYERS } from "./telling/layers.ts";
export { Coverage } from "./coverage.ts";
export type { Difference } from "./difference.ts";
export { type Step, lineOf } from "./step.ts";
export { PROFILES, type Profile, profileNamed } from "./workload/profile.ts";
export { BarFileError, readBarFile } from "./world/barFile.ts";
export type { Conservation } from "./world/census.ts";
export { demoPath } from "./world/demoPath.ts";
export { type PriceSeries, between } from "./world/priceSeries.ts";
export { type CasualtyReport } from "./world/casualties.ts";
export {
  type CoverTwoReport,
  type MarketReport,
  Replay,
  type ReplayOptions,
  type ReplayReport,
} from "./world/replay.ts";
export type { Crowd } from "./agents/population.ts";
export {
  type AssertReport,
  type Incident,
  type IncidentReport,
  type Outcome,
  isWalled,
} from "./incidents/incident.ts";
export { INCIDENTS } from "./incidents/registry.ts";
export { totalsOf } from "./incidents/totals.ts";
