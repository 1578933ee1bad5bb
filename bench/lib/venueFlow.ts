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
  const engine = createIdleVenue(accounts);
  const submit = submitter(engine);
  for (let market = 1; market <= MARKETS; market++) {
    for (let account = 1; account < accounts; account += 2) {
      submit(orderOf(account, market, SIDE.sell, CENTRE, LOT));
      submit(orderOf(account + 1, market, SIDE.buy, CENTRE, LOT));
    }
  }
  return engine;
}

/** A venue of funded accounts without positions or orders. */
export function createIdleVenue(accounts: number): Engine {
  const engine = new Engine({ capacities: idleCapacities(accounts), hash: platformHash });
  createIdleCommands(accounts).forEach(submitter(engine));
  return engine;
}

/** The commands that make one. */
export function createIdleCommands(accounts: number): Command[] {
  const time = 1;
  const commands: Command[] = [
    { kind: "listAsset", time, scale: 1_000_000 },
    { kind: "listTier", time, minInitialMargin: 10_000 },
  ];
  for (let market = 1; market <= MARKETS; market++)
    commands.push(listPerpetual({ time, scaleBase: 1e12, band: 50_000, takerFee: 500, makerFee: -100 }), {
      kind: "updateIndexPrice",
      time,
      tier: 1,
      market,
      price: CENTRE,
    });
  const amount = DEPOSIT / 1_000;
  for (let account = 1; account <= accounts; account++)
    commands.push(
      { kind: "openAccount", time },
      { kind: "confirmDeposit", time, account, asset: 1, amount, reference: account },
      { kind: "allocate", time, account, tier: 1, mode: 0, asset: 1, amount },
    );
  return commands;
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
