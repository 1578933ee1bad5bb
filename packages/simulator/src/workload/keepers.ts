/** Keepers: they bid for whatever is being liquidated, as it seems to them, and for what is not. */
import { type Command, EVENTS, EVENT_WORDS } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { Answer, BucketMemo, Memory } from "./memory.ts";

/** A bucket in liquidation. */
interface Target {
  readonly tier: number;
  readonly bucket: number;
}

const REMEMBERED = 24;

export class Keepers {
  readonly #dice: Dice;
  readonly #memory: Memory;
  readonly #targets: Target[] = [];

  constructor(dice: Dice, memory: Memory) {
    this.#dice = dice;
    this.#memory = memory;
  }

  /** True while somebody is in liquidation, as far as they know. */
  get isBusy(): boolean {
    return this.#targets.length > 0;
  }

  act(): Command {
    const dice = this.#dice;
    const { clock: time, tiers } = this.#memory;
    const known = dice.pick(this.#targets);
    const buckets: readonly BucketMemo[] = tiers[known.tier - 1]?.buckets ?? [];
    const target = dice.happens(40) ? dice.between(1, buckets.length + 1) : known.bucket;
    const held = [...(buckets[target - 1]?.lots ?? new Map<number, number>())].filter(
      ([, lots]) => lots !== 0,
    );
    const [market, open] = held.length > 0 && dice.happens(950) ? dice.pick(held) : [dice.between(1, 4), 1];
    const bidder = this.#bidder(buckets, market);
    const account = dice.happens(20) ? dice.between(1, 9) : (bidder?.account ?? 1);
    const most = Math.max(1, Math.abs(open));
    const lots = dice.happens(500) ? most : dice.magnitude(most * 2);
    return {
      kind: "bidLiquidation",
      time,
      account,
      tier: known.tier,
      bucket: bidder?.id ?? 1,
      target,
      market,
      lots,
    };
  }

  /** Mostly one of the richest of a few. */
  #bidder(buckets: readonly BucketMemo[], market: number): BucketMemo | undefined {
    const fitting = buckets.filter(({ mode }) => mode === 0 || mode === market);
    if (fitting.length === 0) return buckets[0];
    const few = Array.from({ length: 4 }, () => this.#dice.pick(fitting));
    return few.reduce((richest, each) => (each.wealth > richest.wealth ? each : richest));
  }

  /** Watches whose liquidation begins and ends. */
  learn(command: Command, { events, eventCount }: Answer): void {
    if (!("tier" in command)) return;
    const { tier } = command;
    for (let at = 0; at < eventCount * EVENT_WORDS; at += EVENT_WORDS) {
      const bucket = events[at + 1] ?? 0;
      const known = this.#targets.findIndex((each) => each.tier === tier && each.bucket === bucket);
      if (events[at] === EVENTS.liquidationStarted.code && known < 0) this.#targets.push({ tier, bucket });
      if (events[at] === EVENTS.liquidationEnded.code && known >= 0) this.#targets.splice(known, 1);
    }
    if (this.#targets.length > REMEMBERED) this.#targets.shift();
  }
}
