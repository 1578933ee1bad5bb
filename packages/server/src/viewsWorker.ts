/** The thread the views live on: opens them, answers calls, and executes the log again when it is asked to catch up. */
import { hex } from "@bulkhead/engine";
import { parentPort, workerData } from "node:worker_threads";
import { type DataDirectory, lookInto } from "./dataDirectory.ts";
import { genesisOf } from "@bulkhead/protocol/log";
import { catchUpWith } from "./viewsCatchUp.ts";
import { type ViewsCall, type ViewsThreadData, describeError } from "./viewsCall.ts";
import { type Views, openViews } from "./views/views.ts";

const { directory: path, database } = workerData as ViewsThreadData;
const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");

let opening: Promise<Opened> | undefined;

interface Opened {
  readonly directory: DataDirectory;
  readonly views: Views;
}

/** The views, opened by the first call that needs them; a database that is not there is looked for again by the next. */
function opened(): Promise<Opened> {
  opening ??= open().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open(): Promise<Opened> {
  const directory = await lookInto(path);
  const genesis = hex(genesisOf(directory.capacities));
  return { directory, views: await openViews({ database, genesis }) };
}

port.on("message", ({ id, call }: { readonly id: number; readonly call: ViewsCall }) => {
  answer(call).then(
    (result) => port.postMessage({ id, result }),
    (error: unknown) => port.postMessage({ id, error: describeError(error) }),
  );
});

async function answer(call: ViewsCall): Promise<unknown> {
  // What never opened is closed.
  if (call.kind === "close" && opening === undefined) return undefined;
  const { directory, views } = await opened();
  switch (call.kind) {
    case "sequence":
      return views.sequence();
    case "apply":
      return views.apply(call.batches);
    case "ask":
      return views.ask(call.name, call.question);
    case "catchUp":
      return catchUpWith(views, directory);
    default:
      return views.close();
  }
}
