/**
 * Those who report prices: most tell what they see, some lie a hundredfold, repeat themselves for ever, come late or twice, or date their
 * reports in the future.
 */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { MarketMemo, Memory } from "./memory.ts";
import type { Profile } from "./profile.ts";

/** Reporters that every tier begins with; two of them share an operator. */
const OPERATORS: readonly number[] = [71, 72, 73, 74, 74, 75];
const MARKET = 0;
const COLLATERAL = 1;
/** The collateral asset whose price is reported. */
const REPORTED_ASSET = 3;
const POINTS_PER_TICK = 1_000;
const MAX_POINTS = 1e15;

interface Feed {
  readonly tier: number;
  readonly feedKind: number;
  readonly id: number;
  readonly highest: number;
  /** What honest reporters see, points. */
  truth: number;
  /** What the broken one repeats. */
  readonly frozen: number;
}

export class Reporters {
  readonly #dice: Dice;
  readonly #profile: Profile;
  readonly #memory: Memory;
  readonly #feeds = new Map<string, Feed>();
  readonly #sequences = new Map<string, number>();
  /** Reports under way: all reporters see a price move at about the same time. */
  readonly #queue: Command[] = [];

  constructor(dice: Dice, profile: Profile, memory: Memory) {
    this.#dice = dice;
    this.#profile = profile;
    this.#memory = memory;
  }

  /** The commands with which a tier's prices get reporters. */
  *opening(tier: number): Generator<Command> {
    const time = this.#memory.clock;
    for (const [index, operator] of OPERATORS.entries()) {
      const weight = this.#dice.pick([1_000_000, 500_000, 250_000]);
      yield { kind: "registerReporter", time, tier, reporter: index + 1, operator, weight };
    }
    const market = this.#memory.tiers[tier - 1]?.markets[1];
    if (market !== undefined) yield this.#configure(this.#feedOf(market));
    yield this.#configure(this.#collateralOf(tier));
    const redeemed = { asset: REPORTED_ASSET, basis: 2, underlying: 2, maxAge: 600_000, dailyStep: 10_000 };
    if (tier === 1) yield { kind: "configureRedemption", time, tier, ...redeemed };
  }

  /** Whether a report waits to be sent. */
  get isBusy(): boolean {
    return this.#queue.length > 0;
  }

  /** Something that a reporter, or who asks them, does about a market's price or about collateral. */
  act(market: MarketMemo): Command {
    const dice = this.#dice;
    const queued = this.#queue.shift();
    if (queued !== undefined) return queued;
    if (dice.happens(25)) return this.#register(market.tier);
    if (dice.happens(25)) return this.#configureRedemption(market.tier);
    if (dice.happens(200)) return this.#redemption(market.tier);
    const feed = dice.happens(300) ? this.#collateralOf(market.tier) : this.#feedOf(market);
    if (dice.happens(40)) return this.#configure(feed);
    if (dice.happens(60)) return this.#depth(feed);
    return this.#move(feed);
  }

