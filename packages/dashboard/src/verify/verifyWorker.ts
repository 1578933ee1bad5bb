/** Checks logs away from the page, which would stand still meanwhile. */
import { check } from "./checker.ts";
import type { Progress, Reply, Task } from "./messages.ts";

/** How often the page is told, ms. */
const TELL_MS = 100;

addEventListener("message", ({ data }: MessageEvent<Task>) => {
  let toldMs = 0;
  const told = (progress: Progress): void => {
    const now = performance.now();
    if (now - toldMs < TELL_MS) return;
    toldMs = now;
    say({ tell: "progress", ...progress });
  };
  check(data, told).then(
    (report) => say({ tell: "report", report }),
    (error: unknown) =>
      say({ tell: "fault", message: error instanceof Error ? error.message : String(error) }),
  );
});

function say(reply: Reply): void {
  postMessage(reply);
}
