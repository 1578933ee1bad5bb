/** Stories from the worker that tells them. */
import type { Side, Step, StoryListing } from "@bulkhead/simulator/stories";
import { useCallback, useEffect, useState } from "react";
import type { Reply, Request } from "./messages.ts";

export interface Telling {
  readonly steps: Readonly<Record<Side, readonly Step[]>>;
  readonly isOver: Readonly<Record<Side, boolean>>;
  /** That the engine took for both sides together, ms. */
  readonly ms: number;
  /** `stopped`: somebody did not want to wait. */
  readonly phase: "telling" | "told" | "stopped" | "failed";
  readonly error: Error | undefined;
  /** Stops the engine; what was told stays. */
  readonly stop: () => void;
  /** From the beginning. */
  readonly again: () => void;
}

type Told = Omit<Telling, "stop" | "again">;

const NOTHING: Told = {
  steps: { defended: [], undefended: [] },
  isOver: { defended: false, undefended: false },
  ms: 0,
  phase: "telling",
  error: undefined,
};

/** What there is to be told; kept for as long as the page lives. */
let listings: Promise<readonly StoryListing[]> | undefined;

export function useListings(): {
  readonly stories: readonly StoryListing[] | undefined;
  readonly error: Error | undefined;
} {
  const [stories, setStories] = useState<readonly StoryListing[]>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    let isWanted = true;
    listings ??= askStories();
    listings.then(
      (found) => isWanted && setStories(found),
      (fault: unknown) => {
        listings = undefined;
        if (isWanted) setError(fault instanceof Error ? fault : new Error(String(fault)));
      },
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return { stories, error };
}

/** Has a story told on both sides. */
export function useTelling(id: string): Telling {
  const [told, setTold] = useState<Told>(NOTHING);
  const [run, setRun] = useState<{ readonly turn: number; readonly isStopped: boolean }>({
    turn: 0,
    isStopped: false,
  });
  useEffect(() => {
    if (run.isStopped) return undefined;
    setTold(NOTHING);
    const stop = listen((reply) => setTold((before) => taken(before, reply)));
    stop.ask({ ask: "tell", id });
    return stop.end;
  }, [id, run]);
  const stop = useCallback(() => {
    setRun(({ turn }) => ({ turn, isStopped: true }));
    setTold((before) => (before.phase === "telling" ? { ...before, phase: "stopped" } : before));
  }, []);
  const again = useCallback(() => setRun(({ turn }) => ({ turn: turn + 1, isStopped: false })), []);
  return { ...told, stop, again };
}

function taken(before: Told, reply: Reply): Told {
  if (reply.tell === "step") {
    const { side, step } = reply;
    return { ...before, steps: { ...before.steps, [side]: [...before.steps[side], step] } };
  }
  if (reply.tell === "end") {
    const isOver = { ...before.isOver, [reply.side]: true };
    const phase = isOver.defended && isOver.undefended ? "told" : before.phase;
    return { ...before, isOver, phase, ms: before.ms + reply.ms };
  }
  if (reply.tell === "fault") return { ...before, phase: "failed", error: new Error(reply.message) };
  return before;
}

function askStories(): Promise<readonly StoryListing[]> {
  return new Promise((resolve, reject) => {
    const worker = listen((reply) => {
      if (reply.tell === "stories") resolve(reply.stories);
      else if (reply.tell === "fault") reject(new Error(reply.message));
      else return;
      worker.end();
    });
    worker.ask({ ask: "stories" });
  });
}

function listen(hear: (reply: Reply) => void): {
  readonly ask: (request: Request) => void;
  readonly end: () => void;
} {
  const worker = new Worker(new URL("./storyWorker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => hear(data));
  worker.addEventListener("error", ({ message }) =>
    hear({
      tell: "fault",
      name: "Error",
      message: message || "the worker that runs the engine did not start",
    }),
  );
  return { ask: (request) => worker.postMessage(request, []), end: () => worker.terminate() };
}
