/**
 * The attacker holds every key — signers, steward, guardian, breaker — for a month, and tries everything: the greediest proposals there are,
 * random ones, every direct command. What a month of that can do to a parameter is computed beforehand from the constants alone; no
 * parameter may ever be looser than that, and nobody's way out may ever be closed.
 */
import {
  PARAMETERS,
  type ParameterName,
  type ParameterSpec,
  TIME_IN_FORCE,
  governanceLimits,
  parameterView,
  pendingProposals,
} from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { BREAKER, type Council, DAY, STEWARD, proposalOf, seatCouncil } from "./council.ts";
import {
  type Desk,
  type Instruction,
  PLAIN_MARKET,
  type Trader,
  openDesk,
  smallTier,
  smallVenue,
  usd,
} from "./venue.ts";

const { HOUR, LOOSENING_INTERVAL, MIN_TIMELOCK } = governanceLimits;
const MONTH = 30 * DAY;
const TIMEOUT_MS = 120_000;
const COLLATERAL = 2;
const CASH = 50_000;
const THIN = 1_000;
const REDUCE = { flags: 2 };

interface Target {
  readonly name: ParameterName;
  readonly subject: number;
}

/** What the tier governs: all parameters of two markets, of the tier, and of a collateral asset. */
const TARGETS: readonly Target[] = (Object.keys(PARAMETERS) as ParameterName[]).flatMap((name) => {
  const subjects = { market: [1, 2], tier: [0], collateral: [COLLATERAL] }[PARAMETERS[name].level];
  return subjects.map((subject) => ({ name, subject }));
});

/** Parameters, the worst for others first. */
const GREED: readonly ParameterName[] = [
  "initialMargin",
  "maintenanceRatio",
  "collateralCap",
  "maxOpenInterestLots",
  "collateralInitialWeight",
  "collateralMaintenanceWeight",
  "takerFee",
  "makerFee",
  "stressMove",
  "maxPositionLots",
  "band",
  "fundingCap",
];

interface Scene {
  readonly council: Council;
  readonly desk: Desk;
  readonly long: Trader;
  readonly short: Trader;
  readonly initial: ReadonlyMap<Target, number>;
  readonly start: number;
}

function scene(): Scene {
  const desk = openDesk(
    { takerFee: 500, initialMargin: 50_000, scaleBase: usd(10_000), oiUpper: usd(1_000_000) },
    { capacities: smallVenue({ tiers: [smallTier({ markets: 8, ticks: 8 * 2 ** 15 })] }) },
  );
  desk.listMarket({ takerFee: 500 });
  desk.listAsset(1_000);
  const weights = { initialWeight: 600_000, maintenanceWeight: 800_000 };
  desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: COLLATERAL, ...weights, cap: 1_000 });
  desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset: COLLATERAL, price: usd(10) });
  // The short one has just enough for what he holds: tightening puts him below his margin.
  const [long, short] = [desk.openTrader(CASH), desk.openTrader(THIN)];
  desk.trade(long, short, 100, 100);
  desk.openTrader(1_000);
  const council = seatCouncil(desk);
  const initial = new Map(TARGETS.map((target) => [target, valueOf(desk, target)]));
  return { council, desk, long, short, initial, start: desk.now };
}

function valueOf(desk: Desk, { name, subject }: Target): number {
  return parameterView(desk.engine.venue, 1, name, subject).value;
}

// ---------------------------------------------------------------------------------------------------------- the bound

/** How many loosenings of one parameter a time allows: none in the timelock, then one a week. */
function loosenings(elapsed: number): number {
  return elapsed < MIN_TIMELOCK ? 0 : 1 + Math.floor((elapsed - MIN_TIMELOCK) / LOOSENING_INTERVAL);
}

/** A hundredth of what is in the tier, in the unit of each parameter: lots are worth 100 dollars, collateral 10. */
const FOOTHOLD: Readonly<Record<string, number>> = { usd: usd(520), lots: 5, units: 52_000 };

/** Where the path of loosest values stands after so many steps. */
function loosestAfter(spec: ParameterSpec, initial: number, steps: number): number {
  const [lowest, highest] = spec.envelope;
  let value = initial;
  for (let step = 0; step < steps; step++) {
    if (spec.zeroIsOff === true && value === 0) return 0;
    if (spec.step === "free") value = lowest;
    else if (typeof spec.step === "number") value += spec.step;
    else if (spec.safe === "up") value = Math.ceil(value * 0.8);
    else value = Math.max(Math.floor(value * 1.5), FOOTHOLD[spec.step] ?? 0);
  }
  return spec.safe === "up" ? Math.max(lowest, value) : Math.min(highest, value);
}

