/**
 * Who has lost what in an incident, from commands, events and queries alone.
 *
 * Everybody is held against the world as it should have been: what he paid in, plus what his positions gained or lost at *true* prices
 * while he held them. What an innocent account has less than that, somebody has taken from it. The house (funds, the backstop) is held
 * against what it paid in: it never chose its positions. What a deserved liquidation costs by the rules is no loss.
 */
import {
  type BucketView,
  assetView,
  balancesView,
  bucketView,
  tierView,
  venueView,
  withdrawalView,
} from "@bulkhead/engine";
import { DOLLARS, type Person, Witness, add, fakesPaid, keyOf, layerKey } from "./witness.ts";

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

const STRUCK = 1;

export class Losses extends Witness {
  /** What has been paid out to an account, micro-dollars at true prices. */
  paidTo(account: number): number {
    return this.worthOf(this.personOf(account).paidOut);
  }

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
  private fakesSpent(person: Person): number {
    return [...person.forged.keys()].reduce(
      (sum, asset) => sum + this.valueOf(asset, fakesPaid(person, asset)),
      0,
    );
  }

  private worthOf(amounts: ReadonlyMap<number, number>): number {
    return [...amounts].reduce((sum, [asset, amount]) => sum + this.valueOf(asset, amount), 0);
  }
}
