/**
 * What everybody owns, in the venue's own currency and at true prices: counted from balances, cash, lots and costs, without a line of the
 * engine's arithmetic. A bucket is worth no less than nothing to its owner; what is missing then is somebody else's, and is counted as a hole.
 */
import {
  type BucketView,
  assetView,
  balanceView,
  bucketView,
  fundView,
  loansView,
  marketView,
  tierView,
  venueView,
  withdrawalView,
} from "@bulkhead/engine";
import type { Party } from "./party.ts";
import type { Scene } from "./scene.ts";
import { LENT_CAP, MUTUAL_CAP, NOTIONAL, PPM, TIERS } from "./terms.ts";

const QUOTE = 1;
const PICO_PER_MICRO = 1_000_000n;

/** A place where money lies: the vault, or a tier. */
const VAULT = 0;

/** Money that lies somewhere, whatever prices are. */
interface Stake {
  readonly owner: string;
  readonly place: number;
  readonly isHonest: boolean;
  /** True for what stands behind every tier: its loss is everybody's. */
  readonly isMutual?: true;
  readonly worth: bigint;
}

/** A bucket as it was counted: what it is worth depends on prices. */
interface Counted {
  readonly owner: string;
  readonly tier: number;
  readonly isHonest: boolean;
  readonly cash: bigint;
  readonly positions: readonly { readonly market: number; readonly lots: bigint; readonly cost: bigint }[];
}

/** Everything there is, and whose it is. */
export interface Census {
  readonly stakes: readonly Stake[];
  readonly buckets: readonly Counted[];
  /** What is owed to the house and to markets' own accounts. */
  readonly owedToHouse: bigint;
  readonly assets: bigint;
}

export interface Losses {
  /** What honest parties and funds lost, whatever others gained, with what is owed and not there. Micro-dollars. */
  readonly total: bigint;
  /** Of it, what was lost outside the place under attack. */
  readonly elsewhere: bigint;
}

/** How losses are to be counted. */
interface Terms {
  /** The tier under attack, 0 = the vault. */
  readonly place: number;
  /** What was owed and not there before. */
  readonly hole: bigint;
  /** Whose losses are not counted: names that begin so. */
  readonly bearers: string | undefined;
}

function fund(owner: string, place: number, worth: number): Stake {
  return { owner, place, isHonest: true, worth: BigInt(worth) };
}

/** Counts everything. */
export function countAll(scene: Scene): Census {
  const { venue, paid, withdrawals } = scene.desk;
  const stakes: Stake[] = [];
  const buckets: Counted[] = [];
  const byAccount = new Map(scene.parties.map((party) => [party.account, party]));
  for (const { name: owner, account, isHonest } of scene.parties) {
    const worth = BigInt(balanceView(venue, account, QUOTE) + (paid.get(account) ?? 0));
    stakes.push({ owner, place: VAULT, isHonest, worth });
  }
  for (const [id, account] of withdrawals) {
    const { name: owner, isHonest } = byAccount.get(account) as Party;
    stakes.push({ owner, place: VAULT, isHonest, worth: BigInt(withdrawalView(venue, id)?.amount ?? 0) });
  }
  const vault = assetView(venue, QUOTE);
  stakes.push(fund("second tranche", VAULT, vault.skin));
  stakes.push({ ...fund("mutual fund", VAULT, vault.mutual), isMutual: true });

  let owedToHouse = BigInt(vault.dust);
  for (let tier = 1; tier <= venueView(venue).tiers; tier++) {
    const { buckets: count, markets, skin, fees } = tierView(venue, tier);
    stakes.push(fund(`first tranche of ${tier}`, tier, skin));
    stakes.push(fund(`insurance of ${tier}`, tier, ownFundOf(scene, tier)));
    owedToHouse += BigInt(fees);
    for (let bucket = 1; bucket <= count; bucket++) {
      const view = bucketView(venue, tier, bucket);
      const { name: owner, isHonest } = byAccount.get(view.account) as Party;
      const positions = positionsOf(scene, tier, view);
      buckets.push({ owner, tier, isHonest, cash: BigInt(view.cash), positions });
    }
    for (let market = 1; market <= markets; market++) {
      const { feeCost, fundingCost } = marketView(venue, tier, market);
      owedToHouse -= BigInt(feeCost) + BigInt(fundingCost);
    }
  }
  const paidOut = [...paid.values()].reduce((sum, amount) => sum + amount, 0);
  return { stakes, buckets, owedToHouse, assets: BigInt(vault.held) + BigInt(paidOut) };
}

/**
 * What a tier's insurance fund holds of its own, and what it has lent as far as that is still there: waiting in the vault, or in the
 * borrower's fund, which counts as others' before it is its own.
 */
function ownFundOf({ desk: { venue } }: Scene, tier: number): number {
  const { loans } = loansView(venue);
  const held = (id: number): number => tierView(venue, id).insurance;
  const owedBy = (id: number): number =>
    loans.reduce((sum, { borrower, owed }) => sum + (borrower === id ? owed : 0), 0);
  const claims = loans
    .filter(({ lender }) => lender === tier)
    .map(({ borrower, owed, pledged, returned }) => {
      const all = owedBy(borrower);
      const isThere = Math.min(all, held(borrower));
      return pledged + returned + (all === 0 ? 0 : Math.floor((owed * isThere) / all));
    });
  return Math.max(0, held(tier) - owedBy(tier)) + claims.reduce((sum, each) => sum + each, 0);
}

