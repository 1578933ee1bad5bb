/** Those who run the venue: prices, funding, time, expiry, parameters, withdrawals. Not all of them are benign. */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import { MARKET_DEFENCES, TIER_DEFENCES, marketDefence, tierDefence } from "./defences.ts";
import { Governors } from "./governors.ts";
import { breaker, posture, risk } from "./guards.ts";
import { deposit, listing } from "./listings.ts";
import type { MarketMemo, Memory } from "./memory.ts";
import type { Profile } from "./profile.ts";
import type { Reporters } from "./reporters.ts";

type Duty =
  | "price"
  | "collateralPrice"
  | "funding"
  | "tick"
  | "settle"
  | "residual"
  | "parameter"
  | "bracket"
  | "massCancel"
  | "withdrawal"
  | "list"
  | "report"
  | "account"
  | "defence"
  | "layer"
  | "breaker"
  | "posture"
  | "risk"
  | "backstop";

const DUTIES: Readonly<Partial<Record<Duty, number>>> = {
  price: 560,
  collateralPrice: 20,
  funding: 60,
  tick: 110,
  settle: 60,
  residual: 40,
  parameter: 70,
  bracket: 15,
  massCancel: 4,
  withdrawal: 30,
  list: 12,
  report: 60,
  account: 6,
};

/** What there is to do besides where tiers liquidate. */
const DEFENCES: Readonly<Partial<Record<Duty, number>>> = { defence: 25, backstop: 6 };

/** And besides where markets have breakers. */
const GUARDS: Readonly<Partial<Record<Duty, number>>> = { breaker: 8, posture: 2, risk: 6, tick: 200 };

const STATUS = { open: 0, reduceOnly: 1, halted: 2, settled: 3 } as const;
const UNLISTED_TIER = 16;
const UNKNOWN_ACCOUNT = 2 ** 31 - 1;
const TOP_OF_ANY_RANGE = 2 ** 22 - 1;
const PARAMETER = { status: 1, bucketOrders: 33, manipulationFactor: 34 } as const;

export class Operators {
  readonly #dice: Dice;
  readonly #profile: Profile;
  readonly #memory: Memory;
  readonly #duties: Readonly<Partial<Record<Duty, number>>>;
  readonly #governors: Governors;
  /** Which way funding leans at the moment: cumulated, it reaches its limit. */
  #lean = 1;
  readonly #reporters: Reporters;

  constructor(dice: Dice, profile: Profile, memory: Memory, reporters: Reporters) {
    this.#reporters = reporters;
    this.#dice = dice;
    this.#profile = profile;
    this.#memory = memory;
    const { liquidating, generosity, guarded } = profile;
    const duties = liquidating > 0 ? { ...DUTIES, ...DEFENCES, layer: generosity } : DUTIES;
    this.#duties = guarded > 0 ? { ...duties, ...GUARDS } : duties;
    this.#governors = new Governors(dice, profile, memory);
  }

