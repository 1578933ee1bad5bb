/** The loss that docs/guide/defences.md follows through the waterfall: the guide's figures are those of this run. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PARAMETERS, type Receipt, assetView, tierView } from "@bulkhead/engine";
import { type Desk, type Trader, openDesk, smallTier, smallVenue, usd } from "./venue.ts";

const GUIDE = readFileSync(new URL("../../docs/guide/defences.md", import.meta.url), "utf8");

interface Scene {
  readonly desk: Desk;
  readonly ann: Trader;
  readonly bob: Trader;
  readonly cid: Trader;
  readonly dan: Trader;
  /** A trader of another tier. */
  readonly eve: Trader;
}

/** Ann is long 1,000 lots at 100 dollars against Bob's 600 and Cid's 400; Dan holds money and nothing else. */
function scene(): Scene {
  const desk = openDesk({}, { capacities: smallVenue({ tiers: [smallTier(), smallTier()] }) });
  desk.listTier();
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  desk.set(PARAMETERS.insuranceDraw.id, 500_000, 0);
  const house = desk.openAccount();
  desk.deposit(house, usd(44_000));
  const fund = (layer: number, tier: number, dollars: number) =>
    desk.expectAccepted({ kind: "fundLayer", account: house, tier, layer, amount: usd(dollars) });
  fund(1, 1, 2_000);
  fund(2, 1, 16_000);
  fund(4, 0, 1_000);
  fund(5, 0, 25_000);
  const [ann, bob, cid, dan] = [10_000, 60_000, 40_000, 50_000].map((dollars) =>
    desk.openTrader(dollars),
  ) as [Trader, Trader, Trader, Trader];
  const eve = desk.openTrader(30_000, 0, 2);
  desk.trade(ann, bob, 600, 100);
  desk.trade(ann, cid, 400, 100);
  return { desk, ann, bob, cid, dan, eve };
}

/** What each layer bore, in dollars, in order. */
function bornBy({ events }: Receipt): (readonly [layer: number, dollars: number])[] {
  return events
    .filter(({ event }) => event === "lossAbsorbed")
    .map(({ values }) => [values["layer"] as number, (values["amount"] as number) / usd(1)]);
}

const equityOf = (desk: Desk, trader: Trader): number => desk.bucket(trader).maintenanceEquity / usd(1);

describe("a loss of 30,000 dollars", () => {
  const { desk, ann, bob, cid, dan, eve } = scene();
  const before = { dan: desk.bucket(dan), eve: desk.bucket(eve, 2) };
  const receipt = desk.mark(60);

  test("goes through the layers in order, each only for what the one before could not bear", () => {
    expect(bornBy(receipt)).toEqual([
      [1, 2_000],
      [2, 8_000],
      [4, 1_000],
      [5, 10_000],
      [6, 9_000],
    ]);
    expect(tierView(desk.engine.venue, 1)).toMatchObject({ skin: 0, insurance: usd(8_000) });
    expect(assetView(desk.engine.venue, 1)).toMatchObject({ skin: 0, mutual: usd(15_000) });
  });

  test("takes from winners what is missing, to the micro-dollar, and from nobody else anything", () => {
    expect([bob, cid].map((trader) => equityOf(desk, trader))).toEqual([
      60_000 + 24_000 - 5_400,
      40_000 + 16_000 - 3_600,
    ]);
    expect(equityOf(desk, ann)).toBe(0);
    expect(desk.bucket(dan)).toEqual(before.dan);
    expect(desk.bucket(eve, 2)).toEqual(before.eve);
    expect(desk.engine.audit()).toEqual([]);
  });

  test("is what the guide says", () => {
    for (const figure of [
      "2,000",
      "8,000",
      "1,000",
      "10,000",
      "9,000",
      "5,400",
      "3,600",
      "78,600",
      "52,400",
    ]) {
      expect(GUIDE).toContain(figure);
    }
  });
});
