/** What the venue has and owes, what its layers can pay now, and what each source of a price is worth. These are of one moment. */
import { NIL } from "./kernel/arena.ts";
import { minus, most, plus, plusUpTo } from "./kernel/checked.ts";
import { compareProducts, scaleFloor } from "./kernel/mulDiv.ts";
import { rowOf, usedRows } from "./kernel/pool.ts";
import {
  type AssetUnits,
  type MicroUsd,
  type MicroUsdPerWhole,
  type Ms,
  NONE,
  type Ppm,
} from "./kernel/units.ts";
import { quoteAsCash, valueOf, worthUpTo } from "./kernel/value.ts";
import { MAX_INTEGER, PPM_ONE, QUOTE_ASSET } from "./domain/limits.ts";
import { SOURCE_STATE } from "./domain/permits.ts";
import { MARKET } from "./domain/rows/market.ts";
import { COLLATERAL } from "./domain/rows/tier.ts";
import { BALANCE, VAULT, WITHDRAWAL } from "./domain/rows/vault.ts";
import type { Venue } from "./domain/venue.ts";
import { insuranceDrawable } from "./commands/steps/absorbDeficit.ts";
import { depthView } from "./coverQueries.ts";
import { type FeedView, type SourceView, feedView } from "./oracleQueries.ts";
import { UnknownId, assetView, tierView } from "./queries.ts";
import type { Census } from "./riskQueries.ts";
import { MUTUAL_FUND, SECOND_TRANCHE, drawable, mutualDrawable } from "./vault/guarantee.ts";
import { firstInQueue } from "./vault/queue.ts";
import { referencePrice } from "./vault/valuation.ts";

/** Who has what of an asset. `held` is the sum of all the others, or the books are wrong. */
export interface BookView {
  readonly asset: number;
  readonly scale: AssetUnits;
  /** In custody, as operators have confirmed it. */
  readonly held: AssetUnits;
  /** Of accounts: free, and on its way out. */
  readonly free: AssetUnits;
  readonly pending: AssetUnits;
  /** Of all tiers, their buckets and funds. */
  readonly tiers: AssetUnits;
  /** The venue's own layers, money between tiers, and what rounding has left. */
  readonly venue: AssetUnits;
  /** The sum of all claims: `free`, `pending`, `tiers`, `venue`. */
  readonly owed: AssetUnits;
  /** Micro-dollars per whole it is valued at: the vault's reference, without one that of the first tier that has a price; 0 = none. */
  readonly price: MicroUsdPerWhole;
  /** What is held, and what accounts own of it outside tiers, at that price; rounded down. */
  readonly heldWorth: MicroUsd;
  readonly ownedWorth: MicroUsd;
}

/** The books of every asset, from asset 1. Adds up every balance: as long as there are accounts. */
export function booksView(venue: Venue): BookView[] {
  const { vault } = venue;
  const free = freeBalances(venue);
  return Array.from({ length: vault.assetCount }, (_, index) => {
    const asset = index + 1;
    const view = assetView(venue, asset);
    const { scale, held, pending } = view;
    const tiers = view.custody.reduce<AssetUnits>((sum, units) => plus(sum, units), NONE);
    const own = [view.transit, view.dust, view.skin, view.mutual, view.loans];
    const ofVenue = own.reduce<AssetUnits>((sum, units) => plus(sum, units), NONE);
    const owned = plus(free[asset] ?? NONE, pending);
    const price = valuationPrice(venue, asset);
    const worth = (units: AssetUnits): MicroUsd => worthUpTo(MAX_INTEGER, units, price, scale);
    return {
      asset,
      scale,
      held,
      free: free[asset] ?? NONE,
      pending,
      tiers,
      venue: ofVenue,
      owed: plus(plus(owned, tiers), ofVenue),
      price,
      heldWorth: worth(held),
      ownedWorth: worth(owned),
    };
  });
}

/** What assets are valued at, by asset; see `BookView.price`. */
export function valuationPrices(venue: Venue): MicroUsdPerWhole[] {
  return Array.from({ length: venue.vault.assetCount + 1 }, (_, asset) =>
    asset === 0 ? NONE : valuationPrice(venue, asset),
  );
}

function valuationPrice(venue: Venue, asset: number): MicroUsdPerWhole {
  const reference = referencePrice(venue.vault, asset);
  if (reference !== 0) return reference;
  const tiers = venue.tiers.slice(0, venue.vault.tierCount);
  const prices = tiers.map((tier) => tier.arena.num(tier.collateral(asset), COLLATERAL.price));
  return prices.find((price) => price !== 0) ?? NONE;
}

/** Rows of balances are never given back, and lie side by side. */
function freeBalances({ vault }: Venue): AssetUnits[] {
  const { arena } = vault;
  const sums = Array.from({ length: vault.assetCount + 1 }, (): AssetUnits => NONE);
  const last = usedRows(arena, vault.balances);
  for (let number = 1; number <= last; number++) {
    const row = rowOf(arena, vault.balances, number);
    const asset = arena.int(row, BALANCE.asset);
    sums[asset] = plus(sums[asset] ?? NONE, arena.num(row, BALANCE.amount));
  }
  return sums;
}

/** Whether the venue could pay its owners, micro-dollars. */
export interface SolvencyView {
  readonly books: readonly BookView[];
  /** What all that is held is worth. */
  readonly held: MicroUsd;
  /** What owners have: outside tiers, and in buckets above 0. */
  readonly owed: MicroUsd;
  /** By how much buckets are below 0: what layers would have to bear. */
  readonly shortfall: MicroUsd;
  /** In the layers that bear losses, of all tiers and the venue. */
  readonly layers: MicroUsd;
  /** ⌊1e6 · held / owed⌋, no more than 2^53 − 1; undefined if nothing is owed. */
  readonly ratio: Ppm | undefined;
}

