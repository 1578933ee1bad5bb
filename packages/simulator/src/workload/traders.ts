/** People who trade: what each temperament does when it is its turn. */
import { type Command, ORDER_FLAG, ORDER_TYPE, SELF_TRADE, SIDE, TIME_IN_FORCE } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import { deposit } from "./listings.ts";
import type { BucketMemo, MarketMemo, Memory, OrderMemo, TierMemo } from "./memory.ts";
import type { Profile, Temperament } from "./profile.ts";

type Habit =
  | "quote"
  | "take"
  | "sweep"
  | "reduce"
  | "turn"
  | "condition"
  | "amend"
  | "cancel"
  | "cancelAll"
  | "hedge"
  | "crossOneself"
  | "fund"
  | "withdraw";

type Order = Extract<Command, { kind: "placeOrder" }>;
type Terms = Partial<Order> & Pick<Order, "side" | "price" | "lots">;

const HABITS: Readonly<Record<Temperament, Readonly<Partial<Record<Habit, number>>>>> = {
  maker: { quote: 50, take: 4, reduce: 6, amend: 12, cancel: 24, cancelAll: 1, crossOneself: 2, fund: 3 },
  taker: { quote: 6, take: 60, reduce: 16, condition: 4, cancel: 4, fund: 8, withdraw: 3 },
  gambler: {
    quote: 14,
    take: 50,
    reduce: 8,
    turn: 6,
    condition: 8,
    amend: 4,
    cancel: 4,
    fund: 9,
    withdraw: 4,
  },
  dust: { quote: 70, take: 12, reduce: 4, cancel: 8, crossOneself: 3, fund: 4 },
  stopper: { take: 24, condition: 50, quote: 8, reduce: 6, amend: 6, cancel: 8, fund: 4 },
  fidget: { quote: 30, amend: 30, cancel: 10, cancelAll: 5, crossOneself: 14, take: 6, fund: 4, withdraw: 3 },
  whale: {
    sweep: 20,
    take: 20,
    quote: 20,
    amend: 8,
    reduce: 12,
    turn: 6,
    fund: 6,
    withdraw: 4,
    cancelAll: 1,
  },
  hedger: { take: 14, quote: 16, hedge: 50, reduce: 4, cancel: 4, fund: 4 },
};

/** In a deep book a whale lets the orders pile up, and then takes them all. */
const PATIENT_WHALE: Readonly<Partial<Record<Habit, number>>> = {
  sweep: 2,
  cancelAll: 60,
  fund: 60,
  withdraw: 10,
};

const LEVERAGE: Readonly<Record<Temperament, number>> = {
  maker: 0.15,
  taker: 0.5,
  gambler: 1.6,
  dust: 0.001,
  stopper: 0.4,
  fidget: 0.3,
  whale: 0.6,
  hedger: 0.8,
};

const MAX_LOTS = 2 ** 40;
const CLIENT_IDS = 40;
/** Parts per thousand of what traders do in a tier while one of its markets is in a call auction; and how far from the mark they name prices, ppm. */
const AUCTIONS = 350;
const AUCTION_REACH = 30_000;

export class Traders {
  readonly #dice: Dice;
  readonly #profile: Profile;
  readonly #memory: Memory;

  constructor(dice: Dice, profile: Profile, memory: Memory) {
    this.#dice = dice;
    this.#profile = profile;
    this.#memory = memory;
  }

