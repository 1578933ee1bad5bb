/**
 * A venue to test on: a market and its traders in a few readable lines.
 *
 *     const desk = openDesk();
 *     const alice = desk.openTrader(1_000);
 *     const bob = desk.openTrader(1_000);
 *     desk.expectAccepted(desk.sell(alice, 5, 100));
 *     desk.expectAccepted(desk.buy(bob, 5, 100));
 *
 * A plain market has one dollar per tick and lot, so its prices are dollars; whatever is money in a command
 * or a receipt is micro-dollars, written `usd(100)`.
 */
import {
  BREAKER_OFF,
  type BucketView,
  type Capacities,
  type Command,
  type CommandName,
  Engine,
  type EngineOptions,
  FEED_KIND,
  type FeedView,
  LAYOUTS,
  type Layout,
  type MarketView,
  ORDER_TYPE,
  type PositionView,
  type Preview,
  type Receipt,
  type RefusalName,
  SIDE,
  TIME_IN_FORCE,
  type TierCapacities,
  bucketIdOf,
  bucketView,
  feedView,
  hex,
  marketView,
  positionView,
} from "@bulkhead/engine";
import { expect } from "vitest";

/** Dollars as the engine counts them. */
export const usd = (dollars: number): number => Math.round(dollars * 1_000_000);

/** The fields of a command, without kind and time. */
export type Fields<Name extends CommandName> = Omit<Extract<Command, { kind: Name }>, "kind" | "time">;
/** A command that goes at the desk's time, unless it names one. */
export type Instruction = {
  [Name in CommandName]: { kind: Name; time?: number } & Fields<Name>;
}[CommandName];
export type PlaceOrder = Extract<Instruction, { kind: "placeOrder" }>;

export interface Trader {
  readonly account: number;
  readonly bucket: number;
}

/** A perpetual without fees: 10 % initial margin, half of it for maintenance, orders up to 50 % from the mark. */
export const PLAIN_MARKET: Fields<"listMarket"> = {
  tier: 1,
  contract: 0,
  expiry: 0,
  notional: usd(1),
  rangeBits: 15,
  initialMargin: 100_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 500_000,
  takerFee: 0,
  makerFee: 0,
  maxPositionLots: 10_000,
  maxOpenInterestLots: 100_000,
  fundingCap: 100_000_000,
};

/** A feed that three operators of equal weight must make: fresh for 3 s, dead after 30 s, with the width and leaps of a large market. */
export const PLAIN_FEED: Fields<"configureFeed"> = {
  tier: 1,
  feedKind: FEED_KIND.market,
  id: 1,
  reporters: 0xffff,
  quorum: 3,
  sigma: 100_000,
  staleAfter: 3_000,
  deadAfter: 30_000,
  halfLife: 5_000,
  maxConfidence: 20_000,
  jump: 3_000,
  deviation: 2_500,
  divergence: 100_000,
  frozenAfter: 0,
  floor: 0,
};

export const LIMIT_ORDER: Omit<PlaceOrder, "account" | "bucket" | "side" | "price" | "lots"> = {
  kind: "placeOrder",
  tier: 1,
  market: 1,
  type: ORDER_TYPE.limit,
  timeInForce: TIME_IN_FORCE.goodTillCancelled,
  trigger: 0,
  expiry: 0,
  clientId: 0,
  flags: 0,
  selfTrade: 0,
};

/** A tier of a few markets, with the changes a test asks for. */
export function smallTier(changes: Partial<TierCapacities> = {}): TierCapacities {
  const plain = { markets: 4, buckets: 64, positions: 256, orders: 2_048, holdings: 16, ticks: 4 * 2 ** 15 };
  return { ...plain, ...changes };
}

export function smallVenue(changes: Partial<Capacities> = {}): Capacities {
  return { accounts: 64, balances: 128, withdrawals: 16, tiers: [smallTier()], ...changes };
}

/** A desk with the quote currency, a tier, and a plain market whose mark is 100. */
export function openDesk(
  terms: Partial<Fields<"listMarket">> = {},
  options: EngineOptions = {},
  log?: Command[],
): Desk {
  const desk = new Desk(options, log);
  desk.listQuote();
  desk.listTier();
  desk.listMarket(terms);
  return desk;
}

