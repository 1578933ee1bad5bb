/** A desk for telling stories to an auditor in tests: sensible defaults, numbers instead of BigInts. */
import type { CommandName } from "@bulkhead/engine";
import { Auditor, type AuditorOptions, type Prediction } from "./auditor.ts";
import type { BucketState } from "./state/bucket.ts";
import type { MarketState } from "./state/market.ts";
import { type CommandNamed } from "./world.ts";

/** The fields of a command, without kind and time. */
type Fields<Name extends CommandName> = Omit<CommandNamed<Name>, "kind" | "time">;

export interface Trader {
  readonly account: number;
  readonly bucket: number;
}

export const BUY = 0;
export const SELL = 1;

/** A perpetual at 10 % initial margin, without fees, scaling or funding limits, one micro-dollar per tick and lot. */
export const PLAIN_MARKET: Fields<"listMarket"> = {
  tier: 1,
  contract: 0,
  expiry: 0,
  notional: 1,
  rangeBits: 15,
  initialMargin: 100_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 500_000,
  takerFee: 0,
  makerFee: 0,
  maxPositionLots: 1_000_000,
  maxOpenInterestLots: 1_000_000,
  fundingCap: 100_000_000,
};

export class Desk {
  readonly auditor: Auditor;
  time = 1_000;
  #reference = 0;

  constructor(options: AuditorOptions = {}) {
    this.auditor = new Auditor(options);
    this.must("listAsset", { scale: 1_000_000 });
    this.must("listTier", { minInitialMargin: 0 });
  }

  send<Name extends CommandName>(kind: Name, fields: Fields<Name>): Prediction {
    return this.auditor.predict({ kind, time: this.time, ...fields } as unknown as CommandNamed<Name>);
  }

  /** Sends a command that is expected to be accepted; its receipt facts. */
  must<Name extends CommandName>(kind: Name, fields: Fields<Name>): number[] {
    const { outcome, facts } = this.send(kind, fields);
    if (outcome !== "accepted") throw new Error(`${kind}: ${outcome} ${facts.join(" ")}`);
    return facts.map(Number);
  }

  /** Lists a market with a mark of 100. */
  market(terms: Partial<Fields<"listMarket">> = {}): number {
    const [market = 0] = this.must("listMarket", { ...PLAIN_MARKET, ...terms });
    this.mark(100, market);
    return market;
  }

  mark(price: number, market = 1): Prediction {
    return this.send("updateIndexPrice", { tier: 1, market, price });
  }

  account(quote: number): number {
    const [account = 0] = this.must("openAccount", {});
    if (quote > 0) this.deposit(account, quote);
    return account;
  }

  deposit(account: number, amount: number, asset = 1): Prediction {
    this.#reference += 1;
    return this.send("confirmDeposit", { account, asset, amount, reference: this.#reference });
  }

  /** An account with all its money in its cross bucket. */
  trader(cash = 1_000_000): Trader {
    const account = this.account(cash);
    const [bucket = 0] = this.must("allocate", { account, tier: 1, mode: 0, asset: 1, amount: cash });
    return { account, bucket };
  }

  /** Places a good-till-cancelled limit order in market 1, unless `terms` say otherwise. */
  place(
    trader: Trader,
    side: number,
    lots: number,
    price: number,
    terms: Partial<Fields<"placeOrder">> = {},
  ): Prediction {
    return this.send("placeOrder", {
      account: trader.account,
      bucket: trader.bucket,
      tier: 1,
      market: 1,
      side,
      type: 0,
      timeInForce: 0,
      price,
      lots,
      trigger: 0,
      expiry: 0,
      clientId: 0,
      flags: 0,
      selfTrade: 0,
      ...terms,
    });
  }

  bucket({ bucket }: Trader): BucketState {
    const state = this.auditor.state().tiers[0]?.buckets[bucket - 1];
    if (state === undefined) throw new Error(`no bucket ${bucket}`);
    return state;
  }

  /** Cash of a trader, and lots and cost of its position in a market. */
  holds(trader: Trader, market = 1): { cash: number; lots: number; cost: number } {
    const { cash, positions } = this.bucket(trader);
    const position = positions.find((each) => each.market === market);
    return { cash: Number(cash), lots: Number(position?.lots ?? 0), cost: Number(position?.cost ?? 0) };
  }

  marketState(market = 1): MarketState {
    const state = this.auditor.state().tiers[0]?.markets[market - 1];
    if (state === undefined) throw new Error(`no market ${market}`);
    return state;
  }

  get fees(): number {
    return Number(this.auditor.state().tiers[0]?.fees ?? 0);
  }
}

/** A prediction in words: `accepted 1 2`, or a refusal with its facts. */
export function answer({ outcome, facts }: Prediction): string {
  return [outcome, ...facts].join(" ");
}

/** The events of a prediction in words. */
export function tale({ events }: Prediction): string[] {
  return events.map(({ name, values }) => [name, ...values].join(" "));
}

/** Id of an order or withdrawal: its slot and generation. */
export function idOf(slot: number, generation = 1): number {
  return generation * 2 ** 22 + slot;
}
