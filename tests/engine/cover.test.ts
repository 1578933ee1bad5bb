/** Purchased cover and recoveries: who pays when, who is made whole first, and who finds out if it is otherwise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  HANDLERS,
  type Handler,
  PARAMETERS,
  type Receipt,
  assetView,
  balanceView,
  coversView,
  depthView,
  lossesView,
  tierView,
} from "@bulkhead/engine";
import { LOSS, SHORTFALL } from "../../packages/engine/src/domain/rows/losses.ts";
import { TIER } from "../../packages/engine/src/domain/rows/tier.ts";
import { lossOf, shortfallsOf } from "../../packages/engine/src/domain/losses.ts";
import type { MicroUsd } from "../../packages/engine/src/kernel/units.ts";
import { type Desk, type Fields, layoutOf, openDesk, smallTier, smallVenue, usd } from "./venue.ts";

const HOUR = 3_600_000;
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 16);

function rich(desk: Desk, dollars: number): number {
  const account = desk.openAccount();
  desk.deposit(account, usd(dollars));
  return account;
}

function insure(desk: Desk, account: number, changes: Partial<Fields<"registerCover">>): number {
  const terms = { account, tier: 1, attachment: 0, limit: usd(600), escrow: 0, expiry: HOUR };
  return desk.expectAccepted({ kind: "registerCover", ...terms, ...changes }).facts["cover"] ?? 0;
}

function give(desk: Desk, tier: number, layer: number, dollars: number): void {
  desk.expectAccepted({ kind: "fundLayer", account: rich(desk, dollars), tier, layer, amount: usd(dollars) });
}

/** A default of 1,000 dollars: a trader with 1,000 loses 2,000 to another. */
function fail(desk: Desk): Receipt {
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
  desk.mark(100);
  desk.trade(long, short, 100, 100);
  return desk.mark(80);
}

function recover(desk: Desk, account: number, dollars: number, id = 1): Receipt {
  return desk.expectAccepted({
    kind: "recordRecovery",
    account,
    tier: 1,
    default: id,
    amount: usd(dollars),
  });
}

/** Who bore how much, by layer, in dollars. */
function borne(receipt: Receipt, event = "lossAbsorbed"): number[][] {
  const rows = receipt.events.filter((each) => each.event === event);
  return rows.map(({ values }) => [values["layer"] ?? 0, (values["amount"] ?? 0) / 1e6]);
}

const audit = (desk: Desk) => expect(desk.engine.audit()).toEqual([]);

/** A handler that does something more after the command of this name. */
function after(name: Parameters<typeof layoutOf>[0], more: Handler): readonly (Handler | undefined)[] {
  const { code } = layoutOf(name);
  return HANDLERS.map((handler, each) =>
    each !== code || handler === undefined
      ? handler
      : (venue) => {
          const outcome = handler(venue);
          if (outcome === 0) more(venue);
          return outcome;
        },
  );
}

