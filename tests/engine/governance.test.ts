/** What governance is for: the incidents that would not have happened, and the rules that see to it. */
import {
  BREAKER_OFF,
  PARAMETERS,
  STATUS,
  breakerView,
  governanceLimits,
  holdsView,
  parameterView,
  pendingProposals,
  postureView,
} from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { BREAKER, type Council, DAY, GUARDIAN, WEEK, proposalOf, seatCouncil } from "./council.ts";
import {
  type Desk,
  type Instruction,
  PLAIN_FEED,
  PLAIN_MARKET,
  openDesk,
  smallTier,
  smallVenue,
  usd,
} from "./venue.ts";

const { HOUR, LISTING_DELAY } = governanceLimits;
const P = PARAMETERS;

/** A sealed tier with a market, a collateral asset, and a hundred thousand dollars of two traders. */
function sealed(setUp: (desk: Desk) => unknown = () => undefined): Council {
  const tiers = [smallTier({ markets: 4 })];
  const desk = openDesk({ takerFee: 500 }, { capacities: smallVenue({ tiers }) });
  desk.listAsset(1_000);
  const weights = { initialWeight: 500_000, maintenanceWeight: 800_000 };
  desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: 2, ...weights, cap: 1_000 });
  desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset: 2, price: usd(10) });
  desk.openTrader(50_000);
  desk.openTrader(50_000);
  setUp(desk);
  return seatCouncil(desk);
}

const valueOf = ({ desk }: Council, name: keyof typeof P, subject = 1): number =>
  parameterView(desk.engine.venue, 1, name, subject).value;

describe("A10: every key is stolen", () => {
  test("and twelve minutes later nothing is looser than before", () => {
    const council = sealed();
    const { desk } = council;
    const before = (Object.keys(P) as (keyof typeof P)[])
      .filter((name) => P[name].level === "market")
      .map((name) => [name, valueOf(council, name)] as const);
    for (let minute = 0; minute < 12; minute++) {
      desk.now += 60_000;
      for (const { id } of Object.values(P)) {
        for (const value of [0, 1, 1_000, 1_000_000]) {
          desk.send(council.set(id, value));
          desk.send(proposalOf(council.set(id, value), 1, 1 + (minute % 4)));
        }
      }
      for (const { proposal } of pendingProposals(desk.engine.venue, 1, desk.now)) {
        council.approve(proposal);
        expect(desk.send(council.execution(proposal)).outcome).toBe("timelock_running");
      }
    }
    for (const [name, value] of before) expect(valueOf(council, name)).toBe(value);
  });

  test("what is queued is announced at once, with its effect and its countdown", () => {
    const council = sealed();
    const { events } = council.desk.expectAccepted(proposalOf(council.set(P.initialMargin.id, 80_000), 1));
    expect(events[0]?.event).toBe("proposalMade");
    expect(council.pending()).toMatchObject({
      command: { kind: "setParameter", tier: 1, market: 1, parameter: 2, value: 80_000 },
      countdown: DAY,
      approvals: 0,
      needed: 3,
      change: { parameter: "initialMargin", before: 100_000, after: 80_000, direction: "loosening" },
    });
  });

  test("approvals signed in advance go stale: by the hour, by another content, by another state, by use", () => {
    const council = sealed();
    const { desk } = council;
    council.propose(council.set(P.initialMargin.id, 90_000));
    const drawer = [1, 2, 3].map((member) => council.approvalBy(member));
    desk.now += DAY;
    for (const { time: _, ...old } of drawer) expect(desk.send(old).outcome).toBe("approval_expired");

    council.approve();
    desk.expectAccepted(council.steward(P.initialMargin.id, 101_000));
    expect(desk.send(council.execution()).facts).toEqual({ approvals: 0, needed: 3 });
    expect(council.pending().approvals).toBe(0);

    const { time: _, ...fresh } = council.approvalBy(1);
    expect(desk.send({ ...fresh, content: fresh.content + 1 }).outcome).toBe("content_differs");
    council.approve();
    const executed = council.execution();
    desk.expectAccepted(executed);
    expect(desk.send(fresh).outcome).toBe("proposal_unknown");
    expect(desk.send(executed).outcome).toBe("proposal_unknown");
    council.propose(council.set(P.initialMargin.id, 80_000));
    expect(desk.send(fresh).outcome).toBe("nonce_used");
  });

  test("collateral of one's own begins at nothing, three days later, and grows by a hundredth of the tier's money", () => {
    const council = sealed((desk) => {
      desk.listAsset(1);
      desk.openAccount();
      desk.deposit(3, 1_000_000, 3);
    });
    const { desk } = council;
    const allocate = { kind: "allocate", account: 3, tier: 1, mode: 0, asset: 3, amount: 1 } as const;
    const own = { initialWeight: 1_000_000, maintenanceWeight: 1_000_000 };
    const listing = { kind: "acceptCollateral", tier: 1, asset: 3, ...own, cap: 0 } as const;
    council.propose(listing);
    expect(council.pending().countdown).toBe(LISTING_DELAY);
    desk.now += LISTING_DELAY;
    council.approve();
    desk.expectAccepted(council.execution());
    expect(desk.send(allocate).outcome).toBe("collateral_cap_reached");
    expect(council.attempt(council.set(P.collateralCap.id, 5, 3)).facts).toEqual({ value: 5, bound: 0 });
    desk.expectAccepted({ kind: "cancelProposal", tier: 1, member: 1, proposal: 1, nonce: 9 });
    desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset: 3, price: usd(1) });
    expect(council.attempt(council.set(P.collateralCap.id, 1_001, 3)).facts).toEqual({
      value: 1_001,
      bound: 1_000,
    });
    desk.expectAccepted({ kind: "cancelProposal", tier: 1, member: 1, proposal: 1, nonce: 10 });
    council.pass(council.set(P.collateralCap.id, 1_000, 3));
    expect(council.attempt(council.set(P.collateralCap.id, 1_500, 3)).outcome).toBe("change_too_soon");
  });
});

