/** What a page and the worker that tells stories say to each other. The engine runs in the worker alone: the page never waits for it. */
import type { Side, Step, StoryListing } from "@bulkhead/simulator/stories";

export type Request = { readonly ask: "stories" } | { readonly ask: "tell"; readonly id: string };

export type Reply =
  | { readonly tell: "stories"; readonly stories: readonly StoryListing[] }
  | { readonly tell: "step"; readonly side: Side; readonly step: Step }
  /** A side has come to its end; what it took to tell it, ms. */
  | { readonly tell: "end"; readonly side: Side; readonly ms: number }
  | { readonly tell: "fault"; readonly name: string; readonly message: string };
