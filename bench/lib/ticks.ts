/** Index prices that walk by at most 0.1 % a tick: within 20 ticks of where everybody opened, or through all 64 markets. */
import { EVENT_WORDS, FRAME_WORDS, encodeCommand } from "@bulkhead/engine";
import { type Crowd, OPENING, marketsOf } from "./crowd.ts";
import { createRandom } from "./random.ts";
import { cpuNsOf } from "./rounds.ts";

/** Nobody is endangered this close to the opening price. */
const QUIET = 20;
/** 0.1 % of the opening price, and how far from it a market may wander. */
const STEP = 32;
const WANDER = 655;

export interface Ticks {
  /** Applies the next ticks. */
  readonly play: (count: number) => { readonly events: number; readonly ns: number };
}

export function createTicks({ engine, shape }: Crowd, seed: number): Ticks {
  const random = createRandom(seed + 1);
  const markets = marketsOf(shape);
  const prices = Array.from({ length: markets + 1 }, () => OPENING);
  const next = (market: number): number => {
    if (shape === "isolated") return OPENING - QUIET + random.below(2 * QUIET + 1);
    const moved = prices[market]! - STEP + random.below(2 * STEP + 1);
    return Math.min(OPENING + WANDER, Math.max(OPENING - WANDER, moved));
  };
  const play = (count: number) => {
    const frames = new Float64Array(count * FRAME_WORDS);
    for (let tick = 0; tick < count; tick++) {
      const market = 1 + random.below(markets);
      const price = (prices[market] = next(market));
      encodeCommand(
        { kind: "updateIndexPrice", time: 2, tier: 1, market, price },
        frames,
        tick * FRAME_WORDS,
      );
    }
    let events = 0;
    const ns = cpuNsOf(() => {
      for (let tick = 0; tick < count; tick++) {
        if (engine.apply(frames, tick * FRAME_WORDS) !== 0) throw new Error("a price was refused");
        events += engine.events().length / EVENT_WORDS;
      }
    });
    if (shape === "isolated" && events !== 0) throw new Error("a quiet tick was not quiet");
    return { events, ns };
  };
  return { play };
}
