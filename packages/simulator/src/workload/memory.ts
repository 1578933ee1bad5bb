/**
 * What the traders and operators remember of the venue: ids, marks, open orders and positions, learnt from receipts and events
 * as anybody could. It serves to choose commands that mean something; being wrong only makes them less likely to be accepted.
 */
import { type CommandName, EVENTS, EVENT_WORDS, type RefusalName, SIDE } from "@bulkhead/engine";
import type { CommandStep } from "../step.ts";
import type { Temperament } from "./profile.ts";

/** The level of a breaker whose market is in a call auction. */
const AUCTION = 4;

export interface MarketMemo {
  readonly tier: number;
  readonly id: number;
  readonly isFuture: boolean;
  readonly expiry: number;
  readonly notional: number;
  readonly highest: number;
  readonly initialMargin: number;
  readonly maxPositionLots: number;
  readonly maxOpenInterestLots: number;
  readonly takerFee: number;
  readonly makerFee: number;
  /** Where the price wants to go back to. */
  readonly anchor: number;
  /** 0 = no price yet. */
  mark: number;
  /** Its price comes from reporters. */
  isReported: boolean;
  /** It measures its own funding rate. */
  fundingInterval: number;
  band: number;
  status: number;
  /** Markets of one number hedge each other, 0 = none. */
  underlying: number;
  /** Next bucket to settle, 0 = all are. */
  unsettled: number;
  /** A call auction ends its halt. */
  isAuctioned: boolean;
}

export interface OrderMemo {
  readonly id: number;
  readonly bucket: BucketMemo;
  readonly market: number;
  readonly side: number;
  readonly clientId: number;
  price: number;
  lots: number;
}

export interface BucketMemo {
  readonly tier: number;
  readonly id: number;
  readonly account: number;
  readonly mode: number;
  readonly temperament: Temperament;
  /** Quote currency it can afford to lose, as far as it knows. */
  wealth: number;
  /** Markets that another bucket of the account holds. */
  readonly shuns: Set<number>;
  /** Lots by market. */
  readonly lots: Map<number, number>;
  /** Ids of open orders; some may be gone. */
  readonly orders: number[];
}

export interface TierMemo {
  readonly id: number;
  readonly markets: MarketMemo[];
  readonly buckets: BucketMemo[];
  readonly orders: Map<number, OrderMemo>;
}

export interface AccountMemo {
  readonly id: number;
  readonly temperament: Temperament;
  readonly balances: Map<number, number>;
}

export interface ProposalMemo {
  readonly proposer: number;
  readonly nonce: number;
  readonly command: number;
  readonly content: number;
  readonly eta: number;
  /** The market it would list. */
  readonly listing?: CommandOf<"listMarket">;
}

export interface GovernanceMemo {
  /** By proposer. */
  readonly proposals: Map<number, ProposalMemo>;
  /** What an approval must name, as far as is known: of members and rules, and of all parameters. */
  constitution: number;
  parameters: number;
}

/** What the engine answered to a command. */
export interface Answer {
  readonly outcome: "accepted" | RefusalName;
  readonly facts: Float64Array;
  /** Records of `EVENT_WORDS` doubles. */
  readonly events: Float64Array;
  readonly eventCount: number;
}

const OWNERS = 1_000_000;
const GONE_ORDERS = 64;
const LIST_MARKET = 3;
/** Fields of a proposed listing, in their order. */
export const LISTING_FIELDS: readonly Exclude<keyof CommandOf<"listMarket">, "kind" | "time" | "tier">[] = [
  "contract",
  "expiry",
  "notional",
  "rangeBits",
  "initialMargin",
  "maintenanceRatio",
  "scaleBase",
  "oiLower",
  "oiUpper",
  "band",
  "takerFee",
  "makerFee",
  "maxPositionLots",
  "maxOpenInterestLots",
  "fundingCap",
];
/** Codes of the commands that are decided on who governs alone. */
const CONSTITUTIONAL: ReadonlySet<number> = new Set([65, 73]);

export class Memory {
  clock = 0;
  assets = 0;
  readonly tiers: TierMemo[] = [];
  readonly accounts: AccountMemo[] = [];
  readonly withdrawals: number[] = [];
  /** Withdrawals of which something may be left, and whose they are. */
  readonly pending = new Map<number, number>();
  /** Last chain receipt of each asset. */
  readonly references = new Map<number, number>();
  /** Ids of orders that are no longer open, the latest few. */
  readonly gone: number[] = [];

