/** What happened to the venue, from rows of the timeline to words and decimals. */
import {
  BREAKER,
  LAYOUTS,
  type Layout,
  PARAMETERS,
  POSTURE,
  type ParameterSpec,
  SIGNAL,
  VENUE_PARAMETERS,
} from "@bulkhead/engine";
import {
  FUND_LAYER_NAMES,
  type FundPoint,
  LAYER_NAMES,
  type Step,
  type TimelineEntry,
  nameOf,
  stepOfPlaces,
  textOf,
  usdText,
} from "@bulkhead/protocol";
import type { FundPointRow, TimelineRow } from "./ports.ts";
import { type Labels, lotsText, ticksText } from "../telling/labels.ts";
import { inputOf } from "./tellRisk.ts";

const PPM: Step = stepOfPlaces(6);

type Facts = Readonly<Record<string, number>> & { readonly status?: string; readonly cause?: string };
type Telling = (facts: Facts, row: TimelineRow, labels: Labels) => object;

const n = (facts: Facts, name: string): number => facts[name] ?? 0;

const TELLING: Readonly<Record<TimelineEntry["kind"], Telling>> = {
  breaker: (facts, { tier, market }, labels) => ({
    symbol: labels.symbol(tier, market),
    from: nameOf(BREAKER, n(facts, "from")),
    to: nameOf(BREAKER, n(facts, "to")),
    signal: nameOf(SIGNAL, n(facts, "signal")) ?? null,
    score: textOf(n(facts, "score"), PPM),
    lossAvoided: usdText(n(facts, "lossAvoided")),
    cost: usdText(n(facts, "cost")),
  }),
  posture: (facts) => ({
    from: nameOf(POSTURE, n(facts, "from")),
    to: nameOf(POSTURE, n(facts, "to")),
    rule: n(facts, "rule"),
    input: inputOf(n(facts, "rule")),
    seen: n(facts, "seen"),
    bound: n(facts, "bound"),
  }),
  layer: (facts) => ({
    default: n(facts, "default"),
    layer: nameOf(LAYER_NAMES, n(facts, "layer")),
    amount: usdText(n(facts, "amount")),
    remaining: usdText(n(facts, "remaining")),
  }),
  haircut: (facts) => ({
    default: n(facts, "default"),
    amount: usdText(n(facts, "amount")),
    winners: n(facts, "winners"),
  }),
  "tear-up": (facts, { tier, market }, labels) => {
    const instrument = labels.instrument(tier, market);
    return {
      symbol: labels.symbol(tier, market),
      amount: lotsText(instrument, Math.abs(n(facts, "lots"))),
      price: ticksText(instrument, n(facts, "price")),
      positions: n(facts, "positions"),
    };
  },
  quarantine: (facts, { tier, market }, labels) => ({
    symbol: labels.symbol(tier, market),
    invariant: n(facts, "invariant"),
  }),
  proposal: (facts) => ({
    proposal: n(facts, "proposal"),
    nonce: n(facts, "nonce"),
    status: facts.status,
    command: LAYOUTS.find((layout: Layout) => layout.code === n(facts, "command"))?.name ?? null,
  }),
  parameter: (facts, { tier, market }, labels) => {
    const { name, isMarkets } = parameterOf(tier, n(facts, "parameter"));
    return {
      symbol: isMarkets && market !== 0 ? labels.symbol(tier, market) : null,
      parameter: name,
      before: n(facts, "previous"),
      after: n(facts, "value"),
      cause: facts.cause,
      until: n(facts, "until") === 0 ? null : n(facts, "until"),
    };
  },
};

export function tellNotable(labels: Labels, row: TimelineRow): TimelineEntry {
  const { sequence, ordinal, time, tier } = row;
  const kind = row.kind as TimelineEntry["kind"];
  const facts = JSON.parse(row.facts) as Facts;
  const told = TELLING[kind](facts, row, labels);
  return { id: `${sequence}-${ordinal}`, time, sequence, tier, kind, ...told } as TimelineEntry;
}

export function tellFundPoint({ start, layer, balance, paidIn, paidOut }: FundPointRow): FundPoint {
  return {
    start,
    layer: nameOf(FUND_LAYER_NAMES, layer) ?? "insurance",
    balance: usdText(balance),
    paidIn: usdText(paidIn),
    paidOut: usdText(paidOut),
  };
}

function parameterOf(tier: number, id: number): { readonly name: string; readonly isMarkets: boolean } {
  const all: Readonly<Record<string, { readonly id: number; readonly level?: ParameterSpec["level"] }>> =
    tier === 0 ? VENUE_PARAMETERS : PARAMETERS;
  const [name, spec] = Object.entries(all).find(([, each]) => each.id === id) ?? [String(id), undefined];
  return { name, isMarkets: spec?.level === "market" };
}
