/**
 * Orders and trades: who sends far more orders than he trades costs everybody and gives nobody liquidity. Each account has an allowance of
 * placed and amended orders that grows with time and with its fills; once it is used up, only cancels are taken. A refused order counts too.
 */
import { CODE, EVENTS, EVENT_WORDS, FRAME_WORDS, LAYOUTS, type Layout } from "@bulkhead/engine";
import { Denied } from "./denial.ts";
import { type Rate, Rates } from "./rates.ts";

export interface OrderRatio extends Rate {
  /** Orders that each fill allows for. */
  readonly perFill: number;
}

/** What was executed, as the runner tells it. */
interface Executed {
  readonly count: number;
  readonly frames: Float64Array;
  readonly codes: Uint16Array;
  readonly events: Float64Array;
  readonly eventEnds: Uint32Array;
}

const [PLACE, AMEND] = ["placeOrder", "amendOrder"].map(
  (name) => (LAYOUTS as readonly Layout[]).find((layout) => layout.name === name) as Layout,
) as [Layout, Layout];
/** Those that people trade by. */
const LAYOUT_BY_CODE: ReadonlyMap<number, Layout> = new Map(
  [PLACE, AMEND].map((layout) => [layout.code, layout]),
);
const FILL = EVENTS.fill.code;
const MAKER = 1 + EVENTS.fill.fields.indexOf("makerBucket");
const TAKER = 1 + EVENTS.fill.fields.indexOf("takerBucket");
/** Buckets of a tier, spread apart. */
const TIER_STRIDE = 2 ** 32;

export class OrderRatios {
  private readonly ratio: OrderRatio;
  private readonly allowance: Rates<number>;
  /** Whose buckets these are, learnt from orders; of one that has placed none since the node began nobody is credited. */
  private readonly accounts = new Map<number, number>();

  constructor(ratio: OrderRatio) {
    this.ratio = ratio;
    this.allowance = new Rates(ratio, "orders for how few of them trade");
  }

  /** Makes sure that an account may place or amend so many orders. @throws {Denied} */
  expect(account: number, now: number, orders: number): void {
    try {
      this.allowance.take(account, now, orders);
    } catch (error) {
      if (!(error instanceof Denied)) throw error;
      throw new Denied("orders_without_trades", "far more orders than trades; cancels are still taken", {
        ...error.facts,
        perFill: this.ratio.perFill,
      });
    }
  }

  /** Whether a frame is of a command that counts. */
  counts(frames: Float64Array, offset: number): boolean {
    return LAYOUT_BY_CODE.has(frames[offset + CODE] as number);
  }

  /** Credits the accounts whose orders have traded. */
  record({ count, frames, codes, events, eventEnds }: Executed, now: number): void {
    let event = 0;
    for (let index = 0; index < count; index++) {
      const at = index * FRAME_WORDS;
      const end = eventEnds[index] as number;
      const layout = LAYOUT_BY_CODE.get(frames[at + CODE] as number);
      if (layout === undefined) {
        event = end;
        continue;
      }
      const shard = (frames[at + (layout.at["tier"] as number)] as number) * TIER_STRIDE;
      if (layout === PLACE && codes[index] === 0)
        this.accounts.set(
          shard + (frames[at + (PLACE.at["bucket"] as number)] as number),
          frames[at + (PLACE.at["account"] as number)] as number,
        );
      for (; event < end; event++) {
        const word = event * EVENT_WORDS;
        if (events[word] !== FILL) continue;
        this.credit(shard + (events[word + MAKER] as number), now);
        this.credit(shard + (events[word + TAKER] as number), now);
      }
    }
  }

  private credit(bucket: number, now: number): void {
    const account = this.accounts.get(bucket);
    if (account !== undefined) this.allowance.credit(account, now, this.ratio.perFill);
  }
}
