/** What it costs to move a price, and how little may ride on a cheap one. */
import { FEED_KIND, PARAMETERS, REASON, manipulationView } from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { MARKET } from "../../packages/engine/src/domain/rows/market.ts";
import type { TierShard } from "../../packages/engine/src/domain/tierShard.ts";
import { type Desk, openDesk, usd } from "./venue.ts";

const { manipulationFactor } = PARAMETERS;

function deepen(
  desk: Desk,
  depths: readonly number[],
  flow: number,
  id = 1,
  feedKind: number = FEED_KIND.market,
): void {
  for (const [index, depth] of depths.entries()) {
    desk.expectAccepted({ kind: "setVenueDepth", tier: 1, reporter: index + 1, feedKind, id, depth, flow });
  }
}

const viewOf = (desk: Desk): ReturnType<typeof manipulationView> =>
  manipulationView(desk.engine.venue, 1, FEED_KIND.market, 1);

/**
 * MNGO in October 2022: 0.038 dollars, in ticks of 0.0001 and lots of 100. Three venues, each as deep as 50 000 dollars within 1 % and with 200 dollars a
 * second of arbitrage, which flatters them: there, four million dollars moved the price thirteenfold.
 */
function mango(): Desk {
  const desk = openDesk({ notional: 10_000, maxPositionLots: 3_000_000, maxOpenInterestLots: 10_000_000 });
  desk.openReporters(3);
  desk.askReporters({ staleAfter: 60_000, deadAfter: 600_000 });
  desk.reportAll([380_000, 380_000, 380_000]);
  deepen(desk, [50_000, 50_000, 50_000], 200);
  desk.set(manipulationFactor.id, 3, 0);
  return desk;
}

const PRICE = usd(3.8);
const lotsFor = (dollars: number): number => Math.floor(usd(dollars) / PRICE);

