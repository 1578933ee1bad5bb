/** What is drawn of a stage is what the engine says, in dollars and at true prices. */
import { describe, expect, test } from "vitest";
import { Stage } from "../incidents/stage.ts";
import { frameOf } from "./frame.ts";

function stageWithFunds(): { stage: Stage; market: ReturnType<Stage["listMarket"]> } {
  const stage = new Stage();
  const market = stage.listMarket({ name: "X", tick: 0.01, lot: 1, price: 100 });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 1: 1_000, 2: 5_000, 4: 700, 5: 9_000 });
  return { stage, market };
}

test("prices, layers and what the vault holds are told in dollars", () => {
  const { stage, market } = stageWithFunds();
  const [alice, bob] = [stage.seat("honest", 10_000), stage.seat("honest", 10_000)];
  stage.trade(alice, bob, market, 500, 100);
  const { tiers, vault, isPrincipalPayable } = frameOf(stage);
  const [struck] = tiers;
  expect(struck?.markets).toEqual([
    {
      market: 1,
      name: "X",
      index: 100,
      mark: 100,
      truth: 100,
      openInterestUsd: 50_000,
      breaker: "off",
      status: "open",
    },
  ]);
  expect(struck?.layers.map(({ balanceUsd }) => balanceUsd)).toEqual([1_000, 5_000, 0, 700, 9_000, 0]);
  expect(tiers[1]?.layers.map(({ balanceUsd }) => balanceUsd)).toEqual([0, 0, 0, 700, 9_000, 0]);
  expect(vault).toEqual({ heldUsd: 35_700, owedUsd: 35_700, principalUsd: 35_700, queuedUsd: 0 });
  expect(isPrincipalPayable).toBe(true);
});

test("a layer that pays has less, and has paid it", () => {
  const { stage, market } = stageWithFunds();
  const [alice, bob] = [stage.seat("honest", 5_000), stage.seat("honest", 20_000)];
  stage.trade(alice, bob, market, 500, 100);
  stage.begin();
  for (const price of [85, 85]) {
    stage.wait(1_000);
    stage.truth(market, price);
    stage.print(market, price);
    stage.tick();
  }
  // 7,500 are lost, 5,000 are there: 1,000 of the first tranche, 1,500 of the fund.
  const { tiers, lossUsd } = frameOf(stage);
  const layers = tiers[0]?.layers ?? [];
  expect(layers.map(({ balanceUsd }) => balanceUsd)).toEqual([0, 3_500, 0, 700, 9_000, 0]);
  expect(layers.map(({ paidUsd }) => paidUsd)).toEqual([1_000, 1_500, 0, 0, 0, 0]);
  expect(tiers[0]?.defaults).toBe(1);
  expect(lossUsd).toBe(2_500);
});

test("profit that nobody has realised is owed, and is no principal", () => {
  const { stage, market } = stageWithFunds();
  const [alice, bob] = [stage.seat("honest", 10_000), stage.seat("honest", 10_000)];
  stage.trade(alice, bob, market, 500, 100);
  stage.truth(market, 102);
  const { vault, isPrincipalPayable } = frameOf(stage);
  expect(vault).toEqual({ heldUsd: 35_700, owedUsd: 35_700, principalUsd: 34_700, queuedUsd: 0 });
  expect(isPrincipalPayable).toBe(true);
});

function bridge(): { stage: Stage; coin: number; thief: number } {
  const stage = new Stage();
  const coin = stage.listAsset(1_000_000, 10, "coin");
  const owner = stage.open("honest");
  stage.depositAsset(owner, coin, 1_000e6);
  stage.age();
  const thief = stage.open("attacker");
  stage.depositAsset(thief, coin, 400e6);
  stage.losses.forge(thief, coin, 400e6);
  return { stage, coin, thief };
}

describe("coins that never arrived", () => {
  test("are not there, and not owed", () => {
    const { vault, isPrincipalPayable } = frameOf(bridge().stage);
    expect(vault).toEqual({ heldUsd: 10_000, owedUsd: 10_000, principalUsd: 10_000, queuedUsd: 0 });
    expect(isPrincipalPayable).toBe(true);
  });

  test("leave others short once real ones are paid for them", () => {
    const { stage, coin, thief } = bridge();
    stage.request(thief, coin, 300e6);
    const { vault, isPrincipalPayable } = frameOf(stage);
    expect(vault).toMatchObject({ heldUsd: 7_000, owedUsd: 10_000 });
    expect(isPrincipalPayable).toBe(false);
  });
});

test("looking changes nothing", () => {
  const { stage } = stageWithFunds();
  const before = stage.stateHash();
  frameOf(stage);
  expect([stage.stateHash(), stage.engine.sequence]).toEqual([before, stage.engine.sequence]);
});
