import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Engine, hex } from "./engine.ts";
import { HANDLERS } from "./handlers.ts";
import { InvariantViolation } from "./kernel/invariant.ts";
import { NIL, type NumColumn, type Ref } from "./kernel/arena.ts";
import { numberOf, rowOf } from "./kernel/pool.ts";
import type { Ticks } from "./kernel/units.ts";
import type { Capacities } from "./domain/capacities.ts";
import { type Command, LAYOUTS, SET_MARGIN_BRACKET } from "./domain/commands.ts";
import { EVENTS } from "./domain/events.ts";
import { word } from "./domain/frame.ts";
import { MAX_EVENTS } from "./domain/limits.ts";
import { STATUS } from "./domain/parameters.ts";
import { holdingOf, positionOf } from "./domain/positions.ts";
import { ACCEPTED, type OutcomeCode } from "./domain/refusals.ts";
import { BUCKET, HOLDING, POSITION } from "./domain/rows/bucket.ts";
import { MARKET } from "./domain/rows/market.ts";
import { ORDER } from "./domain/rows/order.ts";
import { COLLATERAL, TIER } from "./domain/rows/tier.ts";
import { ACCOUNT, ASSET, BALANCE } from "./domain/rows/vault.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { bookView, marketView, venueView } from "./queries.ts";
import type { Receipt } from "./receiptView.ts";
import type { Handler, Handlers } from "./transition.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);

const TIER_CAPACITIES = { markets: 2, buckets: 6, positions: 32, orders: 64, holdings: 6, ticks: 2 ** 16 };
const CAPACITIES: Capacities = {
  accounts: 4,
  balances: 12,
  withdrawals: 4,
  tiers: [TIER_CAPACITIES, TIER_CAPACITIES],
};

type PlaceOrder = Extract<Command, { readonly kind: "placeOrder" }>;
type Where = Partial<Pick<PlaceOrder, "tier" | "market" | "timeInForce">>;

const order = (account: number, side: number, price: number, lots: number, where: Where): PlaceOrder => ({
  kind: "placeOrder",
  time: 10,
  account,
  tier: 1,
  bucket: account,
  market: 1,
  side,
  type: 0,
  timeInForce: 0,
  price,
  lots,
  trigger: 0,
  expiry: 0,
  clientId: 0,
  flags: 0,
  selfTrade: 0,
  ...where,
});
const buy = (account: number, price: number, lots: number, where: Where = {}): PlaceOrder =>
  order(account, 0, price, lots, where);
const sell = (account: number, price: number, lots: number, where: Where = {}): PlaceOrder =>
  order(account, 1, price, lots, where);

const listMarket = (tier: number): Command => ({
  kind: "listMarket",
  time: 0,
  tier,
  contract: 0,
  expiry: 0,
  notional: 1_000,
  rangeBits: 15,
  initialMargin: 50_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 200_000,
  takerFee: 500,
  makerFee: 0,
  maxPositionLots: 1_000,
  maxOpenInterestLots: 10_000,
  fundingCap: 1e8,
});

/** Two tiers, three markets at 100, two accounts with money in both tiers, positions and fees in every market. */
const OPENING: readonly Command[] = [
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  { kind: "listTier", time: 0, minInitialMargin: 0 },
  { kind: "listTier", time: 0, minInitialMargin: 0 },
  listMarket(1),
  listMarket(1),
  listMarket(2),
  {
    kind: "acceptCollateral",
    time: 0,
    tier: 1,
    asset: 2,
    initialWeight: 900_000,
    maintenanceWeight: 950_000,
    cap: 1e12,
  },
  { kind: "updateIndexPrice", time: 0, tier: 1, market: 1, price: 100 },
  { kind: "updateIndexPrice", time: 0, tier: 1, market: 2, price: 100 },
  { kind: "updateIndexPrice", time: 0, tier: 2, market: 1, price: 100 },
  ...[1, 2].flatMap((account): Command[] => [
    { kind: "openAccount", time: 0 },
    { kind: "confirmDeposit", time: 0, account, asset: 1, amount: 50_000_000, reference: account },
    { kind: "confirmDeposit", time: 0, account, asset: 2, amount: 50_000_000, reference: account },
    { kind: "allocate", time: 0, account, tier: 1, mode: 0, asset: 1, amount: 10_000_000 },
    { kind: "allocate", time: 0, account, tier: 1, mode: 0, asset: 2, amount: 1_000_000 },
    { kind: "allocate", time: 0, account, tier: 2, mode: 0, asset: 1, amount: 10_000_000 },
  ]),
  ...[{}, { market: 2 }, { tier: 2 }].flatMap((where) => [
    sell(1, 100, 20, where),
    buy(2, 100, 20, where),
    buy(1, 100, 5, where),
    sell(2, 100, 5, where),
    sell(1, 110, 2, where),
    buy(2, 90, 2, where),
  ]),
  { kind: "updateIndexPrice", time: 10, tier: 1, market: 1, price: 105 },
  ...[1, 2, 4, 5].map((layer): Command => ({
    kind: "fundLayer",
    time: 10,
    account: 1,
    tier: layer < 3 ? 1 : 0,
    layer,
    amount: 1_000_000,
  })),
];