export class Desk {
  readonly engine: Engine;
  now = 1_000;
  private readonly log: Command[] | undefined;
  private reference = 0;
  private told = 0;

  /** An empty venue: not even the quote currency is listed. */
  /** @param log - what is sent is appended to it */
  constructor(options: EngineOptions = {}, log?: Command[]) {
    this.log = log;
    this.engine = new Engine({ capacities: smallVenue(), ...options });
  }

  /** Applies a command and answers with its receipt, whatever it says. */
  send(instruction: Instruction): Receipt {
    const command = { time: this.now, ...instruction };
    this.log?.push(command);
    return this.engine.submit(command);
  }

  /** What an order would do. */
  preview(order: PlaceOrder): Preview {
    return this.engine.preview({ time: this.now, ...order });
  }

  /** Applies a command that must be accepted. */
  expectAccepted(instruction: Instruction): Receipt {
    const receipt = this.send(instruction);
    expect(receipt, JSON.stringify(instruction)).toMatchObject({ outcome: "accepted" });
    return receipt;
  }

  /** Applies a command that must be refused with these facts, leave no event and change no byte of state. */
  expectRefused(
    instruction: Instruction,
    refusal: RefusalName,
    facts: Readonly<Record<string, number>>,
  ): void {
    const { sequence } = this.engine;
    const before = this.hash();
    const receipt = this.send(instruction);
    const { outcome, events } = receipt;
    expect({ outcome, facts: receipt.facts, events }).toEqual({ outcome: refusal, facts, events: [] });
    expect(receipt.sequence, "a refused command has its number").toBe(sequence + 1);
    expect(this.hash(), "a refusal changes nothing").toBe(before);
  }

  listQuote(): void {
    this.expectAccepted({ kind: "listAsset", scale: 1_000_000 });
  }

  listAsset(scale = 1_000): number {
    return this.fact({ kind: "listAsset", scale }, "asset");
  }

  listTier(minInitialMargin = 0): number {
    return this.fact({ kind: "listTier", minInitialMargin }, "tier");
  }

  /** Takes an asset as collateral of tier 1 at its full price, with the changes a test asks for. */
  acceptCollateral(asset: number, changes: Partial<Fields<"acceptCollateral">> = {}): void {
    const terms = { tier: 1, asset, initialWeight: 1_000_000, maintenanceWeight: 1_000_000, cap: 1_000_000 };
    this.expectAccepted({ kind: "acceptCollateral", ...terms, ...changes });
  }

  /** Lists a market; `mark` 0 leaves it without a price. */
  listMarket(terms: Partial<Fields<"listMarket">> = {}, mark = 100): number {
    const market = this.fact({ kind: "listMarket", ...PLAIN_MARKET, ...terms }, "market");
    if (mark !== 0) this.mark(mark, market, terms.tier);
    return market;
  }

  openAccount(): number {
    return this.fact({ kind: "openAccount" }, "account");
  }

  /** Opens an account with dollars in a bucket: the cross bucket, or the one isolated to a market. */
  openTrader(dollars: number, mode = 0, tier = 1): Trader {
    const account = this.openAccount();
    return this.fund(account, dollars, mode, tier);
  }

  /** Deposits dollars for an account and allocates them to one of its buckets. */
  fund(account: number, dollars: number, mode = 0, tier = 1): Trader {
    this.deposit(account, usd(dollars));
    this.expectAccepted({ kind: "allocate", account, tier, mode, asset: 1, amount: usd(dollars) });
    return { account, bucket: bucketIdOf(this.engine.venue, tier, account, mode) };
  }

  deposit(account: number, amount: number, asset = 1): void {
    this.reference += 1;
    this.expectAccepted({ kind: "confirmDeposit", account, asset, amount, reference: this.reference });
  }

  mark(price: number, market = 1, tier = 1): Receipt {
    return this.expectAccepted({ kind: "updateIndexPrice", tier, market, price });
  }

  /** A future of tier 1 has its final price. */
  expire(market: number, price = 100): Receipt {
    return this.expectAccepted({ kind: "expireMarket", tier: 1, market, price });
  }

  tick(tier = 1): Receipt {
    return this.expectAccepted({ kind: "clockTick", tier });
  }

  /** Gives a market of tier 1 a breaker that looks only at what a test asks for. */
  arm(market: number, changes: Partial<Fields<"configureBreaker">>): void {
    this.expectAccepted({ kind: "configureBreaker", tier: 1, market, ...BREAKER_OFF, ...changes });
  }

