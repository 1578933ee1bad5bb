/** Funds owned in shares: who stakes, who loses, who gets out, and that nobody gains by being clever. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  HANDLERS,
  type Handlers,
  PARAMETERS,
  balanceView,
  fundView,
  stakeView,
  tierView,
} from "@bulkhead/engine";
import { SHARE_BOOK } from "../../packages/engine/src/domain/rows/shares.ts";
import { type Desk, layoutOf, openDesk, usd } from "./venue.ts";

const HOUR = 3_600_000;
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 16);

function stake(desk: Desk, account: number, dollars: number, tier = 1): number {
  const receipt = desk.expectAccepted({
    kind: "stakeFund",
    account,
    tier,
    fund: tier === 0 ? 5 : 2,
    amount: usd(dollars),
  });
  return receipt.facts["minted"] ?? 0;
}

function staker(desk: Desk, dollars: number): number {
  const account = desk.openAccount();
  desk.deposit(account, usd(dollars));
  return account;
}

function leave(desk: Desk, account: number, shares: number, tier = 1): number {
  const fund = tier === 0 ? 5 : 2;
  desk.expectAccepted({ kind: "requestUnstake", account, tier, fund, shares });
  desk.now += 604_800_000;
  return desk.expectAccepted({ kind: "withdrawStake", account, tier, fund, shares }).facts["amount"] ?? 0;
}

/** A default of about `dollars`: a trader with 1000 of cash is 2000 under water. */
function lose(desk: Desk): void {
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
  desk.trade(long, short, 100, 100);
  desk.mark(80);
  desk.mark(100);
}

/** Within the thousand virtual micro-dollars. */
const expectAbout = (found: number, dollars: number) =>
  expect(Math.abs(found - usd(dollars))).toBeLessThanOrEqual(1_000);
const audit = (desk: Desk) => expect(desk.engine.audit()).toEqual([]);

describe("shares of the insurance fund", () => {
  test("pay back what was paid in while nothing happens", () => {
    const desk = openDesk();
    const [alice, bob] = [staker(desk, 300), staker(desk, 100)];
    expect(stake(desk, alice, 300)).toBe(usd(300));
    expect(stake(desk, bob, 100)).toBe(usd(100));
    expect(fundView(desk.engine.venue, 1)).toMatchObject({ pot: usd(400), shares: usd(400) });
    expect(leave(desk, bob, usd(100))).toBe(usd(100));
    expect(balanceView(desk.engine.venue, bob, 1)).toBe(usd(100));
    expect(stakeView(desk.engine.venue, 1, alice).worth).toBe(usd(300));
    audit(desk);
  });

  test("lose at one rate, those that are leaving too", () => {
    const desk = openDesk();
    const [alice, bob] = [staker(desk, 3_000), staker(desk, 1_000)];
    stake(desk, alice, 3_000);
    stake(desk, bob, 1_000);
    desk.expectAccepted({ kind: "requestUnstake", account: bob, tier: 1, fund: 2, shares: usd(1_000) });
    lose(desk);
    expect(fundView(desk.engine.venue, 1).pot).toBe(usd(3_000));
    desk.now += 604_800_000;
    desk.expectAccepted({ kind: "withdrawStake", account: bob, tier: 1, fund: 2, shares: usd(1_000) });
    expectAbout(balanceView(desk.engine.venue, bob, 1), 750);
    expectAbout(stakeView(desk.engine.venue, 1, alice).worth, 2_250);
    audit(desk);
  });

  test("take a gift in proportion", () => {
    const desk = openDesk();
    const [alice, bob, house] = [staker(desk, 300), staker(desk, 100), staker(desk, 40)];
    stake(desk, alice, 300);
    stake(desk, bob, 100);
    desk.expectAccepted({ kind: "fundLayer", account: house, tier: 1, layer: 2, amount: usd(40) });
    expectAbout(stakeView(desk.engine.venue, 1, alice).worth, 330);
    expectAbout(stakeView(desk.engine.venue, 1, bob).worth, 110);
  });

  test("can be bought again after the fund was emptied, and those who lost all get next to nothing of it", () => {
    const desk = openDesk();
    const [alice, bob] = [staker(desk, 500), staker(desk, 1_000_000)];
    stake(desk, alice, 500);
    lose(desk);
    expect(fundView(desk.engine.venue, 1).pot).toBe(0);
    stake(desk, bob, 1_000_000);
    expect(stakeView(desk.engine.venue, 1, alice).worth).toBeLessThan(1_000);
    expect(stakeView(desk.engine.venue, 1, bob).worth).toBeGreaterThan(usd(1_000_000) - 2_000);
    audit(desk);
    const held = stakeView(desk.engine.venue, 1, bob).shares;
    expect(leave(desk, bob, held)).toBeGreaterThan(usd(1_000_000) - 2_000);
    audit(desk);
  });
});

describe("shares of the mutual fund", () => {
  test("come and go without a tier", () => {
    const desk = openDesk();
    const alice = staker(desk, 300);
    stake(desk, alice, 300, 0);
    expect(leave(desk, alice, usd(120), 0)).toBe(usd(120));
    expect(stakeView(desk.engine.venue, 0, alice)).toMatchObject({ shares: usd(180), leaving: 0 });
    audit(desk);
  });
});

