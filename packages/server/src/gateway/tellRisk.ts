/** How safe the venue is, as the engine has it, in symbols and decimals. */
import {
  type Census,
  type CoverTwoView,
  type Doomed,
  type Engine,
  FEED_KIND,
  INPUT,
  type LiquidationMap,
  POSTURE,
  POSTURE_RULES,
  QUALITY,
  SOURCE_STATE,
  type ThrottleView,
  type Venue,
  type WindowView,
  feedStanding,
  fundView,
  layersView,
  manipulationView,
  marketView,
  oldestInQueue,
  openNotional,
  postureView,
  solvencyView,
  throttleView,
  tierView,
} from "@bulkhead/engine";
import {
  type Health,
  type Instrument,
  LAYER_NAMES,
  type LiquidationMap as LiquidationMapTold,
  type Oracle,
  type Risk,
  type RiskTier,
  type Solvency,
  type Step,
  amountText,
  nameOf,
  pointsText,
  priceText,
  stepOfPlaces,
  textOf,
  usdText,
} from "@bulkhead/protocol";
import { type Labels, orNull, pointsOrNull, priceOrNull } from "../telling/labels.ts";
import { forbidden } from "../telling/shards.ts";

const PPM: Step = stepOfPlaces(6);
const MICRO_USD = 1_000_000;
const INSURANCE = 2;
const MUTUAL = 5;

/** From when to when a survey was made. */
export interface Span {
  readonly from: number;
  readonly sequence: number;
  readonly time: number;
}

export function tellSpan({ from, sequence, time }: Span): Span {
  return { from, sequence, time };
}

export function tellRisk(
  { venue }: Engine,
  labels: Labels,
  censuses: readonly Census[],
  cover: CoverTwoView,
): Omit<Risk, keyof Span> {
  const mutual = fundView(venue, 0);
  const { needed, available, drawable, ratio, owners } = cover;
  return {
    solvency: tellSolvency(venue, labels, censuses),
    tiers: censuses.map((census) => tellTier(venue, labels, census)),
    mutual: {
      balance: usdText(mutual.pot),
      target: targetText(mutual.target),
      shares: mutual.shares,
      cooldown: mutual.cooldown,
    },
    throttle: tellThrottle(venue, throttleView(venue)),
    cover2: {
      needed: usdText(needed),
      available: usdText(available),
      drawable: usdText(drawable),
      ratio: ratio === undefined ? null : textOf(ratio, PPM),
      owners: owners.map(({ residual }) => usdText(residual)),
    },
  };
}

function tellSolvency(venue: Venue, labels: Labels, censuses: readonly Census[]): Solvency {
  const view = solvencyView(venue, censuses);
  return {
    assets: view.books.map(({ asset, held, owed, price }) => {
      const told = labels.holding({ asset, amount: held });
      return {
        asset: told.asset,
        held: told.amount,
        owed: labels.assetAmount(asset, owed),
        price: price === 0 ? null : usdText(price),
      };
    }),
    held: usdText(view.held),
    owed: usdText(view.owed),
    shortfall: usdText(view.shortfall),
    layers: usdText(view.layers),
    ratio: view.ratio === undefined ? null : textOf(view.ratio, PPM),
  };
}

function tellTier(venue: Venue, labels: Labels, census: Census): RiskTier {
  const { tier } = census;
  const view = tierView(venue, tier);
  const posture = postureView(venue, tier);
  const targets: Readonly<Record<number, number>> = {
    [INSURANCE]: fundView(venue, tier).target,
    [MUTUAL]: fundView(venue, 0).target,
  };
  return {
    tier,
    name: labels.tier(tier),
    posture: {
      posture: nameOf(POSTURE, posture.posture) ?? "normal",
      enabled: posture.enabled,
      since: orNull(posture.since),
      calmSince: orNull(posture.calmSince),
      rule: posture.rule,
      input: inputOf(posture.rule),
      inputs: Object.fromEntries(
        Object.entries(INPUT).map(([name, index]) => [name, posture.inputs[index] ?? 0]),
      ) as RiskTier["posture"]["inputs"],
    },
    layers: layersView(venue, tier).map(({ layer, balance, drawable }) => ({
      layer: nameOf(LAYER_NAMES, layer) ?? "firstTranche",
      balance: usdText(balance),
      target: targetText(targets[layer] ?? 0),
      drawable: usdText(drawable),
    })),
    openInterest: usdText(openNotional(venue, tier)),
    buckets: view.buckets,
    distressed: view.distressed.length,
    shortfall: usdText(census.shortfall),
    marginScale: textOf(census.marginScale, PPM),
  };
}

