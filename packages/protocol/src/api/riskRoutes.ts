/** Routes for whoever wants to check the venue himself: its risk, its prices, what has happened, and the log that all of it comes from. */
import { z } from "zod";
import { INTERVALS } from "./markets.ts";
import {
  CAPACITIES,
  DEMO_DEPOSIT,
  DEMO_DEPOSIT_REQUEST,
  FUND_LAYER_NAMES,
  FUND_POINT,
  HEALTH,
  LIQUIDATION_MAP,
  LOG_HEAD,
  LOG_SEGMENTS,
  MAP_RANGES,
  ORACLE,
  RISK,
  TIMELINE_ENTRY,
  TIMELINE_KINDS,
} from "./risk.ts";
import { COMMAND_PROBLEMS, type Route } from "./route.ts";
import { PAGE, choiceOf, paged, symbol } from "./values.ts";

const none = { auth: "none", method: "GET", tag: "risk", problems: [] } as const;
const named = { auth: "none", method: "GET", tag: "risk", problems: ["not-found"] } as const;
const tierNumber = z.coerce.number<number>().int().min(1);
const moment = z.coerce.number<number>().int().min(0).optional().meta({ description: "ms since the epoch" });

export const RISK_ROUTES = {
  risk: {
    ...none,
    path: "/v1/risk",
    summary: "Whether the venue can pay, and what stands between a default and everybody else",
    response: RISK,
  },
  riskHealth: {
    ...named,
    path: "/v1/risk/health",
    summary: "How near the buckets of a tier are to liquidation",
    query: z.strictObject({ tier: tierNumber }),
    response: HEALTH,
  },
  riskLiquidations: {
    ...named,
    path: "/v1/risk/liquidations",
    summary: "What would be liquidated at which price of a market",
    query: z.strictObject({
      symbol,
      range: z
        .enum(MAP_RANGES)
        .default("20")
        .meta({ description: "How far the bins reach to each side of the mark at least, percent" }),
    }),
    response: LIQUIDATION_MAP,
  },
  oracle: {
    ...named,
    path: "/v1/markets/:symbol/oracle",
    summary: "What a market's price rests on: who says what, and why somebody does not count",
    params: z.strictObject({ symbol }),
    response: ORACLE,
  },
  timeline: {
    ...none,
    path: "/v1/timeline",
    summary: "What happened to the venue, with the evidence; newest first",
    query: z.strictObject({
      ...PAGE,
      tier: z.coerce.number<number>().int().min(0).optional().meta({ description: "0 = the venue" }),
      kind: z.enum(TIMELINE_KINDS).optional(),
      since: moment,
      until: moment,
    }),
    response: paged(TIMELINE_ENTRY),
  },
  fundHistory: {
    ...named,
    path: "/v1/tiers/:tier/funds/history",
    summary: "What layers and funds held, oldest first; an interval in which nothing moved has no point",
    params: z.strictObject({
      tier: z.coerce
        .number<number>()
        .int()
        .min(0)
        .meta({ description: "0 = the venue: second tranche and mutual fund" }),
    }),
    query: z.strictObject({
      layer: choiceOf(FUND_LAYER_NAMES).optional(),
      interval: choiceOf(INTERVALS).default("1h"),
      since: moment,
      until: moment,
      limit: PAGE.limit,
    }),
    response: z.array(FUND_POINT),
  },
  log: {
    ...named,
    path: "/v1/log",
    summary: "Segments of the log of commands, where it is public",
    response: LOG_SEGMENTS,
  },
  logCapacities: {
    ...named,
    path: "/v1/log/capacities",
    summary: "What an engine is built with to execute it",
    response: CAPACITIES,
  },
  logHead: {
    ...named,
    path: "/v1/log/heads/:sequence",
    summary:
      "Head of the chain of receipts after the batch that holds a command: whoever has executed the log compares his own",
    params: z.strictObject({ sequence: z.coerce.number<number>().int().min(1) }),
    response: LOG_HEAD,
  },
  logSegment: {
    ...named,
    path: "/v1/log/:segment",
    summary: "Bytes of a segment; a range of them can be asked for (docs/spec/log.md tells the format)",
    params: z.strictObject({ segment: z.string().max(32) }),
    response: z.unknown().meta({ type: "string", format: "binary" }),
    problems: ["not-found", "range-not-there"],
    contentType: "application/octet-stream",
  },
  demoDeposit: {
    auth: "trade",
    method: "POST",
    path: "/v1/demo/deposit",
    tag: "account",
    summary: "Play money, of a venue that is a demo; so much a day",
    body: DEMO_DEPOSIT_REQUEST,
    response: DEMO_DEPOSIT,
    problems: [...COMMAND_PROBLEMS, "not-found"],
  },
} as const satisfies Readonly<Record<string, Route>>;
