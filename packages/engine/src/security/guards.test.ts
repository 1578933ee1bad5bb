import { describe, expect, test } from "vitest";
import { Engine } from "../engine.ts";
import { HANDLERS } from "../handlers.ts";
import type { Ref } from "../kernel/arena.ts";
import type { Ms, Ppm } from "../kernel/units.ts";
import { BREAKER } from "../domain/breaker.ts";
import type { Command } from "../domain/commands.ts";
import { STATUS } from "../domain/parameters.ts";
import { ACCEPTED } from "../domain/refusals.ts";
import { CONTROLLER, GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Handler } from "../transition.ts";

const MINUTE = 60_000;
const START = 1_000 * MINUTE;
const { normal, caution, reduceOnly, halt, auction, reopen } = BREAKER;

const CAPACITIES = {
  accounts: 4,
  balances: 8,
  withdrawals: 4,
  tiers: [{ markets: 2, buckets: 4, positions: 32, orders: 32, holdings: 4, ticks: 2 ** 16 }],
};
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
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 200_000,
  takerFee: 0,
  makerFee: 0,
  maxPositionLots: 1_000,
  maxOpenInterestLots: 10_000,
  fundingCap: 1e8,
} as const;
const OPENING: readonly Command[] = [
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  { kind: "listTier", time: 0, minInitialMargin: 0 },
  MARKET_TERMS,
  { kind: "updateIndexPrice", time: 0, tier: 1, market: 1, price: 100 },
  ...[1, 2].flatMap((account): Command[] => [
    { kind: "openAccount", time: 0 },
    { kind: "confirmDeposit", time: 0, account, asset: 1, amount: 50_000_000, reference: account },
    { kind: "allocate", time: 0, account, tier: 1, mode: 0, asset: 1, amount: 10_000_000 },
  ]),
];

/** Where a breaker stands before a dishonest command; what is left out is 0. */
interface Stand {
  readonly level?: number;
  readonly since?: number;
  readonly trips?: number;
}

/** A venue whose breaker stands there, and whose clock tick is somebody else's. */
function venueWith(stand: Stand, tick: Handler): Engine {
  const handlers = HANDLERS.slice();
  handlers[19] = tick;
  const engine = new Engine({ capacities: CAPACITIES, handlers });
  for (const command of OPENING) expect(engine.submit(command).outcome).toBe("accepted");
  const tier = engine.venue.tiers[0] as TierShard;
  const { arena } = tier;
  const guard = tier.guard(1);
  arena.setInt(guard, GUARD.on, 1);
  arena.setNum(guard, GUARD.level, stand.level ?? 0);
  arena.setNum(guard, GUARD.since, (stand.since ?? 0) as Ms);
  arena.setInt(guard, GUARD.trips, stand.trips ?? 0);
  for (let trip = 0; trip < (stand.trips ?? 0); trip++)
    arena.setNum(guard, (GUARD.tripAt + trip) as typeof GUARD.tripAt, START as Ms);
  arena.commit();
  return engine;
}

/** A handler that moves the breaker now. */
function movesTo(level: number): Handler {
  return (venue) => {
    const tier = venue.tiers[0] as TierShard;
    venue.tierInUse = 1;
    tier.arena.setNum(tier.guard(1), GUARD.level, level);
    tier.arena.setNum(tier.guard(1), GUARD.since, venue.now);
    tier.arena.setNum(tier.guard(1), GUARD.evaluatedAt, venue.now);
    return ACCEPTED;
  };
}

const stays: Handler = (venue) => {
  const tier = venue.tiers[0] as TierShard;
  venue.tierInUse = 1;
  tier.arena.setNum(tier.guard(1), GUARD.evaluatedAt, venue.now);
  return ACCEPTED;
};

const verdictOf = (engine: Engine, time: number) => engine.submit({ kind: "clockTick", time, tier: 1 });
const broken = (expected: number, found: number) => ({
  outcome: "invariant_broken",
  facts: { invariant: 22, expected, found },
});

const spoilt = (spoil: (tier: TierShard, row: Ref<"market">, guard: Ref<"guard">) => void): string[] => {
  const engine = venueWith({}, movesTo(normal));
  expect(engine.audit()).toEqual([]);
  const tier = engine.venue.tiers[0] as TierShard;
  spoil(tier, tier.marketRow(1), tier.guard(1));
  return engine.audit().map(({ invariant, where }) => `${invariant} ${where}`);
};