describe("purchased cover", () => {
  test("stands between the insurance fund and the venue: escrow pays at once, the rest is a claim worth nothing", () => {
    const desk = openDesk();
    give(desk, 1, 2, 100);
    give(desk, 0, 4, 300);
    const provider = rich(desk, 1_000);
    insure(desk, provider, { escrow: usd(250) });
    const receipt = fail(desk);
    expect(borne(receipt)).toEqual([
      [2, 100],
      [3, 250],
      [4, 300],
      [6, 350],
    ]);
    const [claimed] = receipt.events.filter(({ event }) => event === "coverClaimed");
    expect(claimed?.values).toEqual({
      default: 1,
      cover: 1,
      account: provider,
      paid: usd(250),
      owed: usd(350),
    });
    expect(coversView(desk.engine.venue, 1)).toMatchObject([{ limit: 0, escrow: 0 }]);
    expect(lossesView(desk.engine.venue, 1)).toMatchObject([
      { short: [0, usd(100), usd(250), usd(300), 0, usd(350)].map((each) => each) },
    ]);
    audit(desk);
  });

  test("bears only what lies beyond its attachment, and policies follow one another", () => {
    const desk = openDesk();
    const [first, second] = [rich(desk, 500), rich(desk, 500)];
    insure(desk, first, { attachment: usd(700), limit: usd(500), escrow: usd(500) });
    insure(desk, second, { limit: usd(200), escrow: usd(200) });
    expect(borne(fail(desk))).toEqual([
      [3, 300],
      [3, 200],
      [6, 500],
    ]);
    expect(coversView(desk.engine.venue, 1).map(({ escrow }) => escrow)).toEqual([usd(200), 0]);
    audit(desk);
  });

  test("ends: it bears nothing then, and what is left of the escrow goes back", () => {
    const desk = openDesk();
    const provider = rich(desk, 1_000);
    insure(desk, provider, { escrow: usd(400) });
    desk.now = HOUR;
    expect(borne(fail(desk))).toEqual([[6, 1_000]]);
    desk.expectAccepted({ kind: "releaseCover", tier: 1, cover: 1 });
    expect(balanceView(desk.engine.venue, provider, 1)).toBe(usd(1_000));
    expect(coversView(desk.engine.venue, 1)).toEqual([]);
    audit(desk);
  });

  test("counts in margin by its escrow, while it is in force", () => {
    const desk = openDesk();
    insure(desk, rich(desk, 1_000), { escrow: usd(400) });
    desk.tick();
    expect(depthView(desk.engine.venue, 1)).toEqual([0, usd(400), 0]);
    desk.now = HOUR;
    desk.tick();
    expect(depthView(desk.engine.venue, 1)).toEqual([0, 0, 0]);
  });

  test("paid late, it goes to those who bore the loss in its place; and it owes no more than they are short of", () => {
    const desk = openDesk();
    give(desk, 0, 4, 300);
    const provider = rich(desk, 1_000);
    insure(desk, provider, { limit: usd(800) });
    fail(desk);
    const payment = { kind: "payCover", account: provider, tier: 1, default: 1, cover: 1 } as const;
    const receipt = desk.expectAccepted({ ...payment, amount: usd(750) });
    expect(borne(receipt, "lossRecovered")).toEqual([
      [6, 700],
      [4, 50],
    ]);
    expect(assetView(desk.engine.venue, 1).skin).toBe(usd(50));
    // A third makes the operator whole: then nobody beyond the cover is short, though the policy's claim was larger.
    recover(desk, rich(desk, 250), 250);
    desk.expectRefused({ ...payment, amount: usd(1) }, "claim_exceeded", { owed: 0, amount: usd(1) });
    expect(lossesView(desk.engine.venue, 1)[0]?.short).toEqual([0, 0, usd(750), 0, 0, 0]);
    audit(desk);
  });
});

