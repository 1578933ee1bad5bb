/**
 * Brings notices to a webhook, one after another, signed, and again until they are taken: with growing waits, for a while, and never more of
 * them than fit in the queue.
 */
import { createHmac } from "node:crypto";
import type { Notice } from "./alerts.ts";
import type { Say } from "./eventLogger.ts";
import type { Metrics } from "./metrics.ts";

export interface WebhookOptions {
  readonly url: string;
  /** Key of the signature; known to the receiver. */
  readonly secret: string;
  readonly metrics: Pick<Metrics, "alert_deliveries_total">;
  readonly say: Say;
  readonly fetch?: typeof fetch;
  /** How often a notice is tried. */
  readonly attempts?: number;
  /** Wait before the second try, ms; each further one is twice as long, up to a minute, less up to a half by chance. */
  readonly retryMs?: number;
  /** How long an answer may take, ms. */
  readonly timeoutMs?: number;
  /** Notices that may wait; the oldest is dropped for one more. */
  readonly maxWaiting?: number;
  readonly clock?: () => number;
  readonly random?: () => number;
  readonly wait?: (ms: number) => Promise<void>;
}

export interface Webhook {
  readonly send: (notice: Notice) => void;
  /** Until everything that waits was brought, or given up. */
  readonly idle: () => Promise<void>;
}

const ATTEMPTS = 8;
const RETRY_MS = 1_000;
const LONGEST_MS = 60_000;
const TIMEOUT_MS = 10_000;
const MAX_WAITING = 100;
/** Answers that trying again does not change: the receiver does not want it. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 410, 413, 415, 422]);

/**
 * The signature of a notice: `t=<seconds>,v1=<hex>`, the HMAC-SHA-256 of `<seconds>.<body>`. Whoever checks it refuses what is too old.
 * @param seconds - since the epoch
 */
export function signNotice(secret: string, seconds: number, body: string): string {
  const hex = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${hex}`;
}

export function createWebhook(options: WebhookOptions): Webhook {
  const {
    url,
    secret,
    metrics,
    say,
    fetch: post = fetch,
    attempts = ATTEMPTS,
    retryMs = RETRY_MS,
    timeoutMs = TIMEOUT_MS,
    maxWaiting = MAX_WAITING,
    clock = Date.now,
    random = Math.random,
    wait = (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
  } = options;
  const waiting: Notice[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (let notice = waiting.shift(); notice !== undefined; notice = waiting.shift()) await bring(notice);
    running = undefined;
  }

  async function bring(notice: Notice): Promise<void> {
    const body = JSON.stringify(notice);
    let error = "";
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const status = await attemptTo(body);
      if (typeof status === "number" && status < 300)
        return metrics.alert_deliveries_total.inc({ outcome: "delivered" });
      error = typeof status === "number" ? `the webhook answered ${status}` : status;
      if (typeof status === "number" && FINAL.has(status)) return giveUp(notice, attempt, error);
      if (attempt === attempts) break;
      metrics.alert_deliveries_total.inc({ outcome: "retried" });
      const longest = Math.min(LONGEST_MS, retryMs * 2 ** (attempt - 1));
      await wait(longest * (1 - random() / 2));
    }
    giveUp(notice, attempts, error);
  }

  async function attemptTo(body: string): Promise<number | string> {
    const seconds = Math.floor(clock() / 1_000);
    try {
      const response = await post(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "bulkhead-signature": signNotice(secret, seconds, body),
        },
        body,
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      return response.status;
    } catch (failure) {
      return failure instanceof Error ? failure.message : String(failure);
    }
  }

  function giveUp({ alert, subject }: Notice, tried: number, error: string): void {
    metrics.alert_deliveries_total.inc({ outcome: "dropped" });
    say("alert.undelivered", { alert, subject, attempts: tried, error });
  }

  return {
    send(notice) {
      if (waiting.length === maxWaiting) {
        const dropped = waiting.shift();
        if (dropped !== undefined) giveUp(dropped, 0, "too many notices wait");
      }
      waiting.push(notice);
      running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
