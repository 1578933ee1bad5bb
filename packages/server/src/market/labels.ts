/** What the engine's numbers are called: symbols, and exact decimals of each market's and asset's own steps. */
import { type Asset, type Directory, type Instrument, assetText, usdText } from "@bulkhead/protocol";

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

  asset(asset: number): string {
    return this.assets.get(asset)?.symbol ?? String(asset);
  }

  /** Units of an asset as a decimal; those of one without a name as they are. */
  assetAmount(asset: number, units: number): string {
    const named = this.assets.get(asset);
    return named === undefined ? String(units) : assetText(named, units);
  }

  usd(microUsd: number): string {
    return usdText(microUsd);
  }
}
