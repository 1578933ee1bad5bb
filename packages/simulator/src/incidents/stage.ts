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
  type Capacities,
  Engine,
  type EngineOptions,
  type EventName,
  FEED_KIND,
  ORDER_TYPE,
  PARAMETERS,
  type ParameterName,
  type Receipt,
  type RefusalName,
  SIDE,
  TIME_IN_FORCE,
  VENUE_PARAMETERS,
  type VenueParameterName,
  bucketIdOf,
  bucketView,
  hex,
  limits,
  marketView,
} from "@bulkhead/engine";
import { type Figures, Losses, type Role } from "./losses.ts";
import {
  BREAKER_TERMS,
  DAY,
  FEED_TERMS,
  type Fields,
  HOUR,
  type Instruction,
  MARKET_TERMS,
  THROTTLE_TERMS,
  usd,
} from "./terms.ts";

/** Somebody with an account and a margin bucket. */
export interface Seat {
  readonly account: number;
  readonly bucket: number;
  readonly tier: number;
}

export interface Market {
  readonly tier: number;
  readonly market: number;
  /** Dollars per tick, units of the underlying per lot, micro-dollars per tick and lot. */
  readonly tick: number;
  readonly lot: number;
  readonly notional: number;
}

export interface Listing extends Partial<Fields<"listMarket">> {
  readonly tick: number;
  readonly lot: number;
  /** Dollars. */
  readonly price: number;
}

/** How an order is sent where it is not a plain limit order that rests. */
export interface Manner {
  readonly isImmediate?: boolean;
  readonly reduceOnly?: boolean;
  /** The client's deadline, ms since the epoch. */
  readonly deadline?: number;
}

export interface StageOptions extends Omit<EngineOptions, "capacities"> {
  readonly tiers?: number;
  readonly seats?: number;
  /** Ticks a tier has room for, as a power of two. */
  readonly ticksBits?: number;
}

const START = 1_600_000_000_000 - (1_600_000_000_000 % DAY);
const MARKETS = 4;
const DOLLARS = 1;

export class Stage {
  readonly engine: Engine;
  readonly losses: Losses;
  /** Refusals since the story began, by name. */
  readonly refusals = new Map<RefusalName, number>();
  /** What was told since the story began. */
  readonly receipts: Receipt[] = [];
  now = START;

  private readonly references = new Map<number, number>();
  private readonly reported = new Set<string>();
  private told = 0;
  private hasBegun = false;

  /** A venue with the quote currency and its tiers listed, and nothing else. */
  constructor({ tiers = 2, seats = 64, ticksBits = 17, ...options }: StageOptions = {}) {
    this.engine = new Engine({ ...options, capacities: roomFor(tiers, seats, ticksBits) });
    this.losses = new Losses(this.engine.venue);
    this.listAsset(1_000_000, 1);
    for (let tier = 1; tier <= tiers; tier++) this.must({ kind: "listTier", minInitialMargin: 0 });
  }

  // ------------------------------------------------------------------------------------------------------- commands

  /** Applies a command now and answers with its receipt, whatever it says. */
  send(instruction: Instruction): Receipt {
    const receipt = this.engine.submit({ time: this.now, ...instruction });
    this.losses.hear(instruction, receipt);
    if (this.hasBegun) {
      this.receipts.push(receipt);
      const { outcome } = receipt;
      if (outcome !== "accepted") this.refusals.set(outcome, (this.refusals.get(outcome) ?? 0) + 1);
    }
    return receipt;
  }

  /** Applies a command that the story cannot go on without. */
  must(instruction: Instruction): Receipt {
    const receipt = this.send(instruction);
    if (receipt.outcome !== "accepted")
      throw new Error(`${instruction.kind} was refused: ${receipt.outcome} ${JSON.stringify(receipt.facts)}`);
    return receipt;
  }

  /** From here on it is the story: refusals, outflow and funds count. */
  begin(): void {
    this.hasBegun = true;
    this.losses.begin();
  }

  /** Time passes. */
  wait(ms: number): void {
    this.now += ms;
  }

