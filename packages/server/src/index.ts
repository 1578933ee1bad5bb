/** The node. */
export { type Access, type AccessOptions, openAccess } from "./access/access.ts";
export { Authority, type Offices, type Signer } from "./access/authorise.ts";
export { Denied, type DenialName } from "./access/denial.ts";
export { DEFAULT_LIMITS, Gate, type Limits } from "./access/limits.ts";
export { Nonces } from "./access/nonces.ts";
export { Registry, type RegistryOptions, type Session } from "./access/registry.ts";
export { type SignatureOptions, Signatures } from "./access/signatures.ts";
export { Logins, type SiweOptions } from "./access/siwe.ts";
export { type DataDirectory, DataDirectoryError, lookInto, takeOver } from "./dataDirectory.ts";
export {
  type Gateway,
  type GatewayDependencies,
  type GatewayOptions,
  openGateway,
} from "./gateway/gateway.ts";
export type { History, Log, Streams } from "./gateway/ports.ts";
export { HALT_FILE, type Halt, isHalted, raiseHalt } from "./halt.ts";
export { type Batch, type CommandLog, LogError, type LogFault } from "./log/commandLog.ts";
export { openDirectory } from "./log/directory.ts";
export { readLog } from "./log/readLog.ts";
export { type Opened, SegmentLog, type SegmentLogOptions } from "./log/segmentLog.ts";
export type { Storage, StoredFile } from "./log/storage.ts";
export { CLOSE, FanOut, type FanOutFigures, type FanOutOptions } from "./market/fanOut.ts";
export { MarketData, type MarketDataOptions } from "./market/marketData.ts";
export {
  type Identity,
  type StreamEndpoint,
  type StreamEndpointOptions,
  createStreamEndpoint,
} from "./market/streamEndpoint.ts";
export { Divergence, executeBatch } from "./runner/execute.ts";
export { genesisOf } from "./runner/genesis.ts";
export { type ExecutedBatch, type Outcome, type Outcomes, outcomeAt } from "./runner/executed.ts";
export { type SnapshotPolicy, keepSnapshots } from "./runner/snapshotPolicy.ts";
export {
  type Listener,
  Overloaded,
  type Probe,
  type Recovery,
  Runner,
  type RunnerOptions,
} from "./runner/runner.ts";
export { type Verification, type VerifyOptions, verify } from "./runner/verify.ts";
export { type Alarm, type WatchOptions, type WatchStatus, watch } from "./runner/watch.ts";
export {
  type Alerts,
  type AlertsOptions,
  type NodeState,
  type Notice,
  RULES,
  type Thresholds,
  createAlerts,
} from "./telemetry/alerts.ts";
export { type EventLoggerOptions, type Say, createEventLogger, sayBatch } from "./telemetry/eventLogger.ts";
export { LOG_EVENTS, type LogEventName, type LogFacts } from "./telemetry/logEvents.ts";
export { type Meter, createMeter } from "./telemetry/meter.ts";
export {
  METRICS,
  type MetricName,
  type Metrics,
  type Telemetry,
  createTelemetry,
} from "./telemetry/metrics.ts";
export { nodeStateOf } from "./telemetry/nodeState.ts";
export { type Webhook, type WebhookOptions, createWebhook, signNotice } from "./telemetry/webhook.ts";
