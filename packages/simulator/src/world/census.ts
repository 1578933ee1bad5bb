/** Counts what is there through the queries alone: whose money the vault holds, and who is below maintenance. */
import {
  type Venue,
  assetView,
  balanceView,
  bucketView,
  isBelowMaintenance,
  limits,
  marketView,
  tierView,
  venueView,
} from "@bulkhead/engine";

/** Whether the vault holds exactly what is owed; smallest units of the asset, micro-dollars for the quote currency. */
export interface Conservation {
  readonly vault: number;
  readonly owed: number;
  /** vault − owed. */
  readonly difference: number;
}

const QUOTE = limits.QUOTE_ASSET;

/** Sums up everything the vault owes in an asset: owners, buckets, pools, fees, funds, withdrawals, transit and dust. */
export function conservationOf(venue: Venue, asset: number): Conservation {
  const { accounts, tiers } = venueView(venue);
  const { held, transit, pending, dust, skin, mutual } = assetView(venue, asset);
  // Partial sums may pass 2^53 if something is wrong, and then the difference must still be the true one.
  let owed = BigInt(transit) + BigInt(pending) + BigInt(dust) + BigInt(skin) + BigInt(mutual);
  for (let account = 1; account <= accounts; account++) owed += BigInt(balanceView(venue, account, asset));
  for (let tier = 1; tier <= tiers; tier++) owed += owedInTier(venue, tier, asset);
  return { vault: held, owed: Number(owed), difference: Number(BigInt(held) - owed) };
}

function owedInTier(venue: Venue, tier: number, asset: number): bigint {
  const { buckets, markets, fees, skin, insurance, escrow } = tierView(venue, tier);
  let owed = asset === QUOTE ? BigInt(fees) + BigInt(skin) + BigInt(insurance) + BigInt(escrow) : 0n;
  for (let bucket = 1; bucket <= buckets; bucket++) {
    const { cash, holdings } = bucketView(venue, tier, bucket);
    if (asset === QUOTE) owed += BigInt(cash);
    for (const holding of holdings) if (holding.asset === asset) owed += BigInt(holding.amount);
  }
  if (asset !== QUOTE) return owed;
  for (let market = 1; market <= markets; market++) owed += BigInt(marketView(venue, tier, market).pool);
  return owed;
}

/** Buckets of a tier whose equity is below maintenance margin. */
export function countBelowMaintenance(venue: Venue, tier: number): number {
  const { buckets } = tierView(venue, tier);
  let count = 0;
  for (let bucket = 1; bucket <= buckets; bucket++) if (isBelowMaintenance(venue, tier, bucket)) count += 1;
  return count;
}
