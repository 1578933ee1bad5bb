/** A venue's state as it is told: what queries answer, in symbols and decimals. Everything of one answer is read from one state, between two batches. */
import {
  BREAKER,
  POSTURE,
  SIGNAL,
  STATUS,
  type Venue,
  assetView,
  breakerView,
  bucketView,
  fundView,
  markView,
  marketView,
  pendingProposals,
  postureView,
  tierView,
} from "@bulkhead/engine";
import {
  type Instrument,
  type Step,
  amountText,
  notionalOf,
  pointsText,
  priceText,
  stepOfPlaces,
  textOf,
  usdText,
} from "@bulkhead/protocol";
import type { Labels } from "./labels.ts";
import { wordFor, wordsOf } from "./publicEvents.ts";

/** The asset that all money of account is in. */
const QUOTE = 1;
const BACKSTOP = 7;
const PPB: Step = stepOfPlaces(9);
const PPM: Step = stepOfPlaces(6);
const PPM_ONE = 1_000_000;
const POINTS_PER_TICK = 1_000n;
const DISTRESS = ["healthy", "queued", "liquidating"] as const;

type Told = Record<string, unknown>;

/** Prices, funding and open interest of a market. */
export function tellMarket(venue: Venue, instrument: Instrument): Told {
  const { tier, market } = instrument;
  const view = marketView(venue, tier, market);
  const made = markView(venue, tier, market);
  const { trading, level } = breakerView(venue, tier, market);
  return {
    status: wordFor(STATUS, trading),
    breaker: wordFor(BREAKER, level),
    mark: view.mark === 0 ? null : priceText(instrument, view.mark),
    index: made.index === 0 ? null : pointsText(instrument, made.index),
    openInterest: amountText(instrument, view.openInterest),
    fundingRate: textOf(made.fundingRate, PPB),
    nextFundingRate: textOf(made.expectedRate, PPB),
    nextFundingTime: orNull(made.fundingDue),
    forbids: wordsOf(view.forbids),
  };
}

/** What the layers of a tier's waterfall hold, in the order in which they bear a loss, and its funds; of the venue for tier 0. */
export function tellFunds(venue: Venue, tier: number): Told {
  const { skin: secondTranche, mutual } = assetView(venue, QUOTE);
  const shared = [
    { layer: "secondTranche", balance: usdText(secondTranche) },
    { layer: "mutual", balance: usdText(mutual) },
  ];
  if (tier === 0) return { layers: shared, insurance: null };
  const { skin, insurance, escrow, fees } = tierView(venue, tier);
  const { lent, owed, target } = fundView(venue, tier);
  const { pot } = fundView(venue, tier, BACKSTOP);
  return {
    layers: [
      { layer: "firstTranche", balance: usdText(skin) },
      { layer: "insurance", balance: usdText(insurance) },
      { layer: "cover", balance: usdText(escrow) },
      ...shared,
    ],
    insurance: {
      target: target === 0 ? null : usdText(target),
      lent: usdText(lent),
      owed: usdText(owed),
      fees: usdText(fees),
      backstop: usdText(pot),
    },
  };
}

/** Where a tier and the breakers of its markets stand. */
export function tellBreakers(venue: Venue, labels: Labels, tier: number): Told {
  const { posture, since, enabled, rule } = postureView(venue, tier);
  const markets = Array.from({ length: tierView(venue, tier).markets }, (_, index) => {
    const view = breakerView(venue, tier, index + 1);
    return {
      symbol: labels.symbol(tier, index + 1),
      level: wordFor(BREAKER, view.level),
      since: orNull(view.since),
      signal: view.signal === 0 ? null : wordFor(SIGNAL, view.signal),
      softScore: textOf(view.softScore, PPM),
      hardScore: textOf(view.hardScore, PPM),
      trips: view.trips,
    };
  });
  return { posture: { posture: wordFor(POSTURE, posture), since: orNull(since), enabled, rule }, markets };
}

/** What waits to be executed in a shard's governance. @param now - ms */
export function tellProposals(venue: Venue, tier: number, now: number): Told {
  const pending = pendingProposals(venue, tier, now);
  return {
    proposals: pending.map(({ change, command, contested, ...each }) => ({
      tier,
      proposal: each.proposal,
      nonce: each.nonce,
      command: Object.fromEntries(Object.entries(command).filter(([field]) => field !== "time")),
      content: each.content,
      parameters: each.parameters,
      approvals: each.approvals,
      needed: each.needed,
      status: contested ? "contested" : "pending",
      eta: each.eta,
      lapse: each.lapse,
      change: change ?? null,
    })),
  };
}

/** A bucket, what margin it has, and how far it is from being liquidated. */
export function tellBucket(venue: Venue, labels: Labels, tier: number, id: number): BucketTold {
  const view = bucketView(venue, tier, id);
  const { maintenanceEquity, maintenanceMargin } = view;
  // A market nobody has named has no decimals to be told in.
  const positions = view.positions
    .filter(({ lots }) => lots !== 0)
    .flatMap(({ market, lots, cost, unrealised, liquidationPrice }) => {
      const instrument = labels.instrument(tier, market);
      const { mark, openInterest } = marketView(venue, tier, market);
      if (instrument === undefined) return [];
      const size = Math.abs(lots);
      const notional = notionalOf(instrument);
      return {
        account: view.account,
        bucket: id,
        symbol: instrument.symbol,
        marginMode: view.mode === 0 ? "cross" : "isolated",
        side: lots < 0 ? "short" : "long",
        amount: amountText(instrument, size),
        notional: usdText(size * mark * notional),
        entryPrice: entryText(instrument, cost, lots * notional),
        markPrice: priceText(instrument, mark),
        liquidationPrice: liquidationPrice === 0 ? null : priceText(instrument, liquidationPrice),
        unrealizedPnl: usdText(unrealised),
        tearUpShare: textOf(openInterest === 0 ? 0 : Math.floor((size * PPM_ONE) / openInterest), PPM),
      };
    });
  return {
    maintenanceEquity,
    maintenanceMargin,
    positions,
    margin: {
      bucket: id,
      tier,
      marginMode: view.mode === 0 ? "cross" : "isolated",
      symbol: view.mode === 0 ? null : labels.symbol(tier, view.mode),
      cash: usdText(view.cash),
      holdings: view.holdings.map(({ asset, amount }) => ({
        asset: labels.asset(asset),
        amount: labels.assetAmount(asset, amount),
      })),
      equity: usdText(view.equity),
      initialMargin: usdText(view.initialMargin),
      maintenanceEquity: usdText(maintenanceEquity),
      maintenanceMargin: usdText(maintenanceMargin),
      withdrawable: usdText(view.withdrawable),
      distance: usdText(maintenanceEquity - maintenanceMargin),
      distress: DISTRESS[view.distress] ?? "healthy",
      distressSince: orNull(view.distressSince),
    },
  };
}

export interface BucketTold {
  /** Micro-dollars. */
  readonly maintenanceEquity: number;
  readonly maintenanceMargin: number;
  readonly margin: Told;
  readonly positions: readonly Told[];
}

/** Cost over size, to a thousandth of a tick, rounded down. @param worth - micro-dollars that a tick more would be worth, signed like the position */
function entryText(instrument: Instrument, cost: number, worth: number): string {
  const points = (BigInt(cost) * POINTS_PER_TICK) / BigInt(worth);
  return pointsText(instrument, Number(points));
}

/** 0 = none. */
function orNull(value: number): number | null {
  return value === 0 ? null : value;
}
