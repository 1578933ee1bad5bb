/** The doors of a node, each request of which is counted. */
import { type Gateway, type GatewayDependencies, openGateway } from "../gateway/gateway.ts";
import type { Say } from "../telemetry/eventLogger.ts";
import type { Telemetry } from "../telemetry/metrics.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { Config } from "./config.ts";
import { gatewayLog } from "./gatewayLog.ts";
import type { Lifetime } from "./lifetime.ts";
import { proxiesOf, readersOf } from "./origins.ts";

export interface DoorsOptions extends Omit<GatewayDependencies, "about" | "log" | "metrics" | "playMoney"> {
  readonly config: Config;
  /** Pages for people, a folder of built files. */
  readonly site: string | undefined;
  readonly origins: () => readonly [string, ...string[]];
  readonly telemetry: Telemetry;
  readonly tracing: Tracing | undefined;
  readonly say: Say;
}

const SECOND = 1_000;

export async function openDoors(
  { config, site, origins, telemetry: { metrics, metricsText }, tracing, say, ...dependencies }: DoorsOptions,
  lifetime: Lifetime,
): Promise<Gateway> {
  const gateway = await openGateway(
    {
      host: config.host,
      port: config.port,
      origins: readersOf(config),
      proxies: proxiesOf(config),
      ...(config.binaryPort !== undefined && { tcpPort: config.binaryPort }),
      ...(site !== undefined && { site }),
      answered: (route, status, ms, traceparent) => {
        metrics.gateway_requests_total.inc({ route, status: String(status) });
        metrics.gateway_request_seconds.observe({ route }, ms / SECOND);
        tracing?.answered(route, status, ms, traceparent);
      },
    },
    {
      ...dependencies,
      about: { name: config.name, isDemo: config.demo, origin: () => origins()[0] },
      log: gatewayLog(say),
      playMoney: config.playMoney,
      metrics: metricsText,
    },
  );
  lifetime.atEnd(() => gateway.close());
  return gateway;
}