describe("A14: votes are borrowed", () => {
  test("whoever is appointed after a proposal has no vote on it", () => {
    const council = sealed();
    const { desk } = council;
    council.ripen({ kind: "appointMember", tier: 1, member: 8, roles: 1 }, 1);
    council.propose(council.set(P.initialMargin.id, 90_000), 2);
    desk.expectAccepted(council.execution(1));
    expect(desk.send(council.approvalBy(8, 2)).outcome).toBe("member_too_new");
    desk.now += DAY;
    council.approve(2, [1, 2]);
    expect(desk.send(council.execution(2)).facts).toEqual({ approvals: 2, needed: 3 });
  });

  test("an approval does not survive its signer's dismissal", () => {
    const council = sealed();
    const { desk } = council;
    council.ripen({ kind: "appointMember", tier: 1, member: 3, roles: 0 }, 1);
    council.propose({ kind: "appointMember", tier: 1, member: 9, roles: 2 }, 2);
    desk.now += DAY;
    council.approve(2, [1, 2, 3]);
    desk.expectAccepted(council.execution(1));
    expect(desk.send(council.execution(2)).facts).toEqual({ approvals: 0, needed: 3 });
    expect(desk.send(council.approvalBy(3, 2)).outcome).toBe("member_lacks_role");
  });

  test("there is no faster way for emergencies that loosens", () => {
    const council = sealed();
    const { desk } = council;
    desk.expectAccepted(council.breaker(P.status.id, STATUS.reduceOnly));
    expect(desk.send(council.breaker(P.maxOpenInterestLots.id, 100_001)).outcome).toBe("not_tightening");
    expect(desk.send(council.steward(P.initialMargin.id, 99_999)).outcome).toBe("beyond_baseline");
  });
});

describe("A15: signers see one thing and sign another", () => {
  test("a content is what will be done, field by field", () => {
    const council = sealed();
    council.propose(council.set(P.takerFee.id, 600), 1);
    council.propose(council.set(P.takerFee.id, 601), 2);
    const shown = council.approvalBy(1, 1);
    const signed = council.approvalBy(1, 2);
    const { time: _, ...deceived } = { ...signed, content: shown.content };
    expect(council.desk.send(deceived).outcome).toBe("content_differs");
  });
});

