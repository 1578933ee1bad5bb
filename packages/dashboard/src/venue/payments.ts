/** Which layers have just paid, of what a tier's channel of funds tells. */

/** An event of the channel; its fields are the engine's. */
export interface FundEvent {
  readonly event: string;
  readonly sequence: number;
  readonly time: number;
  readonly [field: string]: unknown;
}

export interface Payment {
  readonly layer: string;
  /** USD, exact, of the last one. */
  readonly amount: string;
  readonly time: number;
  readonly sequence: number;
  /** How many more there were within the same time. */
  readonly others: number;
}

/** How long a payment is shown as one that happens, ms. */
export const SHOWN_MS = 20_000;

/** The last payment of each layer that is not older than that. @param now - ms, by the node's clock */
export function paymentsOf(
  events: readonly FundEvent[],
  now: number,
  shownMs: number = SHOWN_MS,
): ReadonlyMap<string, Payment> {
  const found = new Map<string, Payment>();
  for (const { event, time, sequence, layer, amount } of events) {
    if (event !== "lossAbsorbed" || now - time > shownMs) continue;
    const name = String(layer);
    const before = found.get(name);
    found.set(
      name,
      before === undefined
        ? { layer: name, amount: String(amount), time, sequence, others: 0 }
        : { ...before, others: before.others + 1 },
    );
  }
  return found;
}