  readonly #governance = new Map<number, GovernanceMemo>();
  /** Parameters that governance has changed, by tier, subject and id. */
  readonly #parameters = new Map<string, number>();

  /** The governance of a tier, or of the vault (0). */
  governance(tier: number): GovernanceMemo {
    const known = this.#governance.get(tier) ?? { proposals: new Map(), constitution: 0, parameters: 0 };
    this.#governance.set(tier, known);
    return known;
  }

  /** The value a parameter was last heard to have. */
  parameter(tier: number, subject: number, id: number): number | undefined {
    return this.#parameters.get(`${tier} ${subject} ${id}`);
  }

  /** Learns from the answer to a command. */
  learn({ command }: CommandStep, answer: Answer, temperament: Temperament): void {
    if (answer.outcome !== "accepted") return this.regret(command, answer);
    this.clock = command.time;
    const proposed =
      command.kind === "executeProposal"
        ? this.governance(command.tier).proposals.get(command.proposal)
        : undefined;
    this.readEvents(command, answer);
    const [first = 0, second = 0, third = 0] = answer.facts;
    switch (command.kind) {
      case "listAsset":
        this.assets = first;
        break;
      case "listTier":
        this.tiers.push({ id: first, markets: [], buckets: [], orders: new Map() });
        break;
      case "listMarket":
        this.tiers[command.tier - 1]?.markets.push(marketOf(command, first));
        break;
      case "executeProposal":
        if (proposed?.listing !== undefined)
          this.tiers[command.tier - 1]?.markets.push(marketOf(proposed.listing, second));
        break;
      case "propose":
        this.noteProposal(command, answer.events);
        break;
      case "openAccount":
        this.accounts.push({ id: first, temperament, balances: new Map() });
        break;
      case "confirmDeposit":
        this.references.set(command.asset, command.reference);
        break;
      case "requestWithdrawal":
        this.withdrawals.push(first);
        this.pending.set(first, command.account);
        break;
      case "allocate":
        this.meetBucket(command, first);
        break;
      case "placeOrder":
        this.bucket(command.tier, command.bucket)?.shuns.delete(command.market);
        if (third > 0 && answer.eventCount === 0) this.noteWaiting(command, first);
        break;
      case "updateIndexPrice":
        this.change(command, (market) => (market.mark = command.price));
        break;
      case "configureFeed":
        if (command.feedKind !== 0) break;
        this.change({ tier: command.tier, market: command.id }, (market) => {
          market.isReported = command.quorum > 0;
        });
        break;
      case "reportPrice":
        if (command.feedKind !== 0 || second === 0) break;
        this.change({ tier: command.tier, market: command.id }, (market) => {
          market.mark = Math.max(1, Math.min(Math.round(second / 1_000), market.highest));
        });
        break;
      case "expireMarket":
        this.change(command, (market) => {
          market.mark = first;
          market.status = 3;
          market.unsettled = 1;
        });
        break;
      case "settleExpired":
        this.change(command, (market) => {
          if (command.bucket <= market.unsettled) market.unsettled = second;
        });
        break;
      case "setParameter":
        this.noteParameter(command);
        break;
      default:
    }
  }

  bucket(tier: number, id: number): BucketMemo | undefined {
    return this.tiers[tier - 1]?.buckets[id - 1];
  }

  order(tier: number, id: number): OrderMemo | undefined {
    return this.tiers[tier - 1]?.orders.get(id);
  }

  /** A refusal tells something too: what a bucket is really worth. */
  private regret(command: CommandStep["command"], { outcome, facts }: Answer): void {
    if (outcome === "order_unknown" && "order" in command) return this.forget(command.tier, command.order);
    if (outcome === "withdrawal_unknown" && "withdrawal" in command) this.pending.delete(command.withdrawal);
    if (outcome === "parameters_differ" && command.kind === "approve") this.noteBasis(command, facts);
    if (command.kind !== "placeOrder") return;
    const bucket = this.bucket(command.tier, command.bucket);
    if (bucket === undefined) return;
    if (outcome === "market_held_in_other_bucket") bucket.shuns.add(command.market);
    if (outcome === "margin_insufficient")
      bucket.wealth = Math.max(0, Math.min(bucket.wealth, facts[0] as number));
  }

