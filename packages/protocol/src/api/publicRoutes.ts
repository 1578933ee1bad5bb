/** Routes for everybody: the venue as it is, and the node. */
import { z } from "zod";
import { PROBLEM } from "../problem.ts";
import {
  BOOK,
  BREAKERS,
  CANDLE,
  CLOCK,
  FUNDING,
  FUNDS,
  INTERVALS,
  LIQUIDATION,
  MARKET,
  PROPOSAL,
  PROPOSAL_STATUS,
  TIER,
  TRADE,
  VENUE,
} from "./markets.ts";
import { GOVERNANCE, GOVERNED_PARAMETER, PARAMETER_LEVELS } from "./governance.ts";
import type { Route } from "./route.ts";
import { PAGE, choiceOf, paged, symbol, time } from "./values.ts";

const market = z.strictObject({ symbol });
const tierParams = z.strictObject({ tier: z.coerce.number<number>().int().min(1) });
const shardQuery = z.coerce
  .number<number>()
  .int()
  .min(0)
  .optional()
  .meta({ description: "Tier, 0 = the vault" });
const page = z.strictObject(PAGE);
const none = { auth: "none", problems: [] } as const;
const named = { auth: "none", problems: ["not-found"] } as const;

export const PUBLIC_ROUTES = {
  time: {
    ...none,
    method: "GET",
    path: "/v1/time",
    tag: "venue",
    summary: "The node's clock and the last command",
    response: CLOCK,
  },
  venue: {
    ...none,
    method: "GET",
    path: "/v1/venue",
    tag: "venue",
    summary: "Names, and what signatures are for",
    response: VENUE,
  },
  markets: {
    ...none,
    method: "GET",
    path: "/v1/markets",
    tag: "venue",
    summary: "All markets",
    query: z.strictObject({ tier: z.coerce.number<number>().int().min(1).optional() }),
    response: z.array(MARKET),
  },
  market: {
    ...named,
    method: "GET",
    path: "/v1/markets/:symbol",
    tag: "venue",
    summary: "One market",
    params: market,
    response: MARKET,
  },
  book: {
    ...named,
    method: "GET",
    path: "/v1/markets/:symbol/book",
    tag: "venue",
    summary: "Its price levels, best first",
    params: market,
    query: z.strictObject({ depth: z.coerce.number<number>().int().min(1).max(1_000).default(20) }),
    response: BOOK,
  },
  trades: {
    ...named,
    method: "GET",
    path: "/v1/markets/:symbol/trades",
    tag: "venue",
    summary: "Its trades, newest first",
    params: market,
    query: page,
    response: paged(TRADE),
  },
  candles: {
    ...named,
    method: "GET",
    path: "/v1/markets/:symbol/candles",
    tag: "venue",
    summary: "Its candles, oldest first; a time without trades has none",
    params: market,
    query: z.strictObject({
      interval: choiceOf(INTERVALS).default("1m"),
      since: z.coerce.number<number>().int().min(0).optional().meta({ description: "ms since the epoch" }),
      until: z.coerce.number<number>().int().min(0).optional().meta({ description: "ms since the epoch" }),
      limit: PAGE.limit,
    }),
    response: z.array(CANDLE),
  },
  funding: {
    ...named,
    method: "GET",
    path: "/v1/markets/:symbol/funding",
    tag: "venue",
    summary: "Funding as it accrued, newest first",
    params: market,
    query: page,
    response: paged(FUNDING),
  },
  tiers: {
    ...none,
    method: "GET",
    path: "/v1/tiers",
    tag: "venue",
    summary: "All margin tiers",
    response: z.array(TIER),
  },
  funds: {
    ...named,
    method: "GET",
    path: "/v1/tiers/:tier/funds",
    tag: "venue",
    summary: "What stands between a default in the tier and everybody else",
    params: tierParams,
    response: FUNDS,
  },
  breakers: {
    ...named,
    method: "GET",
    path: "/v1/tiers/:tier/breakers",
    tag: "venue",
    summary: "Breakers of its markets, and its posture",
    params: tierParams,
    response: BREAKERS,
  },
  governance: {
    ...none,
    method: "GET",
    path: "/v1/governance",
    tag: "venue",
    summary:
      "Who governs each shard: members with their roles, how many it takes, delays, and bounds no key passes",
    response: z.array(GOVERNANCE),
  },
  governedParameters: {
    ...named,
    method: "GET",
    path: "/v1/governance/parameters",
    tag: "venue",
    summary: "Parameters of a shard in force, their envelopes, and who can change each and how far",
    query: z.strictObject({
      tier: z.coerce.number<number>().int().min(0).meta({ description: "0 = the venue" }),
      level: z.enum(PARAMETER_LEVELS).optional(),
      subject: z.string().max(32).optional().meta({ description: "Symbol of a market or an asset" }),
    }),
    response: z.array(GOVERNED_PARAMETER),
  },
  proposals: {
    ...none,
    method: "GET",
    path: "/v1/governance/proposals",
    tag: "venue",
    summary: "Proposals, newest first",
    query: z.strictObject({ ...PAGE, tier: shardQuery, status: PROPOSAL_STATUS.optional() }),
    response: paged(PROPOSAL),
  },
  liquidations: {
    ...none,
    method: "GET",
    path: "/v1/liquidations",
    tag: "venue",
    summary: "Positions that were closed in distress, newest first",
    query: z.strictObject({ ...PAGE, symbol: symbol.optional() }),
    response: paged(LIQUIDATION),
  },
  health: {
    ...none,
    method: "GET",
    path: "/health",
    tag: "node",
    summary: "Whether the process lives",
    response: z.object({ status: z.literal("ok") }),
  },
  ready: {
    ...none,
    method: "GET",
    path: "/ready",
    tag: "node",
    summary: "Whether it takes commands, and how far its views are",
    response: z.object({
      status: z.literal("ready"),
      sequence: z.int(),
      waiting: z.int().meta({ description: "Commands that wait to be executed" }),
      viewsBehind: z.int().meta({ description: "Commands that the views have not seen" }),
      time,
    }),
  },
  metrics: {
    ...none,
    method: "GET",
    path: "/metrics",
    tag: "node",
    summary: "Metrics, as Prometheus reads them",
    response: z.string(),
    contentType: "text/plain",
  },
  openapi: {
    ...none,
    method: "GET",
    path: "/openapi.json",
    tag: "node",
    summary: "This interface (OpenAPI 3.1)",
    response: z.looseObject({ openapi: z.string() }),
  },
  asyncapi: {
    ...none,
    method: "GET",
    path: "/asyncapi.json",
    tag: "node",
    summary: "The streams (AsyncAPI 3)",
    response: z.looseObject({ asyncapi: z.string() }),
  },
  problem: {
    ...named,
    method: "GET",
    path: "/problems/:name",
    tag: "node",
    summary: "What a type of problem means",
    params: z.strictObject({ name: z.string().max(64) }),
    response: PROBLEM,
  },
} as const satisfies Readonly<Record<string, Route>>;
