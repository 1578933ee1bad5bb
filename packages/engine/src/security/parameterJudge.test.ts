import { describe, expect, test } from "vitest";
import { Engine } from "../engine.ts";
import { HANDLERS } from "../handlers.ts";
import type { Capacities } from "../domain/capacities.ts";
import { CLOCK_TICK, type Command, SET_PARAMETER } from "../domain/commands.ts";
import { controlOf, holdOf, shockOf } from "../domain/controls.ts";
import { EVENTS } from "../domain/events.ts";
import { proposalOf } from "../domain/governance.ts";
import { HOUR } from "../domain/governanceLimits.ts";
import { MAX_ASSETS } from "../domain/limits.ts";
import { PARAMETERS } from "../domain/parameters.ts";
import { CONTROL, GOVERNANCE, HOLD, PROPOSAL, SHOCK } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import { COLLATERAL, TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { bracketRateOf } from "../domain/brackets.ts";

const CAPACITIES: Capacities = {
  accounts: 4,
  balances: 12,
  withdrawals: 4,
  tiers: [{ markets: 3, buckets: 6, positions: 32, orders: 64, holdings: 6, ticks: 3 * 2 ** 15 }],
};
const DAY = HOUR(24);

const MARKET_TERMS = {
  kind: "listMarket",
  time: 0,
  tier: 1,
  contract: 0,
  expiry: 0,
  notional: 1_000,
  rangeBits: 15,
  initialMargin: 50_000,
  maintenanceRatio: 500_000,
  scaleBase: 5_000,
  oiLower: 0,
  oiUpper: 0,
  band: 200_000,
  takerFee: 500,
  makerFee: 0,
  maxPositionLots: 1_000,
  maxOpenInterestLots: 10_000,
  fundingCap: 1e8,
} as const;

const SET_UP: readonly Command[] = [
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  { kind: "listAsset", time: 0, scale: 1_000 },
  { kind: "listTier", time: 0, minInitialMargin: 10_000 },
  MARKET_TERMS,
  { kind: "setMarginBracket", time: 0, tier: 1, market: 1, bracket: 1, lower: 1_000, rate: 90_000 },
  { kind: "setParameter", time: 0, tier: 1, market: 1, parameter: 57, value: 100_000 },
  {
    kind: "acceptCollateral",
    time: 0,
    tier: 1,
    asset: 2,
    initialWeight: 500_000,
    maintenanceWeight: 800_000,
    cap: 1_000,
  },
  ...[1, 3, 9].map((roles, index): Command => ({
    kind: "appointMember",
    time: 0,
    tier: 1,
    member: index + 1,
    roles,
  })),
];
const SEAL: Command = { kind: "sealGovernance", time: 0, tier: 1, threshold: 2, timelock: DAY };

/** What a dishonest `clockTick` does. */
type Deed = (tier: TierShard, venue: Venue) => void;

/** A sealed tier, some commands, and then the deed: which invariant it breaks, 0 = none. */
function judged(
  deed: Deed,
  before: readonly Command[] = [SEAL],
  time: number = DAY,
  preparation?: Deed,
): number {
  let due: Deed | undefined;
  const handlers = HANDLERS.map((handler, code) =>
    code !== CLOCK_TICK.code
      ? handler
      : (venue: Venue): number => {
          const outcome = handler?.(venue) ?? 0;
          due?.(venue.tier(1) as TierShard, venue);
          return outcome;
        },
  );
  const engine = new Engine({ capacities: CAPACITIES, handlers });
  for (const command of [...SET_UP, ...before]) expect(engine.submit(command).outcome).toBe("accepted");
  due = preparation;
  expect(engine.submit({ kind: "clockTick", time: 1, tier: 1 }).outcome).toBe("accepted");
  due = deed;
  const { outcome, facts } = engine.submit({ kind: "clockTick", time, tier: 1 });
  if (outcome === "accepted") return 0;
  expect(outcome).toBe("invariant_broken");
  return facts["invariant"] ?? -1;
}

describe("21: a sealed tier", () => {
  test.each<[string, Deed]>([
    [
      "lowers a margin",
      ({ arena }, venue) => arena.setInt(marketOf(venue), MARKET.initialMargin, 49_999 as never),
    ],
    [
      "raises a cap",
      ({ arena }, venue) => arena.setNum(marketOf(venue), MARKET.maxOpenInterestLots, 10_001 as never),
    ],
    [
      "switches size scaling off",
      ({ arena }, venue) => arena.setNum(marketOf(venue), MARKET.scaleBase, 0 as never),
    ],
    ["changes a fee", ({ arena }, venue) => arena.setInt(marketOf(venue), MARKET.takerFee, 499 as never)],
    [
      "narrows a band out of the envelope",
      ({ arena }, venue) => arena.setInt(marketOf(venue), MARKET.band, 999 as never),
    ],
    ["halts a market", ({ arena }, venue) => arena.setInt(marketOf(venue), MARKET.status, 2)],
    ["drops a bracket", ({ arena }, venue) => arena.setInt(marketOf(venue), MARKET.brackets, 0)],
    [
      "moves a bracket",
      ({ arena }, venue) => arena.setInt(marketOf(venue), bracketRateOf(1), 95_000 as never),
    ],
    [
      "lowers the tier's least margin",
      (tier) => tier.arena.setInt(tier.row, TIER.minInitialMargin, 9_999 as never),
    ],
    [
      "raises a weight",
      (tier) => tier.arena.setInt(tier.collateral(2), COLLATERAL.initialWeight, 500_001 as never),
    ],
    [
      "raises a collateral cap",
      (tier) => tier.arena.setNum(tier.collateral(2), COLLATERAL.cap, 1_001 as never),
    ],
    [
      "softens the stress check",
      (tier) => tier.arena.setInt(shockOf(tier.controls, 1), SHOCK.move, 0 as never),
    ],
    ["is unsealed", (tier) => tier.arena.setNum(tier.governance.row, GOVERNANCE.sealed, 0)],
    [
      "is unsealed with a loosening",
      (tier, venue) => {
        tier.arena.setNum(tier.governance.row, GOVERNANCE.sealed, 0);
        tier.arena.setInt(marketOf(venue), MARKET.initialMargin, 1 as never);
      },
    ],
    [
      "tells of a proposal there never was",
      (tier, venue) => {
        tier.arena.setInt(marketOf(venue), MARKET.initialMargin, 40_000 as never);
        venue.events.emit(EVENTS.proposalExecuted.code, 1, 1, 4, SET_PARAMETER.code);
      },
    ],
    [
      "writes the proposal it executes",
      (tier, venue) => {
        const row = proposalOf(tier, 1);
        tier.arena.setInt(row, PROPOSAL.command, SET_PARAMETER.code);
        tier.arena.setInt(row, PROPOSAL.approvals, 7);
        tier.arena.setNum(row, PROPOSAL.nonce, 4);
        [1, 2, 40_000].forEach((word, index) =>
          tier.arena.setNum(row, (PROPOSAL.payload + index) as typeof PROPOSAL.payload, word),
        );
        tier.arena.setInt(marketOf(venue), MARKET.initialMargin, 40_000 as never);
        venue.events.emit(EVENTS.proposalExecuted.code, 1, 1, 4, SET_PARAMETER.code);
      },
    ],
    [
      "writes the hold it ends",
      (tier, venue) => {
        const hold = holdOf(tier.controls, 1);
        tier.arena.setInt(hold, HOLD.parameter, PARAMETERS.initialMargin.id);
        tier.arena.setInt(hold, HOLD.subject, 1);
        tier.arena.setNum(hold, HOLD.before, 40_000);
        tier.arena.setInt(marketOf(venue), MARKET.initialMargin, 40_000 as never);
      },
    ],
    [
      "writes the baseline it goes back to",
      (tier, venue) => {
        const control = controlOf(tier.controls, PARAMETERS.initialMargin, 1);
        tier.arena.setNum(control, CONTROL.isKnown, 1);
        tier.arena.setNum(control, CONTROL.baseline, 40_000);
        tier.arena.setInt(marketOf(venue), MARKET.initialMargin, 40_000 as never);
      },
    ],
  ])("that %s breaks it", (_, deed) => {
    expect(judged(deed)).toBe(21);
    if (!/unsealed/.test(_)) expect(judged(deed, []), "in the set-up it may").toBe(0);
  });

  test.each<[string, Deed]>([
    [
      "raises a margin",
      ({ arena }, venue) => arena.setInt(marketOf(venue), MARKET.initialMargin, 50_001 as never),
    ],
    [
      "lowers a cap",
      ({ arena }, venue) => arena.setNum(marketOf(venue), MARKET.maxOpenInterestLots, 1 as never),
    ],
    [
      "writes what stays",
      ({ arena }, venue) => {
        arena.setInt(marketOf(venue), MARKET.initialMargin, 1 as never);
        arena.setInt(marketOf(venue), MARKET.initialMargin, 50_000 as never);
      },
    ],
  ])("that %s keeps it", (_, deed) => {
    expect(judged(deed)).toBe(0);
  });
});

const execute: Deed = (tier, venue) => {
  tier.arena.setInt(marketOf(venue), MARKET.initialMargin, 45_000 as never);
  tier.arena.setInt(proposalOf(tier, 1), PROPOSAL.open, 0);
  venue.events.emit(EVENTS.proposalExecuted.code, 1, 1, 4, SET_PARAMETER.code);
};

const approve: Deed = (tier) => tier.arena.setInt(proposalOf(tier, 1), PROPOSAL.approvals, 3);

const giveBack: Deed = (tier, venue) => {
  tier.arena.setNum(marketOf(venue), MARKET.maxOpenInterestLots, 10_000 as never);
  tier.arena.setInt(holdOf(tier.controls, 1), HOLD.active, 0);
  tier.arena.setInt(tier.governance.row, GOVERNANCE.holds, 0);
};

const relax =
  (value: number): Deed =>
  ({ arena }, venue) => {
    arena.setInt(marketOf(venue), MARKET.initialMargin, value as never);
  };

const keep: Deed = (tier, venue) => {
  giveBack(tier, venue);
  tier.arena.setInt(holdOf(tier.controls, 1), HOLD.active, 1);
};

const relabel: Deed = (tier, venue) => {
  tier.arena.setInt(holdOf(tier.controls, 1), HOLD.active, 0);
  tier.arena.setInt(holdOf(tier.controls, 1), HOLD.parameter, PARAMETERS.maxPositionLots.id);
  tier.arena.setNum(marketOf(venue), MARKET.maxPositionLots, 10_000 as never);
};

describe("21: what excuses a loosening", () => {
  const propose = {
    kind: "propose",
    time: 1,
    tier: 1,
    member: 1,
    command: 23,
    word1: 1,
    word2: 2,
    word3: 45_000,
  } as const;
  const words = Object.fromEntries(
    [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((word) => [`word${word}`, 0]),
  );
  const proposed = { ...propose, ...words } as unknown as Command;

  test("a proposal does with its approvals after its timelock, and for nothing else", () => {
    expect(judged(execute, [SEAL, proposed], 1 + DAY)).toBe(21);
    expect(judged(execute, [SEAL, proposed], DAY, approve)).toBe(21);
    expect(judged(execute, [SEAL, proposed], 1 + DAY, approve)).toBe(0);
    const more: Deed = (tier, venue) => {
      tier.arena.setInt(marketOf(venue), MARKET.maintenanceRatio, 499_999 as never);
      execute(tier, venue);
    };
    expect(judged(more, [SEAL, proposed], 1 + DAY, approve)).toBe(21);
  });

  test("a hold does when its time is over, and not before", () => {
    const hold: Command = {
      kind: "breakerSet",
      time: 1,
      tier: 1,
      member: 3,
      market: 1,
      parameter: 11,
      value: 5,
      duration: DAY,
    };
    expect(judged(giveBack, [SEAL, hold], DAY)).toBe(21);
    expect(judged(giveBack, [SEAL, hold], 1 + DAY)).toBe(0);
    expect(judged(keep, [SEAL, hold], 1 + DAY), "a hold ends once").toBe(21);
    expect(judged(relabel, [SEAL, hold], 1 + DAY), "and for its own parameter").toBe(21);
  });

  test("a baseline does a day after the steward left it, and not before", () => {
    const steward: Command = {
      kind: "stewardSet",
      time: 1,
      tier: 1,
      member: 2,
      market: 1,
      parameter: 2,
      value: 55_000,
    };
    expect(judged(relax(50_000), [SEAL, steward], DAY)).toBe(21);
    expect(judged(relax(50_000), [SEAL, steward], 1 + DAY)).toBe(0);
    expect(judged(relax(49_999), [SEAL, steward], 1 + DAY)).toBe(21);
  });
});

function marketOf(venue: Venue): ReturnType<TierShard["marketRow"]> {
  return (venue.tier(1) as TierShard).marketRow(1);
}

describe("21: the audit of a sealed tier finds", () => {
  test.each<[string, (tier: TierShard) => void]>([
    [
      "a margin below the envelope",
      (tier) => tier.arena.setInt(tier.marketRow(1), MARKET.initialMargin, 4_999 as never),
    ],
    ["a halted market", (tier) => tier.arena.setInt(tier.marketRow(1), MARKET.status, 2)],
    [
      "a parameter looser than governance set it",
      (tier) => {
        const control = controlOf(tier.controls, PARAMETERS.initialMargin, 1);
        tier.arena.setNum(control, CONTROL.isKnown, 1);
        tier.arena.setNum(control, CONTROL.baseline, 50_001);
      },
    ],
    [
      "size scaling switched off",
      (tier) => {
        const control = controlOf(tier.controls, PARAMETERS.scaleBase, 1);
        tier.arena.setNum(control, CONTROL.isKnown, 1);
        tier.arena.setNum(control, CONTROL.baseline, 5_000);
        tier.arena.setNum(tier.marketRow(1), MARKET.scaleBase, 0 as never);
      },
    ],
    [
      "a hold that loosened",
      (tier) => {
        const hold = holdOf(tier.controls, 9);
        tier.arena.setInt(hold, HOLD.active, 1);
        tier.arena.setInt(hold, HOLD.parameter, PARAMETERS.collateralCap.id);
        tier.arena.setInt(hold, HOLD.subject, 2);
        tier.arena.setNum(hold, HOLD.before, 999);
        tier.arena.setInt(tier.governance.row, GOVERNANCE.holds, 1);
      },
    ],
    ["a hold that is not counted", (tier) => tier.arena.setInt(holdOf(tier.controls, 9), HOLD.active, 1)],
    [
      "a threshold of less than half",
      (tier) => tier.arena.setNum(tier.governance.row, GOVERNANCE.threshold, 1),
    ],
    ["a threshold beyond all", (tier) => tier.arena.setNum(tier.governance.row, GOVERNANCE.threshold, 4)],
    ["a timelock of an hour", (tier) => tier.arena.setNum(tier.governance.row, GOVERNANCE.timelock, HOUR(1))],
    ["a nonce that went back", (tier) => tier.arena.setNum(tier.governance.row, GOVERNANCE.nonce, 2)],
    [
      "a proposal that never lapses",
      (tier) => {
        tier.arena.setInt(proposalOf(tier, 1), PROPOSAL.open, 1);
        tier.arena.setNum(proposalOf(tier, 1), PROPOSAL.lapse, 9e15 as never);
      },
    ],
  ])("%s", (_, spoil) => {
    const engine = new Engine({ capacities: CAPACITIES });
    for (const command of [...SET_UP, SEAL]) engine.submit(command);
    expect(engine.audit()).toEqual([]);
    spoil(engine.venue.tier(1) as TierShard);
    expect(engine.audit().map(({ invariant }) => invariant)).toContain("21");
  });
});

test("no parameter lies where the judge does not look", () => {
  const tier = new Engine({ capacities: CAPACITIES }).venue.tiers[0]!;
  const { markets } = tier.capacities;
  const rows = [
    tier.row,
    tier.insuranceBook.row,
    tier.auction,
    tier.marketRow(1),
    tier.marketRow(markets),
    tier.mark(1),
    tier.mark(markets),
    tier.collateral(1),
    tier.collateral(MAX_ASSETS),
    shockOf(tier.controls, 1),
    shockOf(tier.controls, markets),
  ];
  const unseen = rows.filter(
    (row) => (row >= tier.firstBulkWord && row < tier.endOfBulkWords) || row >= tier.laddersBase,
  );
  expect(unseen).toEqual([]);
});
