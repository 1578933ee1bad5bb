/**
 * A seeded stream of orders for one market: about 49 % passive adds, 31 % cancels and 20 % crossing limit orders.
 * It starts from an empty book, fills it within the first few thousand commands and then keeps it in a steady
 * state. A shorter flow is a prefix of a longer one of the same seed.
 */
import { createRandom, type Random } from "./random.ts";
import { BUY, opposite, ReferenceBook, SELL, type Side } from "./referenceBook.ts";
import { addTrade, digest, noTrades, type Trades } from "./trades.ts";

/** Raised whenever the same seed would give other commands: figures compare only within one version. */
export const FLOW_VERSION = 1;

/** A limit order that rests whole. */
export const ADD = 0;
/** Withdraws what still rests of an earlier order. */
export const CANCEL = 1;
/** A limit order that trades at once; what its price cannot reach rests. */
export const CROSS = 2;

/** Prices lie in [1, TICKS) and wander within a few hundred ticks of CENTRE. */
export const TICKS = 65_536;
export const CENTRE = 32_768;

export interface FlowOptions {
  readonly commands: number;
  readonly seed: number;
  /** Orders come from accounts 0 to `accounts - 1`, at least 64: a crossing order never meets its own account. */
  readonly accounts: number;
}

/** Columns, one entry per command. */
export interface Flow {
  readonly options: FlowOptions;
  readonly kind: Uint8Array;
  /** BUY or SELL; of a cancel, the side of its target. */
  readonly side: Uint8Array;
  /** Limit price in ticks; of a cancel, the price of its target. */
  readonly price: Int32Array;
  /** 1 to 68; 0 for a cancel. */
  readonly lots: Int32Array;
  /** The command whose order a cancel withdraws: it still rests, perhaps partly filled; -1 for other kinds. */
  readonly target: Int32Array;
  /** Who sends it; of a cancel, the owner of its target. */
  readonly account: Int32Array;
  /** Trades of the reference book. */
  readonly expected: Trades;
  /** Digest of all columns. */
  readonly fingerprint: number;
  readonly shape: FlowShape;
}

/** What the flow turned out to be; the book is sampled every 1,000 commands after the first tenth. */
export interface FlowShape {
  readonly addShare: number;
  readonly cancelShare: number;
  readonly crossShare: number;
  readonly fillsPerCross: number;
  readonly meanResting: number;
  readonly mostResting: number;
  readonly meanLevels: number;
  readonly lowestPrice: number;
  readonly highestPrice: number;
}

const PER_MILLE = 1_000;
const CANCELS_PER_MILLE = 308;
const CROSSES_PER_MILLE = 199;
const RECENT_CANCELS_PER_MILLE = 700;

/** Resting orders the flow returns to: above it cancels grow more frequent and adds less, below it the reverse. */
const RESTING_GOAL = 1_900;
/** Orders that must rest before anything but adds is sent. */
const RESTING_LEAST = 256;
const ADD_LOTS_MOST = 50;
const CROSS_LOTS_MOST = 68;
/** Distance of a passive order from the far touch: exponential in ticks. */
const DISTANCE_ODDS = 12;
const DISTANCE_MOST = 400;
/** How far beyond the touch a crossing order is willing to trade. */
const REACH_ODDS = 4;
const REACH_MOST = 40;
/** A cancel counts as recent when it names one of this many latest orders. */
const RECENT = 128;
const LEAST_ACCOUNTS = 64;

export function createFlow(options: FlowOptions): Flow {
  if (options.accounts < LEAST_ACCOUNTS) throw new Error(`a flow needs ${LEAST_ACCOUNTS} accounts or more`);
  const flow = emptyColumns(options.commands);
  const random = createRandom(options.seed);
  const book = new ReferenceBook(options.commands, TICKS);
  const orders = createOrderChoice(random, book);
  const expected = noTrades();
  const survey = createSurvey(options.commands);
  const makers: number[] = [];
  const onTrade = (price: number, lots: number, maker: number): void => {
    addTrade(expected, price, lots, maker);
    makers.push(flow.account[maker]!);
  };

  for (let command = 0; command < options.commands; command += 1) {
    const kind = chooseKind(random, book);
    flow.kind[command] = kind;
    if (kind === CANCEL) {
      const target = orders.choose();
      flow.target[command] = target;
      flow.side[command] = flow.side[target]!;
      flow.price[command] = flow.price[target]!;
      flow.account[command] = flow.account[target]!;
      book.cancel(target);
    } else {
      const side = kind === ADD ? chooseAddSide(random, book) : chooseCrossSide(random, book);
      const price = kind === ADD ? choosePassivePrice(random, book, side) : chooseReach(random, book, side);
      const lots = 1 + random.below(kind === ADD ? ADD_LOTS_MOST : CROSS_LOTS_MOST);
      if (book.crosses(side, price) !== (kind === CROSS))
        throw new Error(`command ${command} is not its kind`);
      flow.side[command] = side;
      flow.price[command] = price;
      flow.lots[command] = lots;
      makers.length = 0;
      book.submit(command, side, price, lots, onTrade);
      flow.account[command] = chooseAccount(random, options.accounts, makers);
      if (book.remaining[command]! > 0) orders.add(command);
    }
    survey.look(command, book);
  }

  const shape = survey.shape(flow.kind, flow.price, expected);
  return { options, ...flow, expected, fingerprint: fingerprintOf(flow), shape };
}

