/** An engine whose stories let out what they should not: the judge finds it, and nothing has changed. */
import { HANDLERS, type Handler, type Handlers } from "@bulkhead/engine";
import { expect, test } from "vitest";
import type { NumColumn, Ref } from "../../packages/engine/src/kernel/arena.ts";
import { rowOf } from "../../packages/engine/src/kernel/pool.ts";
import {
  ASSET_WINDOW,
  OUTFLOW,
  THROTTLE,
  USD_WINDOW,
} from "../../packages/engine/src/domain/rows/throttle.ts";
import { ASSET, WITHDRAWAL } from "../../packages/engine/src/domain/rows/vault.ts";
import type { Ms } from "../../packages/engine/src/kernel/units.ts";
import type { VaultShard } from "../../packages/engine/src/domain/vaultShard.ts";
import { DAY, ExitDesk, MINUTE, RECOMMENDED } from "./exits.ts";
import { layoutOf, usd } from "./venue.ts";

/** Sees the one withdrawal, which is queued. */
type Story = (vault: VaultShard, row: Ref<"withdrawal">, now: Ms) => void;
interface Breach {
  readonly what: string;
  readonly invariant: number;
  readonly story: Story;
}

const released = WITHDRAWAL.released as NumColumn<"withdrawal">;
const counted = OUTFLOW.released as NumColumn<"outflow">;

/** A desk with a full window and one request queued whole, on which releasing is somebody else's story. */
function opened(story: Story): ExitDesk {
  let isHostile = false;
  const { code } = layoutOf("openAccount");
  const hostile: Handler = (venue) => {
    if (!isHostile) return (HANDLERS[code] as Handler)(venue);
    story(venue.vault, rowOf(venue.vault.arena, venue.vault.withdrawals, 1), venue.now);
    return venue.accept();
  };
  const handlers: Handlers = HANDLERS.map((honest, each) => (each === code ? hostile : honest));
  const desk = new ExitDesk({}, { handlers });
  desk.throttleBy({ ...RECOMMENDED, laneUser: 0 });
  desk.settle(100_000);
  desk.request(1, usd(50_000));
  desk.now += MINUTE;
  isHostile = true;
  return desk;
}

function add<Table extends string>(
  vault: VaultShard,
  row: Ref<Table>,
  column: NumColumn<Table>,
  by: number,
): void {
  vault.arena.setNum(row, column, vault.arena.num(row, column) + by);
}

/** Lets units of the first withdrawal out and counts them. */
function letOut(vault: VaultShard, row: Ref<"withdrawal">, units: number): void {
  add(vault, row, released, units);
  add(vault, vault.outflow(1), counted, units);
}

const setRefilled = (vault: VaultShard, time: Ms): void =>
  vault.arena.setNum(vault.throttle, THROTTLE.refilledAt, time);
const capacity = USD_WINDOW.capacity as NumColumn<"usdWindow">;
const units = ASSET_WINDOW.capacity as NumColumn<"assetWindow">;

test.each<Breach>([
  {
    what: "releases what no window gave",
    invariant: 24,
    story: (vault, row, now) => {
      letOut(vault, row, usd(50_000));
      setRefilled(vault, now);
    },
  },
  {
    what: "releases more than it takes off the windows",
    invariant: 24,
    story: (vault, row, now) => {
      letOut(vault, row, usd(100));
      setRefilled(vault, now);
      add(vault, vault.hourWindow, capacity, -usd(99));
      add(vault, vault.dayWindow, capacity, -usd(99));
    },
  },
  {
    what: "takes it off the hour and not off the day",
    invariant: 24,
    story: (vault, row, now) => {
      letOut(vault, row, usd(1_000));
      setRefilled(vault, now);
      add(vault, vault.hourWindow, capacity, -usd(1_000));
    },
  },
  {
    what: "does not say up to when it has refilled",
    invariant: 24,
    story: (vault, row) => letOut(vault, row, 1),
  },
  {
    what: "fills a window above its cap",
    invariant: 24,
    story: (vault) => add(vault, vault.hourWindow, capacity, usd(1)),
  },
  {
    what: "empties a window below nothing",
    invariant: 24,
    story: (vault) => add(vault, vault.hourWindow, capacity, -usd(2_001)),
  },
  {
    what: "releases more than was asked for",
    invariant: 25,
    story: (vault, row) => letOut(vault, row, usd(50_001)),
  },
  {
    what: "releases and does not count it",
    invariant: 25,
    story: (vault, row) => add(vault, row, released, 1),
  },
  {
    what: "dates a request back to let it exit",
    invariant: 25,
    story: (vault, row) => {
      add(vault, row, WITHDRAWAL.requestedAt as NumColumn<"withdrawal">, -15 * DAY);
      letOut(vault, row, usd(50_000));
    },
  },
  {
    what: "pays what is not released",
    invariant: 25,
    story: (vault, row) => {
      add(vault, row, WITHDRAWAL.amount as NumColumn<"withdrawal">, -usd(50_000));
      add(vault, vault.asset(1), ASSET.pending as NumColumn<"asset">, -usd(50_000));
      add(vault, vault.asset(1), ASSET.held as NumColumn<"asset">, -usd(50_000));
    },
  },
])("an engine that $what breaks invariant $invariant and changes nothing", ({ invariant, story }) => {
  const desk = opened(story);
  const before = desk.hash();
  expect(desk.send({ kind: "openAccount" })).toMatchObject({
    outcome: "invariant_broken",
    facts: { invariant },
  });
  expect(desk.hash()).toBe(before);
});

test("an engine that releases what the windows give is let through: the judge is not merely strict", () => {
  const desk = opened((vault, row, now) => {
    letOut(vault, row, usd(1_000));
    setRefilled(vault, now);
    add(vault, vault.hourWindow, capacity, -usd(1_000));
    add(vault, vault.dayWindow, capacity, -usd(1_000));
    for (const window of [vault.assetHourWindow(1), vault.assetDayWindow(1)])
      add(vault, window, units, -usd(1_000));
  });
  expect(desk.send({ kind: "openAccount" }).outcome).toBe("accepted");
});

test.each(["hourWindow", "dayWindow", "assetHourWindow", "assetDayWindow"] as const)(
  "an engine that takes a release off every window but the %s breaks invariant 24",
  (spared) => {
    const desk = opened((vault, row, now) => {
      letOut(vault, row, usd(1_000));
      setRefilled(vault, now);
      for (const name of ["hourWindow", "dayWindow"] as const)
        if (name !== spared) add(vault, vault[name], capacity, -usd(1_000));
      for (const name of ["assetHourWindow", "assetDayWindow"] as const)
        if (name !== spared) add(vault, vault[name](1), units, -usd(1_000));
    });
    const receipt = desk.send({ kind: "openAccount" });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 24 } });
  },
);
