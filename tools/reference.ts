/** Writes docs/reference from the engine's own catalogues and the wire's tables: `npm run reference`. A test fails when the pages on disk are not these. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  CAUSE,
  type CommandName,
  DEFAULT_CAPACITIES,
  DEFAULT_TIER_CAPACITIES,
  EVENTS,
  EVENT_WORDS,
  type EventName,
  FRAME_WORDS,
  type Field,
  LAYOUTS,
  type Layout,
  PARAMETERS,
  VENUE_PARAMETERS,
  type ParameterSpec,
  PRECEDENCE,
  REASON,
  RECEIPT_FIELDS,
  FACT_UNITS,
  REFUSALS,
  type RefusalName,
  WAY,
} from "../packages/engine/src/index.ts";
import {
  CHANNELS,
  CHANNEL_NAMES,
  PROBLEM_KINDS,
  ROUTE_NAMES,
  type RouteAuth,
  TAGS,
  routeOf,
  statusOf,
  titleOf,
} from "../packages/protocol/src/index.ts";
import { grafanaDashboard, logEventsPage, metricsPage } from "./telemetryPages.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ENGINE = `${ROOT}packages/engine/src/`;
const FOLDER = `${ROOT}docs/reference/`;
const NOTE =
  "Generated from the engine's and the wire's catalogues by `npm run reference`; not edited by hand.";

/** The pages by file name. */
export function pages(): Readonly<Record<string, string>> {
  return {
    "commands.md": commands(),
    "refusals.md": refusals(),
    "events.md": events(),
    "parameters.md": parameters(),
    "limits.md": limits(),
    "api.md": api(),
    "metrics.md": metricsPage(),
    "logEvents.md": logEventsPage(),
    "../operating/grafana.json": grafanaDashboard(),
  };
}

export function pathOf(name: string): string {
  return FOLDER + name;
}

// ------------------------------------------------------------------------------------------------------------ commands

function commands(): string {
  const layouts: readonly Layout[] = LAYOUTS.toSorted((a, b) => a.code - b.code);
  return page(
    "Commands",
    `A command travels as a frame of ${FRAME_WORDS} doubles that hold integers: word 0 is its code, word 1 the time the sequencer gave it
(ms since the epoch, ${range({ min: 0, max: Number.MAX_SAFE_INTEGER })}), then its fields in the order below; words beyond the last are 0. A frame
with anything else in it is no command: it takes no number and leaves no receipt ([transition](../spec/transition.md)).

Every refusal a command can meet is listed in the order in which the guards speak; before them stands \`clock_went_back\`, behind
them \`beyond_exact_range\` and \`invariant_broken\` ([refusals](refusals.md)).`,
    table(
      ["code", "command", "what happens"],
      layouts.map(({ code, name }) => [code, `[\`${name}\`](#${name.toLowerCase()})`, storyOf(name)[0]]),
    ),
    ...layouts.map(commandSection),
  );
}

function commandSection({ code, name, fields }: Layout): string {
  const command = name as CommandName;
  const [headline, ...rest] = storyOf(name);
  const receipt: readonly string[] = RECEIPT_FIELDS[command];
  const rows = Object.entries(fields).map(([field, spec], index) => [
    index + 2,
    `\`${field}\``,
    escaped(spec.unit),
    range(spec),
  ]);
  return sections(
    `## ${name}`,
    [`**${code}** · ${headline}`, ...rest].join(" "),
    rows.length === 0 ? "No fields." : table(["word", "field", "unit", "range"], rows),
    `Receipt: ${receipt.length === 0 ? "no facts" : names(receipt)}.`,
    `Refused, in this order: ${names(PRECEDENCE[command])}.`,
  );
}

/** The sentences with which the file of a command begins. */
function storyOf(name: string): string[] {
  const source = readFileSync(`${ENGINE}commands/${name}.ts`, "utf8");
  const [comment = ""] = /\/\*\*[\s\S]*?\*\//.exec(source) ?? [];
  const [paragraph = ""] = plain(comment).split("\n\n");
  return paragraph.replaceAll("\n", " ").split(/(?<=[.?]) (?=[A-Z])/);
}

