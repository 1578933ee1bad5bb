/**
 * Events that everybody may see, as they are told: on which channel, and each field in the words and decimals of the wire. What names an
 * owner's account is left out; a bucket's number is not, since keepers bid for positions by it.
 */
import {
  BREAKER,
  EVENTS,
  type EventName,
  LAYOUTS,
  type Layout,
  PARAMETERS,
  POSTURE,
  type ParameterSpec,
  QUALITY,
  SIGNAL,
} from "@bulkhead/engine";
import { usdText } from "@bulkhead/protocol";
import { type Labels, lotsText, ticksText } from "../telling/labels.ts";
import { forbidden } from "../telling/shards.ts";

export type PublicChannel = "funds" | "breakers" | "governance" | "liquidations";

/** How a field is told. `market` comes before whatever is counted in its ticks and lots. */
type Kind =
  | "number"
  | "market"
  | "subject"
  | "parameter"
  | "command"
  | "asset"
  | "units"
  | "price"
  | "lots"
  | "usd"
  | Readonly<Record<string, number>>;

interface Told {
  readonly channels: readonly PublicChannel[];
  readonly fields: Readonly<Record<string, Kind>>;
}

/** By which way lots of a position in distress were closed. */
const HOW = { book: 1, backstop: 2, tornUp: 3, keepers: 4, callAuction: 5 } as const;
const ENDED = { recovered: 0, closed: 1, defaulted: 2 } as const;
const LAYER = { firstTranche: 1, insurance: 2, cover: 3, secondTranche: 4, mutual: 5, winners: 6 } as const;
const FUND = { firstTranche: 1, insurance: 2, secondTranche: 4, mutual: 5, backstop: 7 } as const;
const CAME_BACK = { repaid: 1, unneeded: 2, received: 3 } as const;
const FEED = { market: 0, collateral: 1 } as const;
const CHANGED_BY = { proposal: 1, steward: 2, breaker: 3 } as const;
const CALM_OR_SIGNAL = { calm: 0, ...SIGNAL } as const;

const breakers = ["breakers"] as const;
const funds = ["funds"] as const;
const governance = ["governance"] as const;
const liquidations = ["liquidations"] as const;
const loan = { lender: "number", borrower: "number", amount: "usd" } as const;
const proposal = { proposal: "number", nonce: "number" } as const;

