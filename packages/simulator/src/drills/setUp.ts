/**
 * The venue that every drill attacks: three tiers with two markets each, reported prices, funds, backstops, breakers, postures, a throttled
 * vault and sealed governance; makers who quote, traders on both sides, savers, and two attackers with money everywhere. All of it is set up by
 * ordinary commands, the same on every run.
 */
import {
  FEED_KIND,
  PARAMETERS,
  type ParameterName,
  VENUE_PARAMETERS,
  type VenueParameterName,
} from "@bulkhead/engine";
import { type Telling, finish } from "../telling/beat.ts";
import type { Party } from "./party.ts";
import { ALL_REPORTERS, type Hostile, type Missing, Scene } from "./scene.ts";
import { HOUR, MARKETS, MONEY, PRICE, RULES, TIERS, USD } from "./terms.ts";

/** Deposits are two days old when trading begins, and the windows of the vault are full. */
const WAIT_HOURS = 48;
/** Four signers, a steward, a guardian and a breaker. */
const MEMBERS = [1, 1, 1, 1, 2, 4, 8];

/**
 * The venue, ready to be attacked.
 * @param hostile - the layer in other hands
 * @param missing - the guard it is to do without
 * @param isLending - whether insurance funds have lent the third tier's all they may: what they cost each other then is beyond the mutual fund's cap
 */
export function openScene(hostile: Hostile = {}, missing: Missing = {}, isLending = false): Scene {
  return finish(openingScene(hostile, missing, isLending));
}

/** The same, told as it is done. */
export function* openingScene(
  hostile: Hostile = {},
  missing: Missing = {},
  isLending = false,
): Telling<Scene> {
  const stage = new Scene(hostile, missing, isLending);
  list(stage);
  yield stage.beat("Three tiers with two markets each are listed");
  yield* open(stage);
  yield* letTimePass(stage);
  yield* trade(stage);
  guard(stage);
  yield stage.beat("Breakers and postures begin to watch");
  seal(stage);
  yield stage.beat("Governance is sealed: from here on nobody decides alone");
  // A minute of calm: averages, spreads and depths are what they usually are.
  yield* stage.pass(60, 2, "A calm minute");
  return stage;
}

/** Assets, tiers, markets, and the rules of all of them. */
function list(stage: Scene): void {
  const { desk } = stage;
  desk.must({ kind: "listAsset", scale: USD });
  if (stage.missing.throttle !== true) {
    for (const [name, value] of Object.entries(RULES.throttle)) {
      const { id } = VENUE_PARAMETERS[name as VenueParameterName];
      desk.must({ kind: "setParameter", tier: 0, market: 0, parameter: id, value });
    }
  }
  TIERS.forEach(({ initialMargin, target }, index) => {
    const tier = index + 1;
    desk.must({ kind: "listTier", minInitialMargin: 10_000 });
    for (let market = 1; market <= MARKETS; market++) listMarket(stage, tier, market, initialMargin);
    const loans = stage.isLending ? Object.entries(RULES.loans) : [];
    for (const [name, value] of [...Object.entries(RULES.tier), ...loans])
      mustSet(stage, tier, 0, name as ParameterName, value);
    desk.must({ kind: "setFundTerms", tier, fund: 2, ...RULES.fund, target });
    if (stage.missing.liquidation === true) mustSet(stage, tier, 0, "liquidationBuffer", 0);
  });
}

function listMarket(stage: Scene, tier: number, market: number, initialMargin: number): void {
  const { desk } = stage;
  const band = stage.missing.band === true ? 500_000 : RULES.listing.band;
  desk.must({ kind: "listMarket", tier, ...RULES.listing, initialMargin, band });
  for (const [name, value] of Object.entries(RULES.market))
    mustSet(stage, tier, market, name as ParameterName, value);
  if (stage.missing.reporters !== true) {
    for (const reporter of market === 1 ? ALL_REPORTERS : [])
      desk.must({ kind: "registerReporter", tier, reporter, operator: reporter, weight: 1_000_000 });
    desk.must({ kind: "configureFeed", tier, feedKind: FEED_KIND.market, id: market, ...RULES.feed });
    for (const reporter of ALL_REPORTERS)
      desk.must({
        kind: "setVenueDepth",
        tier,
        reporter,
        feedKind: FEED_KIND.market,
        id: market,
        ...RULES.depth,
      });
  }
  stage.fair.set(`${tier}/${market}`, PRICE);
}

function mustSet(stage: Scene, tier: number, market: number, name: ParameterName, value: number): void {
  stage.desk.must({ kind: "setParameter", tier, market, parameter: PARAMETERS[name].id, value });
}