function expectWithinPath({ desk, initial, start }: Scene): void {
  const steps = loosenings(desk.now - start);
  for (const target of TARGETS) {
    const spec: ParameterSpec = PARAMETERS[target.name];
    const [value, before] = [valueOf(desk, target), initial.get(target) ?? 0];
    const what = `${target.name} of ${target.subject} after ${(desk.now - start) / DAY} days`;
    expect(value, what).toBeGreaterThanOrEqual(spec.envelope[0]);
    expect(value, what).toBeLessThanOrEqual(spec.envelope[1]);
    const bound = loosestAfter(spec, before, steps);
    const isOff = spec.zeroIsOff === true;
    if (spec.safe === "neither")
      expect(Math.abs(value - before), what).toBeLessThanOrEqual(steps * Number(spec.step));
    else if (spec.safe === "up") expect(value, what).toBeGreaterThanOrEqual(bound);
    else if (isOff && bound !== 0)
      expect(value > 0 && value <= bound, `${what}: ${value} > ${bound}`).toBe(true);
    else if (!isOff) expect(value, what).toBeLessThanOrEqual(bound);
  }
}

// ------------------------------------------------------------------------------------------------------ the attackers

type Attack = (scene: Scene, member: number, turn: number) => Instruction;

/** The same few parameters over and over, as far as one step goes. */
const greedy: Attack = ({ desk }, member, turn) => {
  const name = GREED[(turn + Math.floor(turn / 24) + member) % GREED.length] as ParameterName;
  const loosest = furthest(desk, name, turn % 2);
  return setTo(name, turn % 2, Math.floor(turn / 25) % 3 === 0 ? further(name, loosest) : loosest);
};

/** Every parameter in turn, to everything between the ends of its envelope. */
const exhaustive: Attack = ({ desk }, member, turn) => {
  const { name, subject } = TARGETS[(turn * 4 + member) % TARGETS.length] as Target;
  const [lowest, highest] = PARAMETERS[name].envelope;
  const now = valueOf(desk, { name, subject });
  const candidates = [lowest, highest, now - 1, now + 1, furthest(desk, name, subject)];
  const candidate = candidates[Math.floor(turn / 3) % candidates.length] as number;
  const value = Math.min(candidate, Number.MAX_SAFE_INTEGER);
  return { kind: "setParameter", tier: 1, market: subject, parameter: PARAMETERS[name].id, value };
};

/** Whatever comes to mind, constitution and listings included. */
function random(seed: number): Attack {
  const dice = diceOf(seed);
  return ({ desk }) => {
    switch (dice(8)) {
      case 0:
        return { kind: "appointMember", tier: 1, member: 1 + dice(16), roles: dice(16) };
      case 1:
        return { kind: "changeThreshold", tier: 1, threshold: 1 + dice(4), timelock: MIN_TIMELOCK };
      case 2:
        return { kind: "listMarket", ...PLAIN_MARKET, initialMargin: 5_000, maxOpenInterestLots: 1 };
      case 3: {
        const bracket = { kind: "setMarginBracket", tier: 1, market: 1 + dice(2), bracket: 1 } as const;
        return { ...bracket, lower: usd(1 + dice(10_000)), rate: 60_000 + dice(100_000) };
      }
      default: {
        const { name, subject } = TARGETS[dice(TARGETS.length)] as Target;
        return setTo(name, subject - 1, furthest(desk, name, subject));
      }
    }
  };
}

function setTo(name: ParameterName, index: number, value: number): Instruction {
  const subject = { market: 1 + Math.max(0, index), tier: 0, collateral: COLLATERAL }[PARAMETERS[name].level];
  return { kind: "setParameter", tier: 1, market: subject, parameter: PARAMETERS[name].id, value };
}

/** As loose as one step of now allows, if the attacker reckons as the engine does. */
function furthest(desk: Desk, name: ParameterName, subject: number): number {
  const spec: ParameterSpec = PARAMETERS[name];
  const level = { market: Math.min(2, Math.max(1, subject)), tier: 0, collateral: COLLATERAL }[spec.level];
  return loosestAfter(spec, valueOf(desk, { name, subject: level }), 1);
}

/** Looser still, by as little as could be overlooked. */
function further(name: ParameterName, value: number): number {
  const by = Math.max(1, Math.floor(Math.abs(value) / 20));
  return PARAMETERS[name].safe === "up" ? value - by : value + by;
}

