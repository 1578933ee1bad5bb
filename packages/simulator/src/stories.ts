/** @bulkhead/simulator/stories: incidents and drills told step by step, to be watched. Runs in browsers as well as in Node. */
export { STORIES, type StoryListing } from "./stories/listing.ts";
export {
  type Ending,
  type NotableInUsd,
  type Side,
  type Step,
  type Story,
  UnknownStory,
  tell,
} from "./stories/tell.ts";
export type { IncidentTotals } from "./incidents/totals.ts";
export type { DrillRow } from "./drills/drill.ts";
export type { Act } from "./telling/beat.ts";
export type { By, Deed, NotableSort } from "./telling/diary.ts";
export type { AssetFrame, Frame, LayerFrame, MarketFrame, TierFrame, VaultFrame } from "./telling/frame.ts";
export { type AttackedLayer, LAYERS } from "./telling/layers.ts";
