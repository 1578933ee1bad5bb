/** Who reports prices, how they are put together, and every single report. */
import { absolute, least } from "../arithmetic.ts";
import { followMark } from "../following.ts";
import { assetOf } from "../ledger.ts";
import { manipulationCost } from "../manipulation.ts";
import { moveWithin, reportersOf } from "../prices.ts";
import { isReported, priceCollateral, priceDependents, publishFeed } from "../publishing.ts";
import { refuse } from "../refusal.ts";
import { BILLION, FEED_KIND, MAX_REPORTERS, MILLION, QUALITY, SOURCE_STATE, STATUS } from "../terms.ts";
import type { Feed, Source } from "../priceBook.ts";
import type { Tier, World } from "../venue.ts";
import { type CommandNamed, createSource, feedOf, marketOf, redemptionOf, tierOf } from "../world.ts";
import { mustBeInSetUp } from "./listing.ts";

type Facts = readonly (number | bigint)[];

export function registerReporter(world: World, command: CommandNamed<"registerReporter">): Facts {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return takeReporter(world, command);
}

export function takeReporter(world: World, command: CommandNamed<"registerReporter">): Facts {
  const { journal } = world;
  const tier = tierOf(world, command.tier);
  const { reporter: id, operator, weight } = command;
  if (weight === 0 || tier.reporters.get(id)?.operator !== operator) {
    for (const feed of tier.feeds.values()) journal.remove(feed.sources, id);
  }
  if (weight === 0) journal.remove(tier.reporters, id);
  else journal.put(tier.reporters, id, { operator, weight: BigInt(weight) });
  return [];
}

export function configureFeed(world: World, command: CommandNamed<"configureFeed">): Facts {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return takeFeed(world, command);
}

export function takeFeed(world: World, command: CommandNamed<"configureFeed">): Facts {
  const { journal } = world;
  const tier = tierOf(world, command.tier);
  const { feedKind, id, staleAfter, deadAfter, quorum } = command;
  pricedMustExist(world, tier, feedKind, id);
  if (staleAfter > deadAfter) refuse("feed_ages_conflict", staleAfter, deadAfter);
  const asked = new Set<number>();
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter += 1) {
    if (Math.floor(command.reporters / 2 ** (reporter - 1)) % 2 === 1) asked.add(reporter);
  }
  const operators = new Set([...asked].map((reporter) => tier.reporters.get(reporter)?.operator));
  operators.delete(undefined);
  if (quorum > operators.size) refuse("quorum_unreachable", quorum, operators.size);

  const feed = feedOf(tier, feedKind, id);
  journal.set(feed, "reporters", asked);
  journal.set(feed, "mask", command.reporters);
  journal.set(feed, "quorum", quorum);
  journal.set(feed, "frozenAfter", command.frozenAfter);
  for (const field of [
    "sigma",
    "staleAfter",
    "deadAfter",
    "halfLife",
    "maxConfidence",
    "jump",
    "deviation",
    "divergence",
    "floor",
  ] as const) {
    journal.set(feed, field, BigInt(command[field]));
  }
  if (quorum === 0) release(world, tier, feedKind, id);
  else publishFeed(world, tier, feedKind, id, "time");
  return [feed.quality];
}

/** The feed forgets its past, and nothing is forbidden any more. */
function release(world: World, tier: Tier, kind: number, id: number): void {
  const { journal } = world;
  const feed = feedOf(tier, kind, id);
  for (const field of ["price", "confidence", "risk", "confirmed", "candidate", "age"] as const) {
    journal.set(feed, field, 0n);
  }
  journal.set(feed, "quality", QUALITY.valid);
  journal.set(feed, "counted", 0);
  journal.set(feed, "operators", 0);
  journal.set(feed, "isCandidate", false);
  journal.set(feed, "notes", []);
  if (kind === FEED_KIND.collateral) {
    releaseCollateral(world, tier, id);
    return;
  }
  const market = marketOf(tier, id);
  journal.set(market, "forbids", 0);
  journal.set(market, "unconfirmed", false);
  journal.set(market, "isWide", false);
  journal.set(market, "leastPrice", 0);
  journal.set(market, "mostPrice", 0);
}

function releaseCollateral(world: World, tier: Tier, asset: number): void {
  const accepted = tier.collateral.get(asset);
  if (accepted === undefined) return;
  if (isReported(tier, asset)) priceCollateral(world, tier, asset);
  else world.journal.set(accepted, "initialPrice", accepted.price);
  priceDependents(world, tier, asset);
}