describe("tightening is instant, loosening never", () => {
  test("a steward tightens by steps, and relaxes a day later to the baseline and no further", () => {
    const council = sealed();
    const { desk } = council;
    const margin = P.initialMargin.id;
    desk.expectAccepted(council.steward(margin, 110_000));
    expect(desk.send(council.steward(margin, 121_000)).outcome).toBe("change_too_soon");
    desk.now += HOUR(6);
    desk.expectAccepted(council.steward(margin, 121_000));
    desk.now += HOUR(6);
    expect(desk.send(council.steward(margin, 110_000)).outcome).toBe("change_too_soon");
    desk.now += HOUR(18);
    desk.expectAccepted(council.steward(margin, 110_000));
    desk.now += DAY;
    desk.expectAccepted(council.steward(margin, 100_000));
    desk.now += DAY;
    expect(desk.send(council.steward(margin, 99_000)).outcome).toBe("beyond_baseline");
  });

  test("what governance sets is the steward's new baseline", () => {
    const council = sealed();
    const { desk } = council;
    desk.expectAccepted(council.steward(P.initialMargin.id, 105_000));
    council.pass(council.set(P.initialMargin.id, 90_000));
    expect(parameterView(desk.engine.venue, 1, "initialMargin", 1)).toEqual({
      value: 90_000,
      baseline: 90_000,
    });
    desk.expectAccepted(council.steward(P.initialMargin.id, 95_000));
    desk.now += DAY;
    desk.expectAccepted(council.steward(P.initialMargin.id, 90_000));
  });

  test("a breaker's hold ends by itself, and gives back what it took", () => {
    const council = sealed();
    const { desk } = council;
    desk.expectAccepted(council.breaker(P.maxOpenInterestLots.id, 5, HOUR(2)));
    expect(valueOf(council, "maxOpenInterestLots")).toBe(5);
    desk.now += HOUR(2) - 1;
    desk.tick();
    expect(valueOf(council, "maxOpenInterestLots")).toBe(5);
    desk.now += 1;
    const { events } = desk.tick();
    expect(events).toEqual([
      {
        event: "holdLapsed",
        values: { market: 1, parameter: 11, previous: 5, value: 100_000 },
      },
    ]);
    expect(valueOf(council, "maxOpenInterestLots")).toBe(100_000);
  });

  test("a hold that governance confirms stays", () => {
    const council = sealed();
    const { desk } = council;
    council.propose(council.set(P.maxOpenInterestLots.id, 5));
    desk.now += DAY;
    desk.expectAccepted(council.breaker(P.maxOpenInterestLots.id, 5, DAY));
    council.approve();
    desk.expectAccepted(council.execution());
    expect(holdsView(desk.engine.venue, 1)).toEqual([]);
    desk.now += 2 * DAY;
    desk.tick();
    expect(valueOf(council, "maxOpenInterestLots")).toBe(5);
  });

  test("a lapsing hold does not end a quarantine or a settlement", () => {
    const council = sealed((desk) => desk.listMarket({ contract: 1, expiry: 5_000 }));
    const { desk } = council;
    desk.expectAccepted(council.breaker(P.status.id, STATUS.reduceOnly, HOUR(1), 2));
    desk.now = 5_000;
    desk.expire(2);
    desk.now += HOUR(1);
    desk.tick();
    expect(desk.market(2).status).toBe(STATUS.settled);
  });

  test("an initial weight comes back no higher than the maintenance weight has come down to", () => {
    const council = sealed();
    const { desk } = council;
    desk.expectAccepted(council.breaker(P.collateralInitialWeight.id, 0, DAY, 2));
    for (let weight = 800_000; weight > 490_000; weight = Math.ceil(weight * 0.99)) {
      desk.now += HOUR(1);
      const next = Math.max(490_000, Math.ceil(weight * 0.99));
      desk.expectAccepted(council.steward(P.collateralMaintenanceWeight.id, next, 2));
    }
    desk.tick();
    expect(valueOf(council, "collateralInitialWeight", 2)).toBe(490_000);
    expect(desk.engine.audit()).toEqual([]);
  });
});

describe("guardians", () => {
  test("cancel what they do not like, again and again", () => {
    const council = sealed();
    const { desk } = council;
    for (let round = 0; round < 3; round++) {
      council.propose(council.set(P.initialMargin.id, 90_000));
      const { nonce } = council.pending();
      desk.expectAccepted({ kind: "cancelProposal", tier: 1, member: GUARDIAN, proposal: 1, nonce });
      expect(pendingProposals(desk.engine.venue, 1, desk.now)).toEqual([]);
    }
  });

  test("are not dismissed by a mere majority, nor stay against all", () => {
    const council = sealed();
    const { desk } = council;
    council.propose({ kind: "appointMember", tier: 1, member: GUARDIAN, roles: 0 });
    const { nonce } = council.pending();
    const contest = { kind: "cancelProposal", tier: 1, member: GUARDIAN, proposal: 1, nonce } as const;
    expect(desk.expectAccepted(contest).facts).toEqual({ contested: 1 });
    desk.now += DAY;
    council.approve();
    expect(desk.send(council.execution()).facts).toEqual({ approvals: 3, needed: 4 });
    desk.expectAccepted(council.approvalBy(4));
    desk.expectAccepted(council.execution());
    expect(desk.send({ ...contest }).outcome).toBe("proposal_unknown");
  });

  test("need no more signers than there were when it was proposed", () => {
    const council = sealed();
    const { desk } = council;
    council.propose({ kind: "appointMember", tier: 1, member: GUARDIAN, roles: 0 });
    const { nonce } = council.pending();
    desk.expectAccepted({ kind: "cancelProposal", tier: 1, member: GUARDIAN, proposal: 1, nonce });
    council.pass({ kind: "appointMember", tier: 1, member: 8, roles: 1 }, 2);
    council.approve(1, [1, 2, 3, 4]);
    expect(council.pending(1)).toMatchObject({ approvals: 4, needed: 4, contested: true });
    desk.expectAccepted(council.execution(1));
  });

  test("a hostile breaker cannot make his own dismissal stale", () => {
    const council = sealed();
    const { desk } = council;
    council.ripen({ kind: "appointMember", tier: 1, member: BREAKER, roles: 0 });
    desk.expectAccepted(council.breaker(P.status.id, STATUS.reduceOnly));
    desk.expectAccepted(council.execution());
    expect(desk.send(council.breaker(P.maxPositionLots.id, 1)).outcome).toBe("member_lacks_role");
  });
});