  private noteBasis({ tier, proposal }: CommandOf<"approve">, facts: Float64Array): void {
    const governance = this.governance(tier);
    const isConstitutional = CONSTITUTIONAL.has(governance.proposals.get(proposal)?.command ?? 0);
    governance[isConstitutional ? "constitution" : "parameters"] = facts[1] as number;
  }

  private change(command: { tier: number; market: number }, note: (market: MarketMemo) => void): void {
    const market = this.tiers[command.tier - 1]?.markets[command.market - 1];
    if (market !== undefined) note(market);
  }

  private noteParameter(command: { tier: number; market: number; parameter: number; value: number }): void {
    this.change(command, (market) => {
      if (command.parameter === 1) market.status = command.value;
      if (command.parameter === 7) market.band = command.value;
      if (command.parameter === 24) market.underlying = command.value;
      if (command.parameter === 15) market.fundingInterval = command.value;
    });
  }

  private noteProposal(command: CommandOf<"propose">, events: Float64Array): void {
    const { tier, member: proposer } = command;
    const words = Object.values(command);
    const fields = words.slice(words.length - LISTING_FIELDS.length);
    const listing =
      command.command === LIST_MARKET
        ? Object.fromEntries(LISTING_FIELDS.map((field, index) => [field, fields[index]]))
        : undefined;
    // A lapsed proposal of the same member may be told of before.
    let at = 0;
    while (events[at] !== EVENTS.proposalMade.code) at += EVENT_WORDS;
    const [nonce = 0, code = 0, content = 0, eta = 0] = events.subarray(at + 3, at + 7);
    this.governance(tier).proposals.set(proposer, {
      proposer,
      nonce,
      command: code,
      content,
      eta,
      ...(listing && { listing: { ...listing, kind: "listMarket", tier } as CommandOf<"listMarket"> }),
    });
  }

  private meetBucket(command: CommandOf<"allocate">, id: number): void {
    const tier = this.tiers[command.tier - 1] as TierMemo;
    if (tier.buckets[id - 1] !== undefined) return;
    const { temperament } = this.accounts[command.account - 1] as AccountMemo;
    tier.buckets.push({
      tier: command.tier,
      id,
      account: command.account,
      mode: command.mode,
      temperament,
      wealth: command.asset === 1 ? command.amount : 0,
      shuns: new Set(),
      lots: new Map(),
      orders: [],
    });
  }

  private noteWaiting(command: CommandOf<"placeOrder">, id: number): void {
    this.noteOrder(command.tier, id, command.bucket, command);
  }

  private noteOrder(
    tierId: number,
    id: number,
    bucketId: number,
    terms: Pick<OrderMemo, "market" | "side" | "price" | "lots" | "clientId">,
  ): void {
    const bucket = this.bucket(tierId, bucketId);
    if (bucket === undefined) return;
    const { market, side, price, lots, clientId } = terms;
    this.tiers[tierId - 1]?.orders.set(id, { id, bucket, market, side, price, lots, clientId });
    bucket.orders.push(id);
  }

  private forget(tier: number, id: number): void {
    if (this.tiers[tier - 1]?.orders.delete(id) !== true) return;
    this.gone.push(id);
    if (this.gone.length > GONE_ORDERS) this.gone.shift();
  }

  private readEvents(command: CommandStep["command"], { events, eventCount }: Answer): void {
    const tier = "tier" in command ? command.tier : 0;
    for (let at = 0; at < eventCount * EVENT_WORDS; at += EVENT_WORDS) this.readEvent(tier, events, at);
  }