// ------------------------------------------------------------------------------------------------------------ refusals

const LAYERS: readonly (readonly [block: number, layer: string])[] = [
  [1, "Identity, time and listing"],
  [2, "Vault"],
  [3, "Margin accounts and risk"],
  [4, "Execution"],
  [5, "Clearing"],
  [7, "Governance"],
  [6, "Prices"],
  [8, "Breakers and postures"],
  [9, "Security"],
];

function refusals(): string {
  const all = Object.keys(REFUSALS) as RefusalName[];
  const inBlock = (block: number): RefusalName[] =>
    all.filter((name) => Math.floor(REFUSALS[name].code / 1_000) === block);
  return page(
    "Refusals",
    `A refusal states a fact about the world for which a well-formed command changes nothing: no byte of state, no event; only the
command's number is taken. Codes are stable, a block of a thousand per layer. Of several reasons the first in the command's order is
given, with the numbers that explain it. What each number counts stands behind its name; a problem on the wire tells it in \`units\`.`,
    `## Units\n\n${table(
      ["unit", "what it is"],
      Object.entries(FACT_UNITS).map(([unit, meaning]) => [`\`${unit}\``, meaning]),
    )}`,
    ...LAYERS.map(([block, layer]) => `## ${layer}\n\n${refusalTable(inBlock(block))}`),
    `## Order of precedence

Every command is first checked for \`clock_went_back\`, and may last be refused for \`beyond_exact_range\` or \`invariant_broken\`.`,
    ...(Object.keys(PRECEDENCE) as CommandName[]).map(
      (name) => `### ${name}\n\n${ordered(PRECEDENCE[name])}`,
    ),
  );
}

function refusalTable(members: readonly RefusalName[]): string {
  return table(
    ["code", "refusal", "what is true", "facts"],
    members.map((name) => {
      const { code, meaning, units } = REFUSALS[name];
      const told = Object.entries(units).map(([fact, unit]) => `\`${fact}\` ${unit}`);
      return [code, `\`${name}\``, meaning, told.join(", ")];
    }),
  );
}

function ordered(members: readonly RefusalName[]): string {
  return members.map((name, index) => `${index + 1}. \`${name}\`: ${REFUSALS[name].meaning}`).join("\n");
}

// -------------------------------------------------------------------------------------------------------------- events