const TOLD: Readonly<Partial<Record<EventName, Told>>> = {
  liquidationStarted: {
    channels: liquidations,
    fields: { bucket: "number", equity: "usd", maintenance: "usd" },
  },
  positionLiquidated: {
    channels: liquidations,
    fields: {
      market: "market",
      bucket: "number",
      lots: "lots",
      how: HOW,
      counterparty: "number",
      price: "price",
      penalty: "usd",
    },
  },
  liquidationEnded: { channels: liquidations, fields: { bucket: "number", outcome: ENDED, equity: "usd" } },
  positionTornUp: {
    channels: liquidations,
    fields: { market: "market", bucket: "number", lots: "lots", price: "price" },
  },
  collateralSold: {
    channels: liquidations,
    fields: { bucket: "number", asset: "asset", amount: "units", value: "usd" },
  },
  bidRecorded: {
    channels: liquidations,
    fields: { target: "number", market: "market", bucket: "number", lots: "lots", endsAt: "number" },
  },
  bidFilled: {
    channels: liquidations,
    fields: {
      target: "number",
      market: "market",
      bucket: "number",
      lots: "lots",
      price: "price",
      reward: "usd",
    },
  },
  bidDropped: {
    channels: liquidations,
    fields: { target: "number", market: "market", bucket: "number", lots: "lots" },
  },
  lossAbsorbed: {
    channels: ["liquidations", "funds"],
    fields: { default: "number", bucket: "number", layer: LAYER, amount: "usd", remaining: "usd" },
  },
  profitHaircut: {
    channels: liquidations,
    fields: { default: "number", market: "market", bucket: "number", amount: "usd" },
  },
  profitRepaid: {
    channels: liquidations,
    fields: { default: "number", bucket: "number", amount: "usd" },
  },
  lossRecovered: {
    channels: funds,
    fields: { default: "number", layer: LAYER, amount: "usd", short: "usd" },
  },
  layerFunded: { channels: funds, fields: { layer: LAYER, amount: "usd", balance: "usd" } },
  stakeMinted: {
    channels: funds,
    fields: { fund: FUND, amount: "usd", shares: "number", balance: "usd" },
  },
  unstakeRequested: { channels: funds, fields: { fund: FUND, shares: "number", unlocksAt: "number" } },
  stakeRedeemed: {
    channels: funds,
    fields: { fund: FUND, amount: "usd", shares: "number", balance: "usd" },
  },
  feesSwept: { channels: funds, fields: { insured: "usd", kept: "usd", balance: "usd" } },
  coverRegistered: {
    channels: funds,
    fields: { cover: "number", attachment: "usd", limit: "usd", escrow: "usd", expiry: "number" },
  },
  coverReleased: { channels: funds, fields: { cover: "number", amount: "usd" } },
  coverClaimed: {
    channels: funds,
    fields: { default: "number", cover: "number", paid: "usd", owed: "usd" },
  },
  insuranceAsked: { channels: funds, fields: { amount: "usd" } },
  insuranceLent: { channels: funds, fields: { ...loan, lent: "usd" } },
  insuranceDrawn: { channels: funds, fields: { ...loan, owed: "usd" } },
  loanReturned: { channels: funds, fields: { ...loan, how: CAME_BACK, claim: "usd" } },
  breakerMoved: {
    channels: breakers,
    fields: {
      market: "market",
      from: BREAKER,
      to: BREAKER,
      signal: CALM_OR_SIGNAL,
      score: "number",
      lossAvoided: "usd",
      cost: "usd",
    },
  },
  breakerWithheld: {
    channels: breakers,
    fields: {
      market: "market",
      level: BREAKER,
      signal: CALM_OR_SIGNAL,
      score: "number",
      lossAvoided: "usd",
      cost: "usd",
    },
  },
  postureMoved: {
    channels: breakers,
    fields: {
      from: POSTURE,
      to: POSTURE,
      rule: "number",
      seen: "number",
      bound: "number",
      version: "number",
    },
  },
  qualityChanged: {
    channels: breakers,
    fields: { feedKind: FEED, id: "number", quality: QUALITY, age: "number", forbids: "number" },
  },
  marketQuarantined: { channels: breakers, fields: { market: "market", invariant: "number" } },
  auctionPriced: {
    channels: breakers,
    fields: {
      market: "market",
      price: "price",
      volume: "lots",
      imbalance: "lots",
      forced: "lots",
      extensions: "number",
      index: "price",
    },
  },
  auctionExtended: {
    channels: breakers,
    fields: {
      market: "market",
      price: "price",
      lowest: "price",
      highest: "price",
      extensions: "number",
      endsAt: "number",
    },
  },
  memberAppointed: { channels: governance, fields: { member: "number", roles: "number" } },
  governanceSet: { channels: governance, fields: { threshold: "number", timelock: "number" } },
  proposalMade: {
    channels: governance,
    fields: { ...proposal, command: "command", content: "number", eta: "number", lapse: "number" },
  },
  proposalApproved: {
    channels: governance,
    fields: { ...proposal, member: "number", approvals: "number" },
  },
  proposalContested: { channels: governance, fields: { ...proposal, member: "number" } },
  proposalCancelled: { channels: governance, fields: { ...proposal, member: "number" } },
  proposalLapsed: { channels: governance, fields: proposal },
  proposalExecuted: { channels: governance, fields: { ...proposal, command: "command" } },
  parameterChanged: {
    channels: governance,
    fields: {
      market: "subject",
      parameter: "parameter",
      previous: "number",
      value: "number",
      cause: CHANGED_BY,
      until: "number",
    },
  },
  holdLapsed: {
    channels: governance,
    fields: { market: "subject", parameter: "parameter", previous: "number", value: "number" },
  },
};

const PARAMETER_WORD = 2;
const PARAMETER_NAMES: ReadonlyMap<
  number,
  { readonly name: string; readonly level: ParameterSpec["level"] }
