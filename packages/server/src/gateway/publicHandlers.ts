/** What everybody may see: the venue, its markets, tiers, funds, breakers and governance, and the node. */
import {
  CODE,
  type CommandName,
  FRAME_WORDS,
  LAYOUTS,
  type Layout,
  type ProposalView,
  REFUSALS,
  type Venue,
  bookView,
  commandOf,
  governanceView,
  pendingProposals,
  tierView,
  venueView,
} from "@bulkhead/engine";
import {
  type CommandInput,
  type Liquidation,
  PROBLEM_KINDS,
  type Proposal,
  type RouteRequest,
  type Step,
  type Trade,
  amountText,
  asyncApi,
  bookChecksum,
  factsOf,
  openApi,
  priceText,
  problemOf,
  statusOf,
  stepOfPlaces,
  textOf,
  titleOf,
  factUnitsOf,
  usdText,
} from "@bulkhead/protocol";
import { type Labels, lotsText, ticksText } from "../telling/labels.ts";
import { tellBreakers } from "../telling/shards.ts";
import { tellTrade } from "../telling/trades.ts";
import type { Desk, Handlers } from "./handlers.ts";
import { marketOf, named, paging, span, tellPage } from "./pages.ts";
import type { LiquidationRow, ProposalRow, TradeRow } from "./ports.ts";
import { problem } from "./problems.ts";
import { tellGovernance, tellParameters } from "./tellGovernance.ts";
import { tellFunds, tellMarket, tellTier } from "./tellVenue.ts";

/** How far the views may be behind for the node to be ready, commands. */
const VIEWS_LAG = 100_000;
const PPB: Step = stepOfPlaces(9);
const VERSION = "1";
const NAME = "Bulkhead";

export const PUBLIC_HANDLERS: Handlers<
  | "time"
  | "venue"
  | "markets"
  | "market"
  | "book"
  | "trades"
  | "candles"
  | "funding"
  | "tiers"
  | "funds"
  | "breakers"
  | "governance"
  | "governedParameters"
  | "proposals"
  | "liquidations"
  | "health"
  | "ready"
  | "metrics"
  | "openapi"
  | "asyncapi"
  | "problem"
