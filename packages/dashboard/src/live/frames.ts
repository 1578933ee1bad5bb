/**
 * Work that is done with a frame, however often it is asked for. A venue tells of hundreds of changes a second; nobody reads figures that change
 * more than ten times, and laying a page out sixty times would leave no time for anything else. What lies between is merged, never drawn.
 */

/** After what was drawn follows nothing else for so long, ms. What comes after a calm is drawn with the very next frame. */
const REST_MS = 100;

/** How often what is not seen is brought up to date, ms. Browsers draw no frames for a page in the background. */
const UNSEEN_MS = 500;

let waiting = new Set<() => void>();
let isAsked = false;
let doneAt = -Infinity;

/** Has it done with the next frame that may be drawn; asked for again before that, it is done once. */
export function inFrame(work: () => void): void {
  waiting.add(work);
  if (isAsked) return;
  isAsked = true;
  const rest = doneAt + REST_MS - performance.now();
  if (document.visibilityState === "hidden") setTimeout(run, UNSEEN_MS);
  else if (rest > 0) setTimeout(() => requestAnimationFrame(run), rest);
  else requestAnimationFrame(run);
}

function run(): void {
  isAsked = false;
  doneAt = performance.now();
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