> = new Map(
  Object.entries<ParameterSpec>(PARAMETERS).map(([name, { id, level }]) => [id, { name, level }] as const),
);
const COMMAND_NAMES: ReadonlyMap<number, string> = new Map(
  (LAYOUTS as readonly Layout[]).map(({ code, name }) => [code, name] as const),
);

interface PublicEvent {
  readonly name: EventName;
  readonly channels: readonly PublicChannel[];
  readonly words: readonly (readonly [field: string, word: number, kind: Kind])[];
}

const NOWHERE: readonly PublicChannel[] = [];
const PUBLIC_EVENTS: readonly (PublicEvent | undefined)[] = byCode();

function byCode(): (PublicEvent | undefined)[] {
  const found: (PublicEvent | undefined)[] = [];
  for (const [key, { channels, fields }] of Object.entries(TOLD)) {
    const name = key as EventName;
    const names: readonly string[] = EVENTS[name].fields;
    const words = Object.entries(fields).map(([field, kind]) => {
      const index = names.indexOf(field);
      if (index < 0) throw new RangeError(`event ${name} has no field ${field}`);
      return [field, index + 1, kind] as const;
    });
    found[EVENTS[name].code] = { name, channels, words };
  }
  return found;
}

/** The channels that an event is told on; none if it is told to nobody who has not a part in it. */
export function channelsOf(code: number): readonly PublicChannel[] {
  return PUBLIC_EVENTS[code]?.channels ?? NOWHERE;
}

/** What an event says, as it is told. @param at - where its record begins */
export function tellEvent(
  labels: Labels,
  tier: number,
  events: Float64Array,
  at: number,
): Record<string, unknown> {
  const event = PUBLIC_EVENTS[events[at] as number];
  if (event === undefined) throw new RangeError(`event ${events[at]} is not public`);
  const told: Record<string, unknown> = { event: event.name };
  let [market, asset] = [0, 0];
  for (const [field, word, kind] of event.words) {
    const value = events[at + word] as number;
    if (kind === "market") market = value;
    if (kind === "asset") asset = value;
    told[nameOf(field, kind)] =
      kind === "subject"
        ? subjectOf(labels, tier, events[at + PARAMETER_WORD] as number, value)
        : textOf(labels, { tier, market, asset }, kind, value);
  }
  if ("forbids" in told) told["forbids"] = forbidden(told["forbids"] as number);
  return told;
}

/** What a parameter belongs to: a market, an asset, or the tier, which is null. */
function subjectOf(labels: Labels, tier: number, parameter: number, subject: number): string | null {
  const level = PARAMETER_NAMES.get(parameter)?.level;
  if (subject === 0 || level === "tier") return null;
  return level === "collateral" ? labels.asset(subject) : labels.symbol(tier, subject);
}

/** On the wire a market is a symbol, and lots are an amount. */
function nameOf(field: string, kind: Kind): string {
  if (kind === "market") return "symbol";
  if (kind === "subject") return "subject";
  return field === "lots" ? "amount" : field;
}

function textOf(
  labels: Labels,
  where: { readonly tier: number; readonly market: number; readonly asset: number },
  kind: Exclude<Kind, "subject">,
  value: number,
): unknown {
  const { tier, market, asset } = where;
  if (typeof kind === "object") return wordFor(kind, value);
  switch (kind) {
    case "number":
      return value;
    case "market":
      return labels.symbol(tier, value);
    case "parameter":
      return PARAMETER_NAMES.get(value)?.name ?? String(value);
    case "command":
      return COMMAND_NAMES.get(value) ?? String(value);
    case "asset":
      return labels.asset(value);
    case "units":
      return labels.assetAmount(asset, value);
    case "usd":
      return usdText(value);
    default: {
      const instrument = labels.instrument(tier, market);
      return kind === "price" ? ticksText(instrument, value) : lotsText(instrument, value);
    }
  }
}

/** The word that stands for a number. */
function wordFor(words: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(words).find((word) => words[word] === value) ?? String(value);
}
