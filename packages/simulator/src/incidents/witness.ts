/** What was told of an incident: who paid in and took out, who held what while true prices moved, and who bore what. */
import { type Receipt, SIDE, type Venue, bucketView, collateralView, marketView } from "@bulkhead/engine";
import type { Instruction } from "./terms.ts";

export type Role = "attacker" | "honest" | "house";

export interface Person {
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

export const DOLLARS = 1;

export class Witness {
  protected readonly venue: Venue;
  protected readonly people = new Map<number, Person>();
  protected readonly prices = new Map<number, { readonly scale: number; dollars: number }>();
  protected readonly notional = new Map<string, number>();
  protected readonly truths = new Map<string, number>();
  /** Lots by tier and market, then by bucket. */
  protected readonly lots = new Map<string, Map<number, number>>();
  protected readonly exits = new Map<number, Exit>();
  protected readonly robbed = new Set<number>();
  protected readonly absorbed = new Map<number, number>();
  protected readonly layers = new Map<number, number>();
  protected outflow = 0;
  protected haircut = 0;
  /** Units by asset that thieves withdrew from robbed accounts. */
  protected readonly stolen = new Map<number, number>();
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

  /** What layers paid for losses since the story began, by number, micro-dollars. */
  paidBy(layer: number): number {
    return this.absorbed.get(layer) ?? 0;
  }

  /** What a market's underlying is truly worth, ticks; 0 = nobody has said. */
  truthOf(tier: number, market: number): number {
    return this.truths.get(keyOf(tier, market)) ?? 0;
  }

  /** Units of an asset in a whole one, what that is truly worth in dollars, units that never arrived, and those of them not yet paid out. */
  realityOf(asset: number): {
    readonly scale: number;
    readonly dollars: number;
    readonly forged: number;
    readonly forgedLeft: number;
  } {
    const { scale = 1, dollars = 0 } = this.prices.get(asset) ?? {};
    let [forged, forgedLeft] = [0, 0];
    for (const person of this.people.values()) {
      const fakes = person.forged.get(asset) ?? 0;
      forged += fakes;
      forgedLeft += fakes - fakesPaid(person, asset);
    }
    return { scale, dollars, forged, forgedLeft };
  }

  /** True if what the account does is an attacker's doing: it is his, or he has its keys. */
  isAttackers(account: number): boolean {
    return this.robbed.has(account) || this.people.get(account)?.role === "attacker";
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
      this.settle(instruction.withdrawal, instruction.paid === 1 ? (facts["amount"] as number) : 0);
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
        const fair = this.isFairlyMeasured(tier, word("bucket"), word("market"));
        if (fair) this.chargeLiquidation(tier, word("market"), word("bucket"), values);
        // What the book or a call auction took, fills have told.
        if (word("how") === 1 || word("how") === 5) return;
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

  /** True if what a bucket is liquidated by is true: the mark there, of its other positions, and its collateral's price to a twentieth. */
  private isFairlyMeasured(tier: number, bucket: number, closedIn: number): boolean {
    const { positions, holdings } = bucketView(this.venue, tier, bucket);
    const markets = [closedIn, ...positions.map(({ market }) => market)];
    const isTrue = (market: number): boolean =>
      marketView(this.venue, tier, market).mark === this.truths.get(keyOf(tier, market));
    return (
      markets.every(isTrue) &&
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

  /** What was released is paid, or returned to its owner. */
  private settle(withdrawal: number, amount: number): void {
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

  protected valueOf(asset: number, amount: number): number {
    const { scale, dollars } = this.prices.get(asset) as { scale: number; dollars: number };
    return asset === DOLLARS ? amount : Math.round((amount / scale) * dollars * 1e6);
  }

  protected personOf(account: number): Person {
    const person = this.people.get(account);
    if (person === undefined) throw new Error(`nobody has account ${account}`);
    return person;
  }
}

/** Units of an asset that a person was paid for units that never arrived. */
export function fakesPaid({ forged, paidIn, paidOut }: Person, asset: number): number {
  const fakes = forged.get(asset) ?? 0;
  const brought = (paidIn.get(asset) ?? 0) - fakes;
  return Math.min(fakes, Math.max(0, (paidOut.get(asset) ?? 0) - brought));
}

export function keyOf(tier: number, market: number): string {
  return `${tier}/${market}`;
}

export function layerKey(tier: number, layer: number): number {
  return tier * 10 + layer;
}

export function add<Key>(sums: Map<Key, number>, key: Key, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
