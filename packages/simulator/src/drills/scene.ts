/** A venue on the stage: who takes part, what prices are in truth, and what parties and reporters can do; with one layer in other hands, if asked. */
import {
  type Capacities,
  Engine,
  type EngineOptions,
  FEED_KIND,
  HANDLERS,
  type Handler,
  ORDER_TYPE,
  type Receipt,
  SIDE,
  TIME_IN_FORCE,
  type Venue,
  bucketIdOf,
  marketView,
  rebalancingPlan,
} from "@bulkhead/engine";
import type { Sentinel } from "@bulkhead/engine/drill";
import type { Act, Beat, NamedAsset, NamedMarket, Place, Tally, Telling } from "../telling/beat.ts";
import type { Diary } from "../telling/diary.ts";
import { Desk, type Instruction } from "./desk.ts";
import { inflated } from "./hands.ts";
import type { Party } from "./party.ts";
import { MARKETS, MONEY, NOTIONAL, PRICE, SECOND, TIERS, USD, handlerCode } from "./terms.ts";

/** What a drill takes away to show that its guard is what holds; nothing by default. */
export interface Missing {
  /** The judge of every transition. */
  readonly judge?: true;
  /** The windows of the vault. */
  readonly throttle?: true;
  /** Reporters: prices are one operator's word. */
  readonly reporters?: true;
  /** The seal: set-up commands work for ever. */
  readonly seal?: true;
  /** Liquidation of any kind. */
  readonly liquidation?: true;
  /** The band around the mark that orders must name prices in. */
  readonly band?: true;
  /** The undoing of refused commands. */
  readonly rollback?: true;
  /** The share of the mutual fund beyond which no tier may draw. */
  readonly mutualCap?: true;
  /** What keeps a judge from writing: the drill lets it write where no journal sees it. */
  readonly readOnlyJudge?: true;
}

/** A layer in other hands. While the scene is hostile, these replace the engine's own; nothing by default. */
export interface Hostile {
  /** By command: a story told instead of the engine's own. */
  readonly stories?: Readonly<
    Partial<Record<Instruction["kind"], (venue: Venue, own: Handler, stage: Scene) => ReturnType<Handler>>>
  >;
  /** A judge in place of the engine's own. */
  readonly judge?: (own: Sentinel, stage: Scene) => Sentinel;
}

const START = 1_700_000_000_000;

const CAPACITIES: Capacities = {
  accounts: 64,
  balances: 192,
  withdrawals: 512,
  tiers: TIERS.map(() => ({
    markets: 2,
    buckets: 64,
    positions: 512,
    orders: 2_048,
    holdings: 64,
    ticks: 2 ** 18,
  })),
};

/** How often somebody who watches is told of time that passes: once in so many rounds of reports. */
const ROUNDS_TOLD = 20;

export class Scene implements Place {
  readonly desk: Desk;
  readonly parties: Party[] = [];
  readonly missing: Missing;
  /** Whether tiers have opened their insurance funds to loans. */
  readonly isLending: boolean;
  /** True while the hostile layer is in place. */
  isHostile = false;
  /** What markets are worth in truth, ticks, by tier and market; reporters tell it unless a drill has them lie. */
  readonly fair = new Map<string, number>();
  act: Act = "opening";
  beganAt: number | undefined;
  readonly tiers: readonly string[] = TIERS.map(({ name }) => name);
  readonly markets: readonly NamedMarket[] = TIERS.flatMap(({ name }, index) =>
    Array.from({ length: MARKETS }, (_, at) => ({
      tier: index + 1,
      market: at + 1,
      name: `${name} ${at + 1}`,
      tick: NOTIONAL / USD,
      notional: NOTIONAL,
    })),
  );
  readonly assets: readonly NamedAsset[] = [];
  /** What it has come to so far; nothing until the attack begins. */
  count: () => Tally = () => ({ attackerGain: 0, loss: 0 });
  private told = 0;

  constructor(hostile: Hostile = {}, missing: Missing = {}, isLending = false) {
    this.missing = missing;
    this.isLending = isLending;
    this.desk = new Desk(
      new Engine(this.optionsOf(hostile)),
      START,
      (account) => this.parties.find((each) => each.account === account)?.isHonest === false,
    );
    if (missing.rollback === true) this.neverUndo();
  }

