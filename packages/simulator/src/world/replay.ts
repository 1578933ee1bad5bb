/**
 * The replay: prices drive the index of one perpetual per series, seeded participants trade around it, and every step goes through the
 * engine as an ordinary command. The same series, participants and seed give the same state hash.
 *
 *     const replay = new Replay({ series: demoPath(1), participants: 200, seed: 1 });
 *     while (!replay.isOver) replay.advance(1_000);
 *     replay.report();
 */
import {
  type Capacities,
  Engine,
  type RefusalName,
  coverTwo,
  hex,
  marketView,
  refusalOf,
} from "@bulkhead/engine";
import { Exchange } from "../agents/exchange.ts";
import type { Coin } from "../agents/leveragedTrader.ts";
import type { Participant } from "../agents/participant.ts";
import { type Crowd, admit, divide } from "../agents/population.ts";
import { Screen } from "../agents/screen.ts";
import { DOLLARS } from "../agents/seat.ts";
import { Casualties, type CasualtyReport } from "./casualties.ts";
import { type Conservation, conservationOf, countBelowMaintenance } from "./census.ts";
import {
  type ContractSize,
  contractSizeOf,
  priceText,
  ticksOf,
  wholeValue,
  withinRange,
} from "./contractSize.ts";
import { arm } from "./defences.ts";
import { COIN, COIN_SCALE, FUNDING_CAP, TIER, capacitiesFor, listVenue } from "./listing.ts";
import { Premium } from "./premium.ts";
import { type PriceSeries, barLength, endOf } from "./priceSeries.ts";
import { type Print, playTape, tapeLength } from "./tape.ts";

export interface ReplayOptions {
  /** One perpetual market each; at most 64. The first is also the collateral coin. */
  readonly series: readonly PriceSeries[];
  readonly participants: number;
  /** 0 to 2^53 − 1. */
  readonly seed: number;
  /** Told of every command once it was applied; the frame is the same one each time. */
  readonly record?: (frame: Float64Array) => void;
}

/** What became of one market; prices are decimal numbers of USD. */
export interface MarketReport {
  readonly name: string;
  readonly start: string;
  readonly low: string;
  readonly high: string;
  readonly end: string;
  /** Deepest fall of the index from a high before it, ppm of that high. */
  readonly drawdown: number;
  readonly fills: number;
  /** Micro-dollars, as are the following. */
  readonly volume: bigint;
  readonly openInterest: bigint;
  readonly pool: number;
  readonly openOrders: number;
  /** Hourly accruals, and what a long of 1 USD has paid over them, ppb; negative when shorts paid. */
  readonly fundingAccruals: number;
  readonly fundingPaid: number;
  /** Index prices held at the edge of the price range. */
  readonly clamped: number;
  /** Index price over time, evenly spaced, ticks; 0 before the first. */
  readonly prices: readonly number[];
}

export interface ReplayReport {
  /** First and last moment on the tape, ms since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly crowd: Crowd;
  /** Commands applied, refused ones included. */
  readonly commands: number;
  readonly commandsByName: Readonly<Record<string, number>>;
  readonly fills: number;
  /** Micro-dollars. */
  readonly volume: bigint;
  readonly refusals: number;
  readonly refusalsByName: Readonly<Partial<Record<RefusalName, number>>>;
  /** Counted after each close of the first market: the most at one time, those at the end, and over time, evenly spaced. */
  readonly belowMaintenance: {
    readonly most: number;
    readonly final: number;
    readonly overTime: readonly number[];
  };
  /**
   * Whether second tranche and mutual fund would have borne the failure of the two worst owners had every price jumped by a fifth: at the
   * hour in which the funds lacked most, or had least to spare, and at the end. Micro-dollars.
   */
  readonly coverTwo: { readonly worst: CoverTwoReport; readonly final: CoverTwoReport };
  /** What liquidation did, and who bore what it came too late for. */
  readonly casualties: CasualtyReport;
  /** Findings of the full audit, and refusals for a broken invariant. */
  readonly violations: number;
  readonly findings: readonly string[];
  /** Of the quote currency, and of the collateral coin in its smallest units. */
  readonly conservation: Conservation;
  readonly coinConservation: Conservation;
  readonly stateHash: string;
  readonly markets: readonly MarketReport[];
}

/** A moment's Cover-2. */
export interface CoverTwoReport {
  readonly time: number;
  readonly needed: number;
  readonly available: number;
  /** What two defaults, one after the other, may draw of what is available. */
  readonly drawable: number;
}

/** One market as the replay runs it. */
interface Stage {
  readonly name: string;
  readonly series: PriceSeries;
  readonly contract: ContractSize;
  readonly screen: Screen;
  readonly premium: Premium;
  readonly followers: readonly Participant[];
  readonly prices: number[];
  start: number;
  low: number;
  high: number;
  drawdown: number;
  clamped: number;
  fundingAccruals: number;
  fundingPaid: number;
}

const HOUR_MS = 3_600_000;
/** How far all prices jump at once, ppm. */
const STRESS_MOVE = 200_000;
/** Points kept of every line over time. */
const SAMPLES = 480;

