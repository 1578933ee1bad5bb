/** What a venue's things are called: told by its configuration when it is made, kept in `names.json` from then on. */
import { type Directory, type Names, directoryOf } from "@bulkhead/protocol";
import { type Config, ConfigError } from "./config.ts";

/** @throws {ConfigError} if names are not unique, or a size is no decimal above 0 */
export function directoryFor(config: Config): Directory {
  try {
    return directoryOf(namesOf(config));
  } catch (error) {
    throw new ConfigError(`configuration cannot be used:\n  ${(error as Error).message}`, { cause: error });
  }
}

function namesOf({ assets, tiers }: Config): Names {
  const [{ symbol: quote }] = assets as [Config["assets"][number]];
  return {
    assets: assets.map(({ symbol, decimals }, index) => ({ symbol, asset: index + 1, decimals })),
    tiers: tiers.map(({ name }, index) => ({ tier: index + 1, name })),
    instruments: tiers.flatMap(({ markets }, tier) =>
      markets.map(({ symbol, base, tickSize, lotSize }, market) => ({
        symbol,
        tier: tier + 1,
        market: market + 1,
        base,
        quote,
        tickSize,
        lotSize,
      })),
    ),
  };
}