  #feedOf({ tier, id, highest, anchor }: MarketMemo): Feed {
    const top = highest * POINTS_PER_TICK + POINTS_PER_TICK - 1;
    return this.#known({
      tier,
      feedKind: MARKET,
      id,
      highest: top,
      truth: anchor * POINTS_PER_TICK,
      frozen: anchor * POINTS_PER_TICK,
    });
  }

  #collateralOf(tier: number): Feed {
    const truth = this.#dice.magnitude(this.#profile.isHuge ? MAX_POINTS : 1e9);
    return this.#known({
      tier,
      feedKind: COLLATERAL,
      id: REPORTED_ASSET,
      highest: MAX_POINTS,
      truth,
      frozen: truth,
    });
  }

  #known(feed: Feed): Feed {
    const key = `${feed.tier} ${feed.feedKind} ${feed.id}`;
    const known = this.#feeds.get(key);
    if (known !== undefined) return known;
    this.#feeds.set(key, feed);
    return feed;
  }

  #register(tier: number): Command {
    const dice = this.#dice;
    const reporter = dice.between(1, OPERATORS.length);
    const operator = dice.happens(800) ? (OPERATORS[reporter - 1] as number) : dice.between(71, 80);
    const weight = dice.happens(100)
      ? 0
      : dice.pick([1_000_000, 500_000, 250_000, dice.magnitude(1_000_000)]);
    return { kind: "registerReporter", time: this.#memory.clock, tier, reporter, operator, weight };
  }

  #configure({ tier, feedKind, id, truth }: Feed): Command {
    const dice = this.#dice;
    const isCareful = dice.happens(700);
    const staleAfter = dice.pick([3_000, 20_000, 60_000, 60_000]);
    return {
      kind: "configureFeed",
      time: this.#memory.clock,
      tier,
      feedKind,
      id,
      reporters: isCareful ? 63 : dice.below(2 ** 16),
      quorum: dice.happens(100) ? 0 : dice.pick([1, 2, 3, 3, 3, 4, 6]),
      sigma: dice.pick([50_000, 100_000, 400_000, 2_000_000]),
      staleAfter,
      deadAfter: dice.happens(50) ? 1 : staleAfter * dice.pick([1, 3, 10, 10]),
      halfLife: dice.pick([1_000, 5_000, 60_000, 86_400_000]),
      maxConfidence: dice.pick([5_000, 20_000, 50_000]),
      jump: dice.pick([3_000, 10_000, 100_000]),
      deviation: dice.pick([2_500, 10_000]),
      divergence: dice.pick([30_000, 100_000, 1_000_000]),
      frozenAfter: dice.pick([0, 0, 3, 8]),
      floor: dice.happens(200) ? Math.floor(truth / 2) : 0,
    };
  }

  /** Where a reporter looks is deep, shallow, or nothing is known of it. */
  #depth({ tier, feedKind, id }: Feed): Command {
    const dice = this.#dice;
    const reporter = dice.between(1, OPERATORS.length);
    const depth = dice.pick([0, 1e11, dice.magnitude(1e11), dice.magnitude(1e6)]);
    const flow = dice.pick([0, 1e9, dice.magnitude(1e4)]);
    return { kind: "setVenueDepth", time: this.#memory.clock, tier, reporter, feedKind, id, depth, flow };
  }

  /** Asset 3 redeems for asset 2, now and then for dollars, for nothing, or for what it cannot. */
  #configureRedemption(tier: number): Command {
    const dice = this.#dice;
    return {
      kind: "configureRedemption",
      time: this.#memory.clock,
      tier,
      asset: dice.pick([2, 3, 3, 3, 3]),
      basis: dice.pick([0, 1, 2, 2, 2, 2, 2]),
      underlying: dice.pick([2, 2, 2, 2, 2, 3, 4, 0]),
      maxAge: dice.pick([5_000, 600_000, 600_000]),
      dailyStep: dice.pick([0, 10_000, 1_000_000]),
    };
  }

  #redemption(tier: number): Command {
    const dice = this.#dice;
    const { clock: time } = this.#memory;
    const key = `${tier} redemption`;
    const sequence = (this.#sequences.get(key) ?? 0) + 1;
    this.#sequences.set(key, sequence);
    const reporter = dice.between(1, OPERATORS.length);
    const ratio = 1_050_000_000 + dice.pick([0, 0, 0, 1, -3, dice.between(-100_000, 100_000)]);
    const report = { kind: "reportRedemption", time, tier, reporter, asset: 3, ratio } as const;
    switch (dice.below(14)) {
      case 0:
        return { ...report, ratio: dice.magnitude(1e12), publishedAt: time, sequence };
      case 1:
        return { ...report, publishedAt: time + 500, sequence };
      case 2:
        return { ...report, publishedAt: Math.max(0, time - dice.magnitude(1_000_000)), sequence };
      case 3:
        return { ...report, asset: dice.pick([2, 4]), publishedAt: time, sequence };
      case 4:
        return { ...report, publishedAt: time, sequence: Math.max(1, sequence - 3) };
      default:
        return { ...report, publishedAt: time, sequence };
    }
  }

  /** The price moves, and reporters tell of it one after the other. */
  #move(feed: Feed): Command {
    const dice = this.#dice;
    const width = Math.max(1, Math.ceil((feed.truth * this.#profile.step) / 4e6));
    const leap = dice.happens(this.#profile.leaps) ? dice.pick([0.5, 0.8, 0.95, 1.05, 1.2, 2]) : 1;
    const moved = Math.floor(feed.truth * leap) + dice.between(-width, width);
    feed.truth = Math.max(1, Math.min(moved, feed.highest));
    const count = dice.happens(300) ? 1 : dice.between(3, OPERATORS.length);
    const first = dice.below(OPERATORS.length);
    for (let each = 0; each < count; each++) {
      this.#queue.push(this.#report(feed, ((first + each) % OPERATORS.length) + 1));
    }
    return this.#queue.shift() as Command;
  }

  #report(feed: Feed, reporter: number): Command {
    const dice = this.#dice;
    const { tier, feedKind, id, truth } = feed;
    const { clock: time } = this.#memory;
    const key = `${tier} ${reporter} ${feedKind} ${id}`;
    const sequence = (this.#sequences.get(key) ?? 0) + 1;
    this.#sequences.set(key, sequence);
    const noise = Math.max(1, Math.ceil(truth / 5_000));
    const honest = {
      price: Math.max(1, Math.min(truth + dice.between(-noise, noise), feed.highest)),
      confidence: Math.floor(truth / dice.pick([500, 1_000, 5_000, 1e9])),
      publishedAt: time,
      sequence,
    };
    const report = { kind: "reportPrice", time, tier, reporter, feedKind, id, ...honest } as const;
    if (!dice.happens(120)) return report;
    switch (dice.below(8)) {
      case 0:
        return { ...report, price: truth * 100 };
      case 1:
        return { ...report, price: Math.max(1, Math.floor(truth / 100)) };
      case 2:
      case 3:
        return { ...report, price: feed.frozen };
      case 4:
        return { ...report, publishedAt: Math.max(0, time - dice.magnitude(1_000_000)) };
      case 5:
        return { ...report, publishedAt: time + dice.between(100, 400) };
      case 6:
        return { ...report, confidence: Math.ceil(truth / dice.pick([2, 20, 100])) };
      default:
        return { ...report, sequence: Math.max(1, sequence - dice.below(3)) };
    }
  }
}
