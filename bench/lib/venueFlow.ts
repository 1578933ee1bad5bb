/**
 * The order flow as commands to a whole venue: one market of several, every account holding positions in all of them, so that each
 * order is margined over four markets, settled on both sides and checked again after its fills.
 */
import {
  type Capacities,
  type Command,
  DEFAULT_TIER_CAPACITIES,
  EVENTS,
  EVENT_WORDS,
  Engine,
  FRAME_WORDS,
  LAYOUTS,
  MAX_BATCH,
  SIDE,
  encodeCommand,
} from "@bulkhead/engine";
import { CANCEL, CENTRE, type Flow } from "./flow.ts";
import { PERPETUAL, limitOrder, listPerpetual, platformHash, submitter } from "./venueCommands.ts";
import { type Trades, addTrade, noTrades } from "./trades.ts";

/** Markets each account holds a position in; the flow trades the first. */
export const MARKETS = 4;

const DEPOSIT = 1e12;
const LOT = 1;
const FILL_WORDS = { makerOrder: 2, price: 6, lots: 7 } as const;
const MAKER_OF_SETUP = -1;

const { code: FILL } = EVENTS.fill;

/** A venue in the state the flow starts from. */
export function createVenue(accounts: number): Engine {
  const engine = new Engine({ capacities: idleCapacities(accounts), hash: platformHash });
  const submit = submitter(engine);
  for (const command of setUpCommands(accounts)) submit(command);
  return engine;
}

/** The commands that make one: funded accounts, then a trade of every pair of them in every market. */
function* setUpCommands(accounts: number): Generator<Command> {
  yield* idleCommands(accounts);
  for (let market = 1; market <= MARKETS; market++) {
    for (let account = 1; account < accounts; account += 2) {
      yield orderOf(account, market, SIDE.sell, CENTRE, LOT);
      yield orderOf(account + 1, market, SIDE.buy, CENTRE, LOT);
    }
  }
}

/** The same as frames, as many at a time as make a batch; the array is used again. */
export function* setUpFrames(accounts: number): Generator<Float64Array> {
  const frames = new Float64Array(MAX_BATCH * FRAME_WORDS);
  let words = 0;
  for (const command of setUpCommands(accounts)) {
    encodeCommand(command, frames, words);
    words += FRAME_WORDS;
    if (words < frames.length) continue;
    yield frames;
    words = 0;
  }
  if (words > 0) yield frames.subarray(0, words);
}

/** A venue of funded accounts without positions or orders. */
export function createIdleVenue(accounts: number): Engine {
  const engine = new Engine({ capacities: idleCapacities(accounts), hash: platformHash });
  const submit = submitter(engine);
  for (const command of idleCommands(accounts)) submit(command);
  return engine;
}

/** The commands that make one. */
export function createIdleCommands(accounts: number): Command[] {
  return [...idleCommands(accounts)];
}

function* idleCommands(accounts: number): Generator<Command> {
  const time = 1;
  yield { kind: "listAsset", time, scale: 1_000_000 };
  yield { kind: "listTier", time, minInitialMargin: 10_000 };
  for (let market = 1; market <= MARKETS; market++) {
    yield listPerpetual({ time, scaleBase: 1e12, band: 50_000, takerFee: 500, makerFee: -100 });
    yield { kind: "updateIndexPrice", time, tier: 1, market, price: CENTRE };
  }
  const amount = DEPOSIT / 1_000;
  for (let account = 1; account <= accounts; account++) {
    yield { kind: "openAccount", time };
    yield { kind: "confirmDeposit", time, account, asset: 1, amount, reference: account };
    yield { kind: "allocate", time, account, tier: 1, mode: 0, asset: 1, amount };
  }
}

const [PLACE_ORDER_AT, CANCEL_ORDER_AT] = ["placeOrder", "cancelOrder"].map(
  (name) => LAYOUTS.find((layout) => layout.name === name)!.at as Readonly<Record<string, number>>,
) as [Readonly<Record<string, number>>, Readonly<Record<string, number>>];
/** Commands before a flow that empty the book. */
const CLEARANCES = 8;

/**
 * The flow's commands as frames, with orders named by their number: no answer has to be remembered.
 * @param first - the first order's name, 1 or more
 */