export function setVenueDepth(world: World, command: CommandNamed<"setVenueDepth">): Facts {
  const tier = tierOf(world, command.tier);
  const { feedKind, id, reporter } = command;
  pricedMustExist(world, tier, feedKind, id);
  if (!tier.reporters.has(reporter)) refuse("reporter_unknown", reporter);

  const feed = feedOf(tier, feedKind, id);
  const source = sourceOf(world, feed, reporter);
  world.journal.set(source, "depth", BigInt(command.depth));
  world.journal.set(source, "flow", BigInt(command.flow));
  return [manipulationCost(tier, feed)];
}

export function configureRedemption(world: World, command: CommandNamed<"configureRedemption">): Facts {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return takeRedemption(world, command);
}

export function takeRedemption(world: World, command: CommandNamed<"configureRedemption">): Facts {
  const { journal } = world;
  const tier = tierOf(world, command.tier);
  const { asset, basis } = command;
  const underlying = basis === 2 ? command.underlying : 0;
  pricedMustExist(world, tier, FEED_KIND.collateral, asset);
  if (basis === 2) pricedMustExist(world, tier, FEED_KIND.collateral, underlying);
  const isUnderlying = [...tier.redemptions.values()].some((other) => other.underlying === asset);
  const isChained = basis === 2 && (asset === underlying || redemptionOf(tier, underlying).basis !== 0);
  if (basis !== 0 && (isChained || isUnderlying)) refuse("redemption_chained", asset, underlying);

  const redemption = redemptionOf(tier, asset);
  journal.set(redemption, "basis", basis);
  journal.set(redemption, "underlying", underlying);
  journal.set(redemption, "maxAge", command.maxAge);
  journal.set(redemption, "dailyStep", BigInt(command.dailyStep));
  journal.set(redemption, "ratio", 0n);
  releaseCollateral(world, tier, asset);
  return [];
}

const DAY = 86_400_000;

export function reportRedemption(world: World, command: CommandNamed<"reportRedemption">): Facts {
  const { journal, time } = world;
  const tier = tierOf(world, command.tier);
  const { asset, reporter, publishedAt, sequence } = command;
  pricedMustExist(world, tier, FEED_KIND.collateral, asset);
  const redemption = redemptionOf(tier, asset);
  if (redemption.basis === 0) refuse("redemption_not_configured", asset);
  if (!tier.reporters.has(reporter)) refuse("reporter_unknown", reporter);
  if (sequence <= redemption.sequence) refuse("report_out_of_sequence", sequence, redemption.sequence);
  if (publishedAt > time + 250) refuse("report_from_future", publishedAt, time);
  if (publishedAt < redemption.publishedAt) {
    refuse("report_before_last", publishedAt, redemption.publishedAt);
  }
  if (time - publishedAt > redemption.maxAge) {
    refuse("report_too_old", time - publishedAt, redemption.maxAge);
  }
  const ratio = BigInt(command.ratio);
  const last = redemption.ratio;
  const days = BigInt(Math.min(DAY, time - redemption.receivedAt));
  const step = (redemption.dailyStep * days) / BigInt(DAY);
  if (last > 0n && absolute(ratio - last) * MILLION > last * step) {
    refuse("redemption_jumped", ratio, last, step);
  }

  journal.set(redemption, "ratio", ratio);
  journal.set(redemption, "publishedAt", publishedAt);
  journal.set(redemption, "receivedAt", time);
  journal.set(redemption, "sequence", sequence);
  priceCollateral(world, tier, asset);
  const { price = 0n, initialPrice = 0n } = tier.collateral.get(asset) ?? {};
  return [price, initialPrice];
}

export function reportPrice(world: World, command: CommandNamed<"reportPrice">): Facts {
  const tier = tierOf(world, command.tier);
  const { feedKind, id, reporter } = command;
  pricedMustExist(world, tier, feedKind, id);
  const feed = feedOf(tier, feedKind, id);
  if (feed.quorum === 0) refuse("feed_not_configured", feedKind, id);
  if (!tier.reporters.has(reporter)) refuse("reporter_unknown", reporter);
  if (!feed.reporters.has(reporter)) refuse("reporter_not_of_feed", reporter, feed.mask);
  reportMustBeGood(world, tier, feed, command);

  const source = sourceOf(world, feed, reporter);
  world.journal.set(source, "sequence", command.sequence);
  world.journal.set(source, "seenAt", command.publishedAt);
  const isTaken = hear(world, tier, feed, source, command);
  publishFeed(world, tier, feedKind, id, "report");
  const triggered = feedKind === FEED_KIND.market ? followMark(world, marketOf(tier, id))[0] : 0;
  return [isTaken ? source.state : SOURCE_STATE.held, feed.price, feed.quality, triggered];
}