/** The opening as bytes, so that every test starts from the same venue without playing it again. */
const OPENED: Uint8Array = playOpening().snapshot();

function playOpening(): Engine {
  const engine = new Engine({ capacities: CAPACITIES });
  for (const command of OPENING) expect(engine.submit(command).outcome).toBe("accepted");
  expect(engine.audit()).toEqual([]);
  return engine;
}

function opened(handlers: Handlers = HANDLERS): Engine {
  return Engine.restore(OPENED, { handlers });
}

const hashOf = (engine: Engine): string => hex(engine.stateHash());

// --------------------------------------------------------------------------------------------------------------- refusals

/** A command whose fields are mostly small: half of what it names exists. */
function nearCommand(): fc.Arbitrary<Command> {
  const layouts = LAYOUTS.map((layout) => {
    const fields = Object.entries<{ readonly min: number; readonly max: number }>(layout.fields).map(
      ([name, { min, max }]) => {
        const low = Math.max(min, -2);
        const value = fc.oneof(
          { weight: 4, arbitrary: fc.integer({ min: low, max: Math.min(max, low + 3) }) },
          {
            weight: 2,
            arbitrary: fc.integer({
              min: Math.max(min, Math.min(max, 80)),
              max: Math.max(min, Math.min(max, 120)),
            }),
          },
          { weight: 1, arbitrary: fc.integer({ min, max }) },
        );
        return [name, value] as const;
      },
    );
    return fc
      .record({ time: fc.integer({ min: 8, max: 20 }), ...Object.fromEntries(fields) })
      .map((values) => ({ ...values, kind: layout.name }) as unknown as Command);
  });
  return fc.oneof(...layouts);
}

describe("a refused command", () => {
  test("leaves every byte of the state, the clock and the books as they were, and tells no event", () => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.array(nearCommand(), { maxLength: 40 }), (commands) => {
        const engine = opened();
        for (const command of commands) {
          const before = hashOf(engine);
          const { clock } = venueView(engine.venue);
          const receipt = engine.submit(command);
          outcomes.add(receipt.outcome);
          expect(receipt.outcome).not.toBe("invariant_broken");
          if (receipt.outcome === "accepted") expect(venueView(engine.venue).clock).toBe(command.time);
          else {
            expect(hashOf(engine)).toBe(before);
            expect(venueView(engine.venue).clock).toBe(clock);
            expect(receipt.events).toEqual([]);
          }
        }
        expect(engine.audit()).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(outcomes.size).toBeGreaterThan(12);
  });

  test("gets a number and a receipt all the same", () => {
    const engine = opened();
    const { sequence } = engine;
    expect(engine.submit({ kind: "clockTick", time: 9, tier: 1 })).toEqual({
      sequence: sequence + 1,
      command: "clockTick",
      outcome: "clock_went_back",
      code: 1_001,
      facts: { time: 9, venueTime: 10 },
      events: [],
    });
  });

  test("does not move the clock, whatever its time: the next one may be older", () => {
    const engine = opened();
    expect(engine.submit({ kind: "clockTick", time: 99, tier: 9 }).outcome).toBe("tier_unknown");
    expect(engine.submit({ kind: "clockTick", time: 10, tier: 1 }).outcome).toBe("accepted");
    expect(engine.submit({ kind: "clockTick", time: 10, tier: 1 }).outcome).toBe("accepted");
    expect(engine.submit({ kind: "clockTick", time: 9, tier: 9 }).outcome).toBe("clock_went_back");
  });

  test("that was refused after its fills has none of them", () => {
    const engine = opened();
    const before = [hashOf(engine), bookView(engine.venue, 1, 1)];
    const tooMany = buy(2, 110, 3, { timeInForce: 3 });
    expect(engine.submit(tooMany)).toMatchObject({
      outcome: "fill_or_kill_unfilled",
      facts: { filled: 2, lots: 3 },
      events: [],
    });
    expect([hashOf(engine), bookView(engine.venue, 1, 1)]).toEqual([before[0], before[1]]);
  });
});