describe("the judge lets a breaker move", () => {
  const allowed: readonly (readonly [from: number, to: number])[] = [
    ...[caution, reduceOnly, halt].map((to) => [normal, to] as const),
    ...[normal, reduceOnly, halt].map((to) => [caution, to] as const),
    ...[caution, halt].map((to) => [reduceOnly, to] as const),
    ...[auction, reopen].map((to) => [halt, to] as const),
    [auction, reopen],
    ...[normal, reduceOnly, halt].map((to) => [reopen, to] as const),
  ];
  const levels = [0, 1, 2, 3, 4, 5];

  test("along its graph and nowhere else", () => {
    for (const from of levels) {
      for (const to of levels.filter((level) => level !== from)) {
        const engine = venueWith({ level: from, since: START }, movesTo(to));
        const receipt = verdictOf(engine, START + 100 * MINUTE);
        const isAllowed = allowed.some(([a, b]) => a === from && b === to);
        if (isAllowed) expect(receipt.outcome).toBe("accepted");
        else expect(receipt).toMatchObject(broken(from, to));
      }
    }
  });

  test.each([
    { from: caution, to: normal, minutes: 2 },
    { from: reduceOnly, to: caution, minutes: 5 },
    { from: halt, to: reopen, minutes: 5 },
    { from: halt, to: auction, minutes: 5 },
    { from: reopen, to: normal, minutes: 10 },
  ])("from $from down to $to after $minutes minutes, not a millisecond sooner", ({ from, to, minutes }) => {
    const stand = { level: from, since: START };
    const dwell = minutes * MINUTE;
    expect(verdictOf(venueWith(stand, movesTo(to)), START + dwell).outcome).toBe("accepted");
    expect(verdictOf(venueWith(stand, movesTo(to)), START + dwell - 1)).toMatchObject(
      broken(dwell, dwell - 1),
    );
  });

  test.each([
    ["something collected", MARKET.collected, 1, broken(0, 1)],
    ["a bid beyond the best offer", MARKET.bestBid, 100, broken(100, 100)],
  ] as const)("out of a call auction, but not with %s", (_, cell, value, expected) => {
    const spoils: Handler = (venue) => {
      const tier = venue.tiers[0] as TierShard;
      const { arena } = tier;
      const row = tier.marketRow(1);
      arena.setInt<"market", number>(row, MARKET.bestAsk, 100);
      arena.setInt<"market", number>(row, cell, value);
      return movesTo(reopen)(venue);
    };
    expect(verdictOf(venueWith({ level: auction, since: START }, spoils), START)).toMatchObject(expected);
  });

  test("later after many trips, but out of a halt at 30 minutes whatever they were", () => {
    const often = (level: number): Stand => ({ level, since: START, trips: 3 });
    const slow = verdictOf(venueWith(often(caution), movesTo(normal)), START + 4 * MINUTE);
    expect(slow).toMatchObject(broken(270_000, 240_000));
    const engine = venueWith({ level: halt, since: START, trips: 8 }, movesTo(reopen));
    expect(verdictOf(engine, START + 30 * MINUTE).outcome).toBe("accepted");
  });

  test("but not stay in a halt longer than that", () => {
    const stand = { level: halt, since: START };
    expect(verdictOf(venueWith(stand, stays), START + 30 * MINUTE - 1).outcome).toBe("accepted");
    const late = verdictOf(venueWith(stand, stays), START + 30 * MINUTE);
    expect(late).toMatchObject(broken(30 * MINUTE, 30 * MINUTE));
  });
});

test("the judge refuses a fill in a market that its breaker has halted", () => {
  const engine = venueWith({ level: halt, since: START }, movesTo(halt));
  const order = {
    kind: "placeOrder",
    time: START,
    tier: 1,
    market: 1,
    type: 0,
    timeInForce: 0,
    price: 100,
    lots: 1,
    trigger: 0,
    expiry: 0,
    clientId: 0,
    flags: 0,
    selfTrade: 0,
  } as const;
  expect(engine.submit({ ...order, account: 1, bucket: 1, side: 0 }).outcome).toBe("accepted");
  const fill = engine.submit({ ...order, account: 2, bucket: 2, side: 1 });
  expect(fill).toMatchObject(broken(STATUS.open, STATUS.halted));
});