  act(): Command {
    const dice = this.#dice;
    const { tiers, clock: time } = this.#memory;
    const tier = dice.pick(tiers);
    if (tier.markets.length === 0) return listing(dice, this.#profile, time, tier.id, false);
    const market = dice.pick(tier.markets);
    const { governance } = this.#profile;
    if (governance > 0 && dice.happens(governance)) return this.#governors.act(market);
    if (this.#reporters.isBusy && dice.happens(900)) return this.#reporters.act(market);
    return this.#perform(dice.choose(this.#duties), market);
  }

  #perform(duty: Duty, market: MarketMemo): Command {
    switch (duty) {
      case "price":
        return this.#priceOf(this.#pricedMarket(market));
      case "collateralPrice":
        return this.#collateralPrice(market);
      case "funding":
        return this.#funding(market);
      case "tick":
        return { kind: "clockTick", time: this.#memory.clock, tier: market.tier };
      case "settle":
        return this.#settle(market);
      case "residual":
        return this.#residual(market);
      case "parameter":
        return this.#parameter(market);
      case "bracket":
        return this.#bracket(market);
      case "massCancel":
        return { kind: "massCancel", time: this.#memory.clock, tier: market.tier, market: market.id };
      case "withdrawal":
        return this.#withdrawal();
      case "defence":
        return this.#defence(market);
      case "layer":
        return this.#layer(market);
      case "posture":
        return posture(this.#dice, market.tier, this.#memory.clock);
      case "risk":
        return risk(this.#dice, market.tier, this.#memory.clock);
      case "breaker":
        return breaker(this.#dice, market, this.#memory.clock);
      case "backstop":
        return this.#backstop(market);
      case "list":
        return this.#list(market);
      case "report":
        return this.#reporters.act(market);
      default:
        return this.#account();
    }
  }

  /** Mostly one whose price still matters. */
  #pricedMarket(market: MarketMemo): MarketMemo {
    if (market.status !== STATUS.settled) return market;
    return this.#dice.pick(this.#memory.tiers[market.tier - 1]?.markets ?? [market]);
  }

  /** By its reporters, if it has any; an operator who sets it all the same is refused. */
  #priceOf(market: MarketMemo): Command {
    return market.isReported && this.#dice.happens(950) ? this.#reporters.act(market) : this.#price(market);
  }

  #price(market: MarketMemo): Command {
    const { tier, id, mark, anchor, highest, status } = market;
    const time = this.#memory.clock;
    if (status > STATUS.open && status !== STATUS.settled && this.#dice.happens(350)) {
      return {
        kind: "setParameter",
        time,
        tier,
        market: id,
        parameter: PARAMETER.status,
        value: STATUS.open,
      };
    }
    const price = mark === 0 ? anchor : this.#move(market);
    return { kind: "updateIndexPrice", time, tier, market: id, price: Math.max(1, Math.min(price, highest)) };
  }

  #move({ mark, anchor, highest }: MarketMemo): number {
    const dice = this.#dice;
    if (dice.happens(this.#profile.leaps)) {
      const leap = dice.pick([0.01, 0.3, 0.5, 0.8, 0.9, 1.1, 1.25, 2, 5, 100]);
      return dice.happens(200) ? dice.pick([1, 2, highest, highest - 1]) : Math.floor(mark * leap);
    }
    if (dice.happens(30)) return Math.floor((mark * 3 + anchor) / 4);
    const width = Math.max(1, Math.ceil((mark * this.#profile.step) / 1e6));
    return mark + dice.between(-width, width);
  }

  #collateralPrice({ tier }: MarketMemo): Command {
    const dice = this.#dice;
    const asset = dice.happens(950) ? dice.between(2, 3) : 4;
    const price = dice.magnitude(this.#profile.isHuge ? 1e15 : 1e9);
    return { kind: "updateCollateralPrice", time: this.#memory.clock, tier, asset, price };
  }

  #funding({ tier, id, fundingInterval }: MarketMemo): Command {
    const dice = this.#dice;
    if (dice.happens(30)) this.#lean = -this.#lean;
    const cap = dice.pick([100_000, 5_000_000, 100_000_000]);
    const named = dice.happens(700) ? this.#lean * cap : dice.between(-cap, cap);
    const rate = fundingInterval > 0 && dice.happens(900) ? 0 : named;
    return { kind: "accrueFunding", time: this.#memory.clock, tier, market: id, rate };
  }

  /** Takes a future that has expired through its end. */
  #settle(market: MarketMemo): Command {
    const dice = this.#dice;
    const { tiers, clock: time } = this.#memory;
    const due = (each: MarketMemo): boolean =>
      each.isFuture && time >= each.expiry && each.status !== STATUS.settled;
    const { markets } = tiers[market.tier - 1] as { markets: MarketMemo[] };
    const ended = markets.find(due);
    const chosen = ended ?? markets.find((each) => each.unsettled > 0) ?? market;
    const { tier, id, unsettled } = chosen;
    if (ended !== undefined || dice.happens(150)) {
      return {
        kind: "expireMarket",
        time,
        tier,
        market: id,
        price: this.#finalPrice(chosen),
      };
    }
    const bucket = Math.max(1, unsettled);
    return { kind: "settleExpired", time, tier, market: id, bucket, count: dice.magnitude(256) };
  }

  /** Of a market that reporters price, none. */
  #finalPrice({ mark, isReported }: MarketMemo): number {
    const dice = this.#dice;
    if (dice.happens(60)) return dice.pick([TOP_OF_ANY_RANGE, 0]);
    return isReported ? 0 : Math.max(1, mark);
  }

  #residual({ tier, id }: MarketMemo): Command {
    const buckets = this.#memory.tiers[tier - 1]?.buckets.length ?? 0;
    const bucket = this.#dice.between(1, Math.max(1, buckets));
    return { kind: "settleResidual", time: this.#memory.clock, tier, bucket, market: id };
  }

  #parameter(market: MarketMemo): Command {
    const dice = this.#dice;
    const time = this.#memory.clock;
    const { tier, id } = market;
    if (dice.happens(60)) {
      const value = dice.happens(700) ? this.#profile.bucketOrders : dice.below(20);
      return { kind: "setParameter", time, tier, market: 0, parameter: PARAMETER.bucketOrders, value };
    }
    if (dice.happens(50)) {
      const value = dice.pick([0, 0, 1, 3, 100]);
      return { kind: "setParameter", time, tier, market: 0, parameter: PARAMETER.manipulationFactor, value };
    }
    const [parameter, value] = this.#change(market);
    return { kind: "setParameter", time, tier, market: id, parameter, value };
  }

  /** A parameter and its new value: near the listing's, or far out. */
  #change(market: MarketMemo): readonly [parameter: number, value: number] {
    const dice = this.#dice;
    const lotValue = Math.max(1, market.mark) * market.notional;
    const isWild = dice.happens(150);
    switch (dice.pick([1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 14, 15, 15, 16])) {
      case 1:
        return [1, dice.pick([0, 0, 0, 0, 1, 1, 2])];
      case 2:
        return [2, isWild ? dice.magnitude(1_000_000) : market.initialMargin + dice.between(0, 20_000)];
      case 3:
        return [3, dice.between(300_000, 1_000_000)];
      case 4:
        return [4, dice.happens(400) ? 0 : lotValue * dice.magnitude(400)];
      case 5:
        return [5, dice.happens(500) ? 0 : lotValue * dice.magnitude(500)];
      case 6:
        return [6, dice.happens(400) ? 0 : lotValue * dice.magnitude(50_000)];
      case 7:
        return [7, isWild ? dice.between(1, 1_000_000) : dice.pick([50_000, 100_000, 300_000])];
      case 8:
        return [8, isWild ? dice.below(100_001) : market.takerFee];
      case 9:
        return [9, isWild ? dice.between(-100_000, 100_000) : market.makerFee];
      case 10:
        return [10, isWild ? dice.magnitude(2 ** 40) : this.#near(market.maxPositionLots)];
      case 11:
        return [11, isWild ? dice.magnitude(2 ** 40) : this.#near(market.maxOpenInterestLots)];
      case 12:
        return [12, dice.happens(800) ? 200_000 : dice.below(60)];
      case 13:
        return [13, dice.pick([0, 100_000, 5_000_000, 100_000_000])];
      case 14:
        return [14, dice.pick([0, 5_000, 15_000, 50_000, 200_000])];
      case 15:
        return [15, dice.pick([0, 0, 10_000, 60_000, 3_600_000])];
      default:
        return [16, dice.pick([0, 12_500, -40_000, 1_000_000])];
    }
  }

  /** One of the parameters of liquidation, now and then to switch it off or on. */
  #defence(market: MarketMemo): Command {
    const dice = this.#dice;
    const { tier } = market;
    const isOfTier = dice.happens(200);
    const parameter = dice.pick(isOfTier ? TIER_DEFENCES : MARKET_DEFENCES);
    const value = isOfTier
      ? tierDefence(dice, this.#profile, parameter)
      : marketDefence(dice, market, parameter);
    const time = this.#memory.clock;
    return { kind: "setParameter", time, tier, market: isOfTier ? 0 : market.id, parameter, value };
  }

  /** Money for a layer; now and then for one that is not there, or more than the account owns. */
  #layer({ tier }: MarketMemo): Command {
    const dice = this.#dice;
    const { accounts, clock: time } = this.#memory;
    const layer = dice.between(1, 5);
    const isRight = dice.happens(950);
    const of = isRight === layer > 3 ? 0 : dice.happens(950) ? tier : UNLISTED_TIER;
    const { id, balances } = dice.pick(accounts);
    const account = dice.happens(950) ? id : UNKNOWN_ACCOUNT;
    const balance = balances.get(1) ?? 0;
    const amount = dice.magnitude(Math.max(1, dice.happens(900) ? Math.floor(balance / 4) : balance * 2));
    return { kind: "fundLayer", time, account, tier: of, layer, amount };
  }

  /** Mostly somebody rich; the backstop may be an account without a bucket in the tier, or with one in distress. */
  #backstop({ tier }: MarketMemo): Command {
    const dice = this.#dice;
    const { accounts, clock: time } = this.#memory;
    const rich = accounts.filter(({ temperament }) => temperament === "whale" || temperament === "maker");
    const { id } = dice.pick(dice.happens(800) && rich.length > 0 ? rich : accounts);
    const account = dice.happens(950) ? id : UNKNOWN_ACCOUNT;
    return { kind: "appointBackstop", time, tier: dice.happens(950) ? tier : UNLISTED_TIER, account };
  }

  #near(listed: number): number {
    return this.#dice.happens(700) ? listed : Math.max(1, Math.floor(listed / this.#dice.between(2, 20)));
  }

  #bracket({ tier, id, mark, notional, initialMargin }: MarketMemo): Command {
    const dice = this.#dice;
    const time = this.#memory.clock;
    const bracket = dice.between(1, 4);
    const isRemoval = dice.happens(250);
    const lower = isRemoval ? 0 : Math.max(1, mark) * notional * bracket * dice.between(10, 60);
    const rate = isRemoval ? 0 : Math.min(1_000_000, initialMargin + bracket * dice.between(10_000, 40_000));
    return { kind: "setMarginBracket", time, tier, market: id, bracket, lower, rate };
  }

  /** Pays a pending withdrawal or returns it; some are answered twice. */
  #withdrawal(): Command {
    const dice = this.#dice;
    const { withdrawals, clock: time } = this.#memory;
    const index = dice.below(Math.max(1, withdrawals.length));
    const withdrawal = withdrawals[index] ?? 2 ** 22 + 1;
    if (dice.happens(900)) withdrawals.splice(index, 1);
    return { kind: "finaliseWithdrawal", time, withdrawal, paid: dice.below(2) };
  }

