/** Loans between tiers' insurance funds: what moves, what bounds it, how it comes back, whose loss it is, and who checks. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Command,
  HANDLERS,
  PARAMETERS,
  assetView,
  depthView,
  fundView,
  loansView,
  rebalancingPlan,
  stakeView,
  tierView,
} from "@bulkhead/engine";
import { TIER } from "../../packages/engine/src/domain/rows/tier.ts";
import { ASSET, LOAN } from "../../packages/engine/src/domain/rows/vault.ts";
import type { AssetUnits, MicroUsd } from "../../packages/engine/src/kernel/units.ts";
import { DAY, HOUR, askForLoan, give, lendingDesk, setTarget } from "./lending.ts";
import { type Desk, layoutOf, usd } from "./venue.ts";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 200) / 8);

const lend = (desk: Desk, tier: number, borrower: number): number =>
  desk.expectAccepted({ kind: "lendInsurance", tier, borrower }).facts["amount"] ?? 0;
const draw = (desk: Desk, tier: number): number =>
  desk.expectAccepted({ kind: "drawInsurance", tier }).facts["drawn"] ?? 0;
const sweep = (desk: Desk, tier: number): void => {
  desk.expectAccepted({ kind: "sweepFees", tier });
};
const held = (desk: Desk, tier: number): number => tierView(desk.engine.venue, tier).insurance;
const inDollars = (amount: number): number => Math.round(amount / usd(1));
const between = (desk: Desk): number => assetView(desk.engine.venue, 1).loans;
const loans = (desk: Desk): ReturnType<typeof loansView> => loansView(desk.engine.venue);

const money = (amount: number): MicroUsd & AssetUnits => usd(amount) as MicroUsd & AssetUnits;

/** A new account buys shares of a tier's insurance fund. */
const stake = (desk: Desk, tier: number, dollars: number): number => {
  const account = desk.openAccount();
  desk.deposit(account, usd(dollars));
  desk.expectAccepted({ kind: "stakeFund", account, tier, fund: 2, amount: usd(dollars) });
  return account;
};

/** Tier 2 has asked, tier 1 has lent it 100 dollars, and it has drawn them. */
function lentDesk(): Desk {
  const desk = lendingDesk();
  askForLoan(desk, 2);
  lend(desk, 1, 2);
  draw(desk, 2);
  return desk;
}

/** Fees of so many dollars come in, in tier 2. */
function collectFees(desk: Desk, dollars: number): void {
  desk.set(PARAMETERS.takerFee.id, 10_000, 1, 2);
  const [buyer, seller] = [desk.openTrader(100_000, 0, 2), desk.openTrader(100_000, 0, 2)];
  desk.expectAccepted(desk.sell(seller, dollars, 100, { tier: 2 }));
  desk.expectAccepted(desk.buy(buyer, dollars, 100, { tier: 2 }));
}