/** Accounts, deposits, funds and backstops. */
function* open(stage: Scene): Telling<void> {
  const { desk } = stage;
  for (let tier = 1; tier <= TIERS.length; tier++) {
    for (const [role, { count, cash }] of Object.entries(MONEY.roles)) {
      for (let each = 1; each <= count; each++) {
        const party = join(stage, `${role} ${each} of ${TIERS[tier - 1]?.name ?? ""}`, tier, true);
        allocate(stage, party, tier, cash);
      }
    }
    const backstop = join(stage, `backstop of ${TIERS[tier - 1]?.name ?? ""}`, tier, true);
    allocate(stage, backstop, tier, MONEY.backstop);
    desk.must({ kind: "appointBackstop", tier, account: backstop.account });
    yield stage.beat(`Makers, traders, a saver and a backstop arrive in ${TIERS[tier - 1]?.name ?? ""}`);
  }
  for (const name of ["holder 1", "holder 2"])
    desk.deposit(join(stage, name, 0, true).account, 1, MONEY.holder);
  for (const name of ["mallory", "trudy"]) {
    const attacker = join(stage, name, -1, false);
    for (let tier = 1; tier <= TIERS.length; tier++) allocate(stage, attacker, tier, MONEY.attacker);
  }
  yield stage.beat("Mallory and Trudy arrive, with money in every tier");
  const house = join(stage, "house", 0, true).account;
  const layers = TIERS.flatMap((_, index) => [
    { tier: index + 1, layer: 1, amount: MONEY.skin },
    { tier: index + 1, layer: 2, amount: MONEY.insurance },
  ]);
  for (const layer of [
    ...layers,
    { tier: 0, layer: 4, amount: MONEY.second },
    { tier: 0, layer: 5, amount: MONEY.mutual },
  ]) {
    desk.deposit(house, 1, layer.amount);
    desk.must({ kind: "fundLayer", account: house, ...layer });
  }
  stage.rebalance();
  yield stage.beat("The house puts money behind the tiers, and behind all of them");
}

function join(stage: Scene, name: string, home: number, isHonest: boolean): Party {
  const account = stage.desk.must({ kind: "openAccount" }).facts["account"] ?? 0;
  const party = { name, account, home, isHonest };
  stage.parties.push(party);
  stage.desk.deposit(account, 1, MONEY.balance);
  return party;
}

function allocate(stage: Scene, { account }: Party, tier: number, amount: number): void {
  stage.desk.deposit(account, 1, amount);
  stage.desk.must({ kind: "allocate", account, tier, mode: 0, asset: 1, amount });
}

/** Two days, in which funds that lend do so up to the limits of both lenders, and of the borrower. */
function* letTimePass(stage: Scene): Telling<void> {
  for (let hour = 0; hour < WAIT_HOURS; hour++) {
    stage.desk.now += HOUR;
    stage.desk.must({ kind: "releaseWithdrawals", count: 1 });
    stage.rebalance();
    if (hour % 24 === 23) yield stage.beat(`Day ${(hour + 1) / 24}: deposits settle`);
  }
}

/** Breakers and postures begin to watch once there is something to see: a market's first hour is no run on it. */
function guard(stage: Scene): void {
  for (let tier = 1; tier <= TIERS.length; tier++) {
    for (let market = 1; market <= MARKETS; market++)
      stage.desk.must({ kind: "configureBreaker", tier, market, ...RULES.breaker });
    stage.desk.must({
      kind: "configurePosture",
      tier,
      enabled: 1,
      baseline: 0,
      insuranceTarget: MONEY.insurance,
    });
  }
}

function seal(stage: Scene): void {
  if (stage.missing.seal === true) return;
  for (let tier = 0; tier <= TIERS.length; tier++) {
    for (const [index, roles] of MEMBERS.entries())
      stage.desk.must({ kind: "appointMember", tier, member: index + 1, roles });
    stage.desk.must({ kind: "sealGovernance", tier, threshold: 3, timelock: 24 * HOUR });
  }
}

/** Prices, positions on both sides, and quotes. */
function* trade(stage: Scene): Telling<void> {
  yield* stage.pass(6, 1, "Prices are told");
  for (let tier = 1; tier <= TIERS.length; tier++) {
    const [longs, shorts] = [stage.partiesOf(tier, "long"), stage.partiesOf(tier, "short")];
    longs.forEach((long, index) => {
      const market = 1 + (index % MARKETS);
      stage.exchange(long, shorts[index] as Party, tier, market, MONEY.position, PRICE);
    });
    for (const maker of stage.partiesOf(tier, "maker")) stage.quote(maker, tier);
    yield stage.beat(`Longs and shorts trade in ${TIERS[tier - 1]?.name ?? ""}, makers quote`);
  }
}