> = {
  time: ({ core, access }) => core.read(({ sequence }) => ({ time: access.clock(), sequence })),

  venue: ({ core, access, directory, about, publicLog, playMoney }) => {
    const { chainId, genesis } = access.domain;
    return core.read(({ venue, sequence, time }) => ({
      name: about.name,
      demo: about.isDemo,
      names: directory.names,
      signing: { name: NAME, version: VERSION, chainId, salt: genesis },
      accounts: venueView(venue).accounts,
      publicLog: publicLog !== undefined,
      playMoney: playMoney === undefined ? null : { ...playMoney.terms },
      sequence,
      time,
    }));
  },

  markets: ({ core, directory }, { query }) =>
    core.read(({ venue, sequence }) =>
      directory.instruments
        .filter(({ tier }) => query.tier === undefined || query.tier === tier)
        .filter(({ tier, market }) => isListed(venue, tier, market))
        .map((instrument) => tellMarket(venue, instrument, sequence)),
    ),

  market: ({ core, directory }, { params }) => {
    const instrument = named(directory, params.symbol);
    return core.read(({ venue, sequence }) => tellMarket(venue, instrument, sequence));
  },

  book: ({ core, directory, access }, { params, query }) => {
    const instrument = named(directory, params.symbol);
    return core.read(({ venue, sequence, time }) => {
      const { bids, asks } = bookView(venue, instrument.tier, instrument.market, Math.max(query.depth, 10));
      const texts = (levels: typeof bids): [string, string][] =>
        levels.map(({ price, lots }) => [priceText(instrument, price), amountText(instrument, lots)]);
      const [told, asked] = [texts(bids), texts(asks)];
      return {
        symbol: instrument.symbol,
        bids: told.slice(0, query.depth),
        asks: asked.slice(0, query.depth),
        checksum: bookChecksum(told, asked),
        sequence,
        time: time === 0 ? access.clock() : time,
      };
    });
  },

  trades: async ({ history, directory, labels }, { params, query }) => {
    const { tier, market } = named(directory, params.symbol);
    const page = await history.ask("trades", { tier, market, ...paging(query) });
    return tellPage(page, (row) => tellTradeRow(labels, row));
  },

  candles: async ({ history, directory }, { params, query }) => {
    const instrument = named(directory, params.symbol);
    const { tier, market } = instrument;
    const { interval, limit, since, until } = query;
    const rows = await history.ask("candles", { tier, market, interval, limit, ...span(since, until) });
    const ascending = rows.toSorted((a, b) => a.start - b.start);
    return ascending.map(({ start, open, high, low, close, volume, quoteVolume, trades }) => ({
      start,
      open: priceText(instrument, open),
      high: priceText(instrument, high),
      low: priceText(instrument, low),
      close: priceText(instrument, close),
      volume: amountText(instrument, Number(volume)),
      quoteVolume: usdText(Number(quoteVolume)),
      trades,
    }));
  },

  funding: async ({ history, directory }, { params, query }) => {
    const { tier, market, symbol } = named(directory, params.symbol);
    const page = await history.ask("fundingRates", { tier, market, ...paging(query) });
    return tellPage(page, ({ rate, premium, samples, time, sequence }) => ({
      symbol,
      rate: textOf(rate, PPB),
      premium: samples === 0 ? null : textOf(premium, PPB),
      time,
      sequence,
    }));
  },

  tiers: ({ core, labels }) =>
    core.read(({ venue, sequence }) =>
      Array.from({ length: venueView(venue).tiers }, (_, index) =>
        tellTier(venue, labels, index + 1, sequence),
      ),
    ),

  funds: ({ core }, { params }) =>
    core.read(({ venue, sequence }) => tellFunds(venue, params.tier, sequence)),

  breakers: ({ core, labels }, { params: { tier } }) =>
    core.read(({ venue, sequence }) => ({ tier, ...tellBreakers(venue, labels, tier), sequence })),

  governance: ({ core, access: { authority } }) =>
    core.read(({ venue, sequence }) =>
      Array.from({ length: venueView(venue).tiers + 1 }, (_, tier) =>
        tellGovernance(venue, tier, (...member) => authority.memberAddress(...member), sequence),
      ),
    ),

  governedParameters: ({ core, labels }, { query }) =>
    core.read(({ venue, sequence }) => tellParameters(venue, labels, query, sequence)),

  proposals: async (desk, { query }) => proposals(desk, query),

  liquidations: async ({ history, directory, labels }, { query }) => {
    const { symbol, ...page } = query;
    const found = await history.ask("liquidations", { ...paging(page), ...marketOf(directory, symbol) });
    return tellPage(found, (row) => tellLiquidation(labels, row));
  },

  health: () => ({ status: "ok" }),

  ready: async ({ core, access, history }) => {
    if (core.log.condition !== "open")
      throw problem("not-ready", `the log of commands is ${core.log.condition}`, { retryAfterMs: 1_000 });
    if (access.registry.condition !== "open")
      throw problem("not-ready", `the log of access is ${access.registry.condition}`, {
        retryAfterMs: 1_000,
      });
    const sequence = await core.read((engine) => engine.sequence);
    const viewsBehind = Math.max(0, sequence - (await history.sequence()));
    if (viewsBehind > VIEWS_LAG)
      throw problem("not-ready", `the views are ${viewsBehind} commands behind`, { retryAfterMs: 1_000 });
    return { status: "ready", sequence, waiting: core.waiting, viewsBehind, time: access.clock() };
  },

  metrics: ({ metrics }) => metrics(),
  openapi: ({ version, about }) => openApi(version, about.origin()) as { openapi: string },
  asyncapi: ({ version, about }) => asyncApi(version, about.origin()) as { asyncapi: string },

  problem: (_, { params }) => {
    const kind = PROBLEM_KINDS.find((each) => each === params.name);
    if (kind !== undefined) return problemOf(kind, titleOf(kind));
    const refusal = (Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]).find(
      (each) => each.replaceAll("_", "-") === params.name,
    );
    if (refusal === undefined) throw problem("not-found", `no problem is called ${params.name}`);
    const { code, meaning } = REFUSALS[refusal];
    return {
      type: `/problems/${params.name}`,
      title: meaning,
      status: statusOf("refused"),
      detail: meaning,
      code,
      refusal,
      facts: factsOf(refusal, [0, 0, 0, 0]),
      units: factUnitsOf(refusal),
    };
  },
};

