/**
 * A leveraged trader: takes 5 to 20 times his stake in one market, often in an isolated bucket, and meets a loss by temper: he stops
 * it, adds margin until his wallet is empty, or sits through it, below maintenance if need be.
 */
import type { Dice } from "../workload/dice.ts";
import { chance } from "./chance.ts";
import type { Exchange } from "./exchange.ts";
import type { Participant } from "./participant.ts";
import type { Screen } from "./screen.ts";
import { DOLLARS, Seat, isShort, sideOf } from "./seat.ts";

type Temper = "stops" | "adds" | "sits";

const TEMPERS: readonly Temper[] = ["stops", "adds", "adds", "sits", "sits"];
/** Longs in a million entries: the crowd leans long. */
const LONG_BIAS = 650_000;
const ISOLATED = 400_000;
/** Chance to close a position of no news at an index update, ppm. */
const BOREDOM = 1_500;
/** Weight the venue gives to coins, with some room, ppm. */
const COIN_SHARE = 150_000;

/** A coin that counts as collateral, and the screen its price is read from. */
export interface Coin {
  readonly asset: number;
  /** Smallest units worth about so many micro-dollars now. */
  worth(value: number): number;
}

export class LeveragedTrader implements Participant {
  private readonly seat: Seat;
  private readonly dice: Dice;
  private readonly temper: Temper;
  private readonly leverage: number;
  private readonly stake: number;
  private readonly eagerness: number;
  /** Prices at which the open position needs a decision, ticks; 0 = not set. */
  private low = 0;
  private high = 0;
  private entry = 0;

  constructor(exchange: Exchange, tier: number, market: number, dice: Dice, coin: Coin) {
    this.dice = dice;
    this.seat = Seat.open(exchange, tier, chance(dice, ISOLATED) ? market : 0);
    this.temper = TEMPERS[dice.below(TEMPERS.length)] as Temper;
    this.leverage = dice.between(5, 20);
    this.stake = dice.between(500, 20_000) * 1e6;
    this.eagerness = dice.between(5_000, 40_000);
    this.seat.deposit(this.stake * 2);
    this.seat.allocate(this.stake);
    if (chance(dice, COIN_SHARE)) this.bringCoins(coin);
  }

  act(screen: Screen): void {
    const { market } = screen.terms;
    if (this.seat.lots(market) !== 0) this.hold(screen);
    else if (chance(this.dice, this.eagerness)) this.enter(screen);
  }

  private enter(screen: Screen): void {
    const { market } = screen.terms;
    if (this.seat.orders.has(this.entry)) {
      if (chance(this.dice, 100_000)) this.seat.cancel(this.entry);
      return;
    }
    this.setAlarms(0, 0);
    const standing = this.seat.standing();
    const free = standing === undefined ? 0 : standing.equity - standing.initialMargin;
    if (standing?.positions.some((position) => position.market === market && position.cost !== 0)) {
      this.seat.settleResidual(market);
    }
    if (free < this.stake / 4) {
      if (chance(this.dice, 100_000)) this.addMargin(this.stake);
      return;
    }
    const lots = screen.lotsWorth(free * this.leverage * 0.9);
    if (lots < 1) return;
    const direction = chance(this.dice, LONG_BIAS) ? 1 : -1;
    if (chance(this.dice, 400_000)) {
      const price = screen.moved(-direction * this.dice.between(300, 6_000));
      const expiry = this.seat.time + this.dice.between(5, 120) * screen.terms.paceMs;
      this.entry = this.seat.limit(market, sideOf(direction), price, lots, expiry).order;
    } else {
      this.seat.take(market, sideOf(direction), screen.moved(direction * 2_000), lots);
    }
  }

  private hold(screen: Screen): void {
    if (this.low === 0) this.watch(screen);
    const isLong = this.seat.lots(screen.terms.market) > 0;
    const isUp = screen.index >= this.high;
    const isDown = screen.index <= this.low;
    if (isLong ? isUp : isDown) this.cashIn(screen);
    else if (isLong ? isDown : isUp) this.bear(screen);
    else if (chance(this.dice, BOREDOM)) this.close(screen);
  }

  /** Decides at which prices to decide: after losing most of the margin, and after winning one to four times that. */
  private watch(screen: Screen): void {
    const { market, topPrice } = screen.terms;
    const entry = this.seat.entryPrice(market);
    const pain = (entry * 0.7) / this.leverage;
    const gain = pain * this.dice.between(1, 4);
    const isLong = this.seat.lots(market) > 0;
    const low = Math.max(1, Math.floor(entry - (isLong ? pain : gain)));
    const high = Math.min(topPrice, Math.ceil(entry + (isLong ? gain : pain)));
    this.setAlarms(low, high);
  }

  private cashIn(screen: Screen): void {
    if (!chance(this.dice, 200_000) || !this.close(screen)) return;
    const spare = Math.floor(((this.seat.standing()?.withdrawable ?? 0) - this.stake) / 2);
    if (spare > 0 && this.seat.deallocate(spare) === 0 && chance(this.dice, 500_000)) {
      this.seat.withdraw(spare, DOLLARS);
    }
  }

  private bear(screen: Screen): void {
    switch (this.temper) {
      case "stops":
        if (chance(this.dice, 300_000)) this.close(screen);
        return;
      case "adds":
        if (chance(this.dice, 20_000)) this.addMargin(Math.ceil(this.stake / 2));
        else if (chance(this.dice, 2_000)) this.close(screen);
        return;
      case "sits":
        // Most sit for ever; now and then one gives up.
        if (chance(this.dice, 200)) this.close(screen);
    }
  }

  /** @returns whether the position is gone */
  private close(screen: Screen): boolean {
    const { market } = screen.terms;
    const lots = this.seat.lots(market);
    const placed = this.seat.reduce(market, screen.moved(lots > 0 ? -2_500 : 2_500), Math.abs(lots));
    // Too poor to pay the spread: only fresh money lets him out.
    if (isShort(placed.outcome) && chance(this.dice, 100_000)) this.addMargin(this.stake);
    if (this.seat.lots(market) !== 0) return false;
    this.setAlarms(0, 0);
    return true;
  }

  private addMargin(amount: number): void {
    if (this.seat.wallet() < amount) {
      if (!chance(this.dice, 50_000)) return;
      this.seat.deposit(this.stake);
    }
    const affordable = Math.min(amount, this.seat.wallet());
    if (affordable > 0) this.seat.allocate(affordable);
  }

  private bringCoins(coin: Coin): void {
    const amount = coin.worth(this.stake / 2);
    if (amount < 1) return;
    this.seat.deposit(amount, coin.asset);
    this.seat.allocate(amount, coin.asset);
  }

  private setAlarms(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }
}
