/** Prices of a stage: what is listed at which price, who reports it, what the sources print, and what things are truly worth. */
import { FEED_KIND, type Receipt, limits, marketView } from "@bulkhead/engine";
import { priceText } from "../telling/amounts.ts";
import type { Telling } from "../telling/beat.ts";
import { Counter } from "./counter.ts";
import { FEED_TERMS, type Fields, MARKET_TERMS, usd } from "./terms.ts";

export interface Market {
  readonly tier: number;
  readonly market: number;
  /** Dollars per tick, units of the underlying per lot, micro-dollars per tick and lot. */
  readonly tick: number;
  readonly lot: number;
  readonly notional: number;
}

export interface Listing extends Partial<Fields<"listMarket">> {
  /** As people call it; its number, unless said otherwise. */
  readonly name?: string;
  readonly tick: number;
  readonly lot: number;
  /** Dollars. */
  readonly price: number;
}

export const DOLLARS = 1;

export class PriceDesk extends Counter {
  private readonly reported = new Set<string>();
  private told = 0;

  /** @param name - as people call it; undefined of the venue's own currency */
  listAsset(scale: number, dollars: number, name?: string): number {
    const asset = this.must({ kind: "listAsset", scale }).facts["asset"] as number;
    this.losses.priceAsset(asset, scale, dollars);
    if (name !== undefined) this.nameAsset(asset, name);
    if (asset !== DOLLARS) this.must({ kind: "updateVaultPrice", asset, price: usd(dollars) });
    return asset;
  }

  listMarket({ name, tick, lot, price, ...terms }: Listing): Market {
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
    this.markets.push({ ...listed, name: name ?? `market ${market}` });
    this.losses.list(listed.tier, market, notional);
    this.print(listed, price);
    this.truth(listed, price);
    return listed;
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

  /** Depth and flow of the venues that reporters look at, dollars within 1 % and dollars a second. */
  deepen(market: Market, depth: number, flow: number, reporters = 5): void {
    for (let reporter = 1; reporter <= reporters; reporter++) {
      const { tier, market: id } = market;
      this.must({ kind: "setVenueDepth", tier, reporter, feedKind: FEED_KIND.market, id, depth, flow });
    }
  }

  ticks({ tick }: Market, dollars: number): number {
    return Math.max(1, Math.round(dollars / tick));
  }

  lots({ lot }: Market, units: number): number {
    return Math.floor(units / lot);
  }

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

  /** A market goes along a path, true and printed alike, a step every so many ms. @param who - who or what is at that price, in words */
  *walk(market: Market, path: readonly number[], step: number, who: string): Telling<void> {
    for (const price of path) {
      this.wait(step);
      this.truth(market, price);
      this.print(market, price);
      yield this.beat(`${who} ${priceText(price)}`);
    }
  }

  private report(tier: number, feedKind: number, id: number, reporter: number, price: number): Receipt {
    this.told += 1;
    const report = { price, confidence: 0, publishedAt: this.now, sequence: this.told };
    return this.send({ kind: "reportPrice", tier, reporter, feedKind, id, ...report });
  }
}

function feedName(tier: number, feedKind: number, id: number): string {
  return `${tier}/${feedKind}/${id}`;
}