describe("a loan between insurance funds", () => {
  test("goes from one to the other by two commands, and lies with the vault between them", () => {
    const desk = lendingDesk();
    const asked = desk.expectAccepted({ kind: "drawInsurance", tier: 2 });
    expect(asked.facts).toMatchObject({ drawn: 0, asked: usd(300) });
    const lent = desk.expectAccepted({ kind: "lendInsurance", tier: 1, borrower: 2 });
    expect(lent.events).toEqual([
      { event: "balanceMoved", values: { asset: 1, amount: usd(100), debit: 1_001, credit: 8 } },
      { event: "insuranceLent", values: { lender: 1, borrower: 2, amount: usd(100), lent: usd(100) } },
    ]);
    expect([held(desk, 1), between(desk), held(desk, 2)]).toEqual([usd(900), usd(100), usd(100)]);
    const drawn = desk.expectAccepted({ kind: "drawInsurance", tier: 2 });
    expect(drawn.events).toEqual([
      { event: "balanceMoved", values: { asset: 1, amount: usd(100), debit: 8, credit: 1_002 } },
      { event: "insuranceDrawn", values: { lender: 1, borrower: 2, amount: usd(100), owed: usd(100) } },
      { event: "insuranceAsked", values: { tier: 2, amount: usd(200) } },
    ]);
    expect([held(desk, 1), between(desk), held(desk, 2)]).toEqual([usd(900), 0, usd(200)]);
    const [loan] = loans(desk).loans;
    expect(loan).toMatchObject({ lender: 1, borrower: 2, owed: usd(100), pledged: 0, returned: 0 });
    expect(desk.engine.audit()).toEqual([]);
  });

  test("is a tenth of the fund a day, a quarter of what is beyond the target, and never more than the limit", () => {
    const desk = lentDesk();
    const refused = (facts: Record<string, number>): void =>
      desk.expectRefused({ kind: "lendInsurance", tier: 1, borrower: 2 }, "nothing_to_lend", facts);
    refused({ excess: usd(500), left: 0, room: usd(100) });
    desk.now += DAY;
    askForLoan(desk, 2);
    expect(lend(desk, 1, 2)).toBe(usd(90));
    desk.now += DAY;
    draw(desk, 2);
    // The pledge is a day old: its borrower still gets it, as long as its lender has not taken it back.
    expect(held(desk, 2)).toBe(usd(290));
    expect(lend(desk, 1, 2)).toBe(usd(10));
    desk.now += DAY;
    draw(desk, 2);
    refused({ excess: usd(400), left: usd(80), room: 0 });
    expect(lend(desk, 3, 2)).toBe(usd(25));
    desk.expectRefused({ kind: "lendInsurance", tier: 3, borrower: 2 }, "nothing_to_lend", {
      excess: usd(75),
      left: 0,
      room: usd(115),
    });
  });

  test("keeps the lender's own target, and what its owners must leave in it", () => {
    const desk = lendingDesk([
      { held: 1_000, target: 400, minimum: 990 },
      { held: 0, target: 500 },
    ]);
    askForLoan(desk, 2);
    expect(lend(desk, 1, 2)).toBe(usd(2.5));
    setTarget(desk, 1, 0);
    desk.now += DAY;
    askForLoan(desk, 2);
    desk.expectRefused({ kind: "lendInsurance", tier: 1, borrower: 2 }, "nothing_to_lend", {
      excess: 0,
      left: 0,
      room: usd(197.5),
    });
  });

  test("is asked for anew after an hour, and goes back if it is not fetched or not needed", () => {
    const desk = lendingDesk();
    askForLoan(desk, 2);
    desk.now += HOUR;
    desk.expectRefused({ kind: "lendInsurance", tier: 1, borrower: 2 }, "loan_not_asked", {
      borrower: 2,
      askedAt: 1_000,
    });
    askForLoan(desk, 2);
    lend(desk, 1, 2);
    sweep(desk, 1);
    expect(held(desk, 1)).toBe(usd(900));
    desk.now += HOUR;
    sweep(desk, 1);
    expect([held(desk, 1), between(desk)]).toEqual([usd(1_000), 0]);
    expect(tierView(desk.engine.venue, 1).insurance).toBe(usd(1_000));

    desk.now += DAY;
    askForLoan(desk, 2);
    lend(desk, 1, 2);
    give(desk, 2, 360);
    const drawn = desk.expectAccepted({ kind: "drawInsurance", tier: 2 });
    expect(drawn.facts).toMatchObject({ drawn: usd(40), asked: 0 });
    expect(drawn.events.at(-1)).toEqual({
      event: "loanReturned",
      values: { lender: 1, borrower: 2, amount: usd(60), how: 2, claim: usd(100) },
    });
    sweep(desk, 1);
    expect(held(desk, 1)).toBe(usd(960));
    desk.expectRefused({ kind: "drawInsurance", tier: 2 }, "loan_not_needed", {
      balance: usd(500),
      target: usd(500),
      owed: usd(40),
    });
    expect(desk.engine.audit()).toEqual([]);
  });

  test("is repaid out of the borrower's fees before anybody else has them, to each lender in proportion", () => {
    const desk = lentDesk();
    lend(desk, 3, 2);
    draw(desk, 2);
    expect(fundView(desk.engine.venue, 2)).toMatchObject({ owed: usd(125) });
    desk.set(PARAMETERS.insuranceFees.id, 1_000_000, 0, 2);
    collectFees(desk, 50);
    const fees = tierView(desk.engine.venue, 2).fees;
    const swept = desk.expectAccepted({ kind: "sweepFees", tier: 2 });
    const repaid = fees / 2;
    const came = swept.events.filter(({ event }) => event === "loanReturned");
    expect(came.map(({ values }) => values)).toEqual([
      { lender: 1, borrower: 2, amount: (repaid * 4) / 5, how: 1, claim: usd(100) },
      { lender: 3, borrower: 2, amount: repaid / 5, how: 1, claim: usd(25) },
    ]);
    expect(swept.facts).toMatchObject({ insured: fees - repaid });
    expect(fundView(desk.engine.venue, 2)).toMatchObject({ owed: usd(125) - repaid });
    sweep(desk, 1);
    expect(held(desk, 1)).toBe(usd(900) + (repaid * 4) / 5);
    expect(fundView(desk.engine.venue, 1)).toMatchObject({ lent: usd(100) - (repaid * 4) / 5 });
    expect(desk.engine.audit()).toEqual([]);
  });

  test("is lost with the borrower's fund, and costs the lender what it had lent and no more", () => {
    const desk = lentDesk();
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0, 2);
    const before = tierView(desk.engine.venue, 1);
    const [long, short] = [desk.openTrader(1_000, 0, 2), desk.openTrader(100_000, 0, 2)];
    desk.expectAccepted(desk.sell(short, 100, 100, { tier: 2 }));
    desk.expectAccepted(desk.buy(long, 100, 100, { tier: 2 }));
    const crash = desk.mark(50, 1, 2);
    const borne = crash.events.find(({ event }) => event === "lossAbsorbed");
    expect(borne?.values).toMatchObject({ layer: 2, amount: usd(200) });
    expect(held(desk, 2)).toBe(0);
    expect(tierView(desk.engine.venue, 1)).toEqual(before);
    expect(fundView(desk.engine.venue, 1)).toMatchObject({ pot: usd(900), lent: usd(100) });
    desk.tick();
    expect(depthView(desk.engine.venue, 1)[0]).toBe(usd(900));
    // The claim counts nothing towards its own target, nor does it let it lend more.
    const [lender] = loans(desk).tiers;
    expect(lender).toMatchObject({ excess: usd(500), left: 0, room: usd(100) });
    expect(desk.engine.audit()).toEqual([]);
  });

  test("comes only from a tier that is calm itself", () => {
    const desk = lendingDesk();
    const report = { expectedShortfall: 0, ruin: 1_001, branching: 0, spike: 0, cover2: 0 };
    desk.expectAccepted({ kind: "configurePosture", tier: 1, enabled: 1, baseline: 0, insuranceTarget: 0 });
    desk.expectAccepted({ kind: "reportRisk", tier: 1, ...report, expiry: DAY });
    askForLoan(desk, 2);
    desk.expectRefused({ kind: "lendInsurance", tier: 1, borrower: 2 }, "lender_strained", {
      posture: 2,
      strictest: 1,
    });
    expect(rebalancingPlan(desk.engine.venue).moves).toEqual([{ lender: 3, borrower: 2, amount: usd(25) }]);
  });
});

