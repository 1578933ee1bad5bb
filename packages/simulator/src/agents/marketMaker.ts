/**
 * A market maker: quotes layers of bids and asks around the index, leans them against its inventory, and moves them by amending.
 * A jump makes it pull everything and start again; an inventory too large is traded away.
 */
import { SIDE } from "@bulkhead/engine";
import type { Dice } from "../workload/dice.ts";
import { chance } from "./chance.ts";
import type { Exchange } from "./exchange.ts";
import type { Participant } from "./participant.ts";
import type { Screen } from "./screen.ts";
import { DOLLARS, Seat, isShort } from "./seat.ts";

interface Style {
  /** Distance of the first layer from the fair price, and of one layer from the next, ppm. */
  readonly halfSpread: number;
  readonly step: number;
  readonly layers: number;
  /** Move of the fair price that makes the quotes worth moving, ppm. */
  readonly tolerance: number;
  /** Value of the first layer, micro-dollars; deeper ones are larger. */
  readonly layerValue: number;
  /** Inventory at which only one side is quoted, micro-dollars. */
  readonly mostInventory: number;
  /** How far a full inventory pushes the fair price, ppm. */
  readonly lean: number;
  /** Looks at the book before quoting; the careless get refused when they would cross it. */
  readonly isCareful: boolean;
}

/** One market's quotes: order ids by side and layer, 0 = none. */
interface Board {
  fair: number;
  readonly orders: readonly [number[], number[]];
  /** Index updates to sit out. */
  pause: number;
}

const JUMP = 8_000;
const PAUSE = 240;
/** Chance to take what somebody slower left at a wrong price, ppm. */
const SNIPING = 300_000;
const UNSEEN = { bestBid: 0, bestAsk: 0 };
const STAKE = 3_000_000e6;

export class MarketMaker implements Participant {
  private readonly seat: Seat;
  private readonly dice: Dice;
  private readonly style: Style;
  private readonly boards: Board[] = [];

  constructor(exchange: Exchange, tier: number, dice: Dice) {
    this.dice = dice;
    this.seat = Seat.open(exchange, tier);
    this.style = {
      halfSpread: dice.between(150, 900),
      step: dice.between(300, 1_500),
      layers: dice.between(2, 4),
      tolerance: dice.between(200, 900),
      layerValue: dice.between(10_000, 50_000) * 1e6,
      mostInventory: dice.between(600_000, 1_500_000) * 1e6,
      lean: dice.between(1_000, 4_000),
      isCareful: chance(dice, 800_000),
    };
    this.seat.deposit(STAKE + STAKE / 4);
    this.seat.allocate(STAKE);
  }

  act(screen: Screen): void {
    const { market } = screen.terms;
    const board = (this.boards[market] ??= { fair: 0, orders: [[], []], pause: 0 });
    if (board.pause > 0) {
      board.pause -= 1;
      return;
    }
    const inventory =
      (this.seat.lots(market) * screen.index * screen.terms.notional) / this.style.mostInventory;
    const fair = screen.index * (1 - (clamp(inventory) * this.style.lean) / 1_000_000);
    const moved = board.fair === 0 ? 0 : (Math.abs(fair - board.fair) / board.fair) * 1_000_000;
    const isDue = board.fair === 0 || moved > this.style.tolerance || chance(this.dice, 20_000);
    if (!isDue) return;

    if (moved > JUMP && this.seat.orders.size > 0) this.seat.cancelAll(market);
    if (Math.abs(inventory) > 1 && chance(this.dice, 100_000)) this.tradeAway(screen);
    // The side the price runs away from moves first, so that no quote meets one of our own.
    const sides = fair >= board.fair ? [SIDE.sell, SIDE.buy] : [SIDE.buy, SIDE.sell];
    board.fair = fair;
    if (chance(this.dice, SNIPING)) this.snipe(screen, fair, inventory);
    for (const side of sides) {
      const isWanted = side === SIDE.buy ? inventory < 1 : inventory > -1;
      if (isWanted) this.quoteSide(screen, board, side);
      else this.clearSide(board, side);
    }
    if (chance(this.dice, 200)) this.takeProfitHome();
  }

  private quoteSide(screen: Screen, board: Board, side: number): void {
    const orders = board.orders[side] as number[];
    const { bestBid, bestAsk } = this.style.isCareful ? screen.top() : UNSEEN;
    const spread = Math.max(this.style.halfSpread, screen.restlessness / 2);
    for (let layer = 0; layer < this.style.layers; layer++) {
      const distance = Math.max(layer + 1, (board.fair * (spread + layer * this.style.step)) / 1_000_000);
      const wanted = side === SIDE.buy ? board.fair - distance : board.fair + distance;
      const price = screen.within(side === SIDE.buy ? below(wanted, bestAsk) : Math.max(wanted, bestBid + 1));
      const lots = screen.lotsWorth(this.style.layerValue * (layer + 1));
      if (lots < 1) return;
      const order = orders[layer] ?? 0;
      const { seat } = this;
      const { market } = screen.terms;
      const isOpen = seat.orders.has(order);
      const placed = isOpen ? seat.amend(order, price, lots) : seat.quote(market, side, price, lots);
      if (placed.outcome === 0) orders[layer] = placed.order;
      else if (isShort(placed.outcome)) return this.stepBack(market, board);
    }
  }

  private snipe(screen: Screen, fair: number, inventory: number): void {
    const { bestBid, bestAsk } = screen.top();
    const edge = Math.max(1, (fair * this.style.halfSpread) / 1_000_000);
    const { market } = screen.terms;
    const lots = screen.lotsWorth(this.style.layerValue);
    if (lots < 1) return;
    if (bestAsk > 0 && bestAsk < fair - edge && inventory < 1) {
      this.seat.take(market, SIDE.buy, screen.within(fair - edge), lots);
    } else if (bestBid > fair + edge && inventory > -1) {
      this.seat.take(market, SIDE.sell, screen.within(fair + edge), lots);
    }
  }

  private clearSide(board: Board, side: number): void {
    for (const order of board.orders[side] as number[]) this.seat.cancel(order);
  }

  private tradeAway(screen: Screen): void {
    const { market } = screen.terms;
    const lots = this.seat.lots(market);
    const price = screen.moved(lots > 0 ? -2_000 : 2_000);
    this.seat.reduce(market, price, Math.ceil(Math.abs(lots) / 4));
  }

  /** Out of margin: pulls the quotes, adds what the wallet still has and waits. */
  private stepBack(market: number, board: Board): void {
    this.seat.cancelAll(market);
    board.pause = PAUSE;
    board.fair = 0;
    const wallet = this.seat.wallet();
    if (wallet > 0) this.seat.allocate(wallet);
  }

  private takeProfitHome(): void {
    const spare = Math.floor(((this.seat.standing()?.withdrawable ?? 0) - STAKE) / 2);
    if (spare <= 0) return;
    if (this.seat.deallocate(spare) === 0) this.seat.withdraw(spare, DOLLARS);
  }
}

function clamp(share: number): number {
  return Math.min(1, Math.max(-1, share));
}

function below(wanted: number, bestAsk: number): number {
  return bestAsk === 0 ? wanted : Math.min(wanted, bestAsk - 1);
}
