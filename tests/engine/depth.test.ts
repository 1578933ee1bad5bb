/** Margin by pierce depth: what a large position needs, what happens to it when a fund has paid, and who checks. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HANDLERS, PARAMETERS, depthView, pierceDepth } from "@bulkhead/engine";
import { COVER } from "../../packages/engine/src/domain/rows/losses.ts";
import { DEPTH, TIER } from "../../packages/engine/src/domain/rows/tier.ts";
import type { MicroUsd, Ms } from "../../packages/engine/src/kernel/units.ts";
import { type Desk, layoutOf, openDesk, usd } from "./venue.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);

/** A market that may jump by 30 %, with a tier fund of 1,000 dollars and a mutual fund that gives 2,000. */
function deepDesk(): Desk {
  const desk = openDesk();
  desk.set(PARAMETERS.stressMove.id, 300_000);
  give(desk, 1, 2, 1_000);
  give(desk, 0, 5, 5_000);
  tick(desk);
  return desk;
}

function give(desk: Desk, tier: number, layer: number, dollars: number): void {
  const account = desk.openAccount();
  desk.deposit(account, usd(dollars));
  desk.expectAccepted({ kind: "fundLayer", account, tier, layer, amount: usd(dollars) });
}

function tick(desk: Desk): void {
  desk.tick();
}

