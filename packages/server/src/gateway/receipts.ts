/** What came of commands, in the words of traders. */
import {
  EVENTS,
  EVENT_WORDS,
  type CommandName,
  type EventName,
  FRAME_WORDS,
  RECEIPT_FIELDS,
  LAYOUTS,
  type Layout,
} from "@bulkhead/engine";
import {
  type CancelReceipt,
  type Directory,
  type Instrument,
  type OrderReceipt,
  type Receipt,
  amountText,
  averageText,
  instrumentOf,
  notionalOf,
  orderNameText,
  placedOf,
  refusalProblem,
  usdText,
} from "@bulkhead/protocol";
import { type ExecutedBatch, type Outcome, outcomeAt } from "../runner/executed.ts";
import { timeOf } from "./cancelling.ts";
import { ProblemError } from "./problems.ts";

const EVENT_NAMES: ReadonlyMap<number, EventName> = new Map(
  (Object.keys(EVENTS) as EventName[]).map((name) => [EVENTS[name].code, name]),
);
const COMMAND_NAMES: ReadonlyMap<number, CommandName> = new Map(
  (LAYOUTS as readonly Layout<CommandName>[]).map(({ code, name }) => [code, name]),
);

/** One event, its values by the names of events.ts. */
interface Told {
  readonly event: EventName;
  readonly values: Readonly<Record<string, number>>;
}

/** One command of a batch that was executed. */
export interface Done extends Outcome {
  readonly time: number;
  readonly command: CommandName;
}

export function doneAt(batch: ExecutedBatch, index: number): Done {
  const command = COMMAND_NAMES.get(batch.frames[index * FRAME_WORDS] as number) as CommandName;
  return { ...outcomeAt(batch, index), time: timeOf(batch, index), command };
}

/** @throws {ProblemError} with the refusal, if the engine refused it */
export function expectAccepted(done: Done): Done {
  if (done.code !== 0) throw new ProblemError(refusalProblem(done.code, done.facts, done.sequence));
  return done;
}

export function eventsOf({ events }: Outcome): Told[] {
  return Array.from({ length: events.length / EVENT_WORDS }, (_, index) => {
    const at = index * EVENT_WORDS;
    const event = EVENT_NAMES.get(events[at] as number) as EventName;
    const names: readonly string[] = EVENTS[event].fields;
    const values = names.map((name, field) => [name, events[at + 1 + field] as number]);
    return { event, values: Object.fromEntries(values) };
  });
}

/** The receipt of an accepted command, in the engine's units. */
export function receiptOf(done: Done): Receipt {
  const names: readonly string[] = RECEIPT_FIELDS[done.command];
  return {
    sequence: done.sequence,
    time: done.time,
    command: done.command,
    outcome: "accepted",
    facts: Object.fromEntries(names.map((name, index) => [name, done.facts[index] as number])),
    events: eventsOf(done),
  };
}

/** Who has placed or amended an order, and how. */
export interface OrderBy {
  readonly instrument: Instrument;
  readonly account: number;
  readonly bucket: number;
  readonly side: "buy" | "sell";
  /** 0 = none. */
  readonly clientId: number;
}

/** The receipt of an accepted `placeOrder` or `amendOrder`. */
export function orderReceiptOf(
  done: Done,
  { instrument, account, bucket, side, clientId }: OrderBy,
): OrderReceipt {
  let [tickLots, lots, fee] = [0, 0, 0];
  for (const { event, values } of eventsOf(done)) {
    if (event !== "fill" || values["takerBucket"] !== bucket || values["market"] !== instrument.market)
      continue;
    const filled = values["lots"] as number;
    lots += filled;
    tickLots += filled * (values["price"] as number);
    fee += values["takerFee"] as number;
  }
  return {
    ...placedOf(instrument, done.facts, done.sequence),
    clientOrderId: clientId === 0 ? null : String(clientId),
    account,
    symbol: instrument.symbol,
    side,
    cost: usdText(tickLots * notionalOf(instrument)),
    average: lots === 0 ? null : averageText(instrument, tickLots, lots),
    fee: usdText(fee),
    sequence: done.sequence,
    time: done.time,
  };
}

/** The receipt of an accepted `cancelOrder`. */
export function cancelReceiptOf(
  done: Done,
  directory: Directory,
  tier: number,
  account: number,
): CancelReceipt {
  const [order, lots] = done.facts as unknown as readonly [number, number];
  const removed = eventsOf(done).find(
    ({ event, values }) => event === "orderRemoved" && values["order"] === order,
  );
  const instrument = instrumentOf(directory, tier, removed?.values["market"] ?? 0);
  return {
    id: orderNameText(tier, "order", order),
    account,
    status: "canceled",
    remaining: instrument === undefined ? String(lots) : amountText(instrument, lots),
    sequence: done.sequence,
    time: done.time,
  };
}
