/**
 * Work that is done once a frame, however often it is asked for. A venue tells of hundreds of changes a second and a screen shows sixty: what
 * lies between is merged, never drawn.
 */

/** How often what is not seen is brought up to date, ms. Browsers draw no frames for a page in the background. */
const UNSEEN_MS = 500;

let waiting = new Set<() => void>();
let isAsked = false;

/** Has it done with the next frame; asked for again before that, it is done once. */
export function inFrame(work: () => void): void {
  waiting.add(work);
  if (isAsked) return;
  isAsked = true;
  if (document.visibilityState === "hidden") setTimeout(run, UNSEEN_MS);
  else requestAnimationFrame(run);
}

function run(): void {
  isAsked = false;
  const due = waiting;
  waiting = new Set();
  for (const work of due) {
    try {
      work();
    } catch (error) {
      // One that fails does not keep the others.
      reportError(error);
    }
  }
}