// --------------------------------------------------------------------------------------------------- dishonest handlers

/** What the mischief has at hand: the first tier, and account 1's rows in it. */
interface Scene {
  readonly venue: Venue;
  readonly tier: TierShard;
  readonly bucket: Ref<"bucket">;
  readonly position: Ref<"position">;
  readonly other: Ref<"position">;
}

function sceneOf(venue: Venue): Scene {
  const tier = venue.tier(1) as TierShard;
  const [bucket, theirs] = [rowOf(tier.arena, tier.buckets, 1), rowOf(tier.arena, tier.buckets, 2)];
  const position = positionOf(tier.arena, bucket, 1);
  return { venue, tier, bucket, position, other: positionOf(tier.arena, theirs, 1) };
}

/** Adds to a cell of the tier. */
function add<Table extends string>(
  { tier }: Scene,
  row: Ref<Table>,
  column: NumColumn<Table>,
  by: number,
): void {
  tier.arena.setNum(row, column, tier.arena.num(row, column) + by);
}

/** Adds to a cell of an asset in the vault. */
function addToAsset(
  { venue: { vault } }: Scene,
  asset: number,
  column: NumColumn<"asset">,
  by: number,
): void {
  const row = vault.asset(asset);
  vault.arena.setNum(row, column, vault.arena.num(row, column) + by);
}

/** Adds to what account 1 owns of the quote currency. */
function addToBalance({ venue: { vault } }: Scene, by: number): void {
  let row = vault.arena.int(rowOf(vault.arena, vault.accounts, 1), ACCOUNT.balances);
  while (vault.arena.int(row, BALANCE.asset) !== 1) row = vault.arena.int(row, BALANCE.next);
  vault.arena.setNum(row, BALANCE.amount, vault.arena.num(row, BALANCE.amount) + by);
}

const marketRow = ({ tier }: Scene): Ref<"market"> => tier.marketRow(1);
const custodyOf = (tier: number): NumColumn<"asset"> => (ASSET.custody + tier) as NumColumn<"asset">;
const cash = BUCKET.cash as NumColumn<"bucket">;
const pool = MARKET.pool as NumColumn<"market">;
const fees = TIER.fees as NumColumn<"tier">;
const lots = POSITION.lots as NumColumn<"position">;
const cost = POSITION.cost as NumColumn<"position">;

/** Moves lots from account 1, who is short, to account 2, who is long, and counts them; costs stay as they are. */
function trade(scene: Scene, count: number): void {
  add(scene, scene.position, lots, -count);
  add(scene, scene.other, lots, count);
  add(scene, marketRow(scene), MARKET.openInterest, count);
}

/** The same, told as a fill in which account 1 took. */
function tradeAndTell(scene: Scene, count: number): void {
  trade(scene, count);
  scene.venue.events.emit(EVENTS.fill.code, 1, 0, 2, 1, 1, 105, count);
}

/** Tells of a fill in which account 1 sold to the oldest bid of account 2, of 90. */
function tellFill({ venue, tier }: Scene, count: number, price: number): void {
  const bid = tier.arena.int(rowOf(tier.arena, tier.buckets, 2), BUCKET.newestOrder);
  const number = numberOf(tier.orders, bid);
  const id = tier.arena.int(bid, ORDER.generation) * 2 ** 22 + number;
  venue.events.emit(EVENTS.fill.code, 1, id, 2, 1, 1, price, count);
}

interface Mischief {
  readonly what: string;
  readonly invariant: number;
  readonly act: (scene: Scene) => void;
}

/** Hands account 1 money of one of the tier's layers. */
function spend(scene: Scene, layer: NumColumn<"tier">, amount: number): void {
  add(scene, scene.tier.row, layer, -amount);
  add(scene, scene.bucket, cash, amount);
}

