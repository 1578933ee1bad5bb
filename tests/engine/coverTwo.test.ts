/** Cover-2 on small venues whose figures can be checked by hand. */
import { describe, expect, test } from "vitest";
import { PARAMETERS, UnknownId, coverTwo } from "@bulkhead/engine";
import { type Desk, openDesk, smallTier, smallVenue, usd } from "./venue.ts";

const HALF = 500_000;

function give(desk: Desk, layer: number, dollars: number): void {
  const account = desk.openAccount();
  desk.deposit(account, usd(dollars));
  desk.expectAccepted({ kind: "fundLayer", account, tier: 0, layer, amount: usd(dollars) });
}

describe("cover-2", () => {
  test("nothing is needed where nobody can lose more than he has", () => {
    const desk = openDesk();
    give(desk, 5, 100);
    expect(coverTwo(desk.engine.venue, 0, HALF)).toEqual({
      owners: [],
      needed: 0,
      available: usd(100),
      drawable: usd(64),
      ratio: undefined,
    });
  });

  test("is the two largest losses beyond what owners leave, by the worse direction each, scaled with size", () => {
    const desk = openDesk();
    give(desk, 4, 100);
    give(desk, 5, 1_000);
    const [long, short] = [desk.openTrader(5_000), desk.openTrader(3_000)];
    desk.trade(long, short, 100, 100);
    // Each may withdraw down to 1000 and then loses 5000.
    const { owners, needed, available, drawable, ratio } = coverTwo(desk.engine.venue, 0, HALF);
    expect(owners).toEqual([
      { account: long.account, residual: usd(4_000) },
      { account: short.account, residual: usd(4_000) },
    ]);
    expect([needed, available, drawable, ratio]).toEqual([usd(8_000), usd(1_100), usd(740), 137_500]);
    desk.set(PARAMETERS.scaleBase.id, usd(2_500));
    // Twice the rate on four times the scale base: 2000 of margin must stay, all of 10000 is lost.
    expect(coverTwo(desk.engine.venue, 0, HALF).needed).toBe(usd(16_000));
  });

  test("adds up an owner's buckets in all tiers, none of which pays for another", () => {
    const desk = openDesk({}, { capacities: smallVenue({ tiers: [smallTier(), smallTier()] }) });
    desk.listTier();
    desk.listMarket({ tier: 2 });
    const [long, short] = [desk.openTrader(1_000), desk.openTrader(1_000)];
    const [there, against] = [desk.fund(long.account, 1_000, 0, 2), desk.fund(short.account, 1_000, 0, 2)];
    desk.trade(long, short, 100, 100);
    // Hedged across tiers: one bucket gains what the other loses, and does not pay for it.
    desk.trade(against, there, 100, 100, { tier: 2 });
    expect(coverTwo(desk.engine.venue, 1, HALF).needed).toBe(usd(8_000));
    expect(coverTwo(desk.engine.venue, 0, HALF).needed).toBe(usd(8_000));
    desk.trade(there, against, 200, 100, { tier: 2 });
    expect(coverTwo(desk.engine.venue, 0, HALF).needed).toBe(usd(16_000));
  });

  test("a market's own move is taken where it names one", () => {
    const desk = openDesk();
    desk.trade(desk.openTrader(1_000), desk.openTrader(1_000), 100, 100);
    expect(coverTwo(desk.engine.venue).needed).toBe(0);
    desk.set(PARAMETERS.stressMove.id, 200_000);
    expect(coverTwo(desk.engine.venue, 0, HALF).needed).toBe(usd(2_000));
    expect(() => coverTwo(desk.engine.venue, 3)).toThrow(UnknownId);
  });
});
