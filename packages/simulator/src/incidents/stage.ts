/**
 * Where an incident is played again: a venue on the real engine, and everybody's moves as commands. A story sets the venue up with a
 * defence or without it, calls `begin`, and then does the same things either way.
 *
 *     const stage = new Stage();
 *     const mango = stage.listMarket({ tick: 0.00005, lot: 100, price: 0.038 });
 *     const alice = stage.seat("attacker", 5_000_000);
 *     stage.begin();
 *     stage.buy(alice, mango, 1_000, 0.038);
 */
import {
  ORDER_TYPE,
  PARAMETERS,
  type ParameterName,
  type Receipt,
  SIDE,
  TIME_IN_FORCE,
  VENUE_PARAMETERS,
  type VenueParameterName,
  bucketIdOf,
  bucketView,
} from "@bulkhead/engine";
import type { CounterOptions } from "./counter.ts";
import type { Role } from "./witness.ts";
import { DOLLARS, type Market, PriceDesk } from "./priceDesk.ts";
import { BREAKER_TERMS, type Fields, HOUR, THROTTLE_TERMS, usd } from "./terms.ts";

/** Somebody with an account and a margin bucket. */
export interface Seat {
  readonly account: number;
  readonly bucket: number;
  readonly tier: number;
}

/** How an order is sent where it is not a plain limit order that rests. */
export interface Manner {
  readonly isImmediate?: boolean;
  readonly reduceOnly?: boolean;
  /** The client's deadline, ms since the epoch. */
  readonly deadline?: number;
}

export class Stage extends PriceDesk {
  private readonly references = new Map<number, number>();

  /** A venue with the quote currency and its tiers listed, and nothing else. */
  constructor({ tiers = 2, ...options }: CounterOptions = {}) {
    super({ tiers, ...options });
    this.listAsset(1_000_000, 1);
    for (let tier = 1; tier <= tiers; tier++) this.must({ kind: "listTier", minInitialMargin: 0 });
  }

  set(name: ParameterName, value: number, { tier, market }: { tier: number; market: number }): void {
    this.must({ kind: "setParameter", tier, market, parameter: PARAMETERS[name].id, value });
  }

  setTier(name: ParameterName, value: number, tier = 1): void {
    this.set(name, value, { tier, market: 0 });
  }

  throttle(terms: Partial<Record<VenueParameterName, number>> = THROTTLE_TERMS): void {
    for (const [name, value] of Object.entries(terms)) {
      const parameter = VENUE_PARAMETERS[name as VenueParameterName].id;
      this.must({ kind: "setParameter", tier: 0, market: 0, parameter, value });
    }
  }

  /** Three days in which nothing happens but the windows of the throttle being looked at. */
  age(): void {
    for (let hour = 0; hour < 72; hour++) {
      this.wait(HOUR);
      this.must({ kind: "releaseWithdrawals", count: 1 });
    }
  }

  guard(market: Market, changes: Partial<Fields<"configureBreaker">> = {}): void {
    const { tier, market: id } = market;
    this.must({ kind: "configureBreaker", tier, market: id, ...BREAKER_TERMS, ...changes });
  }

  // --------------------------------------------------------------------------------------------------------- people

  /** Somebody arrives with dollars in the cross bucket of a tier. */
  seat(role: Role, dollars: number, tier = 1): Seat {
    const account = this.open(role);
    this.deposit(account, dollars);
    return this.fund(account, dollars, tier);
  }

  /** An account without anything. */
  open(role: Role): number {
    const account = this.must({ kind: "openAccount" }).facts["account"] as number;
    this.losses.enrol(account, role);
    return account;
  }

  /** Moves dollars of the account into its bucket. */
  fund(account: number, dollars: number, tier = 1): Seat {
    return this.pledge(account, DOLLARS, usd(dollars), tier);
  }

  /** The account's cross bucket in a tier; number 0 if it has none. */
  bucketOf(account: number, tier = 1): Seat {
    return { account, tier, bucket: bucketIdOf(this.engine.venue, tier, account) };
  }

  /** Moves units of an asset of the account into its bucket. */
  pledge(account: number, asset: number, amount: number, tier = 1): Seat {
    this.must({ kind: "allocate", account, tier, mode: 0, asset, amount });
    return this.bucketOf(account, tier);
  }

  deposit(account: number, dollars: number): void {
    this.depositAsset(account, DOLLARS, usd(dollars));
  }

  /** Units of an asset arrive. */
  depositAsset(account: number, asset: number, amount: number): Receipt {
    const reference = (this.references.get(asset) ?? 0) + 1;
    this.references.set(asset, reference);
    return this.must({ kind: "confirmDeposit", account, asset, amount, reference });
  }

