/** What the engine's numbers are called: symbols, and exact decimals of each market's and asset's own steps. What has no name is told as the engine counts it. */
import {
  type Asset,
  type Directory,
  type Instrument,
  amountText,
  assetText,
  pointsText,
  priceText,
} from "@bulkhead/protocol";

const MARKETS = 2 ** 16;

export class Labels {
  readonly directory: Directory;
  private readonly markets = new Map<number, Instrument>();
  private readonly symbols = new Map<string, Instrument>();
  private readonly assets = new Map<number, Asset>();

  constructor(directory: Directory) {
    this.directory = directory;
    for (const instrument of directory.instruments) {
      this.markets.set(instrument.tier * MARKETS + instrument.market, instrument);
      this.symbols.set(instrument.symbol, instrument);
    }
    for (const asset of directory.assets) this.assets.set(asset.asset, asset);
  }

  /** Undefined if nobody has named the market. */
  instrument(tier: number, market: number): Instrument | undefined {
    return this.markets.get(tier * MARKETS + market);
  }

  named(symbol: string): Instrument | undefined {
    return this.symbols.get(symbol);
  }

  /** The symbol of a market; of one without a name, its numbers: "2/7". */
  symbol(tier: number, market: number): string {
    return this.instrument(tier, market)?.symbol ?? `${tier}/${market}`;
  }

  tier(tier: number): string {
    return this.directory.tiers.find((each) => each.tier === tier)?.name ?? `Tier ${tier}`;
  }

  asset(asset: number): string {
    return this.assets.get(asset)?.symbol ?? String(asset);
  }

  /** Units of an asset as a decimal. */
  assetAmount(asset: number, units: number): string {
    const named = this.assets.get(asset);
    return named === undefined ? String(units) : assetText(named, units);
  }

  holding({ asset, amount }: { readonly asset: number; readonly amount: number }): {
    asset: string;
    amount: string;
  } {
    return { asset: this.asset(asset), amount: this.assetAmount(asset, amount) };
  }
}

/** Ticks as a price. @param instrument - undefined = nobody has named the market */
export function ticksText(instrument: Instrument | undefined, ticks: number): string {
  return instrument === undefined ? String(ticks) : priceText(instrument, ticks);
}

/** Lots as an amount. */
export function lotsText(instrument: Instrument | undefined, lots: number): string {
  return instrument === undefined ? String(lots) : amountText(instrument, lots);
}

/** Thousandths of a tick as a price; 0 = there is none. */
export function pointsOrNull(instrument: Instrument, points: number): string | null {
  return points === 0 ? null : pointsText(instrument, points);
}

/** Ticks as a price; 0 = there is none. */
export function priceOrNull(instrument: Instrument | undefined, ticks: number): string | null {
  return ticks === 0 ? null : ticksText(instrument, ticks);
}

/** 0 = none: times, ids. */
export function orNull(value: number): number | null {
  return value === 0 ? null : value;
}
