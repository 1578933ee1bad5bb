/** The views of a node, kept at its heels. */
import type { History } from "../gateway/ports.ts";
import type { Runner } from "../runner/runner.ts";
import type { Say } from "../telemetry/eventLogger.ts";
import { type Following, follow } from "../views/follow.ts";
import { startViews } from "../viewsThread.ts";
import type { Config } from "./config.ts";
import type { Lifetime } from "./lifetime.ts";

export interface NodeViewsOptions {
  readonly config: Config;
  /** The venue's directory. */
  readonly directory: string;
  readonly runner: Runner;
  readonly say: Say;
}

export interface NodeViews {
  readonly following: Following;
  /** What the gateway asks of them. */
  readonly history: History;
}

export async function openNodeViews(
  { config, directory, runner, say }: NodeViewsOptions,
  lifetime: Lifetime,
): Promise<NodeViews> {
  const views = await startViews({
    directory,
    ...(config.views !== "embedded" && { database: config.views }),
  });
  lifetime.atEnd(() => views.close());
  const following = follow({
    views,
    listen: (listener) => runner.listen(listener),
    report: (error) => say("views.failed", { sequence: runner.log.last, error }),
  });
  lifetime.atEnd(() => following.stop());
  return {
    following,
    history: {
      sequence: () => views.sequence(),
      reached: following.reached,
      // What the gateway asks is some of what views answer, in the same words.
      ask: (name, question) => views.ask(name, question as never) as Promise<never>,
    },
  };
}