/** @param censuses - of all tiers, counted at `valuationPrices` */
export function solvencyView(
  venue: Venue,
  censuses: readonly Pick<Census, "equity" | "shortfall">[],
): SolvencyView {
  const books = booksView(venue);
  const held = addUp(books.map(({ heldWorth }) => heldWorth));
  const outside = books.map(({ ownedWorth }) => ownedWorth);
  const owed = addUp([...outside, ...censuses.map(({ equity }) => equity)]);
  const shortfall = addUp(censuses.map((census) => census.shortfall));
  let layers: MicroUsd = NONE;
  for (let tier = 1; tier <= venue.vault.tierCount; tier++)
    for (const { layer, balance } of layersView(venue, tier))
      if (layer < SECOND_TRANCHE.layer || tier === 1) layers = plusUpTo(layers, balance);
  return { books, held, owed, shortfall, layers, ratio: owed === 0 ? undefined : ratioOf(held, owed) };
}

/** A layer of a tier's waterfall. */
export interface LayerView {
  readonly layer: number;
  readonly balance: MicroUsd;
  /** Most that the next default of the tier takes of it; of cover: out of escrow, as of the last clock tick. */
  readonly drawable: MicroUsd;
}

/** The layers that hold money, in the order in which they bear a loss of the tier's: first tranche to mutual fund. @throws {UnknownId} */
export function layersView(venue: Venue, tierId: number): LayerView[] {
  const { skin, insurance, escrow } = tierView(venue, tierId);
  const tier = venue.tier(tierId);
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const { vault } = venue;
  const [, cover = NONE] = depthView(venue, tierId);
  const own: LayerView[] = [
    { layer: 1, balance: skin, drawable: skin },
    { layer: 2, balance: insurance, drawable: insuranceDrawable(tier) },
    { layer: 3, balance: escrow, drawable: cover },
  ];
  if (vault.assetCount < QUOTE_ASSET) return own;
  const now = vault.arena.num(vault.row, VAULT.clock);
  const { skin: second, mutual } = assetView(venue, QUOTE_ASSET);
  return [
    ...own,
    {
      layer: SECOND_TRANCHE.layer,
      balance: quoteAsCash(second),
      drawable: quoteAsCash(drawable(vault, SECOND_TRANCHE)),
    },
    {
      layer: MUTUAL_FUND.layer,
      balance: quoteAsCash(mutual),
      drawable: quoteAsCash(mutualDrawable(vault, tierId, now)),
    },
  ];
}

/** Notional of all positions of a tier at the marks, one side, micro-dollars; no more than 2^53 − 1. @throws {UnknownId} */
export function openNotional(venue: Venue, tierId: number): MicroUsd {
  const tier = tierId >= 1 ? venue.tier(tierId) : undefined;
  if (tier === undefined) throw new UnknownId("tier", tierId);
  let total: MicroUsd = NONE;
  for (let id = 1; id <= tier.marketCount; id++) {
    const row = tier.marketRow(id);
    const lots = tier.arena.num(row, MARKET.openInterest);
    total = plusUpTo(total, valueOf(lots, tier.arena.num(row, MARKET.lotValue)));
  }
  return total;
}

/** When the withdrawal that has waited longest was requested; 0 = none waits. */
export function oldestInQueue({ vault }: Venue): Ms {
  const first = firstInQueue(vault);
  return first === NIL ? NONE : vault.arena.num(first, WITHDRAWAL.requestedAt);
}

/** A source, against the price its feed was put together to. */
export interface SourceStanding extends SourceView {
  /** Since its report, at the venue's clock; 0 if it is dated later. */
  readonly age: Ms;
  /** ⌊1e6 · (its price − the feed's) / the feed's⌋; undefined while either is missing. */
  readonly deviation: Ppm | undefined;
  /** ⌊1e6 · its weight / all weight that counted⌋. */
  readonly share: Ppm;
}

const isCounted = ({ state }: SourceView): boolean => state === SOURCE_STATE.counted;

/** The feed of a market (`feedKind` 0) or of a collateral asset (1), with what each source is worth in it. @throws {UnknownId} */
export function feedStanding(
  venue: Venue,
  tierId: number,
  feedKind: number,
  id: number,
): Omit<FeedView, "sources"> & { readonly sources: readonly SourceStanding[]; readonly counted: number } {
  const feed = feedView(venue, tierId, feedKind, id);
  const now = venue.vault.arena.num(venue.vault.row, VAULT.clock);
  const counted = feed.sources.filter(isCounted);
  const all = counted.reduce((sum, { weight }) => sum + weight, 0);
  const sources = feed.sources.map((source): SourceStanding => {
    const { price, publishedAt, weight } = source;
    const isComparable = price !== 0 && feed.price !== 0;
    return {
      ...source,
      age: publishedAt === 0 ? NONE : most(minus(now, publishedAt), NONE),
      deviation: isComparable ? scaleFloor(PPM_ONE, minus(price, feed.price), feed.price) : undefined,
      share: isCounted(source) && all > 0 ? scaleFloor(PPM_ONE, weight, all) : NONE,
    };
  });
  return { ...feed, sources, counted: counted.length };
}

function ratioOf(a: MicroUsd, b: MicroUsd): Ppm {
  return compareProducts(a, PPM_ONE, MAX_INTEGER, b) > 0 ? MAX_INTEGER : scaleFloor(PPM_ONE, a, b);
}

/** As far as exact numbers reach. */
function addUp(amounts: readonly MicroUsd[]): MicroUsd {
  return amounts.reduce<MicroUsd>(plusUpTo, NONE);
}
