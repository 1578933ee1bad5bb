/**
 * A venue's first commands, as its configuration has them: assets, tiers, markets with their prices' sources and breakers, collateral,
 * governance. They are ordinary commands, so the log tells how the venue came to be; the same configuration gives the same ones, so a node
 * that was stopped half way goes on where it was.
 */
import {
  CONTRACT,
  type Capacities,
  type Command,
  DEFAULT_TIER_CAPACITIES,
  FEED_KIND,
  PARAMETERS,
  type ParameterName,
  VENUE_PARAMETERS,
  type VenueParameterName,
  limits,
} from "@bulkhead/engine";
import {
  type Directory,
  type Instrument,
  assetNamed,
  instrumentOf,
  microUsdOf,
  notionalOf,
  unitsOf,
} from "@bulkhead/protocol";
import {
  type Config,
  ConfigError,
  type FeedConfig,
  type MarketConfig,
  type TierConfig,
  rolesOf,
} from "./config.ts";
import { directoryFor } from "./names.ts";
import * as recommended from "./recommended.ts";

/** A command whose time the sequencer will tell. */
export type Instruction = { [C in Command as C["kind"]]: Omit<C, "time"> }[Command["kind"]];

/** The room the venue is made with. */
export function capacitiesOf({ capacities, tiers }: Config): Capacities {
  return {
    ...capacities,
    tiers: tiers.map(({ markets, capacities: asked }) => ({
      ...DEFAULT_TIER_CAPACITIES,
      ticks: Math.max(
        DEFAULT_TIER_CAPACITIES.ticks,
        markets.reduce((sum, { rangeBits }) => sum + 2 ** rangeBits, 0),
      ),
      ...definedOf(asked),
    })),
  };
}

/** @throws {ConfigError} if ticks and lots do not go together, or a cap is finer than its asset */
export function bootstrap(config: Config): Instruction[] {
  const { assets, tiers, parameters, governance } = config;
  const directory = directoryFor(config);
  const tierIds = tiers.map((_, index) => index + 1);
  return [
    ...assets.map(({ decimals }): Instruction => ({ kind: "listAsset", scale: 10 ** decimals })),
    ...assets.flatMap(({ price }, index): Instruction[] => {
      if (price === undefined) return [];
      const microUsd = at(`assets[${index}]`, () => microUsdOf(price, "price"));
      return [{ kind: "updateVaultPrice", asset: index + 1, price: microUsd }];
    }),
    ...Object.entries({ ...recommended.VENUE, ...parameters }).map(([name, value]): Instruction => ({
      kind: "setParameter",
      tier: 0,
      market: 0,
      parameter: VENUE_PARAMETERS[name as VenueParameterName].id,
      value,
    })),
    ...tiers.map(({ minInitialMargin }): Instruction => ({ kind: "listTier", minInitialMargin })),
    ...tiers.flatMap((tier, index) => tierInstructions(directory, tier, index)),
    ...[0, ...tierIds].flatMap((tier) =>
      governance.members.map(({ member, roles }): Instruction => ({
        kind: "appointMember",
        tier,
        member,
        roles: rolesOf(roles),
      })),
    ),
  ];
}

/** What puts the venue into its members' hands, if it is to be: the last that operators do. */
export function sealing({ tiers, governance: { seal } }: Config): Instruction[] {
  if (seal === undefined) return [];
  return [...tiers.map((_, index) => index + 1), 0].map((tier) => ({
    kind: "sealGovernance",
    tier,
    ...seal,
  }));
}