/** Hands account 1 money of a layer of the venue. */
function spendOfVenue(scene: Scene, layer: NumColumn<"asset">, amount: number): void {
  addToAsset(scene, 1, layer, -amount);
  addToAsset(scene, 1, custodyOf(1), amount);
  add(scene, scene.bucket, cash, amount);
}

/** Says that a layer absorbed a loss of account 1. */
function tellLoss({ venue }: Scene, layer: number, amount: number, remaining = 0): void {
  venue.events.emit(EVENTS.lossAbsorbed.code, 1, 1, layer, amount, remaining);
}

const skin = TIER.skin as NumColumn<"tier">;
const insurance = TIER.insurance as NumColumn<"tier">;

const MISCHIEFS: readonly Mischief[] = [
  { what: "spends the first tranche without a default", invariant: 13, act: (s) => spend(s, skin, 5) },
  {
    what: "spends more than it tells",
    invariant: 13,
    act: (s) => {
      spend(s, skin, 5);
      tellLoss(s, 1, 4);
    },
  },
  {
    what: "spends the insurance fund before the first tranche",
    invariant: 13,
    act: (s) => {
      spend(s, insurance, 5);
      tellLoss(s, 2, 5);
    },
  },
  {
    what: "lets layers pay in another order",
    invariant: 13,
    act: (s) => {
      tellLoss(s, 2, 500_000, 1_000_000);
      tellLoss(s, 1, 1_000_000);
      spend(s, insurance, 500_000);
      spend(s, skin, 1_000_000);
    },
  },
  {
    what: "leaves a part of a loss with nobody",
    invariant: 13,
    act: (s) => {
      spend(s, skin, 5);
      tellLoss(s, 1, 5, 1);
    },
  },
  {
    what: "draws more than its share of the mutual fund",
    invariant: 20,
    act: (s) => {
      spend(s, skin, 1_000_000);
      tellLoss(s, 1, 1_000_000, 1_400_001);
      spendOfVenue(s, ASSET.skin, 1_000_000);
      tellLoss(s, 4, 1_000_000, 400_001);
      spendOfVenue(s, ASSET.mutual, 400_001);
      tellLoss(s, 5, 400_001);
    },
  },
  {
    what: "cuts a winner's profit for nobody's loss",
    invariant: 15,
    act: (s) => {
      add(s, s.position, cost, 5);
      add(s, s.other, cost, -5);
      s.venue.events.emit(EVENTS.profitHaircut.code, 1, 1, 1, 5);
    },
  },
  { what: "mints cash", invariant: 1, act: (s) => add(s, s.bucket, cash, 1) },
  { what: "burns cash", invariant: 1, act: (s) => add(s, s.bucket, cash, -1) },
  {
    what: "mints collateral",
    invariant: 1,
    act: (s) => add(s, holdingOf(s.tier.arena, s.bucket, 2), HOLDING.amount as NumColumn<"holding">, 1),
  },
  {
    what: "mints collateral and counts it",
    invariant: 1,
    act: (s) => {
      add(s, holdingOf(s.tier.arena, s.bucket, 2), HOLDING.amount as NumColumn<"holding">, 1);
      add(s, s.tier.collateral(2), COLLATERAL.held as NumColumn<"collateral">, 1);
    },
  },
  {
    what: "counts collateral that is not there",
    invariant: 1,
    act: (s) => add(s, s.tier.collateral(2), COLLATERAL.held as NumColumn<"collateral">, 1),
  },
  { what: "credits a balance", invariant: 1, act: (s) => addToBalance(s, 1) },
  {
    what: "says the vault holds more",
    invariant: 1,
    act: (s) => addToAsset(s, 1, ASSET.held, 1),
  },
  { what: "raises its custody", invariant: 1, act: (s) => addToAsset(s, 1, custodyOf(1), 1) },
  {
    what: "pays its owner out of custody and keeps the cash",
    invariant: 1,
    act: (s) => {
      addToAsset(s, 1, custodyOf(1), -5);
      addToBalance(s, 5);
    },
  },
  {
    what: "leaves an amount in transit",
    invariant: 1,
    act: (s) => {
      addToBalance(s, -5);
      addToAsset(s, 1, ASSET.transit, 5);
    },
  },
  {
    what: "says a withdrawal is pending that is not",
    invariant: 1,
    act: (s) => {
      addToBalance(s, -5);
      addToAsset(s, 1, ASSET.pending, 5);
    },
  },
  {
    what: "moves a profit from one to another",
    invariant: 8,
    act: (s) => {
      add(s, s.position, cost, 5);
      add(s, s.other, cost, -5);
    },
  },
  {
    what: "moves cash from one to another",
    invariant: 8,
    act: (s) => {
      add(s, s.bucket, cash, -5);
      add(s, rowOf(s.tier.arena, s.tier.buckets, 2), cash, 5);
    },
  },
  {
    what: "books a trade twice and tells of one",
    invariant: 8,
    act: (s) => {
      trade(s, 2);
      tellFill(s, 1, 90);
    },
  },
  {
    what: "books a trade at another price than it tells",
    invariant: 8,
    act: (s) => {
      trade(s, 1);
      add(s, s.position, cost, -89 * 1_000);
      add(s, s.other, cost, 89 * 1_000);
      tellFill(s, 1, 90);
    },
  },
  {
    what: "fills an order at a price it does not name",
    invariant: 37,
    act: (s) => {
      trade(s, 1);
      add(s, s.position, cost, -105 * 1_000);
      add(s, s.other, cost, 105 * 1_000);
      tellFill(s, 1, 105);
    },
  },
  {
    what: "changes a position without a counterparty",
    invariant: 2,
    act: (s) => add(s, s.position, lots, 1),
  },
  {
    what: "opens lots on both sides that open interest does not count",
    invariant: 2,
    act: (s) => {
      add(s, s.position, lots, -7);
      add(s, s.other, lots, 7);
    },
  },
  {
    what: "counts open interest that nobody holds",
    invariant: 2,
    act: (s) => add(s, marketRow(s), MARKET.openInterest as NumColumn<"market">, 1),
  },
  {
    what: "settles lots that nobody gave",
    invariant: 2,
    act: (s) => add(s, marketRow(s), MARKET.settledLots as NumColumn<"market">, 1),
  },
  { what: "forgives a cost", invariant: 3, act: (s) => add(s, s.position, cost, -1) },
  {
    what: "charges a fee that nobody is owed",
    invariant: 3,
    act: (s) => add(s, s.position, cost, 1),
  },
  {
    what: "takes from the pool and keeps its cost",
    invariant: 3,
    act: (s) => {
      add(s, marketRow(s), pool, 5);
      add(s, s.bucket, cash, -5);
    },
  },
  {
    what: "collects fees from the pool that nobody owes",
    invariant: 3,
    act: (s) => {
      add(s, marketRow(s), pool, 5);
      add(s, s.tier.row, fees, -5);
    },
  },
  {
    what: "writes off the house's claim",
    invariant: 3,
    act: (s) => add(s, marketRow(s), MARKET.feeCost as NumColumn<"market">, 5),
  },
  {
    what: "collects funding that nobody paid",
    invariant: 3,
    act: (s) => add(s, marketRow(s), MARKET.fundingCost as NumColumn<"market">, -5),
  },
  {
    what: "settles a cost that nobody had",
    invariant: 3,
    act: (s) => add(s, marketRow(s), MARKET.settledCost as NumColumn<"market">, 5),
  },
  {
    what: "trades more than its owner's margin covers",
    invariant: 5,
    act: (s) => tradeAndTell(s, 3_000),
  },
  {
    what: "pays out what covers margin",
    invariant: 7,
    act: (s) => {
      const paid: number = s.tier.arena.num(s.bucket, BUCKET.cash);
      const holding: number = s.tier.arena.num(holdingOf(s.tier.arena, s.bucket, 2), HOLDING.amount);
      add(s, s.bucket, cash, -paid);
      addToAsset(s, 1, custodyOf(1), -paid);
      addToBalance(s, paid);
      add(s, holdingOf(s.tier.arena, s.bucket, 2), HOLDING.amount, -holding);
      add(s, s.tier.collateral(2), COLLATERAL.held, -holding);
      addToAsset(s, 2, custodyOf(1), -holding);
      addToAsset(s, 2, ASSET.dust, holding);
      s.venue.events.emit(EVENTS.bucketMoved.code, 1, 1, -paid);
    },
  },
  {
    what: "lets a position grow that may only shrink",
    invariant: 23,
    act: (s) => {
      s.tier.arena.setInt(marketRow(s), MARKET.status, STATUS.reduceOnly);
      tradeAndTell(s, 1);
    },
  },
  {
    what: "opens more interest than the market may have",
    invariant: 30,
    act: (s) => trade(s, 10_000),
  },
  {
    what: "touches another tier's custody",
    invariant: 18,
    act: (s) => {
      addToAsset(s, 1, custodyOf(2), -5);
      addToAsset(s, 1, custodyOf(1), 5);
      add(s, s.bucket, cash, 5);
    },
  },
  {
    what: "writes in another tier's memory",
    invariant: 18,
    act: ({ venue }) => {
      const { arena, buckets } = venue.tier(2) as TierShard;
      arena.setNum(rowOf(arena, buckets, 1), cash, 0);
    },
  },
  {
    what: "takes more from the pool than there is",
    invariant: 19,
    act: (s) => {
      const taken = s.tier.arena.num(marketRow(s), MARKET.pool) + 1;
      add(s, marketRow(s), pool, -taken);
      add(s, s.bucket, cash, taken);
      add(s, s.position, cost, taken);
    },
  },
  {
    what: "pays a fee of less than nothing out of fees that are not there",
    invariant: 19,
    act: (s) => {
      const taken = s.tier.arena.num(s.tier.row, TIER.fees) + 1;
      add(s, s.tier.row, fees, -taken);
      add(s, s.bucket, cash, taken);
    },
  },
  {
    what: "overdraws a bucket",
    invariant: 19,
    act: (s) => {
      const taken = s.tier.arena.num(s.bucket, BUCKET.cash) + 1;
      add(s, s.bucket, cash, -taken);
      add(s, marketRow(s), pool, taken);
      add(s, s.position, cost, -taken);
    },
  },
  {
    what: "overdraws a balance",
    invariant: 19,
    act: (s) => {
      addToBalance(s, -1e9);
      addToAsset(s, 1, ASSET.held, -1e9);
    },
  },
  {
    what: "finds a claim of its own broken",
    invariant: 100,
    act: () => {
      throw new InvariantViolation("the world is in order", { disorder: 7 });
    },
  },
  { what: "writes what is no number", invariant: 100, act: (s) => add(s, s.bucket, cash, Number.NaN) },
  {
    what: "writes a price that is no integer",
    invariant: 100,
    act: (s) => s.tier.arena.setInt(marketRow(s), MARKET.mark, 0.5 as Ticks),
  },
  {
    what: "tells more events than a command may",
    invariant: 100,
    act: ({ venue }) => {
      for (let told = 0; told <= MAX_EVENTS; told++) venue.events.emit(1);
    },
  },
];

