/**
 * Bounds on everything a command may do or a venue may hold. They are part of the protocol: two nodes with different
 * limits answer differently. What is configuration instead (table capacities) is in `capacities.ts`.
 */
import type {
  AssetUnits,
  Lots,
  MicroUsd,
  MicroUsdPerWhole,
  Ms,
  Ppb,
  Ppm,
  Quantity,
  Shares,
  Ticks,
} from "../kernel/units.ts";

/** Largest exact integer: 2^53 − 1. Every decoded number lies within ± this, whatever it counts. */
export const MAX_INTEGER = 9_007_199_254_740_991 as Quantity<never>;

/** Tiers of one venue. */
export const MAX_TIERS = 16;
/** Assets a venue can hold. */
export const MAX_ASSETS = 32;
/** Markets of one tier. */
export const MAX_MARKETS = 64;

/** Resting and conditional orders of one bucket, whatever the tier's own limit says. */
export const MAX_BUCKET_ORDERS = 256;

/** Lots one order or limit can name: far above any position limit, low enough that sums of them are exact. */
export const MAX_LOTS = 1_099_511_627_776;

/** The lowest price, and the step from one to the next. */
export const ONE_TICK = 1 as Ticks;
/** The smallest size, and the smallest sum of money. */
export const ONE_LOT = 1 as Lots;
export const ONE_MICRO_USD = 1 as MicroUsd;
export const ONE_SHARE = 1 as Shares;
/** Price ladders hold 2^bits ticks. */
export const MIN_RANGE_BITS = 15;
export const MAX_RANGE_BITS = 22;

/**
 * Value a single position may have at the top of its market's price range, micro-dollars: 2^50, about 1.1 bn USD.
 * With `MAX_BUCKET_VALUE` it makes every margin sum exact: see docs/spec/numbers.md#headroom.
 */
export const MAX_POSITION_VALUE = 1_125_899_906_842_624 as MicroUsd;
/** The same, summed over the positions and open orders of a bucket: 2^51. */
export const MAX_BUCKET_VALUE = 2_251_799_813_685_248 as MicroUsd;
/** What a holding counts for before its haircut, and all of a bucket's after it, at most: 2^50, so that equity stays exact. */
export const MAX_COLLATERAL_VALUE = 1_125_899_906_842_624 as MicroUsd;

/** What a layer of the waterfall counts for in margin, at most: 2^49. */
export const MAX_LAYER = 562_949_953_421_312 as MicroUsd;

/** Policies of purchased cover a tier can hold. */
export const MAX_COVERS = 8;
/** Defaults of a tier for which it is remembered who bore them. */
export const MAX_LOSSES = 1_024;

/** Makers a single command may fill, cancel or reduce; a taker's remainder beyond is dropped (`matchLimit`). */
export const MAX_MATCHES = 512;
/** Conditional orders that one price may trigger; the others wait for the next price or tick. */
export const MAX_TRIGGERS = 32;
/** Orders that one mass cancel or one clock tick may remove. */
export const MAX_SWEEP = 512;
/** Events of one command. Orders stay far below; a default may tell of everybody who shares in it. */
export const MAX_EVENTS = 4_194_304;

/** Buckets in distress that one price or clock tick may serve. */
export const MAX_LIQUIDATIONS = 32;
/** What one default, and all defaults of a tier within a day, may take of the mutual fund: no key can change it. */
export const MUTUAL_DRAW = 400_000 as Ppm;

/** What an insurance fund may lend within a day: part of what it has beyond its target, and part of all it has. No key can change it. */
export const LENDING_OF_EXCESS = 250_000 as Ppm;
export const LENDING_OF_FUND = 100_000 as Ppm;
/** How long an ask, and money pledged to who asked, waits: an hour. */
export const LOAN_WAIT_MS = 3_600_000 as Ms;
/** The strictest posture in which a tier lends. */
export const LENDING_POSTURE = 1;

/** Orders that a call auction collects. */
export const MAX_COLLECTED = 1_024;
/** Buckets in distress that a call auction looks at. */
export const MAX_AUCTIONED = 256;

