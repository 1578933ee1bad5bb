/** Margin by pierce depth: what a large position needs, what happens to it when a fund has paid, and who checks. */
import { describe, expect, test } from "vitest";
import { HANDLERS, PARAMETERS, depthView, pierceDepth } from "@bulkhead/engine";
import { DEPTH } from "../../packages/engine/src/domain/rows.ts";
import type { MicroUsd } from "../../packages/engine/src/kernel/units.ts";
import { type Desk, layoutOf, openDesk, usd } from "./venue.ts";

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
  desk.expectAccepted({ kind: "clockTick", tier: 1 });
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
