/** What a venue lists before anybody trades, and what it lists later when there is room. */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import { BORROWING, LENDING, REPAYMENT } from "./lenders.ts";
import type { Memory } from "./memory.ts";
import { MARKET_DEFENCES, TIER_DEFENCES, marketDefence, tierDefence } from "./defences.ts";
import { breaker, posture } from "./guards.ts";
import type { Profile, Temperament } from "./profile.ts";
import type { Reporters } from "./reporters.ts";

const QUOTE = 1;
/** Two assets that tiers accept as collateral, and one that none does. */
const COLLATERAL: readonly { readonly asset: number; readonly scale: number }[] = [
  { asset: 2, scale: 100_000_000 },
  { asset: 3, scale: 1_000 },
];
/** Members as they are appointed at first: signers, and one of every other kind. */
export const ROLES: readonly number[] = [1, 3, 5, 1, 14, 10];
const STRESS_MOVE = 57;
const MAX_LOTS = 2 ** 40;
const MAX_POSITION_VALUE = 2 ** 50;
const MAX_INTEREST_VALUE = 2 ** 53 - 1;

/** Parameters of loans between funds, and what a sealed tier begins with. */
const LOAN_TERMS = [
  [LENDING, 200_000],
  [BORROWING, 2 ** 40],
  [REPAYMENT, 300_000],
] as const;

/** The commands that set a venue up, in order. Each looks at what the ones before it led to. */
export function* opening(
  dice: Dice,
  profile: Profile,
  memory: Memory,
  reporters: Reporters,
): Generator<Command> {
  const time = memory.clock;
  yield { kind: "listAsset", time, scale: 1 };
  yield { kind: "listAsset", time, scale: 1_000_000 };
  for (const { scale } of COLLATERAL) yield { kind: "listAsset", time, scale };
  yield { kind: "listAsset", time, scale: 1 };
  for (let tier = 1; tier <= profile.tiers; tier++) yield* openTier(dice, profile, memory, tier);
  if (profile.governance > 0) for (const tier of [0, 1]) yield* constitution(memory, tier);
  for (let tier = 1; tier <= profile.tiers; tier++) {
    yield* openTier(dice, profile, memory, tier);
    yield* reporters.opening(tier);
  }
  for (let account = 1; account <= profile.accounts; account++)
    yield* welcome(dice, profile, memory, account);
  for (let tier = 1; tier <= profile.liquidating; tier++) yield* defend(dice, profile, memory, tier);
  for (let tier = 1; tier <= profile.guarded; tier++) {
    for (const market of memory.tiers[tier - 1]?.markets ?? []) yield breaker(dice, market, memory.clock);
    yield posture(dice, tier, memory.clock);
  }
}

/** A tier begins to liquidate. */
function* defend(dice: Dice, profile: Profile, memory: Memory, tier: number): Generator<Command> {
  const time = memory.clock;
  for (const parameter of TIER_DEFENCES) {
    const value = tierDefence(dice, profile, parameter);
    yield { kind: "setParameter", time, tier, market: 0, parameter, value };
  }
  for (const market of memory.tiers[tier - 1]?.markets ?? []) {
    for (const parameter of MARKET_DEFENCES) {
      const value = marketDefence(dice, market, parameter);
      yield { kind: "setParameter", time, tier, market: market.id, parameter, value };
    }
  }
}

function* openTier(dice: Dice, profile: Profile, memory: Memory, tier: number): Generator<Command> {
  const time = memory.clock;
  yield { kind: "listTier", time, minInitialMargin: tier === 1 ? 0 : 10_000 };
  yield { kind: "setParameter", time, tier, market: 0, parameter: 33, value: profile.bucketOrders };
  for (const { asset, scale } of COLLATERAL) {
    const cap = profile.isHuge ? 2 ** 53 - 1 : scale * 100_000;
    const weights = { initialWeight: dice.between(300_000, 900_000), maintenanceWeight: 950_000 };
    yield { kind: "acceptCollateral", time, tier, asset, ...weights, cap };
    yield {
      kind: "updateCollateralPrice",
      time,
      tier,
      asset,
      price: dice.magnitude(profile.isHuge ? 1e15 : 1e9),
    };
  }
  for (let count = 0; count < profile.perpetuals + profile.futures; count++) {
    yield listing(dice, profile, memory.clock, tier, count >= profile.perpetuals);
    const market = memory.tiers[tier - 1]?.markets[count];
    if (market === undefined) continue;
    yield { kind: "updateIndexPrice", time, tier, market: count + 1, price: market.anchor };
    if (profile.governance > 0)
      yield { kind: "setParameter", time, tier, market: count + 1, parameter: STRESS_MOVE, value: 200_000 };
    if (dice.happens(400)) {
      const lower = market.anchor * market.notional * dice.between(5, 60);
      const rate = Math.min(1_000_000, market.initialMargin * 2);
      yield { kind: "setMarginBracket", time, tier, market: count + 1, bracket: 1, lower, rate };
    }
  }
}

/** Appoints the members of a shard and seals it; a tier opens to loans between funds before, which takes proposals afterwards. */
function* constitution(memory: Memory, tier: number): Generator<Command> {
  const time = memory.clock;
  if (tier > 0) {
    for (const [parameter, value] of LOAN_TERMS)
      yield { kind: "setParameter", time, tier, market: 0, parameter, value };
    const terms = { cooldown: 3_600_000, window: 3_600_000, minimum: 0, target: 2 ** 30 };
    yield { kind: "setFundTerms", time, tier, fund: 2, ...terms };
  }
  for (const [index, roles] of ROLES.entries())
    yield { kind: "appointMember", time, tier, member: index + 1, roles };
  yield { kind: "sealGovernance", time, tier, threshold: 3, timelock: 86_400_000 };
}

