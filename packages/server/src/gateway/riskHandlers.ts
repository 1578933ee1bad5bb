/** How safe the venue is, and the means to check it. */
import {
  type Census,
  addResiduals,
  bucketsIn,
  countBuckets,
  hex,
  coverTwoOf,
  mapLiquidations,
  openCensus,
  openLiquidationMap,
  openResiduals,
  valuationPrices,
  venueView,
} from "@bulkhead/engine";
import { FUND_LAYER_NAMES, HEALTH_EDGES, HEALTH_SAMPLE, MAP_BINS } from "@bulkhead/protocol";
import { accountMeant } from "./accounts.ts";
import { sessionOf } from "./caller.ts";
import { Extract } from "./extracts.ts";
import type { Handlers } from "./handlers.ts";
import { named, paging, settled, span, tellPage } from "./pages.ts";
import { problem } from "./problems.ts";
import type { Survey } from "./surveys.ts";
import { tellNotable, tellFundPoint } from "./tellTimeline.ts";
import { tellHealth, tellMap, tellOracle, tellRisk, tellSpan } from "./tellRisk.ts";

/** Of a percent, ppm. */
const PERCENT = 10_000;
/** Buckets of which a map of liquidations is made at most. */
const MAPPED = 100_000;

export const RISK_HANDLERS: Handlers<
  | "risk"
  | "riskHealth"
  | "riskLiquidations"
  | "oracle"
  | "timeline"
  | "fundHistory"
  | "log"
  | "logCapacities"
  | "logHead"
  | "logSegment"
  | "demoDeposit"
> = {
  risk: ({ surveys, labels }) =>
    surveys.ask("risk", async (survey) => {
      const tiers = await survey.read(({ venue }) => venueView(venue).tiers);
      const residuals = openResiduals();
      const censuses: Census[] = [];
      for (let tier = 1; tier <= tiers; tier++) {
        censuses.push(await censusOf(survey, tier));
        await survey.sweep(tier, ({ venue }, run) => addResiduals(venue, residuals, tier, run));
      }
      const told = await survey.read((engine) =>
        tellRisk(engine, labels, censuses, coverTwoOf(engine.venue, residuals)),
      );
      return { ...told, ...tellSpan(survey) };
    }),

  riskHealth: ({ surveys }, { query: { tier } }) =>
    surveys.ask(`health ${tier}`, async (survey) => {
      const buckets = await survey.read(({ venue }) => bucketsIn(venue, tier));
      const census = await censusOf(survey, tier, Math.max(1, Math.ceil(buckets / HEALTH_SAMPLE)));
      return { ...tellHealth(census, buckets), ...tellSpan(survey) };
    }),

  riskLiquidations: ({ surveys, directory }, { query: { symbol, range } }) => {
    const instrument = named(directory, symbol);
    const { tier, market } = instrument;
    return surveys.ask(`liquidations ${symbol} ${range}`, async (survey) => {
      const map = await survey.read(({ venue }) =>
        openLiquidationMap(venue, tier, market, {
          bins: MAP_BINS,
          range: Number(range) * PERCENT,
          every: Math.max(1, Math.ceil(bucketsIn(venue, tier) / MAPPED)),
        }),
      );
      await survey.sweep(tier, ({ venue }, run) => mapLiquidations(venue, map, run));
      return { ...tellMap(instrument, map), ...tellSpan(survey) };
    });
  },

  oracle: ({ core, directory }, { params }) => {
    const instrument = named(directory, params.symbol);
    return core.read((engine) => tellOracle(engine, instrument));
  },

  timeline: async ({ history, labels }, { query }) => {
    const { tier, kind, since, until, ...page } = query;
    const found = await history.ask("timeline", {
      ...paging(page),
      ...span(since, until),
      ...(tier !== undefined && { tier }),
      ...(kind !== undefined && { kind }),
    });
    return tellPage(found, (row) => tellNotable(labels, row));
  },

  fundHistory: async ({ core, history }, { params: { tier }, query }) => {
    const { layer, interval, since, until, limit } = query;
    if (tier > 0) await core.read(({ venue }) => bucketsIn(venue, tier));
    await settled(core, history);
    const rows = await history.ask("fundHistory", {
      tier,
      interval,
      limit,
      ...(layer !== undefined && { layer: FUND_LAYER_NAMES[layer] }),
      ...span(since, until),
    });
    return rows.map(tellFundPoint).toReversed();
  },

  log: async ({ access, publicLog }) => {
    const log = expectPublic(publicLog);
    const { first, last } = log;
    const segments = await log.segments();
    return {
      genesis: access.domain.genesis,
      first,
      last,
      segments: segments.map(({ name, ...segment }) => ({ segment: name, ...segment })),
    };
  },

  logCapacities: ({ core, access, publicLog }) => {
    expectPublic(publicLog);
    const { accounts, balances, withdrawals, tiers } = core.engine.capacities;
    const genesis = access.domain.genesis;
    return { genesis, accounts, balances, withdrawals, tiers: tiers.map((tier) => ({ ...tier })) };
  },

  logHead: async ({ access, logHeads }, { params: { sequence } }) => {
    const batch = await expectPublic(logHeads).batchOf(sequence);
    if (batch === undefined) throw problem("not-found", `the log has no command ${sequence}`);
    const { first, count, head } = batch;
    return { genesis: access.domain.genesis, first, sequence: first + count - 1, head: hex(head) };
  },

  logSegment: async ({ publicLog }, { params }) => {
    const log = expectPublic(publicLog);
    const segments = await log.segments();
    const segment = segments.find(({ name }) => name === params.segment);
    if (segment === undefined) throw problem("not-found", "the log has no segment of this name");
    const { name, bytes } = segment;
    return new Extract(bytes, (from, until) => log.read(name, from, until));
  },

  demoDeposit: async ({ access, playMoney }, { body }, caller) => {
    if (playMoney === undefined) throw problem("not-found", "the venue is no demo: nothing is given away");
    const account = accountMeant(access, sessionOf(caller).owner, body.account, "body.account");
    return playMoney.give(account);
  },
};

/** @throws {ProblemError} if the log is not for everybody */
function expectPublic<Log>(log: Log | undefined): Log {
  if (log === undefined) throw problem("not-found", "the log of this venue is not public");
  return log;
}

async function censusOf(survey: Survey, tier: number, every = Infinity) {
  const census = openCensus(tier, HEALTH_EDGES, every);
  const prices = await survey.read(({ venue }) => valuationPrices(venue));
  await survey.sweep(tier, ({ venue }, run) => countBuckets(venue, census, run, prices));
  return census;
}