describe("margin by pierce depth", () => {
  test("takes its layers from the funds, by what one default may draw", () => {
    const desk = deepDesk();
    expect(depthView(desk.engine.venue, 1)).toEqual([usd(1_000), 0, usd(2_000)]);
    desk.set(PARAMETERS.insuranceDraw.id, 250_000, 0);
    give(desk, 1, 1, 40);
    expect(depthView(desk.engine.venue, 1)).toEqual([usd(1_000), 0, usd(2_000)]);
    tick(desk);
    expect(depthView(desk.engine.venue, 1)).toEqual([usd(290), 0, usd(2_000)]);
  });

  test("counts cover as far as it would pay in order, without a gap", () => {
    const desk = deepDesk();
    const provider = desk.openAccount();
    desk.deposit(provider, usd(10_000));
    const cover = (attachment: number, limit: number, escrow: number): void => {
      const expiry = desk.now + 1_000_000;
      desk.expectAccepted({
        kind: "registerCover",
        account: provider,
        tier: 1,
        attachment: usd(attachment),
        limit: usd(limit),
        escrow: usd(escrow),
        expiry,
      });
      tick(desk);
    };
    const counted = (): number | undefined => depthView(desk.engine.venue, 1)[1];
    cover(1_701, 400, 400);
    expect(counted()).toBe(0);
    cover(1_000, 500, 500);
    expect(counted()).toBe(usd(500));
    // Numbered last, and yet it fills the gap but for one dollar.
    cover(1_200, 900, 200);
    expect(counted()).toBe(usd(700));
    cover(0, 10, 1);
    expect(counted()).toBe(usd(1_101));
  });

  test("counts cover no longer once the layers before it have paid", () => {
    const desk = deepDesk();
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    const provider = desk.openAccount();
    desk.deposit(provider, usd(500));
    const expiry = desk.now + 1_000_000;
    const terms = { attachment: usd(1_000), limit: usd(500), escrow: usd(500), expiry };
    desk.expectAccepted({ kind: "registerCover", account: provider, tier: 1, ...terms });
    tick(desk);
    expect(depthView(desk.engine.venue, 1)).toEqual([usd(1_000), usd(500), usd(2_000)]);
    const bob = desk.openTrader(20_000);
    desk.trade(desk.openTrader(1_900), bob, 100, 100);
    desk.mark(76);
    tick(desk);
    const [own, cover] = depthView(desk.engine.venue, 1);
    expect(own).toBeLessThan(usd(1_000));
    expect(cover).toBe(0);
  });

  test("charges a position by how deep it would reach, and shows it before it is opened", () => {
    const desk = deepDesk();
    const [alice, bob] = [desk.openTrader(20_000), desk.openTrader(20_000)];
    desk.expectAccepted(desk.sell(bob, 40, 100));
    // 40 lots: 400 of margin, 1200 of loss; 400·(4000 + 1200)/(4000 + 400) = 472.73.
    const preview = desk.preview(desk.buy(alice, 40, 100));
    expect(preview.after?.initialMargin).toBe(472_727_273);
    desk.expectAccepted(desk.buy(alice, 40, 100));
    expect(desk.bucket(alice)).toMatchObject({ initialMargin: 472_727_273, maintenanceMargin: usd(200) });
    const [position] = pierceDepth(desk.engine.venue, 1);
    expect(position).toMatchObject({
      bucket: alice.bucket,
      market: 1,
      notional: usd(4_000),
      stressLoss: usd(1_200),
      flatMargin: usd(400),
      margin: 472_727_273,
      depth: 727_273,
      scaling: 1_181_819,
    });
  });

  test("hardens with the next tick when a fund has paid, and liquidates nobody", () => {
    const desk = deepDesk();
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    const [alice, bob] = [desk.openTrader(5_000), desk.openTrader(20_000)];
    desk.trade(alice, bob, 40, 100);
    desk.trade(desk.openTrader(1_900), bob, 100, 100);
    desk.mark(60);
    desk.mark(100);
    expect(desk.bucket(alice).initialMargin).toBe(472_727_273);
    tick(desk);
    expect(depthView(desk.engine.venue, 1)[0]).toBe(0);
    // Nothing but the mutual fund is behind her, which has paid too; cover and own layers count as pierced.
    expect(desk.bucket(alice).initialMargin).toBeGreaterThan(usd(600));
    expect(desk.bucket(alice).maintenanceMargin).toBe(usd(200));
    expect(desk.engine.audit()).toEqual([]);
  });

  test("counts as cover what the policies pay whole, whatever their order: looked at loss by loss", () => {
    const desk = openDesk();
    const tier = desk.engine.venue.tier(1);
    if (tier === undefined) throw new RangeError("no tier");
    const { arena, row } = tier;
    const amount = fc.integer({ min: 0, max: 20 });
    const policies = fc.array(fc.record({ attachment: fc.integer({ min: 0, max: 40 }), escrow: amount }), {
      maxLength: 8,
    });
    // The judge looks at every one of them too; escrow that nobody paid in is none of its business.
    const law = fc.property(amount, policies, (own, all) => {
      arena.setNum(row, TIER.skin, own as MicroUsd);
      for (let number = 1; number <= 8; number++) {
        const { attachment, escrow } = all[number - 1] ?? { attachment: 0, escrow: 0 };
        const cover = tier.cover(number);
        arena.setInt(cover, COVER.account, all[number - 1] === undefined ? 0 : 1);
        arena.setNum(cover, COVER.attachment, attachment as MicroUsd);
        arena.setNum(cover, COVER.escrow, escrow as MicroUsd);
        arena.setNum(cover, COVER.expiry, (desk.now + 1) as Ms);
      }
      arena.commit();
      tick(desk);
      const isWhole = (beyond: number): boolean =>
        all.reduce((left, policy) => {
          const excess = Math.max(0, own + beyond - policy.attachment);
          return left - Math.min(left, policy.escrow, excess);
        }, beyond) === 0;
      let expected = 0;
      while (expected <= 160 && isWhole(expected + 1)) expected++;
      expect(depthView(desk.engine.venue, 1)).toEqual([own, expected, 0]);
    });
    fc.assert(law, { numRuns: RUNS });
  });

  test("is judged by what cover would pay: who counts a policy beyond a gap is found out, and who leaves one out", () => {
    const { code } = layoutOf("clockTick");
    const counting = (dollars: number): Desk => {
      const handlers = HANDLERS.map((handler, each) =>
        each !== code || handler === undefined
          ? handler
          : (venue: Parameters<typeof handler>[0]) => {
              const outcome = handler(venue);
              const tier = venue.tier(1);
              tier?.arena.setNum(tier.depth, DEPTH.cover, usd(dollars) as MicroUsd);
              return outcome;
            },
      );
      const desk = openDesk({}, { handlers });
      give(desk, 1, 2, 1_000);
      const provider = desk.openAccount();
      desk.deposit(provider, usd(300));
      for (const attachment of [usd(1_000), usd(1_150), usd(1_201)]) {
        const expiry = desk.now + 1_000_000;
        const terms = { attachment, limit: usd(100), escrow: usd(100), expiry };
        desk.expectAccepted({ kind: "registerCover", account: provider, tier: 1, ...terms });
      }
      return desk;
    };
    for (const dollars of [0, 99, 101, 200, 300])
      expect(counting(dollars).send({ kind: "clockTick", tier: 1 })).toMatchObject({
        outcome: "invariant_broken",
        facts: { invariant: 35 },
      });
    counting(100).expectAccepted({ kind: "clockTick", tier: 1 });
  });

  test("is judged from the rows: who charges by layers that are not there is found out", () => {
    const { code } = layoutOf("placeOrder");
    const handlers = HANDLERS.map((handler, each) =>
      each !== code || handler === undefined
        ? handler
        : (venue: Parameters<typeof handler>[0]) => {
            const tier = venue.tier(1);
            if (tier === undefined) throw new RangeError("no tier");
            const held = tier.arena.num(tier.depth, DEPTH.own);
            tier.arena.setNum(tier.depth, DEPTH.own, (2 ** 49) as MicroUsd);
            const outcome = handler(venue);
            tier.arena.setNum(tier.depth, DEPTH.own, held);
            return outcome;
          },
    );
    const desk = openDesk({}, { handlers });
    desk.set(PARAMETERS.stressMove.id, 300_000);
    const [alice, bob] = [desk.openTrader(410), desk.openTrader(20_000)];
    desk.expectAccepted(desk.sell(bob, 40, 100));
    const receipt = desk.send(desk.buy(alice, 40, 100));
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 5 } });
  });
});
