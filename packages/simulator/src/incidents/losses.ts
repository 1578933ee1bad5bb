/**
 * Who has lost what in an incident, from commands, events and queries alone.
 *
 * Everybody is held against the world as it should have been: what he paid in, plus what his positions gained or lost at *true* prices
 * while he held them. What an innocent account has less than that, somebody has taken from it. The house (funds, the backstop) is held
 * against what it paid in: it never chose its positions.
 */
import {
  type BucketView,
  type Receipt,
  SIDE,
  type Venue,
  assetView,
  balancesView,
  bucketView,
  collateralView,
  marketView,
  tierView,
  venueView,
  withdrawalView,
} from "@bulkhead/engine";
import type { Instruction } from "./terms.ts";

export type Role = "attacker" | "honest" | "house";

/** Micro-dollars. */
export interface Figures {
  /** What those who did nothing wrong are missing, with funds, debts nobody can pay and coins that are not there. */
  readonly loss: number;
  /** Deficits of bankrupt accounts, borne by others or still open. */
  readonly badDebt: number;
  /** What attackers have more than they brought; negative when it cost them. */
  readonly attackerGain: number;
  /** What left the vault during the story. */
  readonly outflow: number;
  /** Profits that winners gave up. */
  readonly haircut: number;
  /** What the layers of the waterfall paid. */
  readonly funds: number;
  /** Losses of accounts and layers of tiers other than the first. */
  readonly otherTiersTouched: number;
}

interface Person {
  readonly role: Role;
  /** Units by asset: really paid in, and paid out. */
  readonly paidIn: Map<number, number>;
  readonly paidOut: Map<number, number>;
  /** Of what seems paid in: units that never arrived. */
  readonly forged: Map<number, number>;
  /** Profit of his positions at true prices, micro-dollars. */
  carried: number;
  /** What he moved into layers, micro-dollars. */
  donated: number;
  /** The tier of the first bucket, 0 = none. */
  tier: number;
}

interface Exit {
  readonly account: number;
  readonly asset: number;
  payable: number;
}

const DOLLARS = 1;
const STRUCK = 1;

export class Losses {
  private readonly venue: Venue;
  private readonly people = new Map<number, Person>();
  private readonly prices = new Map<number, { readonly scale: number; dollars: number }>();
  private readonly notional = new Map<string, number>();
  private readonly truths = new Map<string, number>();
  /** Lots by tier and market, then by bucket. */
  private readonly lots = new Map<string, Map<number, number>>();
  private readonly exits = new Map<number, Exit>();
  private readonly robbed = new Set<number>();
  private readonly absorbed = new Map<number, number>();
  private readonly layers = new Map<number, number>();
  private outflow = 0;
  private haircut = 0;
  /** Units by asset that thieves withdrew from robbed accounts. */
  private readonly stolen = new Map<number, number>();
  private hasBegun = false;

  constructor(venue: Venue) {
    this.venue = venue;
  }

  begin(): void {
    this.hasBegun = true;
  }

  enrol(account: number, role: Role): void {
    this.people.set(account, {
      role,
      paidIn: new Map(),
      paidOut: new Map(),
      forged: new Map(),
      carried: 0,
      donated: 0,
      tier: 0,
    });
  }

  list(tier: number, market: number, notional: number): void {
    this.notional.set(keyOf(tier, market), notional);
    this.lots.set(keyOf(tier, market), new Map());
  }

  /** What a whole unit of an asset is truly worth from now on. */
  priceAsset(asset: number, scale: number, dollars: number): void {
    this.prices.set(asset, { scale, dollars });
  }

  /** What a market's underlying is truly worth from now on, ticks. */
  seeTruth(tier: number, market: number, ticks: number): void {
    const key = keyOf(tier, market);
    const move = ticks - (this.truths.get(key) ?? ticks);
    this.truths.set(key, ticks);
    if (move === 0) return;
    for (const [bucket, held] of this.lots.get(key) ?? []) {
      const person = this.people.get(bucketView(this.venue, tier, bucket).account);
      if (person !== undefined) person.carried += held * move * (this.notional.get(key) as number);
    }
  }