const EVENT_MEANINGS: Readonly<Record<EventName, string>> = {
  fill: "Two orders traded. The side is the taker's, the price the maker's; fees below 0 are rebates.",
  orderRested: "What is left of an order, or all of it, rests on the book.",
  orderReduced: "A resting order lost some lots other than by a fill and keeps its place.",
  orderRemoved:
    "An order left the book or the waiting list other than by a fill, with the lots it still had open.",
  orderTriggered:
    "The mark reached a waiting order's trigger. The outcome is 0, or the code of the refusal that undid its execution.",
  fundingSettled: "A position settled the funding it owed (above 0) or received; the index is the market's.",
  positionSettled: "A position of an expired market was closed at the final price.",
  balanceMoved:
    "An amount left the debited account of the vault's ledger for the credited one; their numbers are told in [vault](../spec/vault.md).",
  bucketMoved: "An amount of an asset entered a bucket (above 0) or left it.",
  residualSettled:
    "A flat position's bucket received a claim (above 0) or paid a debt; the rest stays in its cost.",
  marketQuarantined:
    "An invariant would have been broken: the command was rolled back, and the market takes no orders.",
  liquidationStarted: "A bucket's liquidation begins; its equity and maintenance margin then.",
  positionLiquidated:
    "Lots of a position in distress were closed: 1 on the book (the price is the limit; fills tell the rest), 2 by the backstop, 3 torn up, 4 by keepers. Lots are signed like the position.",
  liquidationEnded: "A bucket left distress: 0 recovered, 1 closed and solvent, 2 in default.",
  positionTornUp:
    "A position was closed at the mark against one that nobody would take over; lots are signed like it.",
  lossAbsorbed:
    "A layer of the waterfall bore part of a default: 1 first tranche, 2 insurance fund, 3 cover, 4 second tranche, 5 mutual fund, 6 house and winners of a market.",
  profitHaircut: "A bucket, or the house (0), gave up unsettled profit for a default in its market.",
  layerFunded: "Somebody paid into a layer of the waterfall; what it holds then.",
  collateralSold: "The backstop bought an insolvent bucket's collateral at its maintenance value.",
  withdrawalQueued: "A withdrawal, or the rest of one, waits in the queue, at a place counted from 1.",
  withdrawalReleased:
    "An amount of a withdrawal may now be paid; the rest is still queued. The way is told below. A venue whose throttle was never on releases without this event.",
  withdrawalCancelled: "The queued part of a withdrawal went back to its owner.",
  memberAppointed: "A member of a shard's governance has these roles from now on; tier 0 is the vault.",
  governanceSet: "A shard was sealed, or its threshold and timelock changed.",
  proposalMade: "A command waits for approvals; it can be executed from its eta until it lapses.",
  proposalApproved: "A signer approved a proposal; the approvals are those that count now.",
  proposalContested: "A guardian contested his or another guardian's dismissal: it needs every signer.",
  proposalCancelled: "A guardian or the proposer cancelled a proposal.",
  proposalLapsed: "A proposal nobody executed in time made room for its proposer's next.",
  proposalExecuted: "A proposal was carried out.",
  parameterChanged:
    "A parameter of a sealed tier changed, by the cause below; what a breaker set lapses at `until`. `market` is the asset for terms of collateral, 0 for the tier.",
  holdLapsed: "A breaker's hold is over; the parameter has its value back, unless it was changed meanwhile.",
  priceUpdated: "Reporters made a new price, or became surer or less sure of it. Both are points.",
  markMoved: "The mark of a market that looks at its own book moved.",
  fundingMeasured:
    "Funding accrued at a rate the market had measured, ppb per interval, from so many samples of its premium.",
  qualityChanged:
    "A price may be trusted more or less than before; `forbids` are the bits of what it may not be used for ([oracle](../spec/oracle.md)).",
  auctionPriced:
    "A call auction has its price: lots traded at it, lots bid less lots offered, lots to liquidate (signed like the positions), extensions so far, and the index.",
  auctionExtended:
    "A call auction's price lies outside its collar, and it collects orders again, until `endsAt` at least.",
  ordersPaired:
    "Two orders of a call auction trade with each other; the fill that follows has the selling one as its maker.",
  breakerMoved:
    "A market's breaker changed its level: the signal that was the reason (0 = calm), its score, and going up what that avoids and costs.",
  postureMoved:
    "A tier's posture changed: the rule that was the reason (0 = calm), what it saw and its bound, and the version of the rules.",
  breakerWithheld:
    "A level of a breaker tripped and was not entered: it would have cost more than it avoids.",
  stakeMinted: "An account bought shares of a fund; what the fund holds then.",
  unstakeRequested: "Shares began to cool down; from when on their money can be fetched.",
  stakeRedeemed: "Shares were turned into money; what the fund holds then.",
  feesSwept:
    "Fees since the last sweep were divided: the insurance fund's part, the house's, and what the fund holds then.",
  bidRecorded: "A keeper's bid for a position in liquidation waits for the end of its batch.",
  bidFilled: "A keeper took over lots, signed like the position, and got a reward from the insurance fund.",
  bidDropped: "A keeper's bid came to nothing.",
  coverRegistered: "A tier has a policy of purchased cover.",
  coverReleased: "A policy that had ended went, and its provider got back what was left in escrow.",
  coverClaimed:
    "A default was claimed from a policy: what its escrow paid at once, and what its provider still owes.",
  lossRecovered:
    "A layer got back what it had paid for a default, in whole or in part; `short` is what it is still short of.",
  insuranceAsked: "A tier's insurance fund asks the others' for what it lacks and may borrow.",
  insuranceLent:
    "A tier's insurance fund lent another's, for whom it waits in the vault; all that others are to give back to the lender.",
  insuranceDrawn: "A tier's insurance fund took what another's had lent it; all that it owes.",
  loanReturned:
    "Money of a loan came back a step: 1 repaid out of the borrower's fees, 2 not needed by him, 3 received by the lender; what the lender is still to get of this borrower.",
  profitRepaid:
    "A winner got back, in cash, profit that he had given up for a default; bucket 0 is the house.",
};

