/** A small venue's commands, for tests of what keeps and executes them. */
import { Engine, FRAME_WORDS, encodeCommand, hex } from "@bulkhead/engine";
import fc from "fast-check";
import { LIMIT_ORDER, PLAIN_MARKET, smallVenue, usd } from "../engine/venue.ts";
import { MemoryDisk } from "./memoryDisk.ts";

export const capacities: ReturnType<typeof smallVenue> = smallVenue();
const TRADERS = 4;

type Command = Parameters<typeof encodeCommand>[0];

export function frameOf(command: Command): Float64Array {
  const frame = new Float64Array(FRAME_WORDS);
  encodeCommand(command, frame);
  return frame;
}

export interface Order {
  readonly trader: number;
  readonly side: number;
  readonly price: number;
  readonly lots: number;
}

/** A market with four traders, then orders of all of them, some of which are refused. */
export function story(orders: readonly Order[]): Float64Array[] {
  const time = 1_000;
  const { tier: _tier, ...market } = PLAIN_MARKET;
  const setUp: Command[] = [
    { kind: "listAsset", time, scale: 1_000_000 },
    { kind: "listTier", time, minInitialMargin: 10_000 },
    { kind: "listMarket", time, tier: 1, ...market },
    { kind: "updateIndexPrice", time, tier: 1, market: 1, price: 100 },
  ];
  for (let account = 1; account <= TRADERS; account++)
    setUp.push(
      { kind: "openAccount", time },
      { kind: "confirmDeposit", time, account, asset: 1, amount: usd(1_000), reference: account },
      { kind: "allocate", time, account, tier: 1, mode: 0, asset: 1, amount: usd(1_000) },
    );
  const placed = orders.map(({ trader, side, price, lots }, index): Command => ({
    ...LIMIT_ORDER,
    time: time + index,
    account: trader,
    bucket: trader,
    side,
    price,
    lots,
  }));
  return [...setUp, ...placed].map(frameOf);
}

export const orders: fc.Arbitrary<Order[]> = fc.array(
  fc.record({
    trader: fc.integer({ min: 1, max: TRADERS }),
    side: fc.integer({ min: 0, max: 1 }),
    price: fc.integer({ min: 90, max: 110 }),
    lots: fc.integer({ min: 1, max: 60 }),
  }),
  { maxLength: 120 },
);

/** The state after so many of the commands, on an engine that never stopped. */
export function uninterrupted(frames: readonly Float64Array[]): { hash: string; codes: number[] } {
  const engine = new Engine({ capacities });
  const codes = frames.map((frame) => engine.apply(frame));
  return { hash: hex(engine.stateHash()), codes };
}

export interface Disks {
  readonly log: MemoryDisk;
  readonly snapshots: MemoryDisk;
}

export const disks = (): Disks => ({ log: new MemoryDisk(), snapshots: new MemoryDisk() });
