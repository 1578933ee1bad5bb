/** The node. */
export { type Access, type AccessOptions, openAccess } from "./access/access.ts";
export { Authority, type Offices, type Signer } from "./access/authorise.ts";
export { type DenialName, Denied } from "./access/denial.ts";
export { DEFAULT_LIMITS, Gate, type Limits } from "./access/limits.ts";
export { Nonces } from "./access/nonces.ts";
export { Registry, type RegistryOptions, type Session } from "./access/registry.ts";
export { type SignatureOptions, Signatures } from "./access/signatures.ts";
export { Logins, type SiweOptions } from "./access/siwe.ts";
export * from "./core.ts";
export { lockViews, viewsIn } from "./dataDirectory.ts";
export {
  type Gateway,
  type GatewayDependencies,
  type GatewayOptions,
  openGateway,
} from "./gateway/gateway.ts";
export type { Answers as HistoryAnswers, History, Log, Streams } from "./gateway/ports.ts";
export { openPublicLog, type PublicLog, type PublicSegment } from "./log/publicLog.ts";
export { CLOSE, FanOut, type FanOutFigures, type FanOutOptions } from "./market/fanOut.ts";
export { MarketData, type MarketDataOptions } from "./market/marketData.ts";
export {
  createStreamEndpoint,
  type Identity,
  type StreamEndpoint,
  type StreamEndpointOptions,
} from "./market/streamEndpoint.ts";
export { bootstrap, capacitiesOf, type Instruction, sealing } from "./node/bootstrap.ts";
export { type Config, ConfigError, parseConfig, readConfig } from "./node/config.ts";
export { type Node, type NodeOptions, startNode } from "./node/node.ts";
export {
  type Alerts,
  type AlertsOptions,
  createAlerts,
  type NodeState,
  type Notice,
  RULES,
  type Thresholds,
} from "./telemetry/alerts.ts";
export { createEventLogger, type EventLoggerOptions, type Say, sayBatch } from "./telemetry/eventLogger.ts";
export { LOG_EVENTS, type LogEventName, type LogFacts } from "./telemetry/logEvents.ts";
export { createMeter, type Meter } from "./telemetry/meter.ts";
export {
  createTelemetry,
  type MetricName,
  METRICS,
  type Metrics,
  type Telemetry,
} from "./telemetry/metrics.ts";
export { nodeStateOf } from "./telemetry/nodeState.ts";
export { createWebhook, signNotice, type Webhook, type WebhookOptions } from "./telemetry/webhook.ts";
export { type CsvRange, fillsCsv, ledgerCsv } from "./views/csv.ts";
export { type CatchingUp, follow, type Following, type FollowOptions } from "./views/follow.ts";
export type { Answers, Page, Paging, Questions } from "./views/queries.ts";
export { GapError, openViews, type Views, type ViewsOptions } from "./views/views.ts";
export { ViewsError } from "./viewsCall.ts";
export { catchUpWith } from "./viewsCatchUp.ts";
export { type RebuildOptions, rebuildViews } from "./viewsRebuild.ts";
export { startViews, type ViewsThreadOptions } from "./viewsThread.ts";