/** A handler that moves the posture now. */
const movesPosture =
  (to: number): Handler =>
  (venue) => {
    const { arena, controller } = venue.tiers[0] as TierShard;
    venue.tierInUse = 1;
    arena.setNum(controller, CONTROLLER.posture, to);
    arena.setNum(controller, CONTROLLER.since, venue.now);
    return ACCEPTED;
  };

/** A venue whose tier stands at a posture. */
const stands = (posture: number, tick: Handler): Engine => {
  const engine = venueWith({}, tick);
  const { arena, controller } = engine.venue.tiers[0] as TierShard;
  arena.setNum(controller, CONTROLLER.posture, posture);
  arena.setNum(controller, CONTROLLER.since, START as Ms);
  arena.commit();
  return engine;
};

describe("the judge lets a posture move", () => {
  test.each([
    { from: 1, minutes: 5 },
    { from: 2, minutes: 10 },
    { from: 3, minutes: 15 },
    { from: 4, minutes: 10 },
  ])("from $from one step down after $minutes minutes, not a millisecond sooner", ({ from, minutes }) => {
    const dwell = minutes * MINUTE;
    const move = movesPosture(from - 1);
    expect(verdictOf(stands(from, move), START + dwell).outcome).toBe("accepted");
    expect(verdictOf(stands(from, move), START + dwell - 1)).toMatchObject(broken(dwell, dwell - 1));
  });

  test("up at once, but not two steps down", () => {
    expect(verdictOf(stands(0, movesPosture(4)), START + 1).outcome).toBe("accepted");
    expect(verdictOf(stands(3, movesPosture(1)), START + 60 * MINUTE)).toMatchObject(broken(3, 1));
  });
});

describe("the audit notices", () => {
  const where = "market 1 of tier 1";

  test("a status in force that nothing set", () => {
    const found = spoilt(({ arena }, row) => arena.setInt(row, MARKET.trading, STATUS.halted));
    expect(found).toEqual([`22 ${where}: status in force`]);
  });

  test("a margin multiplier and a band that no breaker left", () => {
    const found = spoilt(({ arena }, row) => {
      arena.setInt(row, MARKET.marginMultiplier, 1_100_000 as Ppm);
      arena.setInt(row, MARKET.bandCut, 5 as Ppm);
    });
    expect(found).toEqual([`22 ${where}: margin multiplier`, `22 ${where}: band`]);
  });

  test("a level that does not exist, and one that is not watched", () => {
    expect(spoilt(({ arena }, _, guard) => arena.setNum(guard, GUARD.level, 6))).toContain(
      `22 ${where}: level exists`,
    );
    const unwatched = spoilt(({ arena }, _, guard) => {
      arena.setNum(guard, GUARD.level, caution);
      arena.setInt(guard, GUARD.on, 0);
    });
    expect(unwatched).toContain(`22 ${where}: its breaker is on`);
  });

  test("a posture whose consequences are missing, and one that does not exist", () => {
    const missing = spoilt(({ arena, controller }) => arena.setNum(controller, CONTROLLER.posture, 3));
    expect(missing).toEqual([
      "22 buffer of tier 1",
      "22 throttle of tier 1",
      `22 ${where}: status in force`,
      `22 ${where}: margin multiplier`,
      `22 ${where}: open-interest limit`,
      `22 ${where}: band`,
    ]);
    expect(spoilt(({ arena, controller }) => arena.setNum(controller, CONTROLLER.posture, 5))).toEqual([
      "22 posture of tier 1 exists",
    ]);
  });

  test("a halt that nobody ended", () => {
    const found = spoilt(({ arena }, row, guard) => {
      arena.setNum(guard, GUARD.level, halt);
      arena.setInt(row, MARKET.trading, STATUS.halted);
      arena.setInt(row, MARKET.marginMultiplier, 1_150_000 as Ppm);
      arena.setNum(guard, GUARD.evaluatedAt, (30 * MINUTE) as Ms);
    });
    expect(found).toEqual([`22 ${where}: halted for`]);
  });
});