  /** Somebody does something. */
  act(): Command {
    const dice = this.#dice;
    const tier = dice.pick(this.#memory.tiers);
    if (tier.buckets.length === 0 || tier.markets.length === 0) return this.#fundAnybody();
    let bucket = dice.pick(tier.buckets);
    for (let tries = 0; tries < 3 && bucket.shuns.has(bucket.mode); tries++) bucket = dice.pick(tier.buckets);
    if (bucket.wealth < 1_000 && dice.happens(300)) return this.#fund(bucket);
    const auctioned = tier.markets.filter(({ isAuctioned }) => isAuctioned);
    if (auctioned.length > 0 && dice.happens(AUCTIONS)) return this.#auction(bucket, dice.pick(auctioned));
    const market = this.#marketFor(tier, bucket);
    const isPatient = this.#profile.isDeep && bucket.temperament === "whale";
    const habits = isPatient ? PATIENT_WHALE : HABITS[bucket.temperament];
    return this.#follow(dice.choose(habits), bucket, market);
  }

  #follow(habit: Habit, bucket: BucketMemo, market: MarketMemo): Command {
    switch (habit) {
      case "quote":
        return this.#quote(bucket, market);
      case "take":
        return this.#take(bucket, market);
      case "sweep":
        return this.#sweep(bucket, market);
      case "reduce":
        return this.#reduce(bucket, market);
      case "turn":
        return this.#turn(bucket, market);
      case "condition":
        return this.#condition(bucket, market);
      case "amend":
        return this.#amend(bucket, market);
      case "cancel":
        return this.#cancel(bucket, market);
      case "cancelAll":
        return this.#cancelAll(bucket, market);
      case "hedge":
        return this.#hedge(bucket, market);
      case "crossOneself":
        return this.#crossOneself(bucket, market);
      case "fund":
        return this.#fund(bucket);
      default:
        return this.#withdraw(bucket);
    }
  }

  /** Mostly a market that is open; an isolated bucket knows only one. */
  #marketFor(tier: TierMemo, { mode, shuns }: BucketMemo): MarketMemo {
    const dice = this.#dice;
    if (mode !== 0 && dice.happens(980)) return tier.markets[mode - 1] as MarketMemo;
    let market = dice.pick(tier.markets);
    for (let tries = 0; tries < 5; tries++) {
      if (this.#isLively(market) && !shuns.has(market.id)) return market;
      market = dice.pick(tier.markets);
    }
    return market;
  }

  #isLively({ status, mark, isFuture, expiry }: MarketMemo): boolean {
    return status < 2 && mark > 0 && !(isFuture && this.#memory.clock >= expiry);
  }

