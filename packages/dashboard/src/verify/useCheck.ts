/** A check under way, and what came of it. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { Progress, Reply, Report, Task } from "./messages.ts";

export interface Checking {
  readonly phase: "idle" | "running" | "done" | "stopped" | "failed";
  readonly progress: Progress | undefined;
  readonly report: Report | undefined;
  readonly error: Error | undefined;
  readonly start: (task: Task) => void;
  readonly stop: () => void;
}

type State = Omit<Checking, "start" | "stop">;

const IDLE: State = { phase: "idle", progress: undefined, report: undefined, error: undefined };

export function useCheck(): Checking {
  const [state, setState] = useState<State>(IDLE);
  const worker = useRef<Worker>(undefined);
  const end = useCallback(() => {
    worker.current?.terminate();
    worker.current = undefined;
  }, []);
  useEffect(() => end, [end]);
  const start = useCallback(
    (task: Task) => {
      end();
      setState({ ...IDLE, phase: "running" });
      const made = new Worker(new URL("./verifyWorker.ts", import.meta.url), { type: "module" });
      worker.current = made;
      const fail = (message: string): void => {
        end();
        setState((before) => ({ ...before, phase: "failed", error: new Error(message) }));
      };
      made.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
        if (data.tell === "fault") return fail(data.message);
        if (data.tell === "progress") return setState((before) => ({ ...before, progress: data }));
        end();
        setState({ ...IDLE, phase: "done", report: data.report });
      });
      made.addEventListener("error", ({ message }) =>
        fail(message || "the worker that runs the engine did not start"),
      );
      made.postMessage(task, []);
    },
    [end],
  );
  const stop = useCallback(() => {
    end();
    setState((before) => ({ ...before, phase: "stopped" }));
  }, [end]);
  return { ...state, start, stop };
}
