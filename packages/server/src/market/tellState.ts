/** What only streams tell of a venue's state: everything of one message is read from one state, between two batches. */
import { type Venue, bucketView, fundView, markView, pendingProposals, tierView } from "@bulkhead/engine";
import {
  type Bucket,
  type Instrument,
  type Position,
  type Step,
  stepOfPlaces,
  textOf,
  usdText,
} from "@bulkhead/protocol";
import { type Labels, orNull } from "../telling/labels.ts";
import { tellLayers, tellMarketState } from "../telling/shards.ts";
import { tellBucket, tellPositions } from "../telling/standing.ts";

const BACKSTOP = 7;
const PPB: Step = stepOfPlaces(9);
const PPM: Step = stepOfPlaces(6);
const PPM_ONE = 1_000_000;

type Told = Record<string, unknown>;

/** Prices, funding and open interest of a market. */
export function tellTicker(venue: Venue, instrument: Instrument): Told {
  const made = markView(venue, instrument.tier, instrument.market);
  return {
    ...tellMarketState(venue, instrument),
    fundingRate: textOf(made.fundingRate, PPB),
    nextFundingRate: textOf(made.expectedRate, PPB),
    nextFundingTime: orNull(made.fundingDue),
  };
}

/** What the layers of a tier's waterfall hold, and its insurance; of the venue for tier 0. */
export function tellFunds(venue: Venue, tier: number): Told {
  const layers = tellLayers(venue, tier);
  if (tier === 0) return { layers, insurance: null };
  const { lent, owed, target } = fundView(venue, tier);
  const { pot } = fundView(venue, tier, BACKSTOP);
  return {
    layers,
    insurance: {
      target: target === 0 ? null : usdText(target),
      lent: usdText(lent),
      owed: usdText(owed),
      fees: usdText(tierView(venue, tier).fees),
      backstop: usdText(pot),
    },
  };
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
export function tellBucketNow(venue: Venue, labels: Labels, tier: number, id: number): BucketTold {
  const view = bucketView(venue, tier, id);
  const { maintenanceEquity, maintenanceMargin } = view;
  return {
    maintenanceEquity,
    maintenanceMargin,
    positions: tellPositions(venue, labels, tier, view).map(({ position, lots, openInterest }) => {
      const part = openInterest === 0 ? 0 : Math.floor((Math.abs(lots) * PPM_ONE) / openInterest);
      return { ...position, tearUpShare: textOf(part, PPM) };
    }),
    margin: { ...tellBucket(labels, tier, view), distance: usdText(maintenanceEquity - maintenanceMargin) },
  };
}

export interface BucketTold {
  /** Micro-dollars. */
  readonly maintenanceEquity: number;
  readonly maintenanceMargin: number;
  readonly margin: Bucket & { readonly distance: string };
  readonly positions: readonly (Omit<Position, "sequence"> & { readonly tearUpShare: string })[];
}