  /** Time passes in steps, with a clock tick in every tier after each. */
  pass(ms: number, step: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now = Math.min(end, this.now + step);
      this.tick();
    }
  }

  tick(): void {
    for (let tier = 1; tier <= this.engine.venue.vault.tierCount; tier++)
      this.must({ kind: "clockTick", tier });
  }

  figures(): Figures {
    return this.losses.figures();
  }

  /** Numbers of the events of one name since the story began. */
  heard(event: EventName): readonly Readonly<Record<string, number>>[] {
    return this.receipts.flatMap(({ events }) =>
      events.filter((each) => each.event === event).map(({ values }) => values),
    );
  }

  stateHash(): string {
    return hex(this.engine.stateHash());
  }

  // --------------------------------------------------------------------------------------------------------- set-up

  listAsset(scale: number, dollars: number): number {
    const asset = this.must({ kind: "listAsset", scale }).facts["asset"] as number;
    this.losses.priceAsset(asset, scale, dollars);
    if (asset !== DOLLARS) this.must({ kind: "updateVaultPrice", asset, price: usd(dollars) });
    return asset;
  }

  listMarket({ tick, lot, price, ...terms }: Listing): Market {
    const notional = Math.round(tick * lot * 1e6);
    const rangeBits = terms.rangeBits ?? MARKET_TERMS.rangeBits;
    const ceiling = notional * 2 ** rangeBits;
    const limitsOf = {
      maxPositionLots: Math.floor(limits.MAX_POSITION_VALUE / ceiling),
      maxOpenInterestLots: Math.floor(limits.MAX_INTEGER / ceiling),
    };
    const listing = { tier: 1, ...MARKET_TERMS, notional, ...limitsOf };
    const { market = 0 } = this.must({ kind: "listMarket", ...listing, ...terms }).facts;
    const listed = { tier: terms.tier ?? 1, market, tick, lot, notional };
    this.losses.list(listed.tier, market, notional);
    this.print(listed, price);
    this.truth(listed, price);
    return listed;
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

  /** Reporters from number 1 on, each of an operator of its own. */
  openReporters(count = 5, tier = 1): void {
    for (let reporter = 1; reporter <= count; reporter++)
      this.must({ kind: "registerReporter", tier, reporter, operator: reporter, weight: 1_000_000 });
  }

  /** From now on reporters make the market's price; they all tell it once. */
  askReporters(market: Market, price: number, changes: Partial<Fields<"configureFeed">> = {}): void {
    const { tier } = market;
    this.must({ kind: "configureFeed", tier, id: market.market, ...FEED_TERMS, ...changes });
    this.reported.add(feedName(tier, FEED_KIND.market, market.market));
    this.print(market, price);
  }

  /** The same for an asset of the first tier. */
  askAssetReporters(asset: number, price: number, changes: Partial<Fields<"configureFeed">> = {}): void {
    const feedKind = FEED_KIND.collateral;
    this.must({ kind: "configureFeed", tier: 1, id: asset, ...FEED_TERMS, ...changes, feedKind });
    this.reported.add(feedName(1, feedKind, asset));
    this.printAsset(asset, price);
  }

  guard(market: Market, changes: Partial<Fields<"configureBreaker">> = {}): void {
    const { tier, market: id } = market;
    this.must({ kind: "configureBreaker", tier, market: id, ...BREAKER_TERMS, ...changes });
  }

  /** Depth and flow of the venues that reporters look at, dollars within 1 % and dollars a second. */
  deepen(market: Market, depth: number, flow: number, reporters = 5): void {
    for (let reporter = 1; reporter <= reporters; reporter++) {
      const { tier, market: id } = market;
      this.must({ kind: "setVenueDepth", tier, reporter, feedKind: FEED_KIND.market, id, depth, flow });
    }
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

  ticks({ tick }: Market, dollars: number): number {
    return Math.max(1, Math.round(dollars / tick));
  }

  lots({ lot }: Market, units: number): number {
    return Math.floor(units / lot);
  }

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

  // --------------------------------------------------------------------------------------------------------- prices

  /** What the underlying is really worth, whatever anybody reports. */
  truth(market: Market, dollars: number): void {
    this.losses.seeTruth(market.tier, market.market, this.ticks(market, dollars));
  }

  /**
   * What the sources of a market print now, the first the first: five reporters tell each his own, or, where nobody asks them, the
   * operator relays the first.
   */
  print(market: Market, dollars: number | readonly number[]): readonly Receipt[] {
    const { tier, market: id, tick } = market;
    const prices = typeof dollars === "number" ? Array.from({ length: 5 }, () => dollars) : dollars;
    if (!this.reported.has(feedName(tier, FEED_KIND.market, id)))
      return [
        this.must({
          kind: "updateIndexPrice",
          tier,
          market: id,
          price: this.ticks(market, prices[0] as number),
        }),
      ];
    return prices.map((price, index) =>
      this.report(tier, FEED_KIND.market, id, index + 1, Math.round((price / tick) * 1_000)),
    );
  }

  /** One reporter alone tells a price. */
  printFrom({ tier, market, tick }: Market, reporter: number, dollars: number): Receipt {
    return this.report(tier, FEED_KIND.market, market, reporter, Math.round((dollars / tick) * 1_000));
  }

  /** The mark, dollars. */
  markOf({ tier, market, tick }: Market): number {
    return marketView(this.engine.venue, tier, market).mark * tick;
  }

  /** The same for an asset that a tier accepts. */
  printAsset(asset: number, dollars: number | readonly number[]): readonly Receipt[] {
    const prices = typeof dollars === "number" ? Array.from({ length: 5 }, () => dollars) : dollars;
    if (!this.reported.has(feedName(1, FEED_KIND.collateral, asset)))
      return [this.send({ kind: "updateCollateralPrice", tier: 1, asset, price: usd(prices[0] as number) })];
    return prices.map((price, index) => this.report(1, FEED_KIND.collateral, asset, index + 1, usd(price)));
  }

  /** A market goes along a path, true and printed alike, a step every so many ms. */
  walk(market: Market, path: readonly number[], step: number): void {
    for (const price of path) {
      this.wait(step);
      this.truth(market, price);
      this.print(market, price);
    }
  }

  private report(tier: number, feedKind: number, id: number, reporter: number, price: number): Receipt {
    this.told += 1;
    const report = { price, confidence: 0, publishedAt: this.now, sequence: this.told };
    return this.send({ kind: "reportPrice", tier, reporter, feedKind, id, ...report });
  }

  // --------------------------------------------------------------------------------------------------------- ways out

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

  /** The chain pays what the vault has released. */
  pay(): void {
    for (const withdrawal of this.losses.payable())
      this.send({ kind: "finaliseWithdrawal", withdrawal, paid: 1 });
  }
}

function feedName(tier: number, feedKind: number, id: number): string {
  return `${tier}/${feedKind}/${id}`;
}

function roomFor(tiers: number, seats: number, ticksBits: number): Capacities {
  const tier = {
    markets: MARKETS,
    buckets: seats,
    positions: seats * 4,
    orders: 4_096,
    holdings: seats,
    ticks: 2 ** ticksBits,
  };
  return {
    accounts: 2 * seats,
    balances: 4 * seats,
    withdrawals: 1_024,
    tiers: Array.from({ length: tiers }, () => tier),
  };
}