function isListed(venue: Venue, tier: number, market: number): boolean {
  return tier <= venueView(venue).tiers && market <= tierView(venue, tier).markets;
}

function tellTradeRow(labels: Labels, row: TradeRow): Trade {
  const instrument = labels.instrument(row.tier, row.market);
  if (instrument === undefined) throw problem("not-found", "the market has no name");
  return tellTrade(instrument, { ...row, kind: row.kind as Trade["kind"] });
}

function tellLiquidation(labels: Labels, row: LiquidationRow): Liquidation {
  const instrument = labels.instrument(row.tier, row.market);
  return {
    id: `${row.sequence}-${row.ordinal}`,
    symbol: labels.symbol(row.tier, row.market),
    account: row.account,
    bucket: row.bucket,
    // A long position is sold.
    side: row.lots > 0 ? "sell" : "buy",
    amount: lotsText(instrument, Math.abs(row.lots)),
    how: row.how as Liquidation["how"],
    price: ticksText(instrument, row.price),
    penalty: usdText(row.penalty),
    time: row.time,
    sequence: row.sequence,
  };
}

async function proposals(
  { core, history, access }: Desk,
  { tier, status, limit, cursor }: RouteRequest<"proposals">["query"],
): Promise<{ items: Proposal[]; next: string | null }> {
  const page = await history.ask("proposals", {
    ...paging({ limit, cursor }),
    ...(tier !== undefined && { tier }),
    ...(status !== undefined && { isPending: status === "pending" || status === "contested" }),
  });
  const now = access.clock();
  const shards = [...new Set(page.rows.map((row) => row.tier))];
  const living = await core.read(({ venue }) => {
    const found = new Map<string, ProposalView>();
    for (const shard of shards)
      if (governanceView(venue, shard).sealed)
        for (const view of pendingProposals(venue, shard, now))
          found.set(`${shard}:${view.proposal}:${view.nonce}`, view);
    return found;
  });
  const told = tellPage(page, (row) =>
    tellProposal(row, living.get(`${row.tier}:${row.proposal}:${row.nonce}`)),
  );
  return { ...told, items: told.items.filter((each) => status === undefined || each.status === status) };
}

function tellProposal(row: ProposalRow, view: ProposalView | undefined): Proposal {
  const { tier, proposal, nonce, content, approvals, eta, lapse, sequence, time } = row;
  return {
    tier,
    proposal,
    nonce,
    command: proposedIn(row),
    content,
    parameters: view?.parameters ?? null,
    approvals,
    needed: view?.needed ?? null,
    status: row.status as Proposal["status"],
    eta,
    lapse,
    change: view?.change === undefined ? null : { ...view.change },
    createdAt: time,
    sequence,
  };
}

/** The command as it would be carried out; null if this node knows none of that code. */
function proposedIn({ tier, command: code, payload }: ProposalRow): CommandInput | null {
  const layout = (LAYOUTS as readonly Layout<CommandName>[]).find((each) => each.code === code);
  if (layout === undefined) return null;
  const words = JSON.parse(payload) as readonly number[];
  const frame = new Float64Array(FRAME_WORDS);
  frame[CODE] = code;
  let next = 0;
  for (const [field, at] of Object.entries(layout.at as Readonly<Record<string, number>>))
    frame[at] = field === "tier" ? tier : (words[next++] ?? 0);
  const { time: _, ...command } = commandOf(frame);
  return command;
}