/** Positions of a bucket; funding it owes counts as cost. */
function positionsOf(scene: Scene, tier: number, { positions }: BucketView): Counted["positions"] {
  return positions.map(({ market, lots, cost, fundingEntry }) => {
    const { fundingIndex } = marketView(scene.desk.venue, tier, market);
    const owed = (BigInt(lots) * (BigInt(fundingIndex) - BigInt(fundingEntry))) / PICO_PER_MICRO;
    return { market, lots: BigInt(lots), cost: BigInt(cost) + owed };
  });
}

/** What a bucket is worth at the true prices of now; below zero if it owes more than it has. */
function equityOf(scene: Scene, { tier, cash, positions }: Counted): bigint {
  let equity = cash;
  for (const { market, lots, cost } of positions) {
    equity += lots * BigInt(Math.round(scene.fairOf(tier, market))) * BigInt(NOTIONAL) - cost;
  }
  return equity;
}

/** What everybody has at the true prices of now. */
function stakesOf(scene: Scene, { stakes, buckets }: Census): Stake[] {
  const inTiers = buckets.map((bucket): Stake => {
    const equity = equityOf(scene, bucket);
    const { owner, tier: place, isHonest } = bucket;
    return { owner, place, isHonest, worth: equity > 0n ? equity : 0n };
  });
  return [...stakes, ...inTiers];
}

/** What is owed to everybody beyond what is there, at the true prices of now. */
export function holeIn(scene: Scene, census: Census): bigint {
  const owed = stakesOf(scene, census).reduce((sum, { worth }) => sum + worth, census.owedToHouse);
  return owed > census.assets ? owed - census.assets : 0n;
}

/** What those who are no honest parties have now more than before, at the true prices of now; what a thief was paid in others' names is among it. */
export function gainBetween(scene: Scene, before: Census, after: Census): bigint {
  const worthIn = (census: Census): bigint =>
    stakesOf(scene, census).reduce((sum, { isHonest, worth }) => (isHonest ? sum : sum + worth), 0n);
  return worthIn(after) - worthIn(before) + BigInt(scene.desk.stolen);
}

/**
 * What an attack on a place cost, both counts taken at the true prices of now: what the market did to whom is in neither. Of each honest party
 * what it lost everywhere together, and what is owed now and was covered before.
 */
export function lossesBetween(scene: Scene, before: Census, after: Census, terms: Terms): Losses {
  const { place, hole, bearers } = terms;
  const byParty = new Map<string, bigint>();
  const byPlace = new Map<string, { change: bigint; isElsewhere: boolean }>();
  const count = (census: Census, sign: bigint): void => {
    for (const { owner, place: at, isHonest, isMutual, worth } of stakesOf(scene, census)) {
      if (!isHonest || (bearers !== undefined && owner.startsWith(bearers))) continue;
      byParty.set(owner, (byParty.get(owner) ?? 0n) + sign * worth);
      const key = `${owner}/${at}`;
      const change = (byPlace.get(key)?.change ?? 0n) + sign * worth;
      byPlace.set(key, { change, isElsewhere: isMutual === true || (at !== place && at !== VAULT) });
    }
  };
  count(before, -1n);
  count(after, 1n);
  let elsewhere = 0n;
  for (const { change, isElsewhere } of byPlace.values()) if (isElsewhere && change < 0n) elsewhere -= change;
  const holeNow = holeIn(scene, after);
  let total = holeNow > hole ? holeNow - hole : 0n;
  for (const change of byParty.values()) if (change < 0n) total -= change;
  return { total, elsewhere };
}

/**
 * What the other tiers may lose at most by one tier, whatever becomes of it: a part of the mutual fund as it is now, and, where funds lend,
 * what each may have lent of its own.
 */
export function reachOf({ desk: { venue }, isLending }: Scene, place: number): number {
  const mutual = Math.floor((assetView(venue, QUOTE).mutual * MUTUAL_CAP) / PPM);
  if (!isLending) return mutual;
  return TIERS.reduce((sum, _, index) => {
    const { pot, lent } = fundView(venue, index + 1);
    return index + 1 === place ? sum : sum + Math.floor(((pot + lent) * LENT_CAP) / PPM);
  }, mutual);
}

/** True if the vault holds all it says it owes, and every tier all that its books say. */
export function isCovered(scene: Scene): boolean {
  const { venue } = scene.desk;
  const { held, pending, transit, dust, skin, mutual, loans, custody } = assetView(venue, QUOTE);
  let owed = pending + transit + dust + skin + mutual + loans;
  for (let account = 1; account <= venueView(venue).accounts; account++)
    owed += balanceView(venue, account, QUOTE);
  for (let tier = 1; tier <= venueView(venue).tiers; tier++) {
    const { buckets, markets, fees, skin: first, insurance } = tierView(venue, tier);
    let inside = fees + first + insurance;
    for (let bucket = 1; bucket <= buckets; bucket++) inside += bucketView(venue, tier, bucket).cash;
    for (let market = 1; market <= markets; market++) inside += marketView(venue, tier, market).pool;
    if (inside !== custody[tier - 1]) return false;
    owed += inside;
  }
  return owed === held;
}