export function namedFramesOf(flow: Flow, first = 1): Float64Array {
  const frames = framesOf(flow);
  for (let command = 0; command < flow.kind.length; command++) {
    const at = command * FRAME_WORDS;
    if (flow.kind[command] === CANCEL) {
      frames[at + CANCEL_ORDER_AT["order"]!] = 0;
      frames[at + CANCEL_ORDER_AT["clientId"]!] = first + (flow.target[command] as number);
    } else frames[at + PLACE_ORDER_AT["clientId"]!] = first + command;
  }
  return frames;
}

/** What empties the book before a flow begins again. */
export function clearanceFrames(): Float64Array {
  const frames = new Float64Array(CLEARANCES * FRAME_WORDS);
  for (let each = 0; each < CLEARANCES; each++)
    encodeCommand({ kind: "massCancel", time: 2, tier: 1, market: 1 }, frames, each * FRAME_WORDS);
  return frames;
}

/** The flow's commands as frames, one after another; cancels still lack their order's id. */
export function framesOf(flow: Flow): Float64Array {
  const { kind, side, price, lots, account } = flow;
  const frames = new Float64Array(kind.length * FRAME_WORDS);
  for (let command = 0; command < kind.length; command++) {
    const owner = account[command]! + 1;
    const at = command * FRAME_WORDS;
    if (kind[command] === CANCEL) {
      encodeCommand(
        { kind: "cancelOrder", time: 2, account: owner, tier: 1, order: 1, clientId: 0 },
        frames,
        at,
      );
    } else {
      encodeCommand(orderOf(owner, 1, side[command]!, price[command]!, lots[command]!), frames, at);
    }
  }
  return frames;
}

/** Where a cancel's frame names the order. */
const CANCELLED_ORDER = 4;

/** Applies the whole flow. Ids of resting orders are taken from receipts, as a client would. */
export function replayOnEngine(flow: Flow, frames: Float64Array, engine: Engine): Trades {
  const ids = new Float64Array(flow.kind.length);
  const trades = noTrades();
  for (let command = 0; command < flow.kind.length; command++) {
    applyOne(flow, frames, engine, ids, command);
    countFills(engine, trades);
  }
  return trades;
}

/** Applies one command of the flow. */
export function applyOne(
  flow: Flow,
  frames: Float64Array,
  engine: Engine,
  ids: Float64Array,
  command: number,
): void {
  const at = command * FRAME_WORDS;
  const isCancel = flow.kind[command] === CANCEL;
  if (isCancel) frames[at + CANCELLED_ORDER] = ids[flow.target[command]!]!;
  if (engine.apply(frames, at) !== 0)
    throw new Error(`command ${command} was refused: ${engine.venue.facts.join(" ")}`);
  if (!isCancel) ids[command] = engine.venue.facts[0]!;
}

function countFills(engine: Engine, trades: Trades): void {
  const { words, count } = engine.venue.events;
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] !== FILL) continue;
    trades.fills += 1;
    trades.volume += words[at + FILL_WORDS.lots]!;
  }
}

/** The trades with the commands that added their makers: slower, for the check before any clock runs. */
export function auditEngine(flow: Flow, frames: Float64Array, engine: Engine): Trades {
  const ids = new Float64Array(flow.kind.length);
  const commandOf = new Map<number, number>();
  const trades = noTrades();
  for (let command = 0; command < flow.kind.length; command++) {
    applyOne(flow, frames, engine, ids, command);
    const { words, count } = engine.venue.events;
    for (let event = 0; event < count; event++) {
      const at = event * EVENT_WORDS;
      if (words[at] !== FILL) continue;
      const maker = commandOf.get(words[at + FILL_WORDS.makerOrder]!) ?? MAKER_OF_SETUP;
      addTrade(trades, words[at + FILL_WORDS.price]!, words[at + FILL_WORDS.lots]!, maker);
    }
    if (flow.kind[command] !== CANCEL && ids[command] !== 0) commandOf.set(ids[command]!, command);
  }
  return trades;
}

function orderOf(account: number, market: number, side: number, price: number, lots: number): Command {
  return limitOrder({ time: 2, account, bucket: account, market, side, price, lots });
}

/** Room for them. */
export function idleCapacities(accounts: number): Capacities {
  return {
    accounts,
    balances: accounts,
    withdrawals: 1_000,
    tiers: [
      {
        ...DEFAULT_TIER_CAPACITIES,
        markets: MARKETS,
        buckets: accounts,
        positions: accounts * MARKETS,
        orders: 100_000,
        holdings: 1_000,
        ticks: MARKETS * 2 ** PERPETUAL.rangeBits,
      },
    ],
  };
}
