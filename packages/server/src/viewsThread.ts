/**
 * A node's views, on a thread of their own: what they compute, and the second an embedded database takes to open, holds up nobody. A thread
 * that ends is reported to whoever waits for it, and begun again by the next call.
 */
import { Worker } from "node:worker_threads";
import { lockViews, viewsIn } from "./dataDirectory.ts";
import type { ExecutedBatch } from "./runner/executed.ts";
import {
  type DescribedError,
  type ViewsCall,
  type ViewsThreadData,
  ViewsError,
  errorFrom,
} from "./viewsCall.ts";
import type { CatchingUp } from "./views/follow.ts";
import type { Answers, Questions } from "./views/queries.ts";

export interface ViewsThreadOptions {
  /** The venue's directory. */
  readonly directory: string;
  /** `postgres://…`; without it they are embedded, in the venue's directory. */
  readonly database?: string;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/**
 * Opens a venue's views on a thread.
 * @throws {DataDirectoryError} if they are embedded, and another process has them open
 */
export async function startViews({ directory, database }: ViewsThreadOptions): Promise<
  CatchingUp & {
    /** Ends the thread where it is, as a crash would. */
    readonly kill: () => Promise<void>;
  }
> {
  const release = database === undefined ? await lockViews(directory) : async () => undefined;
  const data: ViewsThreadData = { directory, database: database ?? viewsIn(directory) };
  let thread: Thread | undefined;
  let calls = 0;

  function begin(): Thread {
    const waiting = new Map<number, Waiting>();
    const worker = new Worker(...entryWith(data));
    const begun = { worker, waiting };
    worker.on("message", ({ id, result, error }: Answer) => {
      const caller = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) worker.unref();
      if (error === undefined) caller?.resolve(result as never);
      else caller?.reject(errorFrom(error));
    });
    const end = (reason: string, cause?: unknown): void => {
      if (thread === begun) thread = undefined;
      for (const { reject } of waiting.values()) reject(new ViewsError(reason, { cause }));
      waiting.clear();
    };
    worker.on("error", (error) => end(`the views' thread failed: ${String(error)}`, error));
    worker.on("exit", (code) => end(`the views' thread ended with ${code}`));
    return begun;
  }

  function call<Result>(what: ViewsCall): Promise<Result> {
    return new Promise((resolve, reject) => {
      thread ??= begin();
      const id = ++calls;
      thread.waiting.set(id, { resolve, reject });
      // A process stays for an answer, not for a thread nobody has asked.
      thread.worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread.worker.postMessage({ id, call: what });
    });
  }

  return {
    sequence: () => call({ kind: "sequence" }),
    apply: (batches) => call({ kind: "apply", batches: batches.map(compact) }),
    catchUp: () => call({ kind: "catchUp" }),
    ask: <Name extends keyof Questions>(name: Name, question: Questions[Name]) =>
      call<Answers[Name]>({ kind: "ask", name, question }),
    kill: async () => {
      await thread?.worker.terminate();
    },
    close: async () => {
      const { worker } = thread ?? {};
      if (worker !== undefined) await call({ kind: "close" }).finally(() => worker.terminate());
      await release();
    },
  };
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: DescribedError;
}

/** The worker's entry as it lies beside this file: built, or bare, where it takes the loader of whoever develops this to read it. */
function entryWith(data: ViewsThreadData): ConstructorParameters<typeof Worker> {
  if (!import.meta.url.endsWith(".ts"))
    return [new URL("./viewsWorker.js", import.meta.url), { workerData: data }];
  const entry = JSON.stringify(new URL("./viewsWorker.ts", import.meta.url).href);
  const script = `import("tsx/esm/api").then(({ register }) => { register(); return import(${entry}); })`;
  return [script, { eval: true, workerData: data }];
}

/** A message carries the whole memory behind an array: of a part only the part is sent. */
function compact(batch: ExecutedBatch): ExecutedBatch {
  const { frames, codes, facts, events, eventEnds } = batch;
  return {
    ...batch,
    frames: ownMemory(frames),
    codes: ownMemory(codes),
    facts: ownMemory(facts),
    events: ownMemory(events),
    eventEnds: ownMemory(eventEnds),
  };
}

function ownMemory<Words extends Float64Array | Uint16Array | Uint32Array>(words: Words): Words {
  return words.byteLength === words.buffer.byteLength ? words : (words.slice() as Words);
}