const WAY_MEANINGS: Readonly<Record<keyof typeof WAY, string>> = {
  atOnce: "the windows had room for all of it, and nobody waited for the asset",
  lane: "it took the small-user lane",
  round: "it had its share of a round",
  exit: "it had been queued as long as anything may be",
};

const CAUSE_MEANINGS: Readonly<Record<keyof typeof CAUSE, string>> = {
  proposal: "an executed proposal",
  steward: "a steward, within his step",
  breaker: "a breaker, for a time",
};

const REASON_MEANINGS: Readonly<Record<keyof typeof REASON, string>> = {
  cancelled: "its owner cancelled it",
  amended: "its owner made it smaller, or it left to enter anew",
  selfTrade: "it met an order of its own account",
  expired: "its time had come",
  reduceOnly: "it could only shrink a position, and found none to shrink",
  makerMargin: "as a maker it could not bear the fill",
  massCancelled: "the operator cleared the market",
  settled: "the market was settled",
  immediateOrCancel: "it never rests, and found no more to trade with",
  matchLimit: "its command had met as many makers as one command may",
  openInterest: "the market's open interest has reached its cap",
  refused: "its trigger fired, and it was refused",
  liquidated: "its bucket is being liquidated",
};

function events(): string {
  const all = (Object.keys(EVENTS) as EventName[]).toSorted((a, b) => EVENTS[a].code - EVENTS[b].code);
  const reasons = Object.keys(REASON) as (keyof typeof REASON)[];
  return page(
    "Events",
    `What accepted commands did, in the order in which it happened. An event is a record of ${EVENT_WORDS} doubles: word 0 is its code, then its
fields; unused words are 0. Books and positions can be rebuilt from the events alone.`,
    table(
      ["code", "event", "what happened"],
      all.map((name) => [EVENTS[name].code, `\`${name}\``, EVENT_MEANINGS[name]]),
    ),
    "## Fields",
    table(
      ["event", ...Array.from({ length: EVENT_WORDS - 1 }, (_, index) => String(index + 1))],
      all.map((name) => [`\`${name}\``, ...padded([...EVENTS[name].fields], EVENT_WORDS - 1)]),
    ),
    `## Reasons

Of \`orderReduced\`, \`orderRemoved\`, and in the receipt of an order whose rest was dropped.`,
    table(
      ["code", "reason", "why"],
      reasons.map((name) => [REASON[name], `\`${name}\``, REASON_MEANINGS[name]]),
    ),
    `## Ways

Of \`withdrawalReleased\`.`,
    table(
      ["code", "way", "why"],
      (Object.keys(WAY) as (keyof typeof WAY)[]).map((name) => [
        WAY[name],
        `\`${name}\``,
        WAY_MEANINGS[name],
      ]),
    ),
    `## Causes

Of \`parameterChanged\`.`,
    table(
      ["code", "cause", "who"],
      (Object.keys(CAUSE) as (keyof typeof CAUSE)[]).map((name) => [
        CAUSE[name],
        `\`${name}\``,
        CAUSE_MEANINGS[name],
      ]),
    ),
  );
}

// ---------------------------------------------------------------------------------------------------------- parameters

