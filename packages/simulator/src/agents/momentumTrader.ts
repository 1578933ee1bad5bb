/**
 * A momentum trader: buys strength and sells weakness at the market, protects the position with a stop and a take-profit on the mark,
 * and turns round when the trend does.
 */
import { REFUSALS } from "@bulkhead/engine";
import type { Dice } from "../workload/dice.ts";
import { chance } from "./chance.ts";
import type { Exchange } from "./exchange.ts";
import type { Participant } from "./participant.ts";
import type { Screen } from "./screen.ts";
import { DOLLARS, Seat, sideOf } from "./seat.ts";

interface Style {
  /** Looks back over about 2^slowness index updates. */
  readonly slowness: number;
  /** Trend that is worth following, ppm. */
  readonly threshold: number;
  readonly leverage: number;
  /** Distances of stop and take-profit from the entry, ppm. */
  readonly stop: number;
  readonly target: number;
  /** How often it looks at the screen, ppm of index updates. */
  readonly attention: number;
}

/** Conditional orders that protect one market's position, 0 = none. */
interface Guard {
  stop: number;
  target: number;
}

export class MomentumTrader implements Participant {
  private readonly seat: Seat;
  private readonly dice: Dice;
  private readonly style: Style;
  private readonly stake: number;
  private readonly guards: Guard[] = [];

  constructor(exchange: Exchange, tier: number, dice: Dice) {
    this.dice = dice;
    this.seat = Seat.open(exchange, tier);
    this.style = {
      slowness: dice.between(4, 9),
      threshold: dice.between(600, 4_000),
      leverage: dice.between(1, 6),
      stop: dice.between(4_000, 25_000),
      target: dice.between(6_000, 60_000),
      attention: dice.between(20_000, 120_000),
    };
    this.stake = dice.between(5_000, 100_000) * 1e6;
    this.seat.deposit(this.stake + this.stake / 2);
    this.seat.allocate(this.stake);
  }

  act(screen: Screen): void {
    if (!chance(this.dice, this.style.attention)) return;
    const { market } = screen.terms;
    const guard = (this.guards[market] ??= { stop: 0, target: 0 });
    const trend = screen.trend(this.style.slowness);
    const lots = this.seat.lots(market);
    if (lots === 0) {
      this.liftGuard(guard);
      if (Math.abs(trend) > this.style.threshold) this.follow(screen, guard, trend);
      else if (chance(this.dice, 20_000)) this.settleUp(market);
    } else if (trend > 0 !== lots > 0 && Math.abs(trend) > this.style.threshold) {
      this.close(screen, guard);
    } else if (!this.seat.orders.has(guard.stop)) {
      this.raiseGuard(screen, guard);
    }
  }

  private follow(screen: Screen, guard: Guard, direction: number): void {
    const { market } = screen.terms;
    const equity = this.seat.standing()?.equity ?? 0;
    if (equity < this.stake / 3) {
      if (chance(this.dice, 50_000)) this.refill();
      return;
    }
    const lots = screen.lotsWorth((equity * this.style.leverage) / 2);
    if (lots < 1) return;
    const price = screen.moved(direction > 0 ? 2_500 : -2_500);
    if (this.seat.take(market, sideOf(direction), price, lots).filled > 0) this.raiseGuard(screen, guard);
  }

  private close(screen: Screen, guard: Guard): void {
    const { market } = screen.terms;
    const lots = this.seat.lots(market);
    const placed = this.seat.reduce(market, screen.moved(lots > 0 ? -3_000 : 3_000), Math.abs(lots));
    if (placed.outcome === REFUSALS.health_would_fall.code && chance(this.dice, 200_000)) this.refill();
    if (this.seat.lots(market) === 0) this.liftGuard(guard);
  }

  private raiseGuard(screen: Screen, guard: Guard): void {
    this.liftGuard(guard);
    const { market } = screen.terms;
    const lots = this.seat.lots(market);
    if (lots === 0) return;
    const direction = lots > 0 ? 1 : -1;
    const stop = screen.moved(-direction * this.style.stop);
    const target = screen.moved(direction * this.style.target);
    if (stop !== screen.index) guard.stop = this.seat.stopLoss(market, stop).order;
    if (target !== screen.index) guard.target = this.seat.takeProfit(market, target).order;
  }

  private liftGuard(guard: Guard): void {
    this.seat.cancel(guard.stop);
    this.seat.cancel(guard.target);
    guard.stop = 0;
    guard.target = 0;
  }

  /** Between trades: collects what is owed, and brings home half of what was won. */
  private settleUp(market: number): void {
    const standing = this.seat.standing();
    if (standing === undefined) return;
    if (standing.positions.some((position) => position.market === market && position.cost !== 0)) {
      this.seat.settleResidual(market);
    }
    const spare = Math.floor((standing.withdrawable - this.stake) / 2);
    if (spare > this.stake / 10 && this.seat.deallocate(spare) === 0) this.seat.withdraw(spare, DOLLARS);
  }

  private refill(): void {
    if (this.seat.wallet() < this.stake / 2) this.seat.deposit(this.stake);
    this.seat.allocate(Math.floor(this.stake / 2));
  }
}