/** What the rule of a posture looks at; null if it is none that does. */
export function inputOf(rule: number): keyof typeof INPUT | null {
  const input = POSTURE_RULES.find(({ id }) => id === rule)?.input;
  return input === undefined ? null : (nameOf(INPUT, input) ?? null);
}

function tellThrottle(venue: Venue, view: ThrottleView): Risk["throttle"] {
  return {
    enabled: view.isOn,
    posture: Math.max(view.posture, view.askedPosture),
    since: orNull(view.postureAt),
    hour: tellWindow(view.hour),
    day: tellWindow(view.day),
    queue: {
      count: view.queueLength,
      value: usdText(view.queueValue),
      oldest: orNull(oldestInQueue(venue)),
    },
  };
}

function tellWindow({ capacity, cap }: WindowView<"MicroUsd">): Risk["throttle"]["hour"] {
  return cap === 0 ? null : { free: usdText(capacity), limit: usdText(cap) };
}

export function tellHealth(census: Census, buckets: number): Omit<Health, keyof Span> {
  const { tier, edges, bins, every, health, size, exposed, below } = census;
  const edge = (index: number): string | null => {
    const value = edges[index];
    return value === undefined ? null : textOf(value, PPM);
  };
  return {
    tier,
    buckets,
    exposed,
    below,
    histogram: bins.map((bin, index) => ({
      from: edge(index - 1),
      until: edge(index),
      buckets: bin.buckets,
      maintenanceMargin: usdText(bin.maintenance),
    })),
    sample: { every, health: [...health], size: size.map((notional) => Math.floor(notional / MICRO_USD)) },
  };
}

function sums({ long, short, positions }: Doomed) {
  return { long: usdText(long), short: usdText(short), positions };
}

export function tellMap(instrument: Instrument, map: LiquidationMap): Omit<LiquidationMapTold, keyof Span> {
  const { mark, low, width, every, positions, never } = map;
  return {
    symbol: instrument.symbol,
    mark: priceOrNull(instrument, mark),
    positions,
    every,
    bins: map.bins.map((bin, index) => ({
      from: priceText(instrument, low + index * width),
      until: priceText(instrument, low + (index + 1) * width),
      ...sums(bin),
    })),
    now: sums(map.now),
    beyond: sums(map.beyond),
    never,
  };
}

export function tellOracle({ venue, sequence, time }: Engine, instrument: Instrument): Oracle {
  const { tier, market } = instrument;
  const feed = feedStanding(venue, tier, FEED_KIND.market, market);
  const view = marketView(venue, tier, market);
  const { costs, limit } = manipulationView(venue, tier, FEED_KIND.market, market);
  const points = (value: number): string | null => pointsOrNull(instrument, value);
  const { halfMinute, fiveMinutes, hour } = feed.averages;
  return {
    symbol: instrument.symbol,
    quality: nameOf(QUALITY, feed.quality) ?? "dead",
    qualitySince: orNull(feed.qualitySince),
    forbids: forbidden(view.forbids),
    mark: priceOrNull(instrument, view.mark),
    price: points(feed.price),
    confidence: feed.price === 0 ? null : pointsText(instrument, feed.confidence),
    risk: points(feed.risk),
    averages: { halfMinute: points(halfMinute), fiveMinutes: points(fiveMinutes), hour: points(hour) },
    quorum: feed.quorum,
    counted: feed.counted,
    age: feed.advancedAt === 0 ? null : feed.age,
    advancedAt: orNull(feed.advancedAt),
    sources: feed.sources.map((source) => ({
      reporter: source.reporter,
      operator: source.operator,
      state: nameOf(SOURCE_STATE, source.state) ?? "silent",
      price: points(source.price),
      confidence: source.price === 0 ? null : pointsText(instrument, source.confidence),
      publishedAt: orNull(source.publishedAt),
      age: source.publishedAt === 0 ? null : source.age,
      deviation: source.deviation === undefined ? null : textOf(source.deviation, PPM),
      weight: textOf(source.share, PPM),
      nominal: textOf(source.nominal, PPM),
      repeats: source.repeats,
      held: points(source.heldPrice),
    })),
    manipulation: {
      costs: costs.map(({ percent, dollars }) => ({ percent, usd: String(dollars) })),
      openInterestLimit: amountText(instrument, limit),
    },
    sequence,
    time,
  };
}

function targetText(target: number): string | null {
  return target === 0 ? null : usdText(target);
}