/** The command whose story is replaced. */
const VEHICLE: Command = {
  kind: "setMarginBracket",
  time: 10,
  tier: 1,
  market: 1,
  bracket: 1,
  lower: 0,
  rate: 0,
};

/** A venue where one command's story is the mischief, in whatever tier and market it names. */
function dishonest(act: (scene: Scene) => OutcomeCode | void): Engine {
  const story: Handler = (venue) => {
    venue.tierInUse = word(venue.command, SET_MARGIN_BRACKET.at.tier);
    venue.marketInUse = word(venue.command, SET_MARGIN_BRACKET.at.market);
    return act(sceneOf(venue)) ?? venue.accept(1, 2, 3, 4);
  };
  return opened(HANDLERS.map((honest, code) => (code === SET_MARGIN_BRACKET.code ? story : honest)));
}

/** Gives an honest venue the status that quarantine leaves, and nothing else. */
function quarantinedByHand(): Engine {
  const engine = opened();
  const { arena } = engine.venue.tier(1) as TierShard;
  for (const column of [MARKET.status, MARKET.trading])
    arena.setInt((engine.venue.tier(1) as TierShard).marketRow(1), column, STATUS.quarantined);
  arena.commit();
  return engine;
}

test("a number beyond the exact range is refused and rolled back, and no market suspected", () => {
  const engine = dishonest((scene) => add(scene, scene.bucket, cash, 2 ** 53));
  const before = hashOf(engine);
  expect(engine.submit(VEHICLE)).toMatchObject({ outcome: "beyond_exact_range", code: 9_002, events: [] });
  expect(hashOf(engine)).toBe(before);
  expect(engine.submit(buy(1, 100, 1)).outcome).toBe("accepted");
});