function pricedMustExist(world: World, tier: Tier, kind: number, id: number): void {
  if (kind === FEED_KIND.market) {
    if (marketOf(tier, id).terms.status === STATUS.settled) refuse("market_is_settled", id);
    return;
  }
  assetOf(world, id);
  if (!tier.collateral.has(id)) refuse("collateral_not_accepted", id);
}

function reportMustBeGood(
  { time }: World,
  tier: Tier,
  feed: Feed,
  command: CommandNamed<"reportPrice">,
): void {
  const { feedKind, id, reporter, price, confidence, publishedAt, sequence } = command;
  const { sequence: last, seenAt } = feed.sources.get(reporter) ?? { sequence: 0, seenAt: 0 };
  if (sequence <= last) refuse("report_out_of_sequence", sequence, last);
  if (publishedAt > time + 250) refuse("report_from_future", publishedAt, time);
  if (publishedAt < seenAt) refuse("report_before_last", publishedAt, seenAt);
  if (BigInt(time - publishedAt) > feed.deadAfter)
    refuse("report_too_old", time - publishedAt, feed.deadAfter);
  const top = feedKind === FEED_KIND.market ? marketOf(tier, id).highestPrice * 1_000 + 999 : 1e15;
  if (price > top) refuse("price_outside_range", price, top);
  if (BigInt(price) <= feed.floor) refuse("price_at_floor", price, feed.floor);
  const allowed = (BigInt(price) * feed.maxConfidence) / MILLION;
  if (BigInt(confidence) > allowed) refuse("report_too_uncertain", confidence, allowed);
}

function sourceOf(world: World, feed: Feed, reporter: number): Source {
  const known = feed.sources.get(reporter);
  if (known !== undefined) return known;
  const source = createSource();
  world.journal.put(feed.sources, reporter, source);
  return source;
}

/** Takes a report, or holds it until three operators say the same; whether it was taken. */
function hear(
  world: World,
  tier: Tier,
  feed: Feed,
  source: Source,
  command: CommandNamed<"reportPrice">,
): boolean {
  const { journal } = world;
  const price = BigInt(command.price);
  const now = BigInt(world.time);
  const report = { price, confidence: BigInt(command.confidence), publishedAt: BigInt(command.publishedAt) };
  if (!jumps(feed, source, price, now)) {
    take(world, feed, source, { ...report, receivedAt: now });
    return true;
  }
  journal.set(source, "held", { ...report, receivedAt: now });

  const isNear = (other: bigint): boolean => absolute(other - price) <= (price * feed.deviation) / MILLION;
  const isRecent = (moment: bigint): boolean => now - moment <= 2_000n;
  const sayers = new Set<number>();
  const held: Source[] = [];
  for (const [id, { operator }] of reportersOf(tier, feed)) {
    const each = feed.sources.get(id);
    if (each === undefined) continue;
    const holds = each.held !== undefined && isRecent(each.held.receivedAt) && isNear(each.held.price);
    if (holds) held.push(each);
    const says = each.price > 0n && isRecent(each.receivedAt) && isNear(each.price);
    if (holds || says) sayers.add(operator);
  }
  if (sayers.size < 3) return false;
  for (const each of held) if (each.held !== undefined) take(world, feed, each, each.held);
  return true;
}

function jumps(feed: Feed, source: Source, price: bigint, now: bigint): boolean {
  if (source.price === 0n) return false;
  const allowed = feed.jump * 1_000n + moveWithin(now - source.receivedAt, feed.sigma, 8n);
  return absolute(price - source.price) * BILLION > least(price, source.price) * allowed;
}

function take({ journal }: World, feed: Feed, source: Source, report: NonNullable<Source["held"]>): void {
  if (report.price === source.price) journal.set(source, "repeats", source.repeats + 1);
  else {
    journal.set(source, "repeats", 0);
    journal.set(source, "standsSince", feed.price);
  }
  journal.set(source, "price", report.price);
  journal.set(source, "confidence", report.confidence);
  journal.set(source, "publishedAt", report.publishedAt);
  journal.set(source, "receivedAt", report.receivedAt);
  journal.set(source, "held", undefined);
}