  private readEvent(tier: number, words: Float64Array, at: number): void {
    const word = (offset: number): number => words[at + offset] as number;
    switch (words[at]) {
      case EVENTS.fill.code:
        return this.noteFill(tier, word(1), word(2), word(3), word(4), word(5), word(7));
      case EVENTS.orderRested.code: {
        const terms = { market: word(1), side: word(4), price: word(5), lots: word(6), clientId: word(7) };
        return this.noteOrder(tier, word(2), word(3), terms);
      }
      case EVENTS.orderReduced.code: {
        const order = this.order(tier, word(2));
        if (order !== undefined) order.lots = word(5);
        return;
      }
      case EVENTS.orderRemoved.code:
      case EVENTS.orderTriggered.code:
        return this.forget(tier, word(2));
      case EVENTS.markMoved.code:
        return this.change({ tier, market: word(1) }, (market) => {
          market.mark = word(2);
        });
      case EVENTS.breakerMoved.code:
        return this.change({ tier, market: word(1) }, (market) => {
          market.isAuctioned = word(3) === AUCTION;
        });
      case EVENTS.positionSettled.code:
        this.bucket(tier, word(2))?.lots.delete(word(1));
        return;
      case EVENTS.positionLiquidated.code:
        // Lots that the book or a call auction took were in their fills.
        if (word(4) === 1 || word(4) === 5) return;
        this.addLots(tier, word(2), word(1), -word(3));
        return this.addLots(tier, word(5), word(1), word(3));
      case EVENTS.positionTornUp.code:
        return this.addLots(tier, word(2), word(1), -word(3));
      case EVENTS.liquidationEnded.code: {
        const bucket = this.bucket(tier, word(1));
        if (bucket !== undefined) bucket.wealth = Math.max(0, word(3));
        return;
      }
      case EVENTS.balanceMoved.code:
        this.moveBalance(word(1), -word(2), word(3));
        return this.moveBalance(word(1), word(2), word(4));
      case EVENTS.proposalCancelled.code:
      case EVENTS.proposalLapsed.code:
      case EVENTS.proposalExecuted.code:
        this.governance(word(1)).proposals.delete(word(2));
        return;
      case EVENTS.parameterChanged.code:
      case EVENTS.holdLapsed.code:
        return this.noteChange(tier, word(1), word(2), word(4));
      case EVENTS.bucketMoved.code: {
        const bucket = this.bucket(tier, word(1));
        if (bucket !== undefined && word(2) === 1) bucket.wealth = Math.max(0, bucket.wealth + word(3));
        return;
      }
      default:
    }
  }

  private noteChange(tier: number, subject: number, id: number, value: number): void {
    this.#parameters.set(`${tier} ${subject} ${id}`, value);
    if (id < 32) this.noteParameter({ tier, market: subject, parameter: id, value });
  }

  private noteFill(
    tier: number,
    market: number,
    id: number,
    maker: number,
    taker: number,
    side: number,
    lots: number,
  ): void {
    const order = this.order(tier, id);
    if (order !== undefined) order.lots -= lots;
    if (order !== undefined && order.lots <= 0) this.forget(tier, id);
    const bought = side === SIDE.buy ? lots : -lots;
    this.addLots(tier, taker, market, bought);
    this.addLots(tier, maker, market, -bought);
  }

  private addLots(tier: number, id: number, market: number, lots: number): void {
    const held = this.bucket(tier, id)?.lots;
    if (held === undefined) return;
    const after = (held.get(market) ?? 0) + lots;
    if (after === 0) held.delete(market);
    else held.set(market, after);
  }

  private moveBalance(asset: number, amount: number, place: number): void {
    const balances = this.accounts[place - OWNERS - 1]?.balances;
    balances?.set(asset, (balances.get(asset) ?? 0) + amount);
  }
}

type CommandOf<Name extends CommandName> = Extract<CommandStep["command"], { kind: Name }>;

function marketOf(command: CommandOf<"listMarket">, id: number): MarketMemo {
  const { tier, contract, expiry, notional, rangeBits, initialMargin, maxPositionLots, band } = command;
  const { maxOpenInterestLots, takerFee, makerFee } = command;
  const highest = 2 ** rangeBits - 1;
  return {
    tier,
    id,
    isFuture: contract === 1,
    expiry,
    notional,
    highest,
    initialMargin,
    maxPositionLots,
    maxOpenInterestLots,
    takerFee,
    makerFee,
    anchor: Math.floor(highest / (3 + (id % 5) * 3)),
    mark: 0,
    isReported: false,
    fundingInterval: 0,
    band,
    status: 0,
    underlying: 0,
    unsettled: 0,
    isAuctioned: false,
  };
}