  /** From now on a thief has the account's keys: what it withdraws is his. */
  rob(account: number): void {
    this.robbed.add(account);
  }

  /** Units that were credited under a forged receipt, and never arrived. */
  forge(account: number, asset: number, amount: number): void {
    add(this.personOf(account).forged, asset, amount);
  }

  /** Withdrawals of which something is released and not paid. */
  payable(): readonly number[] {
    return [...this.exits].filter(([, { payable }]) => payable > 0).map(([withdrawal]) => withdrawal);
  }

  /** What has been paid out to an account, micro-dollars at true prices. */
  paidTo(account: number): number {
    return this.worthOf(this.personOf(account).paidOut);
  }

  /** What layers paid for losses since the story began, by number, micro-dollars. */
  paidBy(layer: number): number {
    return this.absorbed.get(layer) ?? 0;
  }

  // ------------------------------------------------------------------------------------------------------- listening

  hear(instruction: Instruction, { outcome, facts, events }: Receipt): void {
    if (outcome !== "accepted" && events.length === 0) return;
    if (instruction.kind === "confirmDeposit")
      add(this.personOf(instruction.account).paidIn, instruction.asset, instruction.amount);
    if (instruction.kind === "requestWithdrawal") {
      const { account, asset } = instruction;
      const payable = instruction.amount - (facts["queued"] as number);
      this.exits.set(facts["withdrawal"] as number, { account, asset, payable });
      return;
    }
    if (instruction.kind === "allocate") this.personOf(instruction.account).tier ||= instruction.tier;
    if (instruction.kind === "finaliseWithdrawal")
      this.payOut(instruction.withdrawal, facts["amount"] as number);
    const tier = "tier" in instruction ? instruction.tier : 0;
    for (const { event, values } of events) this.hearEvent(tier, event, values);
  }

  private hearEvent(tier: number, event: string, values: Readonly<Record<string, number>>): void {
    const word = (name: string): number => values[name] as number;
    switch (event) {
      case "fill": {
        const bought = word("side") === SIDE.buy ? word("lots") : -word("lots");
        this.move(tier, word("market"), word("takerBucket"), bought);
        return this.move(tier, word("market"), word("makerBucket"), -bought);
      }
      case "positionLiquidated": {
        const fair = this.isFairlyMeasured(tier, word("bucket"));
        if (fair) this.chargeLiquidation(tier, word("market"), word("bucket"), values);
        // What the book took, fills have told.
        if (word("how") === 1) return;
        this.move(tier, word("market"), word("bucket"), -word("lots"));
        if (word("counterparty") !== 0) this.move(tier, word("market"), word("counterparty"), word("lots"));
        return;
      }
      case "positionTornUp":
      case "positionSettled":
        return this.move(tier, word("market"), word("bucket"), -word("lots"));
      case "lossAbsorbed":
        return add(this.absorbed, word("layer"), word("amount"));
      case "profitHaircut":
        if (word("bucket") !== 0) this.haircut += word("amount");
        return;
      case "layerFunded":
        add(this.layers, layerKey(tier, word("layer")), word("amount"));
        this.personOf(word("account")).donated += word("amount");
        return;
      case "withdrawalReleased": {
        const exit = this.exits.get(word("withdrawal"));
        if (exit !== undefined) exit.payable += word("amount");
        return;
      }
      default:
    }
  }

  /** True if what a bucket is liquidated by is true: marks of its positions, and prices of its collateral to a twentieth. */
  private isFairlyMeasured(tier: number, bucket: number): boolean {
    const { positions, holdings } = bucketView(this.venue, tier, bucket);
    return (
      positions.every(
        ({ market }) => marketView(this.venue, tier, market).mark === this.truths.get(keyOf(tier, market)),
      ) &&
      holdings.every(({ asset }) => {
        const told = collateralView(this.venue, tier, asset).price / 1e6;
        return told >= 0.95 * (this.prices.get(asset)?.dollars ?? 0);
      })
    );
  }

