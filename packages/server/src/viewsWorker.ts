/** The thread the views live on: opens them, answers calls, and executes the log again when it is asked to catch up. */
import { hex } from "@bulkhead/engine";
import { parentPort, workerData } from "node:worker_threads";
import { lookInto } from "./dataDirectory.ts";
import { genesisOf } from "./runner/genesis.ts";
import { catchUpWith } from "./viewsCatchUp.ts";
import { type ViewsCall, type ViewsThreadData, describeError } from "./viewsCall.ts";
import { openViews } from "./views/views.ts";

const { directory: path, database } = workerData as ViewsThreadData;
const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");

const opening = lookInto(path).then(async (directory) => ({
  directory,
  views: await openViews({ database, genesis: hex(genesisOf(directory.capacities)) }),
}));
// Whoever calls is told; a thread nobody has called yet does not end over it.
opening.catch(() => undefined);

port.on("message", ({ id, call }: { readonly id: number; readonly call: ViewsCall }) => {
  answer(call).then(
    (result) => port.postMessage({ id, result }),
    (error: unknown) => port.postMessage({ id, error: describeError(error) }),
  );
});

async function answer(call: ViewsCall): Promise<unknown> {
  const { directory, views } = await opening;
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
