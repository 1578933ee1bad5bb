/** What the gateway notes, as the node's coded events. */
import type { Log } from "../gateway/ports.ts";
import type { Say } from "../telemetry/eventLogger.ts";

type Facts = Readonly<Record<string, unknown>>;

/** @throws {RangeError} if the gateway notes what has no event */
export function gatewayLog(say: Say): Log {
  const note = (facts: Facts, code: string): void => {
    const { account, canceled, sequence, err: error } = facts;
    switch (code) {
      case "gateway_open":
        return say("gateway.listening", { address: `${String(facts["host"])}:${String(facts["port"])}` });
      case "gateway_closed":
        return say("gateway.closed", { port: facts["port"] });
      case "request_refused":
        return say("gateway.refused", {
          route: facts["route"],
          status: facts["status"],
          problem: facts["type"],
        });
      case "request_failed":
        return say("gateway.faulted", { route: facts["route"], error });
      case "answer_malformed":
        return say("gateway.misspoke", {
          route: facts["route"],
          path: facts["path"],
          issue: facts["issue"],
        });
      case "batch_failed":
        return say("gateway.faulted", { route: "/v1/binary", error });
      case "disconnected_account_cancelled":
      case "silent_account_cancelled":
        return say("orders.cancelled", { account, canceled, sequence, because: becauseOf(code) });
      case "disconnected_account_not_cancelled":
      case "silent_account_not_cancelled":
        return say("orders.left", { account, because: becauseOf(code), error });
      default:
        throw new RangeError(`${code} has no event`);
    }
  };
  return { info: note, warn: note, error: note };
}

function becauseOf(code: string): string {
  return code.startsWith("silent") ? "silent" : "disconnected";
}