  /** Lists something: as it should be, or with a flaw that a listing must not have. */
  #list({ tier }: MarketMemo): Command {
    const dice = this.#dice;
    const { clock: time } = this.#memory;
    if (dice.happens(this.#profile.assets)) return { kind: "listAsset", time, scale: dice.magnitude(1e15) };
    if (dice.happens(60)) return { kind: "listTier", time, minInitialMargin: dice.below(100_000) };
    if (dice.happens(200)) return this.#acceptCollateral(dice.happens(50) ? UNLISTED_TIER : tier);
    const listed = listing(dice, this.#profile, time, tier, dice.happens(600)) as Extract<
      Command,
      { kind: "listMarket" }
    >;
    switch (dice.below(9)) {
      case 0:
        return { ...listed, expiry: listed.expiry === 0 ? time + 1 : 0 };
      case 1:
        return { ...listed, initialMargin: 1 };
      case 2:
        return { ...listed, maxPositionLots: 2 ** 40 };
      case 3:
        return { ...listed, maxOpenInterestLots: 2 ** 40, notional: 1_000_000 };
      case 4:
        return { ...listed, makerFee: -listed.takerFee - 1 };
      case 5:
        return { ...listed, oiLower: 5, oiUpper: 5 };
      case 6:
        return { ...listed, tier: UNLISTED_TIER };
      default:
        return listed;
    }
  }

  #acceptCollateral(tier: number): Command {
    const dice = this.#dice;
    const initialWeight = dice.below(1_000_001);
    const maintenanceWeight = Math.min(1_000_000, initialWeight + dice.between(-50_000, 200_000));
    return {
      kind: "acceptCollateral",
      time: this.#memory.clock,
      tier,
      asset: dice.pick([1, 2, 2, 3, 3]),
      initialWeight,
      maintenanceWeight: Math.max(0, maintenanceWeight),
      cap: dice.happens(300) ? dice.magnitude(2 ** 40) : 2 ** 53 - 1,
    };
  }

  #account(): Command {
    const dice = this.#dice;
    const memory = this.#memory;
    if (memory.accounts.length < this.#profile.accounts + 20)
      return { kind: "openAccount", time: memory.clock };
    return deposit(dice, this.#profile, memory, dice.pick(memory.accounts).id, dice.between(1, 3));
  }
}
