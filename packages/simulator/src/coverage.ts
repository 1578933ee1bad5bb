/** How often everything that can happen has happened: answers, events, reasons. */
import {
  type CommandName,
  EVENTS,
  EVENT_WORDS,
  type EventName,
  PRECEDENCE,
  QUALITY,
  REASON,
  type RefusalName,
  SOURCE_STATE,
  WAY,
  limits,
  refusalOf,
} from "@bulkhead/engine";
import type { Step } from "./step.ts";
import type { Answer } from "./workload/memory.ts";

const EVENT_NAMES = new Map(
  (Object.keys(EVENTS) as EventName[]).map((name) => [EVENTS[name].code as number, name]),
);
const REASON_NAMES = new Map(Object.entries(REASON).map(([name, code]) => [code as number, name]));
/** Words of an event that say which of several things happened. */
const VARIANT_WORD: Readonly<Partial<Record<EventName, number>>> = {
  positionLiquidated: 4,
  liquidationEnded: 2,
  lossAbsorbed: 3,
  layerFunded: 1,
  lossRecovered: 2,
};
/** Words of an event that give a reason. */
const REASON_WORD: Readonly<Partial<Record<EventName, number>>> = { orderReduced: 6, orderRemoved: 5 };
/** First facts that say a command did as much as one may. */
const BOUNDS: Readonly<Partial<Record<CommandName, number>>> = {
  massCancel: limits.MAX_SWEEP,
  clockTick: limits.MAX_SWEEP,
  updateIndexPrice: limits.MAX_TRIGGERS,
  releaseWithdrawals: limits.MAX_RELEASES,
};
const OUTCOME_WORD = 5;
/** Commands whose last fact says why nothing rests. */
const TELL_REASONS: ReadonlySet<CommandName> = new Set(["placeOrder", "amendOrder"]);
const REASON_FACT = 3;
const WAY_NAMES = new Map(Object.entries(WAY).map(([name, code]) => [code as number, name]));
const WAY_WORD = 6;

export class Coverage {
  readonly #counts = new Map<string, number>();

  count(step: Step, answer: Answer | undefined): void {
    if (!("command" in step) || answer === undefined) return this.#add("malformed");
    const { kind } = step.command;
    const { outcome, facts, events, eventCount } = answer;
    this.#add(`${kind} ${outcome}`);
    if (outcome === "accepted" && BOUNDS[kind] === facts[0]) this.#add(`${kind} as many as one command may`);
    if (kind === "reportPrice" && outcome === "accepted") {
      this.#add(`${kind} ${nameIn(SOURCE_STATE, facts[0] as number)}`);
      this.#add(`${kind} to ${nameIn(QUALITY, facts[2] as number)}`);
    }
    const reason = TELL_REASONS.has(kind) ? (facts[REASON_FACT] as number) : 0;
    if (outcome === "accepted" && reason !== 0) this.#add(`${kind} dropped ${REASON_NAMES.get(reason)}`);
    for (let at = 0; at < eventCount * EVENT_WORDS; at += EVENT_WORDS) this.#countEvent(events, at);
  }

  add(other: Coverage): void {
    for (const [key, count] of other.#counts) this.#add(key, count);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** The refusals in the tables of precedence that did not occur, as `command refusal`. */
  missing(): string[] {
    const pairs = Object.entries(PRECEDENCE) as [CommandName, readonly RefusalName[]][];
    return pairs
      .flatMap(([command, refusals]) => refusals.map((refusal) => `${command} ${refusal}`))
      .filter((pair) => this.of(pair) === 0);
  }

  /** Everything counted, by name, and then what is missing. */
  table(): string {
    const rows = [...this.#counts];
    rows.sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = rows.map(([key, count]) => `${String(count).padStart(10)}  ${key}`);
    return [...lines, ...this.missing().map((pair) => `${"never".padStart(10)}  ${pair}`)].join("\n");
  }

  #countEvent(words: Float64Array, at: number): void {
    const name = EVENT_NAMES.get(words[at] as number) as EventName;
    this.#add(`event ${name}`);
    const variantWord = VARIANT_WORD[name];
    if (variantWord !== undefined) this.#add(`event ${name} ${words[at + variantWord]}`);
    const reasonWord = REASON_WORD[name];
    if (reasonWord !== undefined)
      this.#add(`event ${name} ${REASON_NAMES.get(words[at + reasonWord] as number)}`);
    if (name === "withdrawalReleased")
      this.#add(`event ${name} ${WAY_NAMES.get(words[at + WAY_WORD] as number)}`);
    if (name === "orderTriggered")
      this.#add(`event ${name} ${refusalOf(words[at + OUTCOME_WORD] as number)}`);
  }

  #add(key: string, count = 1): void {
    this.#counts.set(key, this.of(key) + count);
  }
}

function nameIn(numbers: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(numbers).find((name) => numbers[name] === value) ?? String(value);
}