describe("two proposals", () => {
  test("race for one parameter: the second to come is bounded by the first", () => {
    const council = sealed();
    const { desk } = council;
    council.propose(council.set(P.initialMargin.id, 80_000), 1);
    council.propose(council.set(P.initialMargin.id, 81_000), 2);
    desk.now += DAY;
    council.approve(1);
    council.approve(2);
    desk.expectAccepted(council.execution(1));
    expect(desk.send(council.execution(2)).facts).toEqual({ approvals: 0, needed: 3 });
    council.approve(2);
    desk.expectAccepted(council.execution(2));
    expect(valueOf(council, "initialMargin")).toBe(81_000);
    council.propose(council.set(P.initialMargin.id, 80_000), 1);
    desk.now += DAY;
    council.approve(1);
    expect(desk.send(council.execution(1)).outcome).toBe("change_too_soon");
  });

  test("a lapsed one makes room for the next of its proposer, and says so", () => {
    const council = sealed();
    const { desk } = council;
    council.propose(council.set(P.initialMargin.id, 90_000));
    desk.now = council.pending().lapse;
    const { events } = desk.expectAccepted(proposalOf(council.set(P.initialMargin.id, 95_000), 1));
    expect(events.map(({ event }) => event)).toEqual(["proposalLapsed", "proposalMade"]);
  });
});

describe("a new market of a sealed tier", () => {
  test("begins reduce-only with one lot, gets a foothold, and is opened last", () => {
    const council = sealed();
    const { desk } = council;
    const { tier: _, ...terms } = PLAIN_MARKET;
    council.pass({ kind: "listMarket", ...terms, tier: 1, maxOpenInterestLots: 1 });
    desk.mark(100, 2);
    expect(desk.market(2).status).toBe(STATUS.reduceOnly);
    expect(council.attempt(council.set(P.maxOpenInterestLots.id, 11, 2)).facts).toEqual({
      value: 11,
      bound: 10,
    });
    council.pass(council.set(P.maxOpenInterestLots.id, 10, 2), 2);
    council.pass(council.set(P.status.id, STATUS.open, 2), 2);
    desk.now += WEEK;
    council.pass(council.set(P.maxOpenInterestLots.id, 15, 2), 2);
    expect(valueOf(council, "maxOpenInterestLots", 2)).toBe(15);
  });

  test("is not listed outside the envelope", () => {
    const council = sealed();
    const { tier: _, ...terms } = PLAIN_MARKET;
    const greedy = { ...terms, takerFee: 5_001, maxOpenInterestLots: 1 };
    expect(council.attempt({ kind: "listMarket", ...greedy, tier: 1 }).facts).toEqual({
      code: 7_006,
      first: 2,
      second: P.takerFee.id,
    });
  });
});

describe("brackets", () => {
  test("are loosened by a fifth a week, and removed when little is left of them", () => {
    const council = sealed((desk) => {
      const bracket = { kind: "setMarginBracket", tier: 1, market: 1, bracket: 1 } as const;
      desk.expectAccepted({ ...bracket, lower: usd(1_000), rate: 150_000 });
    });
    const { desk } = council;
    const bracket = { kind: "setMarginBracket", tier: 1, market: 1, bracket: 1 } as const;
    const removal = { ...bracket, lower: 0, rate: 0 };
    expect(council.attempt(removal).outcome).toBe("change_too_large");
    council.pass({ ...bracket, lower: usd(1_500), rate: 120_000 }, 2);
    expect(council.attempt(removal, 3).outcome).toBe("change_too_soon");
    desk.now += WEEK;
    council.pass(removal, 4);
  });
});

