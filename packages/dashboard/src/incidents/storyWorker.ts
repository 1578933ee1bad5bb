/** Tells stories with the engine itself, both sides a step at a time in turn, so that what is told of one is soon told of the other. */
import { STORIES, type Side, tell } from "@bulkhead/simulator/stories";
import type { Reply, Request } from "./messages.ts";

const SIDES: readonly Side[] = ["defended", "undefended"];

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  try {
    if (data.ask === "stories") say({ tell: "stories", stories: STORIES });
    else tellBoth(data.id);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    say({ tell: "fault", name, message });
  }
});

function tellBoth(id: string): void {
  const under = SIDES.map((side) => ({ side, story: tell(id, side), ms: 0, isOver: false }));
  while (under.some(({ isOver }) => !isOver)) {
    for (const each of under) {
      if (each.isOver) continue;
      const startedMs = performance.now();
      const { done, value } = each.story.next();
      each.ms += performance.now() - startedMs;
      each.isOver = done === true;
      if (value === undefined) say({ tell: "end", side: each.side, ms: each.ms });
      else say({ tell: "step", side: each.side, step: value });
    }
  }
}

function say(reply: Reply): void {
  postMessage(reply);
}