describe.each(MISCHIEFS)("a handler that $what", ({ invariant, act }) => {
  let engine: Engine = opened();
  let receipt: Receipt | undefined;
  beforeEach(() => {
    engine = dishonest(act);
    receipt = engine.submit(VEHICLE);
  });

  test(`breaks invariant ${invariant}, is rolled back whole, and only its market is quarantined`, () => {
    expect(receipt).toMatchObject({
      outcome: "invariant_broken",
      code: 9_001,
      facts: { invariant },
      events: [{ event: "marketQuarantined", values: { market: 1, invariant } }],
    });
    expect(hashOf(engine)).toBe(hashOf(quarantinedByHand()));
    expect(engine.audit()).toEqual([]);
  });

  test("stops its market but for cancels, and nobody else", () => {
    expect(engine.submit(buy(1, 100, 1))).toMatchObject({
      outcome: "market_not_open",
      facts: { status: STATUS.quarantined },
    });
    for (const account of [1, 2]) {
      expect(
        engine.submit({ kind: "cancelAll", time: 10, account, tier: 1, bucket: account, market: 1 }),
      ).toMatchObject({ outcome: "accepted", facts: { cancelled: 1 } });
    }
    for (const where of [{ market: 2 }, { tier: 2 }]) {
      expect(engine.submit(buy(2, 110, 1, where)).facts).toMatchObject({ filled: 1 });
      expect(engine.submit(sell(1, 90, 1, where)).facts).toMatchObject({ filled: 1 });
    }
    expect(
      engine.submit({ kind: "deallocate", time: 10, account: 1, tier: 2, mode: 0, asset: 1, amount: 1 })
        .outcome,
    ).toBe("accepted");
    expect(engine.submit(VEHICLE).outcome).toBe("invariant_broken");
    expect(engine.audit()).toEqual([]);
  });
});

