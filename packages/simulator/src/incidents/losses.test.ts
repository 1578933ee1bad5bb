/** What the measure of losses calls a loss, one way of losing at a time. */
import { describe, expect, test } from "vitest";
import type { Figures } from "./losses.ts";
import { type Market, type PriceDesk } from "./priceDesk.ts";
import { type Seat, Stage } from "./stage.ts";
import { usd } from "./terms.ts";

interface Scene {
  readonly stage: Stage;
  readonly market: Market;
  readonly alice: Seat;
  readonly bob: Seat;
  readonly thief: Seat;
}

const PRICE = 100;

function scene(): Scene {
  const stage = new Stage();
  const market = stage.listMarket({ tick: 0.01, lot: 1, price: PRICE });
  stage.setTier("liquidationBuffer", 150_000);
  const [alice, bob] = [stage.seat("honest", 10_000), stage.seat("honest", 10_000)];
  const thief = stage.seat("attacker", 10_000);
  stage.begin();
  return { stage, market, alice, bob, thief };
}

function move(stage: PriceDesk, market: Market, price: number): void {
  stage.wait(1_000);
  stage.truth(market, price);
  stage.print(market, price);
}

const NOTHING: Figures = {
  loss: 0,
  badDebt: 0,
  attackerGain: 0,
  outflow: 0,
  haircut: 0,
  funds: 0,
  otherTiersTouched: 0,
};

describe("no loss is", () => {
  test("what the market takes from one and gives to another", () => {
    const { stage, market, alice, bob } = scene();
    stage.trade(alice, bob, market, 500, PRICE);
    move(stage, market, 95);
    expect(stage.figures()).toEqual(NOTHING);
  });

  test("money taken out by its owner", () => {
    const { stage, alice } = scene();
    stage.cashOut(alice);
    expect(stage.figures()).toEqual({ ...NOTHING, outflow: usd(10_000) });
  });

  test("what the owner of a position had in it when it was closed at true prices", () => {
    const { stage, market, alice, bob } = scene();
    stage.appointBackstop(1_000_000);
    stage.set("backstopCap", 10_000, market);
    stage.trade(alice, bob, market, 900, PRICE);
    move(stage, market, 92);
    expect(stage.heard("positionLiquidated")).toHaveLength(1);
    expect(stage.figures()).toEqual(NOTHING);
  });
});

describe("a loss is", () => {
  test("what was sold below its true price, and the attacker has it", () => {
    const { stage, market, alice, thief } = scene();
    stage.trade(thief, alice, market, 100, 91);
    expect(stage.figures()).toEqual({ ...NOTHING, loss: usd(900), attackerGain: usd(900) });
  });

  test("a liquidation at an untrue price", () => {
    const { stage, market, alice, bob } = scene();
    stage.appointBackstop(1_000_000);
    stage.set("backstopCap", 10_000, market);
    stage.trade(alice, bob, market, 900, PRICE);
    stage.wait(1_000);
    stage.print(market, 92);
    expect(stage.heard("positionLiquidated")).toHaveLength(1);
    const { loss } = stage.figures();
    expect(loss).toBeGreaterThan(usd(7_200));
  });

  test("a debt that nobody can pay, as long as it is open and when a fund has paid it", () => {
    const { stage, market, alice, thief } = scene();
    stage.fundLayers({ 2: 50_000 });
    stage.setTier("liquidationBuffer", 0);
    stage.trade(thief, alice, market, 900, PRICE);
    move(stage, market, 80);
    const open = { ...NOTHING, loss: usd(8_000), badDebt: usd(8_000), attackerGain: -usd(10_000) };
    expect(stage.figures()).toEqual(open);
    stage.setTier("liquidationBuffer", 150_000);
    move(stage, market, 80);
    expect(stage.figures()).toEqual({ ...open, funds: usd(8_000) });
  });

  test("what a thief withdraws with another's key", () => {
    const { stage, alice } = scene();
    stage.losses.rob(alice.account);
    stage.withdraw(alice, 4_000);
    const stolen = { loss: usd(4_000), attackerGain: usd(4_000), outflow: usd(4_000) };
    expect(stage.figures()).toEqual({ ...NOTHING, ...stolen });
  });

  test("coins paid out for a deposit that never came, and only those", () => {
    const { stage, thief } = scene();
    const coin = stage.listAsset(1_000, 5);
    const owner = stage.open("honest");
    stage.depositAsset(owner, coin, 100_000);
    stage.depositAsset(thief.account, coin, 60_000);
    stage.losses.forge(thief.account, coin, 60_000);
    expect(stage.figures()).toEqual(NOTHING);
    stage.request(thief.account, coin, 40_000);
    const paid = { loss: usd(200), attackerGain: usd(200), outflow: usd(200) };
    expect(stage.figures()).toEqual({ ...NOTHING, ...paid });
  });

  test("what accounts of another tier lack, and it is named", () => {
    const { stage } = scene();
    const other = stage.listMarket({ tick: 0.01, lot: 1, price: PRICE, tier: 2 });
    const [carol, thief] = [stage.seat("honest", 10_000, 2), stage.seat("attacker", 10_000, 2)];
    stage.trade(thief, carol, other, 10, 95);
    expect(stage.figures()).toMatchObject({ loss: usd(50), otherTiersTouched: usd(50) });
  });
});
