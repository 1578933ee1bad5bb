/** What is heavy to draw is drawn in turn: a page of many panels keeps the browser for as long as the largest of them takes, and never for all. */
import { type ReactNode, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Part of a frame that may be spent on beginning, ms. Whoever is first may take longer. */
const BUDGET_MS = 8;

let waiting: (() => void)[] = [];
let isAsked = false;

/** Draws its children when its turn has come: in the order in which they came, as many a frame as there is time for. */
export function InTurn({ children }: { readonly children: ReactNode }): ReactNode {
  const [isOn, setOn] = useState(false);
  useEffect(() => awaitTurn(() => setOn(true)), []);
  // For whoever looks at a page: there is more to come.
  return isOn ? children : <i hidden data-awaits-turn="" />;
}

/** @returns how to wait no longer */
function awaitTurn(begin: () => void): () => void {
  waiting.push(begin);
  ask();
  return () => {
    waiting = waiting.filter((each) => each !== begin);
  };
}

function ask(): void {
  if (isAsked || waiting.length === 0) return;
  isAsked = true;
  // A page that nobody sees is given no frames.
  if (document.hidden) setTimeout(grant);
  else requestAnimationFrame(grant);
}

function grant(): void {
  isAsked = false;
  const until = performance.now() + BUDGET_MS;
  do {
    const begin = waiting.shift();
    if (begin !== undefined) flushSync(begin);
  } while (waiting.length > 0 && performance.now() < until);
  ask();
}