  #order(bucket: BucketMemo, market: MarketMemo, terms: Terms): Order {
    const dice = this.#dice;
    return {
      kind: "placeOrder",
      time: this.#memory.clock,
      account: bucket.account,
      tier: bucket.tier,
      bucket: bucket.id,
      market: market.id,
      type: ORDER_TYPE.limit,
      timeInForce: TIME_IN_FORCE.goodTillCancelled,
      trigger: 0,
      expiry: 0,
      clientId: dice.happens(250) ? dice.between(1, CLIENT_IDS) : 0,
      flags: 0,
      selfTrade: dice.below(4),
      ...terms,
    };
  }

  /** Lots that suit a bucket's wealth and nerve. */
  #lots({ wealth, temperament }: BucketMemo, market: MarketMemo): number {
    const lotMargin = Math.max(1, (market.mark * market.notional * market.initialMargin) / 1e6);
    const nerve = this.#profile.isHuge ? 1 : LEVERAGE[temperament];
    const most = Math.floor(Math.min((wealth * nerve) / lotMargin, market.maxPositionLots * 1.2, MAX_LOTS));
    return this.#dice.magnitude(Math.max(1, most));
  }

  /** A price some way from the mark, in ppm of it; positive is worse for the one who names it. */
  #price(market: MarketMemo, side: number, through: number): number {
    const direction = side === SIDE.buy ? 1 : -1;
    const price = market.mark + direction * Math.trunc((market.mark * through) / 1e6);
    return Math.max(1, Math.min(price, market.highest));
  }

  #quote(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const side = dice.below(2);
    const eager = this.#profile.isDeep ? 30 : 150;
    const price = this.#price(market, side, -dice.below(30_000) + (dice.happens(eager) ? 20_000 : 0));
    const isDated = dice.happens(this.#profile.isDeep ? 700 : 300);
    const together = this.#profile.isDeep ? 100_000 : 0;
    const expiry = isDated ? this.#expiry(together) : 0;
    return this.#order(bucket, market, {
      side,
      price,
      lots: this.#lots(bucket, market),
      timeInForce: isDated ? TIME_IN_FORCE.goodTillDate : TIME_IN_FORCE.goodTillCancelled,
      expiry,
      flags: dice.happens(400) ? ORDER_FLAG.postOnly : 0,
    });
  }

  /** Some time ahead; with a raster, the same moment for many. */
  #expiry(raster: number): number {
    const dice = this.#dice;
    const expiry = this.#memory.clock + this.#profile.pace * 2 + dice.magnitude(this.#profile.pace * 2_000);
    return raster === 0 ? expiry : Math.ceil(expiry / raster) * raster;
  }

  /** An order for a call auction: to trade, to rest, or to get out. */
  #auction(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const held = bucket.lots.get(market.id) ?? 0;
    const isExit = held !== 0 && dice.happens(400);
    const side = isExit ? (held > 0 ? SIDE.sell : SIDE.buy) : dice.below(2);
    const isDated = dice.happens(150);
    return this.#order(bucket, market, {
      side,
      price: this.#price(market, side, dice.below(2 * AUCTION_REACH) - AUCTION_REACH),
      lots: isExit ? Math.abs(held) : this.#lots(bucket, market),
      timeInForce: isDated ? TIME_IN_FORCE.goodTillDate : TIME_IN_FORCE.goodTillCancelled,
      expiry: isDated ? this.#expiry(0) : 0,
      flags: isExit && dice.happens(700) ? ORDER_FLAG.reduceOnly : 0,
    });
  }

  #take(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const side = dice.below(2);
    const isMarket = dice.happens(500);
    const through = Math.min(market.band, dice.below(40_000));
    return this.#order(bucket, market, {
      side,
      price: isMarket && dice.happens(700) ? 0 : this.#price(market, side, through),
      lots: this.#lots(bucket, market),
      type: isMarket ? ORDER_TYPE.market : ORDER_TYPE.limit,
      timeInForce: dice.pick(isMarket ? [2, 2, 3] : [0, 2, 2, 3]),
    });
  }

  /** Everything the band allows, in one command. */
  #sweep(bucket: BucketMemo, market: MarketMemo): Command {
    const lots = Math.max(1, Math.floor(market.maxPositionLots / this.#dice.between(1, 6)));
    const type = ORDER_TYPE.market;
    return this.#order(bucket, market, {
      side: this.#dice.below(2),
      price: 0,
      lots,
      type,
      timeInForce: TIME_IN_FORCE.immediateOrCancel,
    });
  }

  /** Works on the position there is: reduce-only, or an order that closes it without saying so. */
  #reduce(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const [held, lots] = this.#position(bucket, market);
    const side = lots > 0 ? SIDE.sell : SIDE.buy;
    const isResting = dice.happens(450);
    const flags = dice.happens(800) ? ORDER_FLAG.reduceOnly : 0;
    const wanted = Math.min(
      MAX_LOTS,
      dice.happens(500) ? Math.abs(lots) : 1 + dice.below(Math.abs(lots) * 2 + 1),
    );
    return this.#order(bucket, held, {
      side,
      price: this.#price(
        held,
        side,
        isResting ? -dice.below(15_000) : Math.min(held.band, dice.below(60_000)),
      ),
      lots: Math.max(1, wanted),
      timeInForce: isResting ? TIME_IN_FORCE.goodTillCancelled : dice.pick([2, 2, 3]),
      flags,
    });
  }

  /**
   * Turns its position round with more lots than a limit would allow at once: a reduce-only order for all of it, and behind it
   * one for twice as much, which by itself leads to no larger position than there is.
   */
  #turn(bucket: BucketMemo, market: MarketMemo): Command {
    const [held, lots] = this.#position(bucket, market);
    const side = lots > 0 ? SIDE.sell : SIDE.buy;
    const isFirst = this.#dice.happens(500);
    return this.#order(bucket, held, {
      side,
      price: Math.max(1, held.mark),
      lots: Math.max(1, Math.min(MAX_LOTS, Math.abs(lots) * (isFirst ? 1 : 2))),
      flags: isFirst ? ORDER_FLAG.reduceOnly : 0,
    });
  }

  /** Takes about as much of another market with the same underlying as it holds against. */
  #hedge(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const [held, lots] = this.#position(bucket, market);
    const others = this.#memory.tiers[bucket.tier - 1]?.markets ?? [];
    const akin = others.filter((each) => each !== held && each.underlying === held.underlying);
    if (lots === 0 || held.underlying === 0 || akin.length === 0) return this.#take(bucket, market);
    const other = dice.pick(akin);
    const wanted = (Math.abs(lots) * held.mark * held.notional) / Math.max(1, other.mark * other.notional);
    const side = lots > 0 ? SIDE.sell : SIDE.buy;
    return this.#order(bucket, other, {
      side,
      price: this.#price(other, side, Math.min(other.band, 20_000)),
      lots: Math.max(1, Math.min(MAX_LOTS, Math.ceil(wanted))),
      timeInForce: dice.pick([0, 2]),
    });
  }

  /** One of the bucket's positions; the market asked for, flat, if it has none. */
  #position(bucket: BucketMemo, market: MarketMemo): [market: MarketMemo, lots: number] {
    if (bucket.lots.size === 0) return [market, 0];
    const [id, lots] = this.#dice.pick([...bucket.lots]);
    return [this.#memory.tiers[bucket.tier - 1]?.markets[id - 1] ?? market, lots];
  }

  #condition(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const side = dice.below(2);
    const type = dice.between(ORDER_TYPE.stopLimit, ORDER_TYPE.takeProfitMarket);
    const isStop = type === ORDER_TYPE.stopLimit || type === ORDER_TYPE.stopMarket;
    const isLimit = type === ORDER_TYPE.stopLimit || type === ORDER_TYPE.takeProfitLimit;
    const away = 1 + Math.floor((market.mark * dice.magnitude(40_000)) / 1e6);
    const trigger = Math.max(1, market.mark + (isStop === (side === SIDE.buy) ? away : -away));
    const timeInForce = dice.pick(isLimit ? [0, 0, 1, 2, 3] : [1, 2, 2, 3]);
    const slack = Math.floor((trigger * dice.below(Math.min(market.band, 50_000))) / 1e6);
    const price = Math.max(
      1,
      Math.min(market.highest, side === SIDE.buy ? trigger + slack : trigger - slack),
    );
    const canPost = isLimit && timeInForce < 2;
    return this.#order(bucket, market, {
      side,
      type,
      trigger,
      timeInForce,
      price: isLimit || dice.happens(300) ? price : 0,
      lots: this.#lots(bucket, market),
      expiry: timeInForce === TIME_IN_FORCE.goodTillDate ? this.#expiry(0) : 0,
      flags: (canPost && dice.happens(200) ? 1 : 0) + (dice.happens(300) ? ORDER_FLAG.reduceOnly : 0),
    });
  }

  /** An order of the bucket that is probably still open. */
  #ownOrder({ tier, orders }: BucketMemo): OrderMemo | undefined {
    for (let tries = 0; tries < 4 && orders.length > 0; tries++) {
      const index = this.#dice.below(orders.length);
      const memo = this.#memory.order(tier, orders[index] as number);
      if (memo !== undefined) return memo;
      orders[index] = orders[orders.length - 1] as number;
      orders.pop();
    }
    return undefined;
  }

  #amend(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const order = this.#ownOrder(bucket);
    if (order === undefined) return this.#quote(bucket, market);
    const where = this.#memory.tiers[bucket.tier - 1]?.markets[order.market - 1] ?? market;
    const staysPut = dice.happens(400);
    const through = dice.happens(250) ? dice.below(25_000) : -dice.below(25_000);
    const price = staysPut ? order.price : this.#price(where, order.side, through);
    const lots = dice.happens(600) ? dice.between(1, Math.max(1, order.lots)) : this.#lots(bucket, where);
    return {
      kind: "amendOrder",
      time: this.#memory.clock,
      account: bucket.account,
      tier: bucket.tier,
      order: order.id,
      price: Math.max(1, price),
      lots,
    };
  }

  #cancel(bucket: BucketMemo, market: MarketMemo): Command {
    const order = this.#ownOrder(bucket);
    if (order === undefined) return this.#quote(bucket, market);
    const byClientId = order.clientId > 0 && this.#dice.happens(500);
    const { account, tier } = bucket;
    return {
      kind: "cancelOrder",
      time: this.#memory.clock,
      account,
      tier,
      order: byClientId ? 0 : order.id,
      clientId: byClientId ? order.clientId : 0,
    };
  }

  #cancelAll(bucket: BucketMemo, market: MarketMemo): Command {
    const { account, tier, id } = bucket;
    const one = this.#dice.happens(500) ? market.id : 0;
    return { kind: "cancelAll", time: this.#memory.clock, account, tier, bucket: id, market: one };
  }

  /** Trades against an order of its own, from the same bucket or from another one of the account. */
  #crossOneself(bucket: BucketMemo, market: MarketMemo): Command {
    const dice = this.#dice;
    const order = this.#ownOrder(bucket);
    if (order === undefined) return this.#quote(bucket, market);
    const tier = this.#memory.tiers[bucket.tier - 1] as TierMemo;
    const others = tier.buckets.filter((each) => each.account === bucket.account);
    const where = tier.markets[order.market - 1] ?? market;
    return this.#order(dice.happens(150) ? dice.pick(others) : bucket, where, {
      side: 1 - order.side,
      price: Math.max(1, order.price),
      lots: Math.min(MAX_LOTS, dice.between(1, order.lots * 2)),
      selfTrade: dice.between(SELF_TRADE.cancelNewest, SELF_TRADE.decrement),
      timeInForce: dice.pick([0, 0, 2, 3]),
    });
  }

  /** Money on its way to a bucket: a deposit if the account has none left, else an allocation. */
  #fund(bucket: BucketMemo): Command {
    const dice = this.#dice;
    const memory = this.#memory;
    const balances = memory.accounts[bucket.account - 1]?.balances;
    const asset = dice.happens(850) ? 1 : dice.between(2, 3);
    const balance = balances?.get(asset) ?? 0;
    if (balance < 1_000) return deposit(dice, this.#profile, memory, bucket.account, asset);
    const markets = memory.tiers[bucket.tier - 1]?.markets.length ?? 0;
    const mode = dice.happens(60) ? dice.below(markets + 1) : bucket.mode;
    const { account, tier } = bucket;
    const amount = Math.floor(balance / dice.between(1, 3));
    return { kind: "allocate", time: memory.clock, account, tier, mode, asset, amount };
  }

  #fundAnybody(): Command {
    const memory = this.#memory;
    if (memory.accounts.length === 0) return { kind: "openAccount", time: memory.clock };
    return deposit(this.#dice, this.#profile, memory, this.#dice.pick(memory.accounts).id, 1);
  }

  /** Money on its way out: of a bucket, or of the vault. */
  #withdraw(bucket: BucketMemo): Command {
    const dice = this.#dice;
    const memory = this.#memory;
    const time = memory.clock;
    const { account, tier, mode, wealth } = bucket;
    const asset = dice.happens(800) ? 1 : dice.between(2, 3);
    if (dice.happens(600)) {
      const amount = dice.magnitude(Math.max(1, asset === 1 ? Math.floor(wealth) : 100_000));
      return { kind: "deallocate", time, account, tier, mode, asset, amount };
    }
    const balance = memory.accounts[account - 1]?.balances.get(asset) ?? 0;
    return { kind: "requestWithdrawal", time, account, asset, amount: dice.magnitude(Math.max(1, balance)) };
  }
}