describe("recoveries", () => {
  test("run through the waterfall backwards", () => {
    const desk = openDesk();
    give(desk, 1, 1, 50);
    give(desk, 1, 2, 100);
    give(desk, 0, 4, 150);
    give(desk, 0, 5, 500);
    const provider = rich(desk, 200);
    insure(desk, provider, { escrow: usd(200) });
    expect(borne(fail(desk))).toEqual([
      [1, 50],
      [2, 100],
      [3, 200],
      [4, 150],
      [5, 200],
      [6, 300],
    ]);
    const donor = rich(desk, 1_000);
    expect(borne(recover(desk, donor, 400), "lossRecovered")).toEqual([
      [6, 300],
      [5, 100],
    ]);
    expect(borne(recover(desk, donor, 500), "lossRecovered")).toEqual([
      [5, 100],
      [4, 150],
      [3, 200],
      [2, 50],
    ]);
    expect(balanceView(desk.engine.venue, provider, 1)).toBe(usd(200));
    expect(recover(desk, donor, 100).facts).toEqual({ short: 0 });
    expect(tierView(desk.engine.venue, 1)).toMatchObject({ skin: usd(50), insurance: usd(100) });
    expect(assetView(desk.engine.venue, 1)).toMatchObject({ skin: usd(150), mutual: usd(500) });
    expect(balanceView(desk.engine.venue, donor, 1)).toBe(0);
    audit(desk);
  });

  test("repay winners in cash, in proportion to what each gave up, whatever has become of their positions", () => {
    const desk = openDesk();
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    const [long, alice, bob] = [desk.openTrader(1_000), desk.openTrader(9_000), desk.openTrader(9_000)];
    desk.trade(long, alice, 75, 100);
    desk.trade(long, bob, 25, 100);
    desk.mark(80);
    const [alicesCash, bobsCash] = [desk.bucket(alice).cash, desk.bucket(bob).cash];
    const [loss] = lossesView(desk.engine.venue, 1);
    const lost = new Map(loss?.winners.map(({ bucket, amount }) => [bucket, amount]));
    recover(desk, rich(desk, 500), 500);
    expect(desk.bucket(alice).cash - alicesCash).toBe((lost.get(alice.bucket) ?? 0) / 2);
    expect(desk.bucket(bob).cash - bobsCash).toBe((lost.get(bob.bucket) ?? 0) / 2);
    audit(desk);
  });

  test("of a default that is too long ago go nowhere: there is room for so many winners", () => {
    const tiers = [smallTier({ positions: 8, buckets: 64 })];
    const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    const winner = desk.openTrader(900_000);
    const donor = rich(desk, 100_000);
    const loser = desk.openTrader(0.000_001);
    for (let each = 1; each <= 10; each++) {
      desk.mark(100);
      desk.fund(loser.account, 1_000);
      desk.trade(loser, winner, 100, 100);
      desk.mark(80);
    }
    const losses = lossesView(desk.engine.venue, 1);
    expect(losses.map((loss) => loss.default)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    const lost = { kind: "recordRecovery", account: donor, tier: 1, default: 2, amount: usd(1) } as const;
    desk.expectRefused(lost, "default_unknown", { default: 2, forgotten: 2, latest: 10 });
    recover(desk, donor, 5, 3);
    audit(desk);
  });

  test("in whatever parts they come, the last layers are whole before the first get anything, to the micro-dollar", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 5, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: usd(400) }), { minLength: 1, maxLength: 8 }),
        ([skin, insurance, escrow, second, mutual] = [], payments) => {
          const desk = openDesk();
          const layers = [
            [1, 1, skin],
            [1, 2, insurance],
            [0, 4, second],
            [0, 5, mutual],
          ] as const;
          for (const [tier, layer, dollars] of layers)
            if (dollars !== undefined && dollars > 0) give(desk, tier, layer, dollars);
          if (escrow !== undefined && escrow > 0) insure(desk, rich(desk, escrow), { escrow: usd(escrow) });
          fail(desk);
          const donor = rich(desk, 5_000);
          let left = usd(1_000);
          for (const payment of payments) {
            const amount = Math.min(payment, left);
            if (amount === 0) break;
            left -= amount;
            desk.expectAccepted({ kind: "recordRecovery", account: donor, tier: 1, default: 1, amount });
            const short = lossesView(desk.engine.venue, 1)[0]?.short ?? [];
            expect(short.reduce((sum, each) => sum + each, 0)).toBe(left);
          }
          audit(desk);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe("who finds out", () => {
  test("a recovery that goes to an early layer first breaks 13", () => {
    const handlers = after("recordRecovery", (venue) => {
      const tier = venue.tier(1);
      if (tier === undefined) return 0;
      // Part of what winners were repaid is declared to have been the operator's.
      tier.arena.addNum(lossOf(tier, 1), LOSS.profits, 5 as MicroUsd);
      const [row] = shortfallsOf(tier, lossOf(tier, 1));
      if (row !== undefined) tier.arena.addNum(row, SHORTFALL.amount, 5 as MicroUsd);
      return 0;
    });
    const desk = openDesk({}, { handlers });
    give(desk, 1, 1, 50);
    fail(desk);
    const amount = usd(960);
    const receipt = desk.send({
      kind: "recordRecovery",
      account: rich(desk, 1_000),
      tier: 1,
      default: 1,
      amount,
    });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 13, found: 5 } });
  });

  test("escrow that pays without a claim, or a claim without escrow, breaks 13", () => {
    const handlers = after("fundLayer", (venue) => {
      const tier = venue.tier(1);
      tier?.arena.addNum(tier.row, TIER.escrow, -5 as MicroUsd);
      tier?.arena.addNum(tier.row, TIER.insurance, 5 as MicroUsd);
      return 0;
    });
    const desk = openDesk({}, { handlers });
    insure(desk, rich(desk, 1_000), { escrow: usd(400) });
    const account = rich(desk, 10);
    const gift = { kind: "fundLayer", account, tier: 1, layer: 2, amount: usd(10) } as const;
    expect(desk.send(gift)).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 13 } });
  });

  test("layers that margin counts and nobody has filled break 35", () => {
    const handlers = after("clockTick", (venue) => {
      const tier = venue.tier(1);
      tier?.arena.setNum(tier.depth, 0 as never, usd(7) as never);
      return 0;
    });
    const desk = openDesk({}, { handlers });
    const receipt = desk.send({ kind: "clockTick", tier: 1 });
    expect(receipt).toMatchObject({
      outcome: "invariant_broken",
      facts: { invariant: 35, expected: 0, found: usd(7) },
    });
  });

  test("the audit counts escrow and what winners are short of", () => {
    const desk = openDesk();
    insure(desk, rich(desk, 1_000), { escrow: usd(100) });
    fail(desk);
    const tier = desk.engine.venue.tier(1);
    if (tier === undefined) throw new RangeError("no tier");
    tier.arena.addNum(lossOf(tier, 1), LOSS.profits, 5 as MicroUsd);
    tier.arena.addNum(tier.row, TIER.escrow, 3 as MicroUsd);
    tier.arena.commit();
    const found = desk.engine.audit().map(({ invariant, where }) => `${invariant} ${where}`);
    expect(found).toEqual(
      expect.arrayContaining(["1b escrow of tier 1", "15 profits given up for default 1 of tier 1"]),
    );
  });
});