  /** The house puts dollars behind a tier: its first tranche (1), the insurance fund (2); tier 0: second tranche (4), mutual fund (5). */
  fundLayers(layers: Readonly<Partial<Record<1 | 2 | 4 | 5, number>>>, tier = 1): void {
    const account = this.open("house");
    for (const [layer, dollars] of Object.entries(layers)) {
      if (dollars === 0) continue;
      const number = Number(layer);
      this.deposit(account, dollars);
      this.must({
        kind: "fundLayer",
        account,
        tier: number < 3 ? tier : 0,
        layer: number,
        amount: usd(dollars),
      });
    }
  }

  appointBackstop(dollars: number, tier = 1): Seat {
    const backstop = this.seat("house", dollars, tier);
    this.must({ kind: "appointBackstop", tier, account: backstop.account });
    return backstop;
  }

  // -------------------------------------------------------------------------------------------------------- trading

  buy(seat: Seat, market: Market, lots: number, dollars: number, manner: Manner = {}): Receipt {
    return this.order(seat, market, SIDE.buy, lots, dollars, manner);
  }

  sell(seat: Seat, market: Market, lots: number, dollars: number, manner: Manner = {}): Receipt {
    return this.order(seat, market, SIDE.sell, lots, dollars, manner);
  }

  /** Two people exchange lots at a price; both orders must be accepted. */
  trade(buyer: Seat, seller: Seat, market: Market, lots: number, dollars: number): void {
    const receipts = [this.sell(seller, market, lots, dollars), this.buy(buyer, market, lots, dollars)];
    const refused = receipts.find(({ outcome }) => outcome !== "accepted");
    if (refused !== undefined) throw new Error(`${refused.outcome} ${JSON.stringify(refused.facts)}`);
  }

  /**
   * Two who are of one mind open as much as they are let: what finds no fill is tried at half the size.
   * @returns lots
   */
  openBetween(long: Seat, short: Seat, market: Market, lots: number, dollars: number): number {
    let left = lots;
    for (let size = lots; size >= 1 && left > 0;) {
      this.sell(short, market, size, dollars);
      const { facts } = this.buy(long, market, size, dollars, { isImmediate: true });
      const filled = facts["filled"] ?? 0;
      this.cancelAll(short, market);
      left -= filled;
      size = filled === 0 ? Math.floor(size / 2) : Math.min(size, left);
    }
    return lots - left;
  }

  cancelAll({ account, bucket }: Seat, { tier, market }: Market): void {
    this.must({ kind: "cancelAll", account, tier, bucket, market });
  }

  private order(
    seat: Seat,
    market: Market,
    side: number,
    lots: number,
    dollars: number,
    manner: Manner,
  ): Receipt {
    const { isImmediate = false, reduceOnly = false, deadline = 0 } = manner;
    const lasting = deadline === 0 ? TIME_IN_FORCE.goodTillCancelled : TIME_IN_FORCE.goodTillDate;
    return this.send({
      kind: "placeOrder",
      account: seat.account,
      bucket: seat.bucket,
      tier: market.tier,
      market: market.market,
      side,
      type: ORDER_TYPE.limit,
      timeInForce: isImmediate ? TIME_IN_FORCE.immediateOrCancel : lasting,
      price: this.ticks(market, dollars),
      lots,
      trigger: 0,
      expiry: deadline,
      clientId: 0,
      flags: reduceOnly ? 2 : 0,
      selfTrade: 0,
    });
  }

  // ------------------------------------------------------------------------------------------------------- ways out

  /** Takes dollars out of the bucket and asks the vault to pay them. */
  withdraw(seat: Seat, dollars: number): Receipt {
    const { account, tier } = seat;
    const amount = usd(dollars);
    const taken = this.send({ kind: "deallocate", account, tier, mode: 0, asset: DOLLARS, amount });
    return taken.outcome === "accepted" ? this.request(account, DOLLARS, amount) : taken;
  }

  /** Takes out all that the tier lets go, or tries a dollar where that is nothing. */
  cashOut(seat: Seat): Receipt {
    const { withdrawable } = bucketView(this.engine.venue, seat.tier, seat.bucket);
    return this.withdraw(seat, Math.max(usd(1), withdrawable) / 1e6);
  }

  /** Asks the vault for units of an asset; what it releases at once is paid at once. */
  request(account: number, asset: number, amount: number): Receipt {
    const receipt = this.send({ kind: "requestWithdrawal", account, asset, amount });
    this.pay();
    return receipt;
  }

  /** The custodian knows better, and returns what the vault has released. */
  turnBack(): void {
    for (const withdrawal of this.losses.payable())
      this.send({ kind: "finaliseWithdrawal", withdrawal, paid: 0 });
  }

  /** The chain pays what the vault has released. */
  pay(): void {
    for (const withdrawal of this.losses.payable())
      this.send({ kind: "finaliseWithdrawal", withdrawal, paid: 1 });
  }
}