export class Replay {
  /** Prices on the tape, and how many of them have been played. */
  readonly steps: number;
  step = 0;

  private engine: Engine;
  private readonly exchange: Exchange;
  private readonly crowd: Crowd;
  private readonly stages: readonly Stage[];
  private readonly casualties = new Casualties();
  private readonly tape: Generator<Print, void>;
  private readonly start: number;
  private readonly end: number;
  private fundingDue: number;
  private worstCover: CoverTwoReport | undefined;
  private belowMost = 0;
  private belowSinceSample = 0;
  private readonly below: number[] = [];

  constructor({ series, participants, seed, record }: ReplayOptions) {
    this.engine = new Engine({ capacities: capacitiesFor(participants, series.length) });
    this.exchange = new Exchange(this.engine, record);
    this.tape = playTape(series);
    this.steps = tapeLength(series);
    this.start = series.reduce((first, { time }) => Math.min(first, time[0] ?? first), Infinity);
    this.end = series.reduce((latest, prices) => Math.max(latest, endOf(prices)), 0);
    this.exchange.time = this.start;
    this.fundingDue = nextHour(this.start);
    this.crowd = divide(participants, series.length);
    this.stages = this.setUp(series, seed);
  }

  get isOver(): boolean {
    return this.step >= this.steps;
  }

  /** Commands applied so far. */
  get commands(): number {
    return this.exchange.commands;
  }

  /** What the venue has room for. */
  get capacities(): Capacities {
    return this.engine.capacities;
  }

  /** Seals the receipts so far. @returns the head of their chain */
  seal(): Uint8Array {
    return this.engine.seal();
  }

  /** Plays up to so many prices. */
  advance(steps: number): void {
    const end = Math.min(this.steps, this.step + steps);
    while (this.step < end) {
      const { value } = this.tape.next();
      if (value === undefined) return;
      this.play(value);
      this.step += 1;
      this.sample();
    }
  }

  /** Goes on with an engine restored from a snapshot of this one. @returns the snapshot's size, bytes */
  passThroughSnapshot(): number {
    const snapshot = this.engine.snapshot();
    this.engine = Engine.restore(snapshot);
    this.exchange.moveTo(this.engine);
    return snapshot.length;
  }

  /** The run so far. Audits the whole state, so not for every step. */
  report(): ReplayReport {
    const { exchange, engine } = this;
    const refused = [...exchange.refusals];
    refused.sort(([, a], [, b]) => b - a);
    const findings = engine.audit().map((finding) => JSON.stringify(finding));
    const markets = this.stages.map((stage) => this.reportOf(stage));
    const refusalsByName = Object.fromEntries(
      refused.map(([code, count]) => [refusalOf(code), count]),
    ) as Partial<Record<RefusalName, number>>;
    return {
      start: this.start,
      end: exchange.time,
      crowd: this.crowd,
      commands: exchange.commands,
      commandsByName: exchange.commandsByName(),
      fills: markets.reduce((sum, { fills }) => sum + fills, 0),
      volume: markets.reduce((sum, { volume }) => sum + volume, 0n),
      refusals: refused.reduce((sum, [, count]) => sum + count, 0),
      refusalsByName,
      belowMaintenance: {
        most: this.belowMost,
        final: countBelowMaintenance(engine.venue, TIER),
        overTime: this.below,
      },
      coverTwo: { worst: this.worstCover ?? this.coverNow(), final: this.coverNow() },
      casualties: this.casualties.report(),
      violations: findings.length + (refusalsByName.invariant_broken ?? 0),
      findings,
      conservation: conservationOf(engine.venue, DOLLARS),
      coinConservation: conservationOf(engine.venue, COIN),
      stateHash: hex(engine.stateHash()),
      markets,
    };
  }

  private setUp(series: readonly PriceSeries[], seed: number): Stage[] {
    const { exchange } = this;
    const contracts = series.map(contractSizeOf);
    const terms = listVenue(exchange, contracts, series.map(barLength));
    const [first] = series;
    const [contract] = contracts;
    if (first === undefined || contract === undefined)
      throw new RangeError("a replay needs at least one price series");
    const firstTicks = ticksOf(first.open[0] as number, first.decimals, contract);
    const coin: Coin = {
      asset: COIN,
      worth: (value) => Math.floor((value / wholeValue(firstTicks, contract)) * COIN_SCALE),
    };
    const firstPrices = series.map((prices, index) =>
      ticksOf(prices.open[0] as number, prices.decimals, contracts[index] as ContractSize),
    );
    exchange.listenToAll(this.casualties);
    for (const { market, notional } of terms) this.casualties.list(market, notional);
    arm(exchange, terms, firstPrices, this.crowd.makers + this.crowd.momentum + this.crowd.leveraged);
    const followers = admit(exchange, TIER, series.length, this.crowd, seed, coin);
    return series.map((prices, index) => ({
      name: nameAmong(series, index),
      series: prices,
      contract: contracts[index] as ContractSize,
      screen: new Screen(terms[index]!, exchange),
      premium: new Premium(),
      followers: followers[index] ?? [],
      prices: [],
      start: 0,
      low: Infinity,
      high: 0,
      drawdown: 0,
      clamped: 0,
      fundingAccruals: 0,
      fundingPaid: 0,
    }));
  }