  get engine(): Engine {
    return this.desk.engine;
  }

  get now(): number {
    return this.desk.now;
  }

  get diary(): Diary {
    return this.desk.diary;
  }

  tally(): Tally {
    return this.count();
  }

  trueTicks(tier: number, market: number): number {
    return this.fairOf(tier, market);
  }

  /** Something worth telling has been done. @param caption - what, in plain words */
  beat(caption: string): Beat {
    return { caption, act: this.act, place: this };
  }

  party(name: string): Party {
    const found = this.parties.find((each) => each.name === name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  }

  /** The honest ones of a tier whose names begin so. */
  partiesOf(tier: number, prefix = ""): Party[] {
    return this.parties.filter((each) => each.home === tier && each.isHonest && each.name.startsWith(prefix));
  }

  fairOf(tier: number, market: number): number {
    return this.fair.get(`${tier}/${market}`) ?? PRICE;
  }

  mark(tier: number, market: number): number {
    return marketView(this.desk.venue, tier, market).mark;
  }

  /** A limit order, with the changes a drill asks for. */
  order(
    who: Party,
    tier: number,
    side: number,
    lots: number,
    price: number,
    changes: Partial<Extract<Instruction, { kind: "placeOrder" }>> = {},
  ): Receipt {
    return this.desk.send({
      kind: "placeOrder",
      account: who.account,
      tier,
      bucket: bucketIdOf(this.desk.venue, tier, who.account),
      market: 1,
      side,
      type: ORDER_TYPE.limit,
      timeInForce: TIME_IN_FORCE.goodTillCancelled,
      price,
      lots,
      trigger: 0,
      expiry: 0,
      clientId: 0,
      flags: 0,
      selfTrade: 0,
      ...changes,
    });
  }

  /** Two parties exchange lots at a price. */
  exchange(buyer: Party, seller: Party, tier: number, market: number, lots: number, price: number): void {
    this.order(seller, tier, SIDE.sell, lots, price, { market });
    const { outcome, facts } = this.order(buyer, tier, SIDE.buy, lots, price, { market });
    if (outcome !== "accepted" || facts["filled"] !== lots)
      throw new Error(`${buyer.name} and ${seller.name} did not trade: ${outcome}`);
  }

  /** Some reporters of a tier tell a market's price, ticks; all of them the true one unless said otherwise. */
  report(
    tier: number,
    market: number,
    ticks = this.fairOf(tier, market),
    reporters = ALL_REPORTERS,
  ): Receipt[] {
    const { desk } = this;
    if (this.missing.reporters === true)
      return [desk.send({ kind: "updateIndexPrice", tier, market, price: Math.round(ticks) })];
    return reporters.map((reporter) => {
      this.told += 1;
      // Honest prices differ by a few thousandths of a tick: reporters who say the same for ever count as frozen.
      const price = Math.round(ticks * 1_000) + ((this.told * 7) % 5) - 2;
      const report = { confidence: Math.floor(price / 2_000), publishedAt: desk.now, sequence: this.told };
      return desk.send({
        kind: "reportPrice",
        tier,
        reporter,
        feedKind: FEED_KIND.market,
        id: market,
        price,
        ...report,
      });
    });
  }

  /** One reporter says exactly what it said before. */
  repeat(tier: number, market: number, ticks: number, reporter: number): void {
    this.told += 1;
    const price = ticks * 1_000;
    const report = { confidence: Math.floor(price / 2_000), publishedAt: this.desk.now, sequence: this.told };
    this.desk.send({
      kind: "reportPrice",
      tier,
      reporter,
      feedKind: FEED_KIND.market,
      id: market,
      price,
      ...report,
    });
  }

  /** All reporters of all tiers tell the truth, clocks tick, and funds that lend do so. */
  reportAll(): void {
    for (let tier = 1; tier <= TIERS.length; tier++) this.reportTier(tier);
    this.rebalance();
  }

  /** What the rule would move between insurance funds is moved, as far as the engine lets it. */
  rebalance(): void {
    for (const command of rebalancingPlan(this.desk.venue).commands) this.desk.send(command);
  }

  /** The same of one tier. */
  reportTier(tier: number): void {
    for (let market = 1; market <= MARKETS; market++) this.report(tier, market);
    this.desk.send({ kind: "clockTick", tier });
  }

  /** All markets of a tier go to a share of what they were, at once, and everybody hears of it for a while. */
  *crash(tier: number, share: number, seconds = 300): Telling<void> {
    for (let market = 1; market <= MARKETS; market++) {
      const price = Math.max(1, Math.round(this.fairOf(tier, market) * share));
      this.fair.set(`${tier}/${market}`, price);
    }
    const name = TIERS[tier - 1]?.name ?? "";
    yield this.beat(`All markets of ${name} go to ${Math.round(share * 100)} % of what they were`);
    yield* this.pass(seconds, 10, "Everybody hears of it");
  }

  /** Time passes, with true prices. @param what - is told of it, in words */
  *pass(seconds: number, step: number, what: string): Telling<void> {
    const rounds = Math.ceil(seconds / step);
    for (let round = 1; round <= rounds; round++) {
      this.desk.now += step * SECOND;
      this.reportAll();
      if (round % ROUNDS_TOLD === 0 || round === rounds)
        yield this.beat(`${what}: ${Math.min(round * step, seconds)} of ${seconds} seconds`);
    }
  }

  private optionsOf({ stories = {}, judge }: Hostile): EngineOptions {
    const handlers = this.missing.mutualCap === true ? withoutMutualCap(this) : [...HANDLERS];
    for (const [name, story] of Object.entries(stories)) {
      const code = handlerCode(name);
      const own = HANDLERS[code] as Handler;
      handlers[code] = (venue) => (this.isHostile ? story(venue, own, this) : own(venue));
    }
    return {
      capacities: CAPACITIES,
      handlers,
      judge: (own) => {
        const verdict = own.verdict;
        const hostile = judge?.(own, this);
        const isBlind = this.missing.judge === true || this.missing.mutualCap === true;
        return {
          verdict,
          judge: (vault, tier, events, now) => {
            if (this.isHostile && hostile !== undefined) return hostile.judge(vault, tier, events, now);
            if (this.isHostile && isBlind) {
              // It has to look all the same, or it would take the next command for this one.
              own.judge(vault, tier, events, now);
              verdict.invariant = 0;
              return verdict;
            }
            return own.judge(vault, tier, events, now);
          },
        };
      },
    };
  }

  /** Refused commands keep what they wrote, while the scene is hostile. */
  private neverUndo(): void {
    const { vault, tiers } = this.desk.venue;
    for (const { arena } of [vault, ...tiers]) {
      const undo = arena.rollback.bind(arena);
      arena.rollback = () => (this.isHostile ? arena.commit() : undo());
    }
  }

  /** The makers of a tier take back all they quote. */
  clearBooks(tier: number): void {
    for (const maker of this.partiesOf(tier, "maker")) this.cancelAll(maker, tier);
  }

  cancelAll({ account }: Party, tier: number): void {
    const bucket = bucketIdOf(this.desk.venue, tier, account);
    this.desk.send({ kind: "cancelAll", account, tier, bucket, market: 0 });
  }

  /** A maker's bids and asks in all markets of a tier, around the true price. */
  quote(maker: Party, tier: number): void {
    for (let market = 1; market <= MARKETS; market++) {
      for (const distance of MONEY.quotes) {
        const at = Math.round((this.fairOf(tier, market) * distance) / 1_000);
        const fair = Math.round(this.fairOf(tier, market));
        this.order(maker, tier, SIDE.buy, MONEY.quote, fair - at, { market });
        this.order(maker, tier, SIDE.sell, MONEY.quote, fair + at, { market });
      }
    }
  }
}

/** Commands in which a default may be met. */
const SERVING = ["reportPrice", "clockTick", "updateIndexPrice"];

/** While a story lasts the mutual fund looks two and a half times as large, so that its part is the whole of it. */
function withoutMutualCap(stage: Scene): (Handler | undefined)[] {
  const handlers = [...HANDLERS];
  for (const code of SERVING.map(handlerCode)) {
    const own = HANDLERS[code] as Handler;
    handlers[code] = (venue) => (stage.isHostile ? inflated(venue, () => own(venue)) : own(venue));
  }
  return handlers;
}

export const ALL_REPORTERS = [1, 2, 3, 4, 5, 6, 7];
