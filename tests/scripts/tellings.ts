/** What happened, in the words of a diary. */
import { type EventName, type EventView, REASON, type Receipt, refusalOf } from "@bulkhead/engine";

type OwnerOf = (bucket: number | undefined) => string;
type Telling = (values: EventView["values"], ownerOf: OwnerOf) => string;

/** The other events only repeat the entry. */
const TELLINGS: Readonly<Partial<Record<EventName, Telling>>> = {
  fill: ({ lots, price, makerBucket }, ownerOf) => `fills ${lots} @ ${price} with ${ownerOf(makerBucket)}`,
  orderReduced: ({ bucket, lots = 0, remaining = 0, reason }, ownerOf) =>
    `${ownerOf(bucket)} loses ${lots} of ${lots + remaining}: ${nameIn(REASON, reason)}`,
  orderRemoved: ({ bucket, lots, reason }, ownerOf) =>
    `${ownerOf(bucket)} loses ${lots}: ${nameIn(REASON, reason)}`,
  orderTriggered: ({ bucket, mark, outcome = 0 }, ownerOf) =>
    `${ownerOf(bucket)} triggers @ ${mark}${outcome === 0 ? "" : `: ${refusalOf(outcome)}`}`,
  fundingSettled: ({ bucket, amount }, ownerOf) => `${ownerOf(bucket)} owes funding ${dollars(amount)}`,
  positionSettled: ({ bucket, lots, price, realised }, ownerOf) =>
    `${ownerOf(bucket)} settles ${lots} @ ${price}, realises ${dollars(realised)}`,
  residualSettled: ({ bucket, amount, remaining }, ownerOf) =>
    `${ownerOf(bucket)} receives ${dollars(amount)}, owes ${dollars(remaining)}`,
  marketQuarantined: ({ invariant }) => `quarantine: invariant ${invariant}`,
};

/** What came of an accepted command beyond what it says. */
export function tellOutcome({ events, facts }: Receipt, ownerOf: OwnerOf): string[] {
  const told = events.flatMap(({ event, values }) => TELLINGS[event]?.(values, ownerOf) ?? []);
  const dropped = "reason" in facts && facts["reason"] !== 0;
  return dropped ? [...told, `drops the rest: ${nameIn(REASON, facts["reason"])}`] : told;
}

const MONEY: ReadonlySet<string> = new Set(["equity", "required", "maintenance", "balance"]);

/** A refusal, with its numbers if they are asked for. */
export function tellRefusal({ outcome, facts }: Receipt, withFacts: boolean): string {
  if (!withFacts) return outcome;
  const told = Object.entries(facts).map(
    ([name, value]) => `${name}=${MONEY.has(name) ? dollars(value) : value}`,
  );
  return [outcome, ...told].join(" ");
}

/** Micro-dollars as dollars. */
export function dollars(amount = 0): string {
  return String(amount / 1_000_000);
}

function nameIn(names: Readonly<Record<string, number>>, value: number | undefined): string {
  return Object.keys(names).find((name) => names[name] === value) ?? String(value);
}