describe("shares of a fund that lends or borrows", () => {
  test("are bought as if every loan were good, and redeemed as if none were", () => {
    const desk = lendingDesk([
      { held: 0, target: 400 },
      { held: 100, target: 500 },
    ]);
    const early = stake(desk, 1, 1_000);
    askForLoan(desk, 2);
    lend(desk, 1, 2);
    draw(desk, 2);
    const late = stake(desk, 1, 1_000);
    const { shares } = fundView(desk.engine.venue, 1);
    const of = (account: number): ReturnType<typeof stakeView> => stakeView(desk.engine.venue, 1, account);
    // Whoever comes after the loan gets no cheaper share of what is to come back.
    expect(of(late).shares).toBe(of(early).shares);
    expect(of(late).worth).toBe(of(early).worth);
    expect(inDollars(of(early).worth)).toBe(950);
    // And whoever leaves takes nothing of what others have still to get back.
    desk.expectAccepted({
      kind: "requestUnstake",
      account: late,
      tier: 1,
      fund: 2,
      shares: of(late).shares,
    });
    desk.now += HOUR;
    const left = desk.expectAccepted({
      kind: "withdrawStake",
      account: late,
      tier: 1,
      fund: 2,
      shares: shares / 2,
    });
    expect(inDollars(left.facts["amount"] ?? 0)).toBe(950);
    expect(inDollars(of(early).worth)).toBe(950);
  });

  test("give their owners nothing of what the fund has borrowed, and keep them while it lacks its target", () => {
    const desk = lendingDesk([
      { held: 1_000, target: 400 },
      { held: 0, target: 500 },
    ]);
    const owner = stake(desk, 2, 450);
    askForLoan(desk, 2);
    lend(desk, 1, 2);
    draw(desk, 2);
    expect(held(desk, 2)).toBe(usd(500));
    const { shares, worth } = stakeView(desk.engine.venue, 2, owner);
    expect(worth).toBe(usd(450));
    desk.expectAccepted({ kind: "requestUnstake", account: owner, tier: 2, fund: 2, shares });
    desk.now += HOUR;
    desk.expectRefused({ kind: "withdrawStake", account: owner, tier: 2, fund: 2, shares }, "fund_minimum", {
      rest: usd(50),
      minimum: usd(500),
    });
  });
});