function parameters(): string {
  const all: [string, ParameterSpec][] = Object.entries(PARAMETERS);
  const rowsOf = (wanted: ParameterSpec["level"]): string[][] =>
    all.filter(([, { level }]) => level === wanted).map(([name, spec]) => parameterRow(name, spec));
  const venueRows = Object.entries(VENUE_PARAMETERS).map(([name, { id, unit, min, max }]) => [
    String(id),
    `\`${name}\``,
    unit,
    `${min} to ${max}`,
  ]);
  const columns = [
    "id",
    "parameter",
    "unit",
    "range",
    "envelope",
    "safer",
    "loosening",
    "steward",
    "breaker",
  ];
  return page(
    "Parameters",
    `What \`setParameter\` can change while a tier is being set up, and governance once it is sealed. The ranges are part of the protocol and
cannot be changed; what a value must keep to besides, among the others, is told in [listing](../spec/listing.md). A market that is settled
has nothing left to set.

Once the tier is sealed, a value stays in the *envelope*; a proposal loosens it by one step of *loosening*, a week after the last; a
*steward* moves it at once by a share of its value, so long after the last time; a *breaker* tightens it for a time
([governance](../spec/governance.md)).`,
    `## Of a market\n\n${table(columns, rowsOf("market"))}`,
    `## Of a tier\n\nWith \`market\` = 0.\n\n${table(columns, rowsOf("tier"))}`,
    `## Of the venue\n\nWith \`tier\` = 0 and \`market\` = 0. What they do is told in [vault](../spec/vault.md).\n\n${table(["id", "parameter", "unit", "range"], venueRows)}`,
    `## Of collateral\n\nWith the asset as \`market\`.\n\n${table(columns, rowsOf("collateral"))}`,
  );
}

function parameterRow(name: string, spec: ParameterSpec): string[] {
  const { id, unit, min, max, envelope, safe, step, steward, breaker } = spec;
  const [lowest, highest] = envelope;
  const isSame = lowest === min && highest === max;
  return [
    String(id),
    `\`${name}\``,
    escaped(unit),
    range({ min, max }),
    isSame ? "the same" : range({ min: lowest, max: highest }),
    { up: "higher", down: spec.zeroIsOff === true ? "lower, but not 0" : "lower", neither: "neither" }[safe],
    typeof step === "number" ? `±${number(step)}` : STEPS[step],
    steward === undefined ? "" : `${steward.sharePpm / 10_000} %, ${steward.delay / 3_600_000} h`,
    breaker === true ? "yes" : "",
  ];
}

const STEPS: Readonly<Record<Extract<ParameterSpec["step"], string>, string>> = {
  free: "any",
  fifth: "× 4/5",
  half: "× 3/2",
  lots: "× 3/2, or the foothold in lots",
  usd: "× 3/2, or the foothold",
  units: "× 3/2, or the foothold in units",
};

// -------------------------------------------------------------------------------------------------------------- limits

function limits(): string {
  return page(
    "Limits",
    `Bounds on everything a command may do or a venue may hold. They are part of the protocol: two nodes with different limits answer
differently.`,
    table(["limit", "value", "meaning"], limitRows()),
    `## Capacities

How much a venue has room for is configuration, fixed when it is made and kept in every snapshot. These are the defaults; running out of
one is a refusal.`,
    table(
      ["of the venue", "default"],
      capacityRows({ ...DEFAULT_CAPACITIES, tiers: DEFAULT_CAPACITIES.tiers.length }),
    ),
    table(["of each tier", "default"], capacityRows(DEFAULT_TIER_CAPACITIES)),
  );
}

/** The constants of limits.ts with their comments; one comment may stand over several. */
function limitRows(): string[][] {
  const source = readFileSync(`${ENGINE}domain/limits.ts`, "utf8");
  const rows: string[][] = [];
  for (const [, comment = "", group = ""] of source.matchAll(
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\n((?:export const .*\n)+)/g,
  )) {
    for (const [, name = "", value = ""] of group.matchAll(/export const (\w+) = ([\d_]+);/g)) {
      rows.push([
        `\`${name}\``,
        number(Number(value.replaceAll("_", ""))),
        plain(comment).replaceAll("\n", " "),
      ]);
    }
  }
  return rows;
}