describe("a price that is cheap to move", () => {
  test("carries less than a million dollars, where nineteen million were opened (A1)", () => {
    const desk = mango();
    const [alice, bob] = [desk.openTrader(5_000_000), desk.openTrader(5_000_000)];
    const { openInterestLimit } = desk.market();
    expect(openInterestLimit * PRICE).toBeLessThan(usd(1_000_000));
    desk.expectAccepted(desk.sell(bob, 2_500_000, 380));
    const { facts } = desk.expectAccepted(desk.buy(alice, 2_500_000, 380));
    expect(facts).toMatchObject({ filled: 0, reason: REASON.openInterest });
    desk.expectAccepted(desk.buy(alice, openInterestLimit, 380));
    expect(desk.position(alice)?.lots).toBe(openInterestLimit);
  });

  test("and whoever has moved it takes out no more than he brought (A1)", () => {
    const desk = mango();
    const [alice, bob] = [desk.openTrader(5_000_000), desk.openTrader(5_000_000)];
    const { openInterestLimit } = desk.market();
    desk.trade(alice, bob, openInterestLimit, 380);
    for (let second = 0; second < 5; second++) {
      desk.now += 1_000;
      desk.reportAll([5_000_000, 5_000_000, 5_000_000]);
    }
    expect(desk.market().index, "thirteenfold, since all three say so").toBe(5_000);
    expect(desk.bucket(alice).equity).toBeGreaterThan(usd(5_000_000));
    const take = { kind: "deallocate", account: alice.account, tier: 1, mode: 0, asset: 1 } as const;
    expect(desk.send({ ...take, amount: 1 }).outcome).toBe("price_forbids");
    desk.expectRefused({ ...take, amount: usd(5_000_000) + 1 }, "bucket_amount_insufficient", {
      held: usd(5_000_000),
      amount: usd(5_000_000) + 1,
    });
    expect(desk.market().openInterestLimit, "fewer lots are worth the same").toBeLessThan(
      openInterestLimit / 10,
    );
  });

  test("costs what the two cheapest of three cost, and more than in proportion for more", () => {
    const desk = mango();
    deepen(desk, [50_000, 20_000, 900_000], 0);
    expect(viewOf(desk).costs).toEqual([
      { percent: 1, dollars: 350 },
      { percent: 2, dollars: 1_400 },
      { percent: 5, dollars: 8_750 },
      { percent: 10, dollars: 35_000 },
      { percent: 20, dollars: 140_000 },
      { percent: 50, dollars: 875_000 },
      { percent: 100, dollars: 3_500_000 },
    ]);
    // 350 dollars for 1 %: 35 000 would gain as much, a third of it may be open.
    expect(viewOf(desk).limit).toBe(Math.floor((11_666 * 1e6) / PRICE));
  });

  test("carries nothing while nobody knows what it costs", () => {
    const desk = mango();
    deepen(desk, [0, 0, 1_000_000_000], 0);
    expect(desk.market().openInterestLimit).toBe(0);
  });

  test("is told anew when a reporter's weight changes, or somebody else takes its place", () => {
    const desk = mango();
    deepen(desk, [60_000, 30_000, 30_000], 0);
    const limitOf = (): number => desk.market().openInterestLimit;
    expect(limitOf()).toBe(lotsFor(10_000));
    desk.expectAccepted({ kind: "registerReporter", tier: 1, reporter: 2, operator: 2, weight: 500_000 });
    expect(limitOf(), "the second and the third have 1.5 of 2.5").toBe(lotsFor(10_000));
    desk.expectAccepted({ kind: "registerReporter", tier: 1, reporter: 3, operator: 3, weight: 500_000 });
    expect(limitOf(), "half is not more than half").toBe(lotsFor(15_000));
    desk.expectAccepted({ kind: "registerReporter", tier: 1, reporter: 2, operator: 9, weight: 500_000 });
    expect(limitOf(), "of a newcomer nothing is known").toBe(lotsFor(10_000));
    expect(desk.engine.audit()).toEqual([]);
  });

  test("limits nothing where no factor is set, or an operator sets the price", () => {
    const desk = mango();
    desk.set(manipulationFactor.id, 0, 0);
    expect(desk.market().openInterestLimit).toBe(10_000_000);
    desk.set(manipulationFactor.id, 3, 0);
    desk.forgetFeed(1);
    expect(desk.market().openInterestLimit).toBe(10_000_000);
  });

  test("lets less of an asset in as collateral", () => {
    const desk = openDesk();
    desk.listAsset(1_000);
    const weights = { initialWeight: 900_000, maintenanceWeight: 950_000 };
    desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: 2, ...weights, cap: 1e12 });
    desk.openReporters(3);
    const asset = { feedKind: FEED_KIND.collateral, id: 2 };
    desk.askReporters(asset);
    desk.reportAll([usd(2), usd(2), usd(2)], asset);
    deepen(desk, [60_000, 60_000, 60_000], 0, 2, FEED_KIND.collateral);
    desk.set(manipulationFactor.id, 3, 0);
    const account = desk.openAccount();
    desk.deposit(account, 20_000_000, 2);
    const allocate = { kind: "allocate", account, tier: 1, mode: 0, asset: 2 } as const;
    // 600 dollars for 1 % carry 20 000 dollars: 10 000 whole ones of 1 000 units.
    const facts = { held: 0, amount: 10_000_001, cap: 10_000_000 };
    desk.expectRefused({ ...allocate, amount: 10_000_001 }, "collateral_cap_reached", facts);
    desk.expectAccepted({ ...allocate, amount: 10_000_000 });
  });

  test("an open interest limit that is not what follows is found by the audit (30)", () => {
    const desk = mango();
    const tier = desk.engine.venue.tiers[0] as TierShard;
    tier.arena.setNum(tier.marketRow(1), MARKET.openInterestLimit, 5_000 as never);
    expect(desk.engine.audit().map(({ invariant }) => invariant)).toEqual(["30"]);
  });
});
