/** A gap of 10 %: one price, then clock ticks until nobody is in distress. The house bids just above the new price for all that is sold. */
import {
  type Command,
  EVENTS,
  EVENT_WORDS,
  Engine,
  FRAME_WORDS,
  SIDE,
  encodeCommand,
} from "@bulkhead/engine";
import { POSITION } from "../../packages/engine/src/domain/rows/bucket.ts";
import { slotAt } from "../../packages/engine/src/domain/positions.ts";
import { rowOf } from "../../packages/engine/src/kernel/pool.ts";
import { createCrowd, OPENING, orderOf } from "./crowd.ts";
import { belowMaintenance } from "./crowdCheck.ts";
import { cpuNsOf } from "./rounds.ts";
import { platformHash, submitter } from "./venueCommands.ts";

export interface Gap {
  /** Buckets that the gap puts below maintenance, by brute force; the engine has found the same. */
  readonly crossed: number;
  readonly liquidated: number;
  readonly defaults: number;
  /** Commands until nobody was in distress. */
  readonly commands: number;
  /** CPU time, ns: of the price, which finds them, and of the ticks that liquidate them. */
  readonly find: number;
  readonly drain: number;
}

const AFTER = Math.floor(OPENING * 0.9);
const STARTED = EVENTS.liquidationStarted.code;
const ENDED = EVENTS.liquidationEnded.code;
const DEFAULTED = 2;
/** Where a receipt says how many are in distress. */
const OF_PRICE = 1;
const OF_TICK = 2;

/** @returns a round on fresh state */
export function prepareGap(accounts: number, seed: number): () => Gap {
  const crowd = createCrowd("isolated", accounts, seed);
  const tier = crowd.engine.venue.tiers[0]!;
  const crossed = belowMaintenance(tier, [0, AFTER]);
  let lots = 0;
  for (const id of crossed) {
    const bucket = rowOf(tier.arena, tier.buckets, id);
    lots += Math.abs(tier.arena.num(slotAt(tier.arena, bucket, 0), POSITION.lots));
  }
  submitter(crowd.engine)(orderOf(crowd.house, 1, SIDE.buy, AFTER + 1, lots));
  const beginning = crowd.engine.snapshot();
  return () => playGap(Engine.restore(beginning, { hash: platformHash }), new Set(crossed));
}

function playGap(engine: Engine, expected: ReadonlySet<number>): Gap {
  const { venue } = engine;
  const frame = new Float64Array(FRAME_WORDS);
  const started: number[] = [];
  let ended = 0;
  let defaults = 0;
  let commands = 0;
  const send = (command: Command): void => {
    encodeCommand(command, frame);
    if (engine.apply(frame) !== 0) throw new Error(`${command.kind} was refused`);
    commands += 1;
    const { words, count } = venue.events;
    for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
      if (words[at] === STARTED) started.push(words[at + 1]!);
      if (words[at] !== ENDED) continue;
      ended += 1;
      if (words[at + 2] === DEFAULTED) defaults += 1;
    }
  };
  const find = cpuNsOf(() => send({ kind: "updateIndexPrice", time: 2, tier: 1, market: 1, price: AFTER }));
  let left = venue.facts[OF_PRICE]!;
  const drain = cpuNsOf(() => {
    for (let time = 3; left > 0; time++) {
      send({ kind: "clockTick", time, tier: 1 });
      left = venue.facts[OF_TICK]!;
    }
  });
  const isSame = started.length === expected.size && started.every((bucket) => expected.has(bucket));
  if (!isSame) throw new Error(`brute force finds ${expected.size} accounts, the engine ${started.length}`);
  return { crossed: expected.size, liquidated: ended, defaults, commands, find, drain };
}