  /** Registers reporters of equal weight from number 1 on, each of an operator of its own. */
  openReporters(count: number, tier = 1): void {
    for (let reporter = 1; reporter <= count; reporter++) {
      const weight = 1_000_000;
      this.expectAccepted({ kind: "registerReporter", tier, reporter, operator: reporter, weight });
    }
  }

  /** Asks reporters for a price, with the changes a test asks for. */
  askReporters(changes: Partial<Fields<"configureFeed">> = {}): Receipt {
    return this.expectAccepted({ kind: "configureFeed", ...PLAIN_FEED, ...changes });
  }

  /** Nobody vouches for the price of a market: everything is forbidden until `forgetFeed`. */
  loseFeed(market: number): void {
    this.openReporters(1);
    this.askReporters({ id: market, quorum: 1 });
  }

  /** The price of a market is an operator's again. */
  forgetFeed(market: number): void {
    this.askReporters({ id: market, quorum: 0 });
  }

  /** What a collateral asset redeems for, told every ten minutes. */
  redeem(asset: number, changes: Partial<Fields<"configureRedemption">>): void {
    const terms = { tier: 1, asset, basis: 0, underlying: 0, maxAge: 600_000, dailyStep: 1_000 };
    this.expectAccepted({ kind: "configureRedemption", ...terms, ...changes });
  }

  /** A report of this moment, with the changes a test asks for; a market's price is in thousandths of a tick. */
  report(reporter: number, price: number, changes: Partial<Fields<"reportPrice">> = {}): Instruction {
    this.told += 1;
    const { feedKind, id } = PLAIN_FEED;
    const report = { tier: 1, feedKind, id, confidence: 0, publishedAt: this.now, sequence: this.told };
    return { kind: "reportPrice", reporter, price, ...report, ...changes };
  }

  /** Reporters tell their prices, the first the first. */
  reportAll(prices: readonly number[], changes: Partial<Fields<"reportPrice">> = {}): void {
    for (const [index, price] of prices.entries()) {
      this.expectAccepted(this.report(index + 1, price, changes));
    }
  }

  feed(id = 1, feedKind: number = FEED_KIND.market, tier = 1): FeedView {
    return feedView(this.engine.venue, tier, feedKind, id);
  }

  set(parameter: number, value: number, market = 1, tier = 1): void {
    this.expectAccepted({ kind: "setParameter", tier, market, parameter, value });
  }

  /** A good-till-cancelled limit order, with the changes a test asks for. */
  buy(trader: Trader, lots: number, price: number, changes: Partial<PlaceOrder> = {}): PlaceOrder {
    return { ...LIMIT_ORDER, ...trader, side: SIDE.buy, lots, price, ...changes };
  }

  sell(trader: Trader, lots: number, price: number, changes: Partial<PlaceOrder> = {}): PlaceOrder {
    return { ...LIMIT_ORDER, ...trader, side: SIDE.sell, lots, price, ...changes };
  }

  /** Two traders exchange lots at a price. */
  trade(buyer: Trader, seller: Trader, lots: number, price: number, changes: Partial<PlaceOrder> = {}): void {
    this.expectAccepted(this.sell(seller, lots, price, changes));
    this.expectAccepted(this.buy(buyer, lots, price, changes));
  }

  bucket({ bucket }: Trader, tier = 1): BucketView {
    return bucketView(this.engine.venue, tier, bucket);
  }

  /** The id of the order the trader placed last; 0 if none is open. */
  newestOrder(trader: Trader): number {
    return this.bucket(trader).orders[0] ?? 0;
  }

  position({ bucket }: Trader, market = 1, tier = 1): PositionView | undefined {
    return positionView(this.engine.venue, tier, bucket, market);
  }

  market(market = 1, tier = 1): MarketView {
    return marketView(this.engine.venue, tier, market);
  }

  /** The state as one word. */
  hash(): string {
    return hex(this.engine.stateHash());
  }

  private fact(instruction: Instruction, name: string): number {
    return this.expectAccepted(instruction).facts[name] ?? 0;
  }
}

/** The shape of a command by its name. */
export function layoutOf(name: CommandName): Layout {
  return LAYOUTS.find((layout) => layout.name === name) as Layout;
}