describe("a broken invariant", () => {
  test("in a command without a market quarantines none and leaves every byte", () => {
    const engine = dishonest((scene) => {
      scene.venue.marketInUse = 0;
      add(scene, scene.bucket, cash, 1);
    });
    const before = hashOf(engine);
    expect(engine.submit(VEHICLE)).toMatchObject({
      outcome: "invariant_broken",
      facts: { invariant: 1 },
      events: [],
    });
    expect(hashOf(engine)).toBe(before);
  });

  test("in a command without a tier is rolled back in the vault", () => {
    const engine = dishonest((scene) => {
      scene.venue.tierInUse = 0;
      addToBalance(scene, 1);
    });
    const before = hashOf(engine);
    expect(engine.submit(VEHICLE)).toMatchObject({
      outcome: "invariant_broken",
      facts: { invariant: 1 },
      events: [],
    });
    expect(hashOf(engine)).toBe(before);
  });

  test("in a market's own listing leaves no market", () => {
    const engine = dishonest((scene) => {
      const { arena, row } = scene.tier;
      scene.venue.marketInUse = 3;
      arena.setInt(row, TIER.markets, 3);
      add(scene, scene.bucket, cash, 1);
    });
    const before = hashOf(engine);
    expect(engine.submit(VEHICLE)).toMatchObject({ outcome: "invariant_broken", events: [] });
    expect(hashOf(engine)).toBe(before);
    expect(() => marketView(engine.venue, 1, 3)).toThrow("no market 3");
  });

  test("in a settled market is told, and leaves it settled: it cannot settle a second time", () => {
    const engine = dishonest((scene) => add(scene, scene.bucket, cash, 1));
    const { arena } = engine.venue.tier(1) as TierShard;
    arena.setInt((engine.venue.tier(1) as TierShard).marketRow(1), MARKET.status, STATUS.settled);
    arena.commit();
    const before = hashOf(engine);
    expect(engine.submit(VEHICLE).events).toEqual([
      { event: "marketQuarantined", values: { market: 1, invariant: 1 } },
    ]);
    expect(hashOf(engine)).toBe(before);
  });

  test("tells the first breach, with what should have been found and what was", () => {
    const engine = dishonest((scene) => add(scene, scene.bucket, cash, 5));
    expect(engine.submit(VEHICLE).facts).toEqual({ invariant: 1, expected: 0, found: 5 });
    const violated = dishonest(() => {
      throw new InvariantViolation("the world is in order", { disorder: 7, more: 8 });
    });
    expect(violated.submit(VEHICLE).facts).toEqual({ invariant: 100, expected: 0, found: 7 });
    const notFinite = dishonest(() => {
      throw new InvariantViolation("the world is in order", { disorder: Number.NaN });
    });
    expect(notFinite.submit(VEHICLE).facts).toEqual({ invariant: 100, expected: 0, found: 0 });
  });

  test("leaves nothing behind in the judge: the same difference, once honest, is accepted", () => {
    let honest = false;
    const engine = dishonest((scene) => {
      add(scene, scene.position, cost, 5);
      if (!honest) return;
      add(scene, marketRow(scene), MARKET.fundingCost as NumColumn<"market">, -5);
      scene.venue.events.emit(EVENTS.fundingSettled.code, 1, 1, 5, 0);
    });
    expect(engine.submit(VEHICLE).outcome).toBe("invariant_broken");
    expect(engine.submit(VEHICLE).outcome).toBe("invariant_broken");
    honest = true;
    expect(engine.submit(VEHICLE).outcome).toBe("accepted");
    expect(engine.audit()).toEqual([]);
  });
});

