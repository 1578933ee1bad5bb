/** Counts what happens in a venue, from its executed batches, and looks at the rest of its state when somebody asks for the metrics. */
import {
  CODE,
  EVENTS,
  EVENT_WORDS,
  type Engine,
  FRAME_WORDS,
  LAYOUTS,
  type Layout,
  breakerView,
  fundView,
  postureView,
  refusalOf,
  tierView,
  venueView,
} from "@bulkhead/engine";
import type { ExecutedBatch } from "../runner/executed.ts";
import type { Telemetry } from "./metrics.ts";

const MICRO_USD = 1_000_000;
const OUTCOMES = 2 ** 16;
const COMMANDS: ReadonlyMap<number, string> = new Map(
  (LAYOUTS as readonly Layout[]).map(({ code, name }) => [code, name] as const),
);
/** By number: ways of closing a position in distress, and layers of the waterfall. */
const HOW = ["", "book", "backstop", "torn-up", "keepers", "auction"] as const;
const LAYERS = ["", "firstTranche", "insurance", "cover", "secondTranche", "mutual", "winners"] as const;
const DEFAULTED = 2;

const TIER_WORDS: Uint8Array = tierWords();

export interface MeterOptions {
  readonly telemetry: Telemetry;
  /** Answers a question from the state between two batches: `Runner.read`. */
  readonly read: <Answer>(question: (engine: Engine) => Answer) => Promise<Answer>;
}

export interface Meter {
  /** By "tier/market", the invariant that its latest quarantine was for. */
  readonly invariants: ReadonlyMap<string, number>;
  /** Counts a batch; to be given every one. */
  take(batch: ExecutedBatch): void;
  /** A runner's probe. */
  executed(commands: number, ms: number): void;
  synced(bytes: number, ms: number): void;
}

export function createMeter({ telemetry, read }: MeterOptions): Meter {
  const { metrics } = telemetry;
  const invariants = new Map<string, number>();
  telemetry.onScrape(async () => {
    try {
      await read(look);
    } catch {
      // A node whose log has failed answers no questions; its other metrics say so.
    }
  });

  function look({ venue }: Engine): void {
    for (let tier = 1; tier <= venueView(venue).tiers; tier++) {
      const { insurance, distressed, markets } = tierView(venue, tier);
      metrics.fund_insurance_usd.set({ tier }, insurance / MICRO_USD);
      metrics.fund_target_usd.set({ tier }, fundView(venue, tier).target / MICRO_USD);
      metrics.tier_posture_level.set({ tier }, postureView(venue, tier).posture);
      metrics.tier_distressed_buckets.set({ tier }, distressed.length);
      for (let market = 1; market <= markets; market++)
        metrics.market_breaker_level.set({ tier, market }, breakerView(venue, tier, market).level);
    }
  }

  function count(tier: number, events: Float64Array, at: number): void {
    const word = (index: number): number => events[at + index] as number;
    switch (word(0)) {
      case EVENTS.positionLiquidated.code:
        return metrics.risk_liquidations_total.inc({ tier, how: HOW[word(4)] ?? String(word(4)) });
      case EVENTS.liquidationEnded.code:
        return word(2) === DEFAULTED ? metrics.risk_defaults_total.inc({ tier }) : undefined;
      case EVENTS.lossAbsorbed.code: {
        const layer = LAYERS[word(3)] ?? String(word(3));
        return metrics.fund_loss_usd_total.inc({ tier, layer }, word(4) / MICRO_USD);
      }
      case EVENTS.marketQuarantined.code:
        invariants.set(`${tier}/${word(1)}`, word(2));
        return metrics.security_violations_total.inc({ tier, invariant: word(2) });
      case EVENTS.breakerMoved.code:
        return metrics.market_breaker_level.set({ tier, market: word(1) }, word(3));
      case EVENTS.postureMoved.code:
        return metrics.tier_posture_level.set({ tier }, word(2));
      default:
        return undefined;
    }
  }

  return {
    invariants,
    take({ first, count: commands, frames, codes, events, eventEnds }) {
      const counts = new Map<number, number>();
      for (let index = 0, event = 0; index < commands; index++) {
        const at = index * FRAME_WORDS;
        const code = frames[at + CODE] as number;
        const key = code * OUTCOMES + (codes[index] as number);
        counts.set(key, (counts.get(key) ?? 0) + 1);
        const tier = tierOfCommand(frames, index);
        for (; event < (eventEnds[index] as number); event++) count(tier, events, event * EVENT_WORDS);
      }
      for (const [key, times] of counts) {
        const command = COMMANDS.get(Math.floor(key / OUTCOMES)) ?? "";
        const outcome = refusalOf(key % OUTCOMES);
        metrics.runner_commands_total.inc({ command, outcome }, times);
      }
      metrics.runner_sequence_commands.set(first + commands - 1);
    },
    executed(commands, ms) {
      metrics.runner_batch_commands.observe(commands);
      metrics.runner_engine_seconds.observe(ms / 1_000);
    },
    synced(bytes, ms) {
      metrics.log_sync_seconds.observe(ms / 1_000);
      metrics.log_written_bytes_total.inc(bytes);
    },
  };
}

/** The tier that the `index`th command of a batch is for; 0 = the vault, or the whole venue. */
export function tierOfCommand(frames: Float64Array, index: number): number {
  const at = index * FRAME_WORDS;
  const word = TIER_WORDS[frames[at + CODE] as number] as number;
  return word === 0 ? 0 : (frames[at + word] as number);
}

/** Where each command's frame says which tier it is for; 0 = it says none. */
function tierWords(): Uint8Array {
  const words = new Uint8Array(256);
  for (const { code, fields } of LAYOUTS as readonly Layout[]) {
    const index = Object.keys(fields).indexOf("tier");
    if (index >= 0) words[code] = index + 2;
  }
  return words;
}
