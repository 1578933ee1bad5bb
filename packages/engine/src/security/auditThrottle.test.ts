import { describe, expect, test } from "vitest";
import { Engine } from "../engine.ts";
import { NIL, type IntColumn, type NumColumn, type Ref } from "../kernel/arena.ts";
import { rowOf } from "../kernel/pool.ts";
import type { Command } from "../domain/commands.ts";
import { ASSET_WINDOW, OUTFLOW, THROTTLE, USD_WINDOW } from "../domain/rows/throttle.ts";
import { WITHDRAWAL } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";

const HOUR = 3_600_000;
const CAPACITIES = {
  accounts: 4,
  balances: 4,
  withdrawals: 6,
  tiers: [{ markets: 1, buckets: 1, positions: 4, orders: 1, holdings: 1, ticks: 2 ** 15 }],
};

const request = (account: number): Command => ({
  kind: "requestWithdrawal",
  time: 90 * HOUR,
  account,
  asset: 1,
  amount: 800_000,
});

/** Three accounts wait, the round has come to the second of them, and a fourth has asked since. */
const DAY: readonly Command[] = [
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  ...[1, 2, 3, 4].flatMap((account): Command[] => [
    { kind: "openAccount", time: 0 },
    { kind: "confirmDeposit", time: 0, account, asset: 1, amount: 1_000_000, reference: account },
  ]),
  { kind: "setParameter", time: 2 * HOUR, tier: 0, market: 0, parameter: 49, value: 20_000 },
  { kind: "setParameter", time: 2 * HOUR, tier: 0, market: 0, parameter: 53, value: 20_000 },
  request(1),
  request(2),
  request(3),
  { kind: "releaseWithdrawals", time: 90 * HOUR, count: 1 },
  request(4),
];

const SNAPSHOT: Uint8Array = playDay().snapshot();

function playDay(): Engine {
  const engine = new Engine({ capacities: CAPACITIES });
  for (const command of DAY) expect(engine.submit(command).outcome).toBe("accepted");
  return engine;
}

type Spoil = (vault: VaultShard, first: Ref<"withdrawal">, second: Ref<"withdrawal">) => void;

const add = <Table extends string>(
  { arena }: VaultShard,
  row: Ref<Table>,
  column: NumColumn<Table>,
  by: number,
): void => arena.setNum(row, column, arena.num(row, column) + by);
const released = WITHDRAWAL.released as NumColumn<"withdrawal">;
const requestedAt = WITHDRAWAL.requestedAt as NumColumn<"withdrawal">;
const counted = OUTFLOW.released as NumColumn<"outflow">;
const next = WITHDRAWAL.next as IntColumn<"withdrawal">;

const CORRUPTIONS: readonly { readonly what: string; readonly invariant: string; readonly spoil: Spoil }[] = [
  {
    what: "a window above its cap",
    invariant: "24",
    spoil: (v) => add(v, v.hourWindow, USD_WINDOW.capacity as NumColumn<"usdWindow">, 1e6),
  },
  {
    what: "a window below nothing",
    invariant: "24",
    spoil: (v) => add(v, v.dayWindow, USD_WINDOW.capacity as NumColumn<"usdWindow">, -1),
  },
  {
    what: "a carry that is a unit",
    invariant: "24",
    spoil: (v) => add(v, v.hourWindow, USD_WINDOW.carry, HOUR),
  },
  {
    what: "an asset's window above its cap",
    invariant: "24",
    spoil: (v) => add(v, v.assetHourWindow(1), ASSET_WINDOW.capacity as NumColumn<"assetWindow">, 1e6),
  },
  {
    what: "the lane of an asset nobody listed",
    invariant: "24",
    spoil: (v) => add(v, v.assetLaneWindow(2), ASSET_WINDOW.capacity as NumColumn<"assetWindow">, 1),
  },
  {
    what: "what is released of a withdrawal",
    invariant: "25",
    spoil: (v, first) => add(v, first, released, 1),
  },
  { what: "what is counted as released", invariant: "25", spoil: (v) => add(v, v.outflow(1), counted, -1) },
  {
    what: "more released than asked for",
    invariant: "25",
    spoil: (v, first) => {
      add(v, first, released, 900_000);
      add(v, v.outflow(1), counted, 900_000);
    },
  },
  {
    what: "a place that nobody leads to",
    invariant: "25",
    spoil: (v, first, second) => v.arena.setInt(first, next, v.arena.int(second, next)),
  },
  {
    what: "a queue in a circle",
    invariant: "25",
    spoil: (v, first, second) => v.arena.setInt(second, next, first),
  },
  {
    what: "a place that does not know who is before it",
    invariant: "25",
    spoil: (v, _, second) => v.arena.setInt(second, WITHDRAWAL.previous, NIL),
  },
  {
    what: "an older request behind a younger",
    invariant: "25",
    spoil: (v, _, second) => add(v, second, requestedAt, -1),
  },
  {
    what: "the length of the queue",
    invariant: "25",
    spoil: (v) => v.arena.setInt(v.throttle, THROTTLE.length, 3),
  },
  {
    what: "the end of the queue",
    invariant: "25",
    spoil: (v, first) => v.arena.setInt(v.throttle, THROTTLE.last, first),
  },
  {
    what: "a round that ends before it begins",
    invariant: "25",
    spoil: (v, first) => v.arena.setInt(v.throttle, THROTTLE.roundLast, first),
  },
  {
    what: "a round that has no end",
    invariant: "25",
    spoil: (v) => v.arena.setInt(v.throttle, THROTTLE.roundLast, NIL),
  },
  {
    what: "a grant larger than what was queued",
    invariant: "25",
    spoil: (v) => add(v, v.outflow(1), OUTFLOW.roundGrant as NumColumn<"outflow">, 5e6),
  },
  {
    what: "more left of a grant than was granted",
    invariant: "25",
    spoil: (v) => add(v, v.outflow(1), OUTFLOW.roundLeft as NumColumn<"outflow">, 5e6),
  },
];

describe("the audit of the way out", () => {
  test("finds nothing in an honest venue, though some wait and a round is under way", () => {
    const engine = Engine.restore(SNAPSHOT);
    const { arena, throttle } = engine.venue.vault;
    expect(arena.int(throttle, THROTTLE.length)).toBe(4);
    expect(arena.int(throttle, THROTTLE.roundNext)).not.toBe(NIL);
    expect(engine.audit()).toEqual([]);
  });

  test.each(CORRUPTIONS)(
    "finds $what under number $invariant, and nothing once it is put right",
    ({ invariant, spoil }) => {
      const engine = Engine.restore(SNAPSHOT);
      const { vault } = engine.venue;
      const [first, second] = [1, 2].map((number) => rowOf(vault.arena, vault.withdrawals, number));
      spoil(vault, first as Ref<"withdrawal">, second as Ref<"withdrawal">);
      expect(new Set(engine.audit().map((finding) => finding.invariant))).toContain(invariant);
      vault.arena.rollback();
      expect(engine.audit()).toEqual([]);
    },
  );
});