/** Replays a flow on a fresh reference book. */
export function replayOnReferenceBook(flow: Flow, book: ReferenceBook): Trades {
  const { kind, side, price, lots, target } = flow;
  const trades = noTrades();
  const onTrade = (at: number, traded: number, maker: number): void => addTrade(trades, at, traded, maker);
  for (let command = 0; command < kind.length; command += 1) {
    if (kind[command] === CANCEL) book.cancel(target[command]!);
    else book.submit(command, side[command] as Side, price[command]!, lots[command]!, onTrade);
  }
  return trades;
}

type Columns = Pick<Flow, "kind" | "side" | "price" | "lots" | "target" | "account">;

function emptyColumns(commands: number): Columns {
  return {
    kind: new Uint8Array(commands),
    side: new Uint8Array(commands),
    price: new Int32Array(commands),
    lots: new Int32Array(commands),
    target: new Int32Array(commands).fill(-1),
    account: new Int32Array(commands),
  };
}

function chooseKind(random: Random, book: ReferenceBook): typeof ADD | typeof CANCEL | typeof CROSS {
  const resting = book.orders(BUY) + book.orders(SELL);
  const roll = random.below(PER_MILLE);
  if (resting < RESTING_LEAST || book.orders(BUY) === 0 || book.orders(SELL) === 0) return ADD;
  if (roll < CROSSES_PER_MILLE) return CROSS;
  const excess = clamp(Math.trunc((resting - RESTING_GOAL) / 8), 120);
  return roll < CROSSES_PER_MILLE + CANCELS_PER_MILLE + excess ? CANCEL : ADD;
}

/** The thinner side gets more than half of the adds. */
function chooseAddSide(random: Random, book: ReferenceBook): Side {
  const lacking = clamp(Math.trunc((book.orders(SELL) - book.orders(BUY)) / 4), 128);
  return random.below(PER_MILLE) < PER_MILLE / 2 + lacking ? BUY : SELL;
}

/** Takers lean towards the centre, which keeps the price within a few hundred ticks of it. */
function chooseCrossSide(random: Random, book: ReferenceBook): Side {
  const middle = Math.trunc((book.best(BUY, CENTRE) + book.best(SELL, CENTRE)) / 2);
  return random.below(PER_MILLE) < PER_MILLE / 2 - clamp(middle - CENTRE, 250) ? BUY : SELL;
}

function choosePassivePrice(random: Random, book: ReferenceBook, side: Side): number {
  const away = 1 + random.failures(DISTANCE_ODDS, DISTANCE_MOST);
  const touch = book.best(opposite(side), CENTRE);
  return side === BUY ? touch - away : touch + away;
}

function chooseReach(random: Random, book: ReferenceBook, side: Side): number {
  const beyond = random.failures(REACH_ODDS, REACH_MOST);
  const touch = book.best(opposite(side), CENTRE);
  return side === BUY ? touch + beyond : touch - beyond;
}

/** Never one of the makers just met: how a venue treats self-trades must not change the result. */
function chooseAccount(random: Random, accounts: number, makers: readonly number[]): number {
  let account = random.below(accounts);
  while (makers.includes(account)) account = (account + 1) % accounts;
  return account;
}

interface OrderChoice {
  readonly add: (command: number) => void;
  readonly choose: () => number;
}

/** Picks the order a cancel names: 70 % among the latest orders, the rest evenly among all that still rest. */
function createOrderChoice(random: Random, book: ReferenceBook): OrderChoice {
  const all: number[] = [];
  const latest: number[] = [];
  let added = 0;

  function add(command: number): void {
    all.push(command);
    latest[added % RECENT] = command;
    added += 1;
  }

  function choose(): number {
    return (random.below(PER_MILLE) < RECENT_CANCELS_PER_MILLE ? chooseLatest() : undefined) ?? chooseAny();
  }

  function chooseLatest(): number | undefined {
    for (let attempt = 0; attempt < 16; attempt += 1) {
      const command = latest[random.below(RECENT)]!;
      if (book.remaining[command]! > 0) return command;
    }
    return undefined;
  }

  /** Orders that have gone are forgotten as they are drawn. */
  function chooseAny(): number {
    for (;;) {
      const place = random.below(all.length);
      const command = all[place]!;
      if (book.remaining[command]! > 0) return command;
      all[place] = all.at(-1)!;
      all.pop();
    }
  }

  return { add, choose };
}

interface Survey {
  readonly look: (command: number, book: ReferenceBook) => void;
  readonly shape: (kind: Uint8Array, price: Int32Array, trades: Trades) => FlowShape;
}

function createSurvey(commands: number): Survey {
  let samples = 0;
  let resting = 0;
  let levels = 0;
  let mostResting = 0;

  function look(command: number, book: ReferenceBook): void {
    if (command % 1_000 !== 999 || command < commands / 10) return;
    const orders = book.orders(BUY) + book.orders(SELL);
    samples += 1;
    resting += orders;
    levels += book.levels;
    mostResting = Math.max(mostResting, orders);
  }

  function shape(kind: Uint8Array, price: Int32Array, trades: Trades): FlowShape {
    const share = (wanted: number): number =>
      kind.reduce((sum, each) => sum + Number(each === wanted), 0) / commands;
    return {
      addShare: share(ADD),
      cancelShare: share(CANCEL),
      crossShare: share(CROSS),
      fillsPerCross: trades.fills / (share(CROSS) * commands),
      meanResting: resting / samples,
      mostResting,
      meanLevels: levels / samples,
      lowestPrice: price.reduce((least, each) => Math.min(least, each)),
      highestPrice: price.reduce((most, each) => Math.max(most, each)),
    };
  }

  return { look, shape };
}

function fingerprintOf(columns: Columns): number {
  const { kind, side, price, lots, target, account } = columns;
  let hash = FLOW_VERSION;
  for (const column of [kind, side, price, lots, target, account]) {
    for (const value of column) hash = digest(hash, value);
  }
  return hash;
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