/** Funding for which alarms leave room: one of so many parts of a lot's value, either way. */
export const FUNDING_RESERVE_PARTS = 200;
/** Share of a collateral's price down to which alarms hold. */
export const COLLATERAL_RESERVE = 950_000 as Ppm;

/** From asking for a share of a fund's money to having it: how long, at least and by default; and how long it may then be fetched. */
export const MIN_COOLDOWN = 3_600_000 as Ms;
export const DEFAULT_COOLDOWN = 604_800_000 as Ms;
export const MAX_COOLDOWN = 7_776_000_000 as Ms;
export const DEFAULT_WINDOW = 172_800_000 as Ms;

/** The fewest shares of a backstop sold at once, so that rounding costs nobody more than a millionth, whatever a share has come to be worth. */
export const MIN_BACKSTOP_SHARES = 1_000_000 as Shares;
/** When what others own of a backstop is worth no more than this, its house is alone again: as much as is nobody's in a first share. */
export const BACKSTOP_DUST = 1_000 as MicroUsd;

/** Bids for positions in liquidation that a tier keeps at a time. */
export const MAX_BIDS = 64;
/** From a batch's first bid to its end. */
export const BATCH_SPAN = 250 as Ms;
/** What all keepers together get at most for closing a position of an insolvent bucket. */
export const KEEPER_BOUNTY = 5_000_000 as MicroUsd;

/** Brackets of a market's margin schedule above its initial margin. */
export const MAX_BRACKETS = 4;

/** Reporters of one tier. */
export const MAX_REPORTERS = 16;
/** The highest price a report can name, points. */
export const MAX_POINTS = 1_000_000_000_000_000;
/** How far in the future a report may be dated, ms: clocks differ. */
export const MAX_CLOCK_SKEW = 250;
/** Longest stretch of time that one price counts for in an average, ms. */
export const MAX_PRICE_STEP = 3_600_000 as Ms;

/** Price levels of a side that the mark looks at. */
export const MAX_IMPACT_LEVELS = 32;
/** What initial margin is multiplied by while a price is wide. */
export const WIDE_MARGIN = 1_250_000 as Ppm;

/** Parts per million and per billion that make one. */
export const PPM_ONE = 1_000_000 as Ppm;
export const PPB_ONE = 1_000_000_000 as Ppb;

/** The smallest share. */
export const ONE_PPM = 1 as Ppm;

/** The quote currency: micro-dollars. */
export const QUOTE_ASSET = 1;
/** Funding indices count 1e-12 USD per lot. */
export const PICO_PER_MICRO = 1_000_000;
/** The vault counts up to 2^51 units of an asset. */
export const MAX_HELD = 2_251_799_813_685_248 as AssetUnits;

/** An hour and a day: the two windows over which the throttle looks at what leaves the vault. */
export const HOUR_MS = 3_600_000 as Ms;
export const DAY_MS = 86_400_000 as Ms;
/** A withdrawal queued for so long is released whatever the windows say: 14 days. */
export const EXIT_MS = 1_209_600_000 as Ms;
/** Time from the opening of one round of releases to that of the next, at least. */
export const ROUND_MS = 60_000 as Ms;
/** Queued withdrawals that one command may look at. */
export const MAX_RELEASES = 256;
/** Share of a round's grant of an asset that one account may take. */
export const OWNER_SHARE = 200_000 as Ppm;
/** The strictest posture of the throttle, and how long a posture is kept before it may be loosened by one. */
export const MAX_POSTURE = 3;
export const POSTURE_DWELL_MS = 900_000 as Ms;
/** The quote currency's price in the vault: one dollar. */
export const QUOTE_PRICE = 1_000_000 as MicroUsdPerWhole;
/** What one asset, and all of them, count for at most where the throttle values the vault: 2^51 and 2^52. */
export const MAX_ASSET_VALUE = 2_251_799_813_685_248 as MicroUsd;
export const MAX_VAULT_VALUE = 4_503_599_627_370_496 as MicroUsd;
/** The largest minimum that a window of the throttle may be given: 2^50, so that no cap exceeds `MAX_VAULT_VALUE`. */
export const MAX_WINDOW_MINIMUM = 1_125_899_906_842_624 as MicroUsd;
