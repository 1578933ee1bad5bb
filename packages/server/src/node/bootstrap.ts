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
  type Config,
  ConfigError,
  type FeedConfig,
  type MarketConfig,
  type TierConfig,
  rolesOf,
} from "./config.ts";
import { unitsOf } from "./decimal.ts";
import * as recommended from "./recommended.ts";

/** A command whose time the sequencer will tell. */
export type Instruction = { [C in Command as C["kind"]]: Omit<C, "time"> }[Command["kind"]];

const MICRO_DIGITS = 6;

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
  const tierIds = tiers.map((_, index) => index + 1);
  return [
    ...assets.map(({ decimals }): Instruction => ({ kind: "listAsset", scale: 10 ** decimals })),
    ...assets.flatMap(({ price }, index): Instruction[] => {
      if (price === undefined) return [];
      const path = `assets[${index}].price`;
      return [{ kind: "updateVaultPrice", asset: index + 1, price: exactUnits(price, MICRO_DIGITS, path) }];
    }),
    ...Object.entries({ ...recommended.VENUE, ...parameters }).map(([name, value]): Instruction => ({
      kind: "setParameter",
      tier: 0,
      market: 0,
      parameter: VENUE_PARAMETERS[name as VenueParameterName].id,
      value,
    })),
    ...tiers.map(({ minInitialMargin }): Instruction => ({ kind: "listTier", minInitialMargin })),
    ...tiers.flatMap((tier, index) => tierInstructions(config, tier, index)),
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

function tierInstructions({ assets }: Config, config: TierConfig, index: number): Instruction[] {
  const tier = index + 1;
  const path = `tiers[${index}]`;
  const reporters = config.reporters.map(({ reporter, operator, weight }): Instruction => ({
    kind: "registerReporter",
    tier,
    reporter,
    operator,
    weight,
  }));
  const markets = config.markets.flatMap((market, at) =>
    marketInstructions(market, { tier, market: at + 1, path: `${path}.markets[${at}]` }, config),
  );
  const collateral = config.collateral.flatMap((accepted, at): Instruction[] => {
    const { asset: name, initialWeight, maintenanceWeight, cap } = accepted;
    const asset = assets.findIndex(({ symbol }) => symbol === name) + 1;
    const { decimals } = assets[asset - 1] as Config["assets"][number];
    const units = exactUnits(cap, decimals, `${path}.collateral[${at}].cap`);
    return [
      { kind: "acceptCollateral", tier, asset, initialWeight, maintenanceWeight, cap: units },
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
  readonly path: string;
}

function marketInstructions(
  config: MarketConfig,
  { tier, market, path }: Place,
  of: TierConfig,
): Instruction[] {
  const { symbol: _symbol, base: _base, tickSize, lotSize, contract, expiry, ...rest } = config;
  const { brackets, parameters, feed, breaker, maxPositionLots, maxOpenInterestLots, ...terms } = rest;
  const notional = notionalOf(tickSize, lotSize, path);
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
    ...brackets.map(({ lower, rate }, at): Instruction => ({
      kind: "setMarginBracket",
      tier,
      market,
      bracket: at + 1,
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

/** Micro-dollars that one tick of one lot is worth. */
function notionalOf(tickSize: string, lotSize: string, path: string): number {
  const digits = (text: string) => text.split(".")[1]?.length ?? 0;
  const [tickDigits, lotDigits] = [digits(tickSize), digits(lotSize)];
  const product = BigInt(unitsOf(tickSize, tickDigits)) * BigInt(unitsOf(lotSize, lotDigits));
  const shift = MICRO_DIGITS - tickDigits - lotDigits;
  const scale = 10n ** BigInt(Math.abs(shift));
  const micro = shift >= 0 ? product * scale : product / scale;
  if (micro <= 0n || (shift < 0 && product % scale !== 0n))
    throw new ConfigError(
      `${path}: a tick of ${tickSize} times a lot of ${lotSize} is no whole number of micro-dollars`,
    );
  return Number(micro);
}

function exactUnits(text: string, decimals: number, path: string): number {
  const units = unitsOf(text, decimals);
  if (Number.isNaN(units))
    throw new ConfigError(`${path}: ${text} has more than ${decimals} decimals, or is too large`);
  return units;
}

function definedOf<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