function capacityRows(capacities: Readonly<Record<string, number>> | object): string[][] {
  return Object.entries(capacities as Readonly<Record<string, number>>).map(([name, value]) => [
    name,
    number(value),
  ]);
}

// ----------------------------------------------------------------------------------------------------------------- api

const AUTHS: Readonly<Record<RouteAuth, string>> = {
  none: "",
  read: "read",
  trade: "trade, signed",
  keep: "keep, signed",
  report: "report, signed",
  command: "as the command",
  wallet: "wallet",
};

function api(): string {
  const tags = [...new Set(ROUTE_NAMES.map((name) => routeOf(name).tag))];
  return page(
    "Routes and channels",
    `What a node answers over HTTP, and what it tells over \`/v1/stream\`. The whole, with every field, is in \`GET /openapi.json\` and
\`GET /asyncapi.json\` of a node. How requests are signed, and what problems look like, is told in [the wire](../spec/wire.md).`,
    ...tags.map((tag) => {
      const rows = ROUTE_NAMES.filter((name) => routeOf(name).tag === tag).map((name) => {
        const { method, path, auth, summary } = routeOf(name);
        return [`\`${name}\``, `\`${method} ${path}\``, summary, AUTHS[auth]];
      });
      return `## ${TAGS[tag]}\n\n${table(["name", "route", "what", "who"], rows)}`;
    }),
    `## Channels\n\n${table(
      ["channel", "of", "what", "who"],
      CHANNEL_NAMES.map((name) => {
        const { of, summary, isPrivate } = CHANNELS[name];
        return [`\`${name}\``, names(Object.keys(of.shape)), summary, isPrivate ? "its owner" : ""];
      }),
    )}`,
    `## Problems\n\nBesides refusals, which have the status ${statusOf("refused")}.\n\n${table(
      ["kind", "status", "what is true"],
      PROBLEM_KINDS.filter((kind) => kind !== "refused").map((kind) => [
        `\`${kind}\``,
        statusOf(kind),
        titleOf(kind),
      ]),
    )}`,
  );
}

// ---------------------------------------------------------------------------------------------------------- typography

function page(title: string, ...parts: readonly string[]): string {
  return `${sections(`# ${title}`, ...parts, `*${NOTE}*`)}\n`;
}

function sections(...parts: readonly string[]): string {
  return parts.join("\n\n");
}

type Cell = string | number | undefined;

function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string =>
    `| ${cells.map((cell) => String(cell ?? "")).join(" | ")} |`;
  return [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line)].join("\n");
}

function names(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

function padded(words: readonly string[], length: number): string[] {
  return Array.from({ length }, (_, index) => words[index] ?? "");
}

function range({ min, max }: Pick<Field, "min" | "max">): string {
  return min === -max ? `±${bracketed(max)}` : `${number(min)} … ${number(max)}`;
}

function bracketed(value: number): string {
  const text = number(value);
  return text.includes("−") ? `(${text})` : text;
}

/** Large round numbers as powers, others in groups of three digits. */
function number(value: number): string {
  if (value < 0) return `−${bracketed(-value)}`;
  if (value >= 2 ** 15 && isPowerOf(2, value)) return `2^${Math.log2(value)}`;
  if (value >= 2 ** 15 - 1 && isPowerOf(2, value + 1)) return `2^${Math.log2(value + 1)} − 1`;
  if (value >= 1e9 && isPowerOf(10, value)) return `10^${Math.log10(value)}`;
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, " ");
}

function isPowerOf(base: number, value: number): boolean {
  return base ** Math.round(Math.log(value) / Math.log(base)) === value;
}

const escaped = (text: string): string => text.replaceAll("|", "\\|");

/** A doc comment without its frame. */
function plain(comment: string): string {
  return comment
    .replace(/^\/\*\*\s?/, "")
    .replace(/\s*\*\/$/, "")
    .replaceAll(/^\s*\* ?/gm, "")
    .trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(pages())) writeFileSync(pathOf(name), text);
}