/** A market that can be listed, unless the tier is full or wants more margin. */
export function listing(
  dice: Dice,
  profile: Profile,
  time: number,
  tier: number,
  isFuture: boolean,
): Command {
  const rangeBits = dice.happens(800) ? 15 : 16;
  const size = profile.isHuge ? hugeSize(dice, rangeBits) : profile.isDeep ? DEEP_SIZE : plainSize(dice);
  const lotValue = size.notional * 4_000;
  const scalesInterest = dice.happens(400);
  const takerFee = dice.pick([0, 200, 500, 1_000, 30_000]);
  return {
    kind: "listMarket",
    time,
    tier,
    contract: isFuture ? 1 : 0,
    expiry: isFuture ? time + profile.pace * dice.between(2_000, 30_000) : 0,
    rangeBits,
    initialMargin: dice.pick([10_000, 20_000, 50_000, 100_000, 333_333]),
    maintenanceRatio: dice.pick([400_000, 500_000, 812_345, 1_000_000]),
    scaleBase: dice.happens(400) ? lotValue * dice.between(5, 200) : 0,
    oiLower: scalesInterest ? lotValue * dice.between(0, 200) : 0,
    oiUpper: scalesInterest ? lotValue * dice.between(500, 20_000) : 0,
    band: dice.pick([20_000, 50_000, 100_000, 300_000, 1_000_000]),
    takerFee,
    makerFee: dice.pick([0 - takerFee, 0 - Math.floor(takerFee / 3), 0, 150]),
    fundingCap: dice.pick([100_000, 5_000_000, 100_000_000]),
    ...size,
    ...(profile.governance > 0 && { takerFee: 500, makerFee: -100, band: 300_000 }),
  };
}

interface Size {
  readonly notional: number;
  readonly maxPositionLots: number;
  readonly maxOpenInterestLots: number;
}

const DEEP_SIZE: Size = { notional: 137, maxPositionLots: 20_000, maxOpenInterestLots: 200_000 };

function plainSize(dice: Dice): Size {
  return {
    notional: dice.pick([10, 137, 1_000, 5_000]),
    maxPositionLots: dice.pick([40, 400, 5_000]),
    maxOpenInterestLots: dice.pick([300, 4_000, 100_000]),
  };
}

function hugeSize(dice: Dice, rangeBits: number): Size {
  const notional = Math.min(1e12, dice.magnitude(2 ** (49 - rangeBits)));
  const ceiling = notional * 2 ** rangeBits;
  const position = Math.min(MAX_LOTS, Math.floor(MAX_POSITION_VALUE / ceiling));
  const interest = Math.min(MAX_LOTS, Math.floor(MAX_INTEREST_VALUE / ceiling));
  return {
    notional,
    maxPositionLots: Math.max(1, dice.happens(700) ? position : dice.between(1, position)),
    maxOpenInterestLots: Math.max(1, dice.happens(700) ? interest : dice.between(1, interest)),
  };
}

/** An account opens, deposits, and moves most of it into buckets. */
function* welcome(dice: Dice, profile: Profile, memory: Memory, account: number): Generator<Command> {
  const time = memory.clock;
  yield { kind: "openAccount", time };
  const temperament = memory.accounts[account - 1]?.temperament;
  if (temperament === undefined) return;
  yield deposit(dice, profile, memory, account, QUOTE);
  if (dice.happens(400)) yield deposit(dice, profile, memory, account, dice.pick(COLLATERAL).asset);
  for (let tier = 1; tier <= profile.tiers; tier++) yield* enterTier(dice, memory, account, tier);
}

function* enterTier(dice: Dice, memory: Memory, account: number, tier: number): Generator<Command> {
  const time = memory.clock;
  const { balances } = memory.accounts[account - 1] as { balances: ReadonlyMap<number, number> };
  const markets = memory.tiers[tier - 1]?.markets.length ?? 0;
  for (const [asset, balance] of balances) {
    const amount = Math.floor(balance / 3);
    if (amount > 0) yield { kind: "allocate", time, account, tier, mode: 0, asset, amount };
  }
  const mode = dice.happens(200) ? dice.below(markets + 1) : 0;
  const amount = Math.floor((balances.get(QUOTE) ?? 0) / 4);
  if (mode > 0 && amount > 0) yield { kind: "allocate", time, account, tier, mode, asset: QUOTE, amount };
}

const WEALTH: Readonly<Record<Temperament, number>> = {
  maker: 20_000e6,
  taker: 3_000e6,
  gambler: 300e6,
  dust: 100e6,
  stopper: 3_000e6,
  fidget: 3_000e6,
  whale: 500_000e6,
  hedger: 2_000e6,
};

/** A deposit with the next chain receipt. */
export function deposit(
  dice: Dice,
  profile: Profile,
  memory: Memory,
  account: number,
  asset: number,
): Command {
  const temperament = memory.accounts[account - 1]?.temperament ?? "dust";
  const scale = COLLATERAL.find((each) => each.asset === asset)?.scale;
  const usual = WEALTH[temperament] * (profile.isHuge ? 5_000 : 1);
  const amount = scale === undefined ? dice.between(usual / 4, usual) : dice.magnitude(scale * 1_000);
  const reference = (memory.references.get(asset) ?? 0) + dice.between(1, 3);
  return { kind: "confirmDeposit", time: memory.clock, account, asset, amount, reference };
}