  /** What a deserved liquidation costs is the rule, and no loss: the penalty, and the backstop's discount. */
  private chargeLiquidation(
    tier: number,
    market: number,
    bucket: number,
    values: Readonly<Record<string, number>>,
  ): void {
    const { how = 0, lots = 0, price = 0, penalty = 0 } = values;
    const key = keyOf(tier, market);
    const discount = (this.truths.get(key) ?? price) - price;
    const cost = how === 2 ? lots * discount * (this.notional.get(key) ?? 0) : 0;
    this.personOf(bucketView(this.venue, tier, bucket).account).carried -= cost + penalty;
  }

  private payOut(withdrawal: number, amount: number): void {
    const exit = this.exits.get(withdrawal);
    if (exit === undefined) return;
    exit.payable = 0;
    const value = this.valueOf(exit.asset, amount);
    if (this.hasBegun) this.outflow += value;
    if (this.robbed.has(exit.account)) add(this.stolen, exit.asset, amount);
    else add(this.personOf(exit.account).paidOut, exit.asset, amount);
  }

  private move(tier: number, market: number, bucket: number, change: number): void {
    const book = this.lots.get(keyOf(tier, market));
    if (book !== undefined) add(book, bucket, change);
  }

  // ------------------------------------------------------------------------------------------------------- reckoning

  figures(): Figures {
    const { worth, openDebt } = this.takeStock();
    let missing = 0;
    let elsewhere = 0;
    let attackerGain = this.worthOf(this.stolen);
    for (const [account, person] of this.people) {
      const has = (worth.get(account) ?? 0) + this.worthOf(person.paidOut);
      const brought = this.worthOf(person.paidIn) - person.donated;
      if (person.role === "attacker") {
        attackerGain += has - brought + this.fakesSpent(person);
        continue;
      }
      const due = person.role === "house" ? brought : Math.max(0, brought + person.carried);
      const lack = Math.max(0, due - has);
      missing += lack;
      if (person.tier > STRUCK) elsewhere += lack;
    }
    const funds = this.fundsLost();
    const { haircut, outflow } = this;
    return {
      loss: missing + funds.all + openDebt + this.hole(),
      badDebt: openDebt + [...this.absorbed.values()].reduce((sum, amount) => sum + amount, 0),
      attackerGain,
      outflow,
      haircut,
      funds: funds.all,
      otherTiersTouched: elsewhere + funds.elsewhere,
    };
  }

  /** What every account has at true prices, and what buckets owe that have less than nothing. */
  private takeStock(): { readonly worth: ReadonlyMap<number, number>; readonly openDebt: number } {
    const worth = new Map<number, number>();
    let openDebt = 0;
    for (const account of this.people.keys()) {
      for (const { asset, amount } of balancesView(this.venue, account))
        add(worth, account, this.valueOf(asset, amount));
    }
    for (const [account, asset, amount] of this.pending()) add(worth, account, this.valueOf(asset, amount));
    for (const [tier, bucket] of this.buckets()) {
      const { account, dollars, holdings } = this.trueHoldings(tier, bucket);
      const coins = holdings.reduce((sum, { asset, amount }) => sum + this.valueOf(asset, amount), 0);
      add(worth, account, Math.max(0, dollars + coins));
      openDebt += Math.max(0, -dollars - coins);
    }
    return { worth, openDebt };
  }

  /** A bucket at true prices: dollars with the profit of its positions, and its coins. */
  private trueHoldings(
    tier: number,
    bucket: number,
  ): { readonly account: number; readonly dollars: number; readonly holdings: BucketView["holdings"] } {
    const { account, cash, holdings, positions } = bucketView(this.venue, tier, bucket);
    const profit = positions.reduce((sum, { market, lots, cost }) => {
      const key = keyOf(tier, market);
      return sum + lots * (this.truths.get(key) ?? 0) * (this.notional.get(key) ?? 0) - cost;
    }, 0);
    return { account, dollars: cash + profit, holdings };
  }

  /** What is asked for and not paid: account, asset, units. */
  private pending(): readonly (readonly [number, number, number])[] {
    return [...this.exits].flatMap(([withdrawal, { account, asset }]) => {
      const view = withdrawalView(this.venue, withdrawal);
      return view === undefined ? [] : [[account, asset, view.amount] as const];
    });
  }