describe("the plan", () => {
  const fund = fc.record({
    held: fc.integer({ min: 0, max: 2_000 }),
    target: fc.integer({ min: 0, max: 1_500 }),
    minimum: fc.constantFrom(0, 0, 700),
  });

  test("brings funds as near to their targets as the bounds allow, by commands that are all accepted", () => {
    const law = fc.property(fc.array(fund, { minLength: 2, maxLength: 4 }), (plans) => {
      const desk = lendingDesk(plans);
      const { venue } = desk.engine;
      const total = (): number => plans.reduce((sum, _, index) => sum + held(desk, index + 1), 0);
      const met = (): number =>
        plans.reduce((sum, { target }, index) => sum + Math.min(held(desk, index + 1), usd(target)), 0);
      const [totalBefore, metBefore] = [total(), met()];
      const stands = loans(desk).tiers;
      const supply = stands.reduce((sum, { excess, left, room }) => sum + Math.min(excess, left, room), 0);
      const want = stands.reduce((sum, { need }) => sum + need, 0);
      const { moves, commands } = rebalancingPlan(venue);
      for (const command of commands) desk.expectAccepted(command);
      expect(moves.reduce((sum, { amount }) => sum + amount, 0)).toBe(Math.min(supply, want));
      expect(met() - metBefore).toBe(Math.min(supply, want));
      expect([total(), between(desk)]).toEqual([totalBefore, 0]);
      for (const { lender } of moves)
        expect(held(desk, lender)).toBeGreaterThanOrEqual(usd(plans[lender - 1]?.target ?? 0));
      expect(rebalancingPlan(venue)).toEqual({ moves: [], commands: [] });
      expect(desk.engine.audit()).toEqual([]);
    });
    fc.assert(law, { numRuns: RUNS });
  });

  test("whatever is sent in whatever order, no money appears or goes, and every loan is on both sides' books", () => {
    const tier = fc.integer({ min: 1, max: 3 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant("lendInsurance" as const), tier, borrower: tier }),
      fc.record({ kind: fc.constant("drawInsurance" as const), tier }),
      fc.record({ kind: fc.constant("sweepFees" as const), tier }),
      fc.record({ kind: fc.constant("clockTick" as const), tier }),
    );
    const law = fc.property(fc.array(fc.tuple(step, fc.constantFrom(0, 0, HOUR, DAY))), (steps) => {
      const desk = lendingDesk();
      collectFees(desk, 20);
      const all = (): number =>
        [1, 2, 3].reduce(
          (sum, id) => sum + held(desk, id) + tierView(desk.engine.venue, id).fees,
          between(desk),
        );
      const before = all();
      for (const [instruction, leap] of steps) {
        desk.now += leap;
        expect(desk.send(instruction).outcome).not.toBe("invariant_broken");
        expect(all()).toBe(before);
      }
      expect(desk.engine.audit()).toEqual([]);
    });
    fc.assert(law, { numRuns: RUNS });
  });
});