describe("a judge that writes", () => {
  test("breaks invariant 38, and what it wrote is rolled back with the command", () => {
    const engine = Engine.restore(OPENED, {
      judge: (own) => ({
        verdict: own.verdict,
        judge: (vault, tier, events, now) => {
          own.judge(vault, tier, events, now);
          const dust = ASSET.dust as NumColumn<"asset">;
          vault.arena.setNum(vault.asset(1), dust, 5);
          return own.verdict;
        },
      }),
    });
    const before = hashOf(engine);
    expect(engine.submit(buy(1, 100, 1))).toMatchObject({
      outcome: "invariant_broken",
      facts: { invariant: 38 },
      events: [],
    });
    expect(hashOf(engine)).toBe(before);
  });
});

describe("a judge that stumbles", () => {
  test("over numbers no margin can be taken of holds it against nobody else", () => {
    const engine = dishonest((scene) => {
      add(scene, scene.position, lots, 2 ** 52);
      add(scene, scene.bucket, cash, 1);
      scene.venue.events.emit(EVENTS.fill.code, 1, 0, 2, 1, 0, 105, 2 ** 52);
    });
    expect(engine.submit(VEHICLE)).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 2 } });
    for (const where of [{ tier: 2 }, { market: 2 }]) {
      expect(engine.submit(buy(2, 110, 1, where)).outcome).toBe("accepted");
    }
    expect(engine.audit()).toEqual([]);
  });
});

describe("a handler that fails otherwise", () => {
  test.each([
    { what: "refuses after writing", act: (scene: Scene) => scene.venue.refuse("tier_unknown", 1) },
    {
      what: "refuses after writing in another tier",
      act: ({ venue }: Scene) => {
        const { arena, buckets } = venue.tier(2) as TierShard;
        arena.setNum(rowOf(arena, buckets, 1), cash, 0);
        return venue.refuse("tier_unknown", 1);
      },
    },
  ])("and $what has written nothing", ({ act }) => {
    const engine = dishonest((scene) => {
      add(scene, scene.bucket, cash, 1);
      addToBalance(scene, 1);
      scene.venue.events.emit(1);
      return act(scene);
    });
    const before = hashOf(engine);
    expect(engine.submit(VEHICLE)).toMatchObject({ outcome: "tier_unknown", events: [] });
    expect(hashOf(engine)).toBe(before);
  });

  test("throws its own error to the caller, and has written nothing", () => {
    const engine = dishonest((scene) => {
      add(scene, scene.bucket, cash, 1);
      addToBalance(scene, 1);
      throw new TypeError("a mistake in the program");
    });
    const [before, { sequence }] = [hashOf(engine), engine];
    expect(() => engine.submit(VEHICLE)).toThrow(new TypeError("a mistake in the program"));
    expect([hashOf(engine), engine.sequence]).toEqual([before, sequence]);
    expect(engine.submit({ kind: "clockTick", time: 10, tier: 1 }).code).toBe(ACCEPTED);
    expect(engine.audit()).toEqual([]);
    expect(sceneOf(engine.venue).bucket).not.toBe(NIL);
  });
});
