/** What happened, in words, with the numbers that were the reason. */
import type { TimelineEntry } from "@bulkhead/protocol";
import type { Tone } from "../ui/Badge.tsx";
import type { Form } from "../ui/Sign.tsx";
import { formOf } from "../ui/Sign.tsx";
import { toneOf } from "../ui/states.ts";
import { compact, grouped, momentText, percent, worded } from "../ui/text.ts";
import { INPUT_TEXT, LAYER_TEXT, SIGNAL_TEXT, STEP_TEXT } from "./words.ts";

export interface Telling {
  readonly tone: Tone;
  readonly form: Form;
  readonly what: string;
  /** Why, and how much. */
  readonly evidence: string;
}

const usd = (value: string): string => `${grouped(value, 2)} USD`;
const isBack = (value: string): boolean => value.startsWith("-");
const without = (value: string): string => value.replace(/^-/, "");

export function tellingOf(entry: TimelineEntry): Telling {
  switch (entry.kind) {
    case "breaker":
      return {
        tone: toneOf(entry.to),
        form: formOf(entry.to),
        what: `${entry.symbol}: breaker ${worded(entry.from)} → ${worded(entry.to)}`,
        evidence:
          entry.signal === null
            ? "it has been calm long enough"
            : `${SIGNAL_TEXT[entry.signal] ?? entry.signal}: score ${entry.score}, it trips at 1` +
              (Number(entry.lossAvoided) === 0
                ? ""
                : `; expected loss avoided ${usd(entry.lossAvoided)}, cost ${usd(entry.cost)}`),
      };
    case "posture":
      return {
        tone: toneOf(entry.to),
        form: formOf(entry.to),
        what: `Posture ${worded(entry.from)} → ${worded(entry.to)}`,
        evidence:
          entry.rule === 0 || entry.input === null
            ? "nothing has held the stricter one long enough"
            : `rule ${entry.rule}: ${seenText(entry.input, entry.seen, entry.bound)}`,
      };
    case "layer":
      return {
        tone: isBack(entry.amount) ? "calm" : "alarm",
        form: isBack(entry.amount) ? "again" : "down",
        what: `${LAYER_TEXT[entry.layer]} ${isBack(entry.amount) ? "got back" : "paid"} ${compact(Number(without(entry.amount)))} USD`,
        evidence: `default no. ${entry.default}: ${usd(without(entry.amount))}, ${usd(entry.remaining)} left ${isBack(entry.amount) ? "to come back" : "to bear"}`,
      };
    case "haircut":
      return {
        tone: isBack(entry.amount) ? "calm" : "alarm",
        form: isBack(entry.amount) ? "again" : "down",
        what: isBack(entry.amount) ? "Winners were repaid" : "Winners gave up profit",
        evidence: `default no. ${entry.default}: ${usd(without(entry.amount))} of ${grouped(String(entry.winners))} winners, each the same part`,
      };
    case "tear-up":
      return {
        tone: "alarm",
        form: "gather",
        what: `${entry.symbol}: ${grouped(entry.amount)} torn up`,
        evidence: `at ${grouped(entry.price)} USD, pro rata against ${grouped(String(entry.positions))} positions of the other side`,
      };
    case "quarantine":
      return {
        tone: "alarm",
        form: "stop",
        what: `${entry.symbol}: quarantined`,
        evidence: `invariant ${entry.invariant} did not hold`,
      };
    case "proposal":
      return {
        tone: entry.status === "contested" ? "caution" : "accent",
        form: formOf(entry.status),
        what: `Proposal of member ${entry.proposal} ${entry.status}`,
        evidence: `${entry.command === null ? "its command is not known any more" : worded(entry.command)}, nonce ${entry.nonce}`,
      };
    default:
      return {
        tone: "accent",
        form: "level",
        what: `${entry.symbol === null ? "" : `${entry.symbol}: `}${worded(entry.parameter)} changed`,
        evidence: `${grouped(String(entry.before))} → ${grouped(String(entry.after))}, by ${CAUSE[entry.cause]}${entry.until === null ? "" : ` until ${momentText(entry.until)}`}`,
      };
  }
}

const CAUSE = {
  proposal: "a proposal",
  steward: "a steward",
  breaker: "a breaker",
  lapse: "a hold that lapsed",
} as const;

/** What a controller saw and from where on it acts. */
function seenText(input: string, seen: number, bound: number): string {
  const { name = input, unit = "part" } = INPUT_TEXT[input] ?? {};
  if (unit === "step") return STEP_TEXT[input]?.[seen] ?? `${name}: ${seen}`;
  return `${name}: ${percent(seen / 1e6)}, bound ${percent(bound / 1e6)}`;
}