/** What all keys together can send in an hour. */
function attackFor(stage: Scene, attack: Attack, turn: number): void {
  const { council, desk } = stage;
  const { venue } = desk.engine;
  for (const { proposal, countdown } of pendingProposals(venue, 1, desk.now)) {
    if (countdown > 0 && turn % 8 !== 0) continue;
    const signers = countdown > 0 ? 4 : 16;
    for (let member = 1; member <= signers; member++) desk.send(council.approvalBy(member, proposal));
    const { nonce } = council.pending(proposal);
    const { outcome } = desk.send({ kind: "executeProposal", tier: 1, proposal, nonce });
    if (outcome !== "accepted" && countdown === 0)
      desk.send({ kind: "cancelProposal", tier: 1, member: proposal, proposal, nonce });
  }
  for (let member = 1; member <= 4; member++) desk.send(proposalOf(attack(stage, member, turn), 1, member));
  const { name, subject } = TARGETS[turn % TARGETS.length] as Target;
  const now = valueOf(desk, { name, subject });
  const change = { tier: 1, market: subject, parameter: PARAMETERS[name].id };
  const wanted = [furthest(desk, name, subject), Math.ceil(now * 0.9), Math.floor(now * 1.1), now - 1];
  // Nine tenths of −1 are −0, which no command can name.
  for (const value of wanted.map((each) => Math.min(each, Number.MAX_SAFE_INTEGER) || 0)) {
    desk.send({ kind: "stewardSet", member: STEWARD, ...change, value });
    if (turn % 5 === 0)
      desk.send({ kind: "breakerSet", member: BREAKER, ...change, value, duration: HOUR(3) });
    expect(desk.send({ kind: "setParameter", ...change, value }).outcome).toBe("governance_required");
  }
  desk.tick();
}

// ------------------------------------------------------------------------------------------------------- the ways out

/** Deposit, place and cancel, reduce, take out of the tier, take out of the vault: all of them, whatever was set. */
function expectExits({ desk, long, short }: Scene): void {
  desk.deposit(long.account, usd(1));
  const resting = desk.sell(short, 1, 100, { ...REDUCE });
  const { lots = 0 } = desk.position(long) ?? {};
  if (lots > 0) {
    desk.expectAccepted({ ...desk.buy(short, 1, 100, REDUCE) });
    const cancelled = desk.newestOrder(short);
    desk.expectAccepted({
      kind: "cancelOrder",
      account: short.account,
      tier: 1,
      order: cancelled,
      clientId: 0,
    });
    desk.expectAccepted({ ...desk.buy(short, 1, 100, REDUCE) });
    const ioc = { ...REDUCE, timeInForce: TIME_IN_FORCE.immediateOrCancel };
    const { facts } = desk.expectAccepted(desk.sell(long, 1, 100, ioc));
    expect(facts).toMatchObject({ filled: 1 });
  } else expect(resting.lots).toBe(1);
  const { withdrawable } = desk.bucket(long);
  const amount = Math.min(withdrawable, usd(1));
  expect(amount, "an account at five per cent of its money can take some out").toBeGreaterThan(0);
  const out = { account: long.account, asset: 1, amount };
  desk.expectAccepted({ kind: "deallocate", tier: 1, mode: 0, ...out });
  const { withdrawal = 0 } = desk.expectAccepted({ kind: "requestWithdrawal", ...out }).facts;
  desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal, paid: 1 });
}

describe("a month with every key", () => {
  test.each<[string, Attack]>([
    ["greedily", greedy],
    ["exhaustively", exhaustive],
    ["at random, seed 1", random(1)],
    ["at random, seed 2", random(2)],
    ["at random, seed 3", random(3)],
  ])(
    "used %s",
    (_, attack) => {
      const stage = scene();
      const { desk, start } = stage;
      for (let turn = 0; desk.now < start + MONTH; turn++) {
        desk.now += HOUR(1);
        attackFor(stage, attack, turn);
        expectWithinPath(stage);
        if (turn % 12 === 0) expectExits(stage);
      }
      expect(desk.engine.audit()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test("the bound is a path that can be walked to its end, and no wall", () => {
    const stage = scene();
    const { council, desk, start } = stage;
    const margins: number[] = [];
    while (desk.now < start + MONTH) {
      margins.push(valueOf(desk, { name: "initialMargin", subject: 1 }));
      council.pass(setTo("initialMargin", 0, furthest(desk, "initialMargin", 1)));
      desk.now += LOOSENING_INTERVAL - DAY;
    }
    expect(margins).toEqual([50_000, 40_000, 32_000, 25_600, 20_480]);
    expect(loosenings(MONTH)).toBe(5);
  });
});

/** Whole numbers below a limit, the same on every run. */
function diceOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % limit;
  };
}