describe("fees", () => {
  test("go to the insurance fund in part, until it has its target; each dollar is divided once", () => {
    const desk = openDesk({ takerFee: 100_000 });
    desk.set(PARAMETERS.insuranceFees.id, 400_000, 0);
    const [alice, bob] = [desk.openTrader(100_000), desk.openTrader(100_000)];
    desk.trade(alice, bob, 10, 100);
    const { fees } = tierView(desk.engine.venue, 1);
    expect(fees).toBe(usd(100));
    const sweep = () => desk.expectAccepted({ kind: "sweepFees", tier: 1 }).facts;
    expect(sweep()).toEqual({ insured: usd(40), balance: usd(40) });
    expect(sweep()).toEqual({ insured: 0, balance: usd(40) });
    desk.expectAccepted({
      kind: "setFundTerms",
      tier: 1,
      fund: 2,
      cooldown: HOUR,
      window: HOUR,
      minimum: 0,
      target: usd(50),
    });
    desk.trade(alice, bob, 10, 100);
    expect(sweep()).toEqual({ insured: usd(10), balance: usd(50) });
    expect(tierView(desk.engine.venue, 1).fees).toBe(usd(150));
    audit(desk);
  });

  test("earned before somebody stakes are not his", () => {
    const desk = openDesk({ takerFee: 100_000 });
    desk.set(PARAMETERS.insuranceFees.id, 500_000, 0);
    const early = staker(desk, 100);
    const late = staker(desk, 1_000_000);
    stake(desk, early, 100);
    desk.trade(desk.openTrader(100_000), desk.openTrader(100_000), 10, 100);
    stake(desk, late, 1_000_000);
    desk.expectAccepted({ kind: "sweepFees", tier: 1 });
    expect(stakeView(desk.engine.venue, 1, early).worth).toBeGreaterThan(usd(150) - 1_000);
    expect(stakeView(desk.engine.venue, 1, late).worth).toBeLessThanOrEqual(usd(1_000_000));
  });
});

describe("the judge", () => {
  test("stops a redemption above the price (31)", () => {
    const { code } = layoutOf("withdrawStake");
    const generous: Handlers = HANDLERS.map((handler, each) =>
      each !== code
        ? handler
        : (venue) => {
            const outcome = handler?.(venue) ?? 0;
            const { vault } = venue;
            vault.arena.addNum(vault.mutualBook.row, SHARE_BOOK.shares, usd(1) as never);
            return outcome;
          },
    );
    const desk = openDesk({}, { handlers: generous });
    const alice = staker(desk, 300);
    stake(desk, alice, 300, 0);
    const shares = usd(10);
    desk.expectAccepted({ kind: "requestUnstake", account: alice, tier: 0, fund: 5, shares });
    desk.now += 604_800_000;
    const receipt = desk.send({ kind: "withdrawStake", account: alice, tier: 0, fund: 5, shares });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 31 } });
  });

  test("and the audit finds shares that nobody counted", () => {
    const desk = openDesk();
    const alice = staker(desk, 300);
    stake(desk, alice, 300);
    const tier = desk.engine.venue.tier(1);
    tier?.arena.addNum(tier.insuranceBook.row, SHARE_BOOK.shares, -1 as never);
    tier?.arena.commit();
    expect(desk.engine.audit()).toMatchObject([{ invariant: "31" }]);
  });
});

describe("whatever stakers do", () => {
  test("nobody takes out more than he put in and was given, and every book adds up", () => {
    const move = fc.record({
      kind: fc.integer({ min: 0, max: 5 }),
      who: fc.nat(3),
      share: fc.integer({ min: 1, max: 100 }),
      amount: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: usd(2_000) })),
    });
    fc.assert(
      fc.property(fc.array(move, { minLength: 10, maxLength: 60 }), fc.boolean(), (moves, isVenue) => {
        const desk = openDesk();
        const tier = isVenue ? 0 : 1;
        const fund = isVenue ? 5 : 2;
        const people = Array.from({ length: 4 }, () => staker(desk, 10_000));
        let gifts = 0;
        let defaults = 0;
        for (const { kind, who, share, amount } of moves) {
          const account = people[who] as number;
          const { shares, leaving } = stakeView(desk.engine.venue, tier, account);
          desk.now += HOUR;
          if (kind < 2) desk.send({ kind: "stakeFund", account, tier, fund, amount });
          else if (kind === 2) {
            const some = Math.max(1, Math.floor((shares * share) / 100));
            desk.send({ kind: "requestUnstake", account, tier, fund, shares: some });
          } else if (kind === 3 && leaving > 0) {
            desk.now += 604_800_000;
            desk.send({ kind: "withdrawStake", account, tier, fund, shares: leaving });
          } else if (kind === 4) {
            const receipt = desk.send({ kind: "fundLayer", account, tier, layer: fund, amount });
            if (receipt.outcome === "accepted") gifts += amount;
          } else if (kind === 5 && defaults < 4) {
            defaults++;
            lose(desk);
          }
        }
        audit(desk);
        const worth = people.map(
          (account) =>
            balanceView(desk.engine.venue, account, 1) + stakeView(desk.engine.venue, tier, account).worth,
        );
        const total = worth.reduce((sum, each) => sum + each, 0);
        expect(total).toBeLessThanOrEqual(usd(40_000));
        for (const each of worth) expect(each).toBeLessThanOrEqual(usd(10_000) + gifts + 1_000);
      }),
      { numRuns: RUNS },
    );
  });
});