  /** What layers have less than was paid into them. */
  private fundsLost(): { readonly all: number; readonly elsewhere: number } {
    const { skin, mutual } = assetView(this.venue, DOLLARS);
    let all = this.lack(0, 4, skin) + this.lack(0, 5, mutual);
    let elsewhere = 0;
    const { tiers } = venueView(this.venue);
    for (let tier = 1; tier <= tiers; tier++) {
      const { skin: first, insurance } = tierView(this.venue, tier);
      const lost = this.lack(tier, 1, first) + this.lack(tier, 2, insurance);
      all += lost;
      if (tier > STRUCK) elsewhere += lost;
    }
    return { all, elsewhere };
  }

  private lack(tier: number, layer: number, now: number): number {
    return Math.max(0, (this.layers.get(layerKey(tier, layer)) ?? 0) - now);
  }

  /** What those who are no attackers are owed beyond what really arrived and has not left: coins that are not there. */
  private hole(): number {
    let total = 0;
    for (const asset of this.prices.keys()) {
      let real = -(this.stolen.get(asset) ?? 0);
      for (const { paidIn, paidOut, forged } of this.people.values())
        real += (paidIn.get(asset) ?? 0) - (paidOut.get(asset) ?? 0) - (forged.get(asset) ?? 0);
      total += Math.max(0, this.valueOf(asset, this.owedToOthers(asset) - real));
    }
    return total;
  }

  private owedToOthers(asset: number): number {
    const isInnocent = (account: number): boolean => this.people.get(account)?.role !== "attacker";
    let owed = asset === DOLLARS ? this.inLayers() : 0;
    for (const account of this.people.keys()) {
      if (!isInnocent(account)) continue;
      for (const balance of balancesView(this.venue, account))
        if (balance.asset === asset) owed += balance.amount;
    }
    for (const [account, what, amount] of this.pending())
      if (what === asset && isInnocent(account)) owed += amount;
    for (const [tier, bucket] of this.buckets()) {
      const { account, dollars, holdings } = this.trueHoldings(tier, bucket);
      const held = asset === DOLLARS ? dollars : (holdings.find((each) => each.asset === asset)?.amount ?? 0);
      // What an attacker owes is counted where debts are.
      owed += isInnocent(account) ? held : Math.min(0, held);
    }
    return owed;
  }

  private inLayers(): number {
    const { skin, mutual, dust } = assetView(this.venue, DOLLARS);
    let sum = skin + mutual + dust;
    const { tiers } = venueView(this.venue);
    for (let tier = 1; tier <= tiers; tier++) {
      const view = tierView(this.venue, tier);
      sum += view.fees + view.skin + view.insurance;
    }
    return sum;
  }

  private buckets(): readonly (readonly [tier: number, bucket: number])[] {
    const { tiers } = venueView(this.venue);
    return Array.from({ length: tiers }, (_, index) => index + 1).flatMap((tier) =>
      Array.from({ length: tierView(this.venue, tier).buckets }, (_, index) => [tier, index + 1] as const),
    );
  }

  /** Value of what an account was paid for units that never arrived: he brought less than it seems. */
  private fakesSpent({ forged, paidIn, paidOut }: Person): number {
    let spent = 0;
    for (const [asset, fakes] of forged) {
      const brought = (paidIn.get(asset) ?? 0) - fakes;
      spent += this.valueOf(asset, Math.min(fakes, Math.max(0, (paidOut.get(asset) ?? 0) - brought)));
    }
    return spent;
  }

  private worthOf(amounts: ReadonlyMap<number, number>): number {
    return [...amounts].reduce((sum, [asset, amount]) => sum + this.valueOf(asset, amount), 0);
  }

  private valueOf(asset: number, amount: number): number {
    const { scale, dollars } = this.prices.get(asset) as { scale: number; dollars: number };
    return asset === DOLLARS ? amount : Math.round((amount / scale) * dollars * 1e6);
  }

  private personOf(account: number): Person {
    const person = this.people.get(account);
    if (person === undefined) throw new Error(`nobody has account ${account}`);
    return person;
  }
}

function keyOf(tier: number, market: number): string {
  return `${tier}/${market}`;
}

function layerKey(tier: number, layer: number): number {
  return tier * 10 + layer;
}

function add<Key>(sums: Map<Key, number>, key: Key, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