describe("the vault", () => {
  test("governs what it lists, by itself", () => {
    const desk = openDesk({}, { capacities: smallVenue({ tiers: [smallTier(), smallTier()] }) });
    const council = seatCouncil(desk, 0);
    council.pass({ kind: "listAsset", scale: 1_000 });
    council.pass({ kind: "listTier", minInitialMargin: 5 });
    desk.listMarket({ tier: 2 });
    expect(council.attempt({ kind: "listTier", minInitialMargin: 5 }).facts).toMatchObject({ code: 1_013 });
  });

  test("and its threshold stays more than half of its signers", () => {
    const desk = openDesk();
    const council = seatCouncil(desk, 0);
    const rules = { kind: "changeThreshold", tier: 0, timelock: 2 * DAY } as const;
    expect(council.attempt({ ...rules, threshold: 2 }).facts).toEqual({ code: 7_005, first: 2, second: 4 });
    council.pass({ ...rules, threshold: 4 }, 2);
    expect(council.attempt({ kind: "appointMember", tier: 0, member: 1, roles: 0 }, 3).outcome).toBe(
      "approvals_missing",
    );
  });
});

describe("what has no order from loose to tight", () => {
  const REPORTERS = { reporters: 0b111, quorum: 3 };

  /** A sealed tier whose market is priced by three reporters. */
  function reportedCouncil(): Council {
    const desk = openDesk();
    desk.openReporters(3);
    desk.askReporters(REPORTERS);
    return seatCouncil(desk);
  }

  test("is announced for three days where it makes prices: nobody brings reporters of his own, or none, any sooner", () => {
    const council = reportedCouncil();
    const { desk } = council;
    const mine: Instruction = {
      kind: "registerReporter",
      tier: 1,
      reporter: 4,
      operator: 99,
      weight: 1_000_000,
    };
    const nobody: Instruction = { kind: "configureFeed", ...PLAIN_FEED, ...REPORTERS, quorum: 0 };
    for (const instruction of [mine, nobody]) {
      desk.expectRefused(instruction, "governance_required", { tier: 1 });
      const before = desk.now;
      council.propose(instruction);
      expect(council.pending().eta - before).toBe(3 * DAY);
      desk.now = council.pending().eta;
      council.approve();
      desk.expectAccepted(council.execution());
    }
    expect(desk.feed().quorum).toBe(0);
    expect(desk.engine.audit()).toEqual([]);
  });

  test("is refused as its own command would be, and leaves nothing behind", () => {
    const council = reportedCouncil();
    const instruction: Instruction = { kind: "configureFeed", ...PLAIN_FEED, ...REPORTERS, quorum: 4 };
    expect(council.attempt(instruction)).toMatchObject({ outcome: "change_refused" });
    expect(council.desk.feed().quorum).toBe(3);
  });

  test("takes the timelock where it is a tier's own watch: breakers, posture, the terms of its fund, its backstop", () => {
    const council = reportedCouncil();
    const { desk } = council;
    const { account } = desk.openTrader(1_000);
    council.pass({ kind: "configureBreaker", tier: 1, market: 1, ...BREAKER_OFF, hardMove: 50_000 });
    council.pass({ kind: "configurePosture", tier: 1, enabled: 1, baseline: 0, insuranceTarget: 0 });
    const terms = { fund: 2, cooldown: DAY, window: DAY, minimum: 0, target: 0 };
    council.pass({ kind: "setFundTerms", tier: 1, ...terms });
    council.pass({ kind: "appointBackstop", tier: 1, account });
    expect(breakerView(desk.engine.venue, 1, 1).on).toBe(true);
    expect(postureView(desk.engine.venue, 1).enabled).toBe(true);
    expect(desk.engine.audit()).toEqual([]);
  });

  test("the mutual fund's terms are the vault's to decide", () => {
    const council = seatCouncil(openDesk(), 0);
    const terms = { fund: 5, cooldown: DAY, window: DAY, minimum: 0, target: 0 };
    council.desk.expectRefused({ kind: "setFundTerms", tier: 0, ...terms }, "governance_required", {
      tier: 0,
    });
    council.pass({ kind: "setFundTerms", tier: 0, ...terms });
    expect(council.attempt({ kind: "setFundTerms", tier: 0, ...terms, target: 7 })).toMatchObject({
      outcome: "change_refused",
    });
  });
});