describe("the judge of loans", () => {
  type Venue = Parameters<NonNullable<(typeof HANDLERS)[number]>>[0];

  /** A desk whose command of this name does something besides, and what the engine says to it. */
  function whenCrooked(name: Command["kind"], besides: (venue: Venue) => void): Desk {
    const { code } = layoutOf(name);
    let isCrooked = false;
    const handlers = HANDLERS.map((handler, each) =>
      each !== code || handler === undefined
        ? handler
        : (venue: Venue) => {
            const outcome = handler(venue);
            if (isCrooked) besides(venue);
            return outcome;
          },
    );
    const desk = lendingDesk(undefined, { handlers });
    askForLoan(desk, 2);
    if (name !== "lendInsurance") lend(desk, 1, 2);
    if (name === "sweepFees") draw(desk, 2);
    isCrooked = true;
    return desk;
  }
  const tierOf = (venue: Venue, id: number): NonNullable<ReturnType<Venue["tier"]>> => {
    const tier = venue.tier(id);
    if (tier === undefined) throw new RangeError("no tier");
    return tier;
  };
  const TRICKS: readonly (readonly [string, Command["kind"], number, (venue: Venue) => void])[] = [
    [
      "lends what is not there",
      "lendInsurance",
      1,
      ({ vault }) => vault.arena.addNum(vault.loan(1, 2), LOAN.pledged, money(1)),
    ],
    [
      "lends more than the day allows",
      "lendInsurance",
      1,
      (venue) => {
        const { vault } = venue;
        const { arena, row } = tierOf(venue, 1);
        arena.addNum(row, TIER.insurance, money(-50));
        arena.addNum(row, TIER.lent, money(50));
        vault.arena.addNum(vault.loan(1, 2), LOAN.pledged, money(50));
        vault.arena.addNum(vault.asset(1), ASSET.loans, money(50));
        vault.arena.addNum(vault.asset(1), (ASSET.custody + 1) as typeof ASSET.custody, money(-50));
      },
    ],
    [
      "forgets what it lent",
      "lendInsurance",
      1,
      (venue) => {
        const { arena, row } = tierOf(venue, 1);
        arena.addNum(row, TIER.lent, money(-10));
      },
    ],
    [
      "draws into fees instead of its fund",
      "drawInsurance",
      2,
      (venue) => {
        const { arena, row } = tierOf(venue, 2);
        arena.addNum(row, TIER.insurance, money(-100));
        arena.addNum(row, TIER.fees, money(100));
      },
    ],
    [
      "cancels its own debt",
      "drawInsurance",
      2,
      (venue) => {
        const { vault } = venue;
        const { arena, row } = tierOf(venue, 2);
        arena.addNum(row, TIER.owed, money(-10));
        vault.arena.addNum(vault.loan(1, 2), LOAN.owed, money(-10));
      },
    ],
    [
      "has somebody else owe it",
      "drawInsurance",
      2,
      ({ vault }) => {
        vault.arena.addNum(vault.loan(1, 2), LOAN.owed, money(-10));
        vault.arena.addNum(vault.loan(1, 3), LOAN.owed, money(10));
      },
    ],
    [
      "repays one lender with what another is owed",
      "sweepFees",
      2,
      ({ vault }) => {
        vault.arena.addNum(vault.loan(3, 2), LOAN.returned, money(10));
        vault.arena.addNum(vault.loan(1, 2), LOAN.owed, money(-10));
      },
    ],
  ];

  test.each(TRICKS)("finds out who %s", (_, kind, tier, trick) => {
    const desk = whenCrooked(kind, trick);
    const before = desk.hash();
    const command = kind === "lendInsurance" ? { kind, tier, borrower: 2 } : { kind, tier };
    expect(desk.send(command as Command)).toMatchObject({ outcome: "invariant_broken" });
    expect(desk.hash()).toBe(before);
  });

  test("lets the honest pass", () => {
    for (const kind of ["lendInsurance", "drawInsurance", "sweepFees"] as const) {
      const desk = whenCrooked(kind, () => {});
      const tier = kind === "lendInsurance" ? 1 : 2;
      desk.expectAccepted(kind === "lendInsurance" ? { kind, tier, borrower: 2 } : { kind, tier });
    }
  });

  test("goes by the rule itself: a tier that may not lend, and one that lacks nothing, are found out too", () => {
    const desk = whenCrooked("lendInsurance", (venue) => {
      const { arena, controller } = tierOf(venue, 1);
      arena.setNum(controller, 16 as never, 2 as never);
    });
    expect(desk.send({ kind: "lendInsurance", tier: 1, borrower: 2 })).toMatchObject({
      outcome: "invariant_broken",
    });
    const borrower = whenCrooked("drawInsurance", (venue) => {
      const { arena, row } = tierOf(venue, 2);
      arena.setNum(row, TIER.insuranceBorrowing, money(99));
    });
    expect(borrower.send({ kind: "drawInsurance", tier: 2 })).toMatchObject({
      outcome: "invariant_broken",
      facts: { invariant: 19 },
    });
  });
});