  private play(print: Print): void {
    const { exchange } = this;
    const stage = this.stages[print.series] as Stage;
    exchange.time = print.time;
    if (print.time >= this.fundingDue) this.accrueFunding();
    this.showPrice(stage, print.price);
    const { followers, screen } = stage;
    // Nobody is always first at the counter.
    const head = this.step % Math.max(1, followers.length);
    for (let turn = 0; turn < followers.length; turn++) {
      followers[(head + turn) % followers.length]?.act(screen);
    }
    const { bestBid, bestAsk } = screen.top();
    stage.premium.note(bestBid, bestAsk, screen.index);
    if (print.isClose) this.closeBar(print);
  }

  private showPrice(stage: Stage, price: number): void {
    const { exchange } = this;
    const { contract, screen, series } = stage;
    const wanted = ticksOf(price, series.decimals, contract);
    const ticks = withinRange(wanted);
    if (ticks !== wanted) stage.clamped += 1;
    if (stage.start === 0) stage.start = ticks;
    stage.low = Math.min(stage.low, ticks);
    stage.high = Math.max(stage.high, ticks);
    stage.drawdown = Math.max(stage.drawdown, Math.round(((stage.high - ticks) / stage.high) * 1_000_000));
    const { time } = exchange;
    const { market, tier } = screen.terms;
    this.casualties.seeMark(market, ticks, time);
    exchange.send({ kind: "updateIndexPrice", time, tier, market, price: ticks });
    if (market === 1) {
      const coinPrice = wholeValue(ticks, contract);
      exchange.send({ kind: "updateCollateralPrice", time, tier, asset: COIN, price: coinPrice });
    }
    screen.show(ticks);
  }

  private accrueFunding(): void {
    const { exchange } = this;
    const { time } = exchange;
    this.fundingDue = nextHour(time);
    const cover = this.coverNow();
    if (this.worstCover === undefined || spareOf(cover) < spareOf(this.worstCover)) this.worstCover = cover;
    for (const stage of this.stages) {
      if (stage.start === 0) continue;
      const { market, tier } = stage.screen.terms;
      const rate = stage.premium.take(FUNDING_CAP);
      if (exchange.send({ kind: "accrueFunding", time, tier, market, rate }) !== 0) continue;
      stage.fundingAccruals += 1;
      stage.fundingPaid += rate;
    }
    exchange.settleWithdrawals();
  }

  private coverNow(): CoverTwoReport {
    const { needed, available, drawable } = coverTwo(this.engine.venue, 0, STRESS_MOVE);
    return { time: this.exchange.time, needed, available, drawable };
  }

  private closeBar({ series }: Print): void {
    const { exchange } = this;
    exchange.send({ kind: "clockTick", time: exchange.time, tier: TIER });
    if (series !== 0) return;
    const below = countBelowMaintenance(exchange.venue, TIER);
    this.belowMost = Math.max(this.belowMost, below);
    this.belowSinceSample = Math.max(this.belowSinceSample, below);
  }

  private sample(): void {
    const share = (this.exchange.time - this.start) / (this.end - this.start);
    const due = this.isOver ? SAMPLES : Math.floor(share * SAMPLES);
    while (this.below.length < due) {
      this.below.push(this.belowSinceSample);
      for (const { prices, screen } of this.stages) prices.push(screen.index);
      this.belowSinceSample = 0;
    }
  }

  private reportOf(stage: Stage): MarketReport {
    const { contract, screen } = stage;
    const { market, tier, notional } = screen.terms;
    const view = marketView(this.engine.venue, tier, market);
    const { fills, volume } = this.exchange.turnover(market);
    return {
      name: stage.name,
      start: priceText(stage.start, contract),
      low: priceText(stage.low, contract),
      high: priceText(stage.high, contract),
      end: priceText(screen.index, contract),
      drawdown: stage.drawdown,
      fills,
      volume,
      openInterest: BigInt(view.openInterest) * BigInt(screen.index) * BigInt(notional),
      pool: view.pool,
      openOrders: view.orders,
      fundingAccruals: stage.fundingAccruals,
      fundingPaid: stage.fundingPaid,
      clamped: stage.clamped,
      prices: stage.prices,
    };
  }
}

function spareOf({ available, needed }: CoverTwoReport): number {
  return available - needed;
}

function nextHour(time: number): number {
  return (Math.floor(time / HOUR_MS) + 1) * HOUR_MS;
}

/** A series' name, numbered if others share it. */
function nameAmong(series: readonly PriceSeries[], index: number): string {
  const { name } = series[index] as PriceSeries;
  const before = series.slice(0, index).filter((other) => other.name === name).length;
  return before === 0 ? name : `${name}-${before + 1}`;
}
