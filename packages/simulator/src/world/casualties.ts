/**
 * What liquidation did, counted from events alone: how much was closed in which way, who bore what of the defaults, whether anybody without
 * a position was touched, and how many liquidations the market would have forgiven.
 */
import { EVENTS, SIDE } from "@bulkhead/engine";

/** Amounts are whole micro-dollars. */
export interface CasualtyReport {
  /** Buckets whose liquidation began. */
  readonly liquidations: number;
  /** Of those, the ones that recovered, were closed solvent, and defaulted. */
  readonly recovered: number;
  readonly closed: number;
  readonly defaulted: number;
  /** Value closed on the book, by the backstop, and torn up. */
  readonly onBook: bigint;
  readonly toBackstop: bigint;
  readonly tornUp: bigint;
  readonly penalties: bigint;
  /** Deficits of all defaults, and what each layer of the waterfall bore of them: 1 to 6, from index 0. */
  readonly deficits: bigint;
  readonly borneBy: readonly bigint[];
  /** Of layer 6: winners' profits given up; the rest is fees the house forgave. */
  readonly haircuts: bigint;
  readonly feesForgiven: bigint;
  /** Layer 6 less what house and winners gave: 0 when it fits to the unit. */
  readonly haircutError: bigint;
  /** Haircuts of buckets that had no position in the market. */
  readonly flatTouched: number;
  /** Liquidations of buckets that, at true prices, had one and a half times their margin then and for the ten minutes after. */
  readonly wrongful: number;
  /**
   * Liquidations that ten minutes' patience would have made needless: the position as it was would have met its margin then, and at no
   * price in between had less than half of it.
   */
  readonly spared: number;
}

const PATIENCE_MS = 600_000;
const CODE = Object.fromEntries(Object.entries(EVENTS).map(([name, { code }]) => [name, code])) as Readonly<
  Record<keyof typeof EVENTS, number>
>;

/** A liquidation still within its ten minutes: the bucket as it was when it began. */
interface Case {
  readonly until: number;
  readonly equity: number;
  readonly maintenance: number;
  readonly gross: number;
  readonly lots: ReadonlyMap<number, number>;
  readonly marks: ReadonlyMap<number, number>;
  isHopeless: boolean;
  /** At true prices it was never near its margin. */
  isSafe: boolean;
}

export class Casualties {
  private readonly counts = {
    liquidations: 0,
    recovered: 0,
    closed: 0,
    defaulted: 0,
    flatTouched: 0,
    wrongful: 0,
    spared: 0,
  };
  private readonly byWay = [0n, 0n, 0n];
  private readonly borneBy = [0n, 0n, 0n, 0n, 0n, 0n];
  private penalties = 0n;
  private haircuts = 0n;
  private feesForgiven = 0n;
  /** Lots by bucket and market. */
  private readonly books = new Map<number, Map<number, number>>();
  private readonly notional: number[] = [];
  private readonly marks = new Map<number, number>();
  private cases: Case[] = [];
  private time = 0;

  /** A market of so many micro-dollars per tick and lot. */
  list(market: number, notional: number): void {
    this.notional[market] = notional;
  }

  /** A market's true price, ticks; the venue is about to hear of it. */
  seeMark(market: number, mark: number, time: number): void {
    this.marks.set(market, mark);
    this.time = time;
    this.cases = this.cases.filter((one) => this.follow(one));
  }

  /** One event, in the order they came; words as in events.ts. */
  hear(words: Float64Array, at: number): void {
    const word = (field: number): number => words[at + field] as number;
    switch (words[at]) {
      case CODE.fill: {
        const bought = word(5) === SIDE.buy ? word(7) : -word(7);
        this.move(word(3), word(1), -bought);
        this.move(word(4), word(1), bought);
        return;
      }
      case CODE.liquidationStarted:
        return this.begin(word(1), word(2), word(3));
      case CODE.positionLiquidated:
        return this.close(word(1), word(2), word(3), word(4), word(5), word(6), word(7));
      case CODE.positionTornUp:
        return this.move(word(2), word(1), -word(3));
      case CODE.liquidationEnded:
        this.counts[(["recovered", "closed", "defaulted"] as const)[word(2)] ?? "closed"] += 1;
        return;
      case CODE.lossAbsorbed:
        this.borneBy[word(3) - 1]! += BigInt(word(4));
        return;
      case CODE.profitHaircut:
        if (word(3) === HOUSE) {
          this.feesForgiven += BigInt(word(4));
          return;
        }
        this.haircuts += BigInt(word(4));
        if ((this.books.get(word(3))?.get(word(2)) ?? 0) === 0) this.counts.flatTouched += 1;
        return;
      default:
    }
  }

  report(): CasualtyReport {
    const { counts, byWay, borneBy, penalties, haircuts, feesForgiven } = this;
    return {
      ...counts,
      onBook: byWay[0] as bigint,
      toBackstop: byWay[1] as bigint,
      tornUp: byWay[2] as bigint,
      penalties,
      deficits: borneBy.reduce((sum, amount) => sum + amount, 0n),
      borneBy,
      haircuts,
      feesForgiven,
      haircutError: (borneBy[5] as bigint) - haircuts - feesForgiven,
    };
  }

  private begin(bucket: number, equity: number, maintenance: number): void {
    this.counts.liquidations += 1;
    const lots = new Map([...(this.books.get(bucket) ?? [])].filter(([, held]) => held !== 0));
    const gross = [...lots].reduce((sum, [market, held]) => sum + Math.abs(held) * this.lotValue(market), 0);
    const until = this.time + PATIENCE_MS;
    this.cases.push({
      until,
      equity,
      maintenance,
      gross,
      lots,
      marks: new Map(this.marks),
      isHopeless: equity < 0,
      isSafe: equity * 2 >= maintenance * 3,
    });
  }

  /** @returns false once its ten minutes are over */
  private follow(one: Case): boolean {
    let equity = one.equity;
    let gross = 0;
    for (const [market, held] of one.lots) {
      const moved = (this.marks.get(market) ?? 0) - (one.marks.get(market) ?? 0);
      equity += held * moved * (this.notional[market] as number);
      gross += Math.abs(held) * this.lotValue(market);
    }
    // Margin in proportion to what the positions are worth: its growth with size is left out.
    const maintenance = one.maintenance * (one.gross === 0 ? 1 : gross / one.gross);
    if (equity * 2 < maintenance) one.isHopeless = true;
    if (equity * 2 < maintenance * 3) one.isSafe = false;
    if (this.time < one.until) return !one.isHopeless;
    if (one.isSafe) this.counts.wrongful += 1;
    if (!one.isHopeless && equity >= maintenance) this.counts.spared += 1;
    return false;
  }

  private close(
    market: number,
    bucket: number,
    lots: number,
    how: number,
    counterparty: number,
    price: number,
    penalty: number,
  ): void {
    this.byWay[how - 1]! += BigInt(Math.abs(lots)) * BigInt(price) * BigInt(this.notional[market] as number);
    this.penalties += BigInt(penalty);
    // Fills on the book told it already.
    if (how === BOOK) return;
    this.move(bucket, market, -lots);
    if (counterparty !== 0) this.move(counterparty, market, lots);
  }

  private move(bucket: number, market: number, change: number): void {
    const book = this.books.get(bucket) ?? new Map<number, number>();
    if (book.size === 0) this.books.set(bucket, book);
    book.set(market, (book.get(market) ?? 0) + change);
  }

  private lotValue(market: number): number {
    return (this.marks.get(market) ?? 0) * (this.notional[market] as number);
  }
}

const BOOK = 1;
const HOUSE = 0;