function tierInstructions(directory: Directory, config: TierConfig, index: number): Instruction[] {
  const tier = index + 1;
  const path = `tiers[${index}]`;
  const reporters = config.reporters.map(({ reporter, operator, weight }): Instruction => ({
    kind: "registerReporter",
    tier,
    reporter,
    operator,
    weight,
  }));
  const markets = config.markets.flatMap((market, number) => {
    const instrument = instrumentOf(directory, tier, number + 1) as Instrument;
    const notional = at(`${path}.markets[${number}]`, () => notionalOf(instrument));
    return marketInstructions(market, { tier, market: number + 1, notional }, config);
  });
  const collateral = config.collateral.flatMap((accepted, number): Instruction[] => {
    const { initialWeight, maintenanceWeight } = accepted;
    const place = `${path}.collateral[${number}]`;
    const { asset, cap } = at(place, () => {
      const named = assetNamed(directory, accepted.asset, "asset");
      return { asset: named.asset, cap: unitsOf(named, accepted.cap, "cap") };
    });
    return [
      { kind: "acceptCollateral", tier, asset, initialWeight, maintenanceWeight, cap },
      ...feedInstructions(accepted.feed, { tier, feedKind: FEED_KIND.collateral, id: asset }, config),
    ];
  });
  return [
    ...setAll(tier, 0, { ...recommended.TIER, ...config.parameters }),
    ...reporters,
    ...markets,
    ...collateral,
    ...(config.posture === false
      ? []
      : [{ kind: "configurePosture", tier, enabled: 1, ...config.posture } as const]),
  ];
}

interface Place {
  readonly tier: number;
  readonly market: number;
  /** Micro-dollars per tick and lot. */
  readonly notional: number;
}

function marketInstructions(
  config: MarketConfig,
  { tier, market, notional }: Place,
  of: TierConfig,
): Instruction[] {
  const { symbol: _symbol, base: _base, tickSize: _tick, lotSize: _lot, contract, expiry, ...rest } = config;
  const { brackets, parameters, feed, breaker, maxPositionLots, maxOpenInterestLots, ...terms } = rest;
  const ceiling = notional * 2 ** terms.rangeBits;
  return [
    {
      kind: "listMarket",
      tier,
      contract: CONTRACT[contract],
      expiry: expiry === undefined ? 0 : Date.parse(expiry),
      notional,
      ...terms,
      maxPositionLots: maxPositionLots ?? Math.floor(limits.MAX_POSITION_VALUE / ceiling),
      maxOpenInterestLots: maxOpenInterestLots ?? Math.floor(limits.MAX_INTEGER / ceiling),
    },
    ...brackets.map(({ lower, rate }, index): Instruction => ({
      kind: "setMarginBracket",
      tier,
      market,
      bracket: index + 1,
      lower,
      rate,
    })),
    ...setAll(tier, market, {
      ...(contract === "future" ? omitFunding(recommended.MARKET) : recommended.MARKET),
      ...parameters,
    }),
    ...feedInstructions(feed, { tier, feedKind: FEED_KIND.market, id: market }, of),
    ...(breaker === false
      ? []
      : [{ kind: "configureBreaker", tier, market, ...recommended.BREAKER, ...definedOf(breaker) } as const]),
  ];
}

function feedInstructions(
  feed: FeedConfig | false,
  place: { readonly tier: number; readonly feedKind: number; readonly id: number },
  { reporters: all }: TierConfig,
): Instruction[] {
  if (feed === false) return [];
  const { reporters = all.map(({ reporter }) => reporter), quorum, ...terms } = feed;
  const operators = new Set(
    all.filter(({ reporter }) => reporters.includes(reporter)).map(({ operator }) => operator),
  );
  return [
    {
      kind: "configureFeed",
      ...place,
      reporters: reporters.reduce((mask, reporter) => mask + 2 ** (reporter - 1), 0),
      quorum: quorum ?? Math.max(1, Math.ceil((operators.size * 2) / 3)),
      ...recommended.FEED,
      ...definedOf(terms),
    },
  ];
}

function setAll(
  tier: number,
  market: number,
  values: Readonly<Record<string, number | undefined>>,
): Instruction[] {
  return Object.entries(values).map(([name, value]) => ({
    kind: "setParameter",
    tier,
    market,
    parameter: PARAMETERS[name as ParameterName].id,
    value: value as number,
  }));
}

function omitFunding(values: typeof recommended.MARKET): typeof recommended.MARKET {
  const { fundingInterval: _interval, interestRate: _rate, ...others } = values;
  return others;
}

/** @throws {ConfigError} with the place, if the text is no amount of its units */
function at<Amount>(path: string, amount: () => Amount): Amount {
  try {
    return amount();
  } catch (error) {
    throw new ConfigError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function definedOf<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
