/** How safe the venue is, as anybody may check it: what it owes and has, how near buckets are to liquidation, what its prices rest on. */
import { BREAKER, INPUT, POSTURE, QUALITY, SIGNAL, SOURCE_STATE } from "@bulkhead/engine";
import { z } from "zod";
import { LAYER_NAMES } from "./markets.ts";
import { asset, choiceOf, decimal, duration, sequence, symbol, tier, time } from "./values.ts";

const count = z.int().min(0);
const told = <Schema extends z.ZodType>(schema: Schema, description: string): Schema =>
  schema.meta({ description });

/** Of what a long pass was made: commands went on between its parts. */
const PASS = {
  from: told(sequence, "The pass began after this command"),
  sequence: told(sequence, "And ended after this one"),
  time: told(time, "The venue's clock at its end"),
};

export const WINDOW = z
  .object({
    free: told(decimal, "USD that may leave now; a window begins with none, and time gives it back"),
    limit: told(decimal, "USD that may be free at most"),
  })
  .meta({ id: "Window", description: "A window of the withdrawal throttle" });

/** The owner's side of the books against what the venue has, in quote currency; every bucket and balance is in it. */
export const SOLVENCY = z
  .object({
    assets: z
      .array(
        z.object({
          asset,
          held: told(decimal, "In custody, as operators have confirmed it"),
          owed: told(decimal, "Every claim on it in the books"),
          price: told(
            decimal.nullable(),
            "USD per whole that it is valued at here; null = it counts for nothing",
          ),
        }),
      )
      .meta({ description: "By asset; what is held and what is owed are equal, or the books are wrong" }),
    held: told(decimal, "USD that all of it is worth"),
    owed: told(decimal, "USD that owners have: balances, pending withdrawals, buckets with equity above 0"),
    shortfall: told(decimal, "USD by which buckets are below 0: what layers would have to bear"),
    layers: told(decimal, "USD in the layers that bear losses, of all tiers and the venue"),
    ratio: told(decimal.nullable(), "What is held over what is owed to owners; null if nothing is owed"),
  })
  .meta({ id: "Solvency" });

export const RISK_LAYER = z.object({
  layer: choiceOf(LAYER_NAMES),
  balance: decimal,
  target: told(decimal.nullable(), "Of an insurance or mutual fund that has one"),
  drawable: told(decimal, "Most that the next default takes of it"),
});

export const RISK_TIER = z
  .object({
    tier,
    name: z.string(),
    posture: z.object({
      posture: choiceOf(POSTURE),
      enabled: z.boolean(),
      since: time.nullable(),
      calmSince: told(time.nullable(), "Since when nothing has held it"),
      rule: told(count, "That is the reason, 0 = calm; docs/spec/postures.md lists them"),
      input: told(choiceOf(INPUT).nullable(), "What that rule looks at"),
      inputs: told(
        z.record(choiceOf(INPUT), z.int()),
        "What the controller sees now, in the units of docs/spec/postures.md",
      ),
    }),
    layers: told(z.array(RISK_LAYER), "In the order in which they bear a loss"),
    openInterest: told(decimal, "USD at the marks, one side"),
    buckets: count,
    distressed: told(count, "Buckets in the distress queue"),
    shortfall: told(decimal, "USD by which buckets are below 0"),
    marginScale: told(
      decimal,
      "The most that a position's margin is multiplied by for how deep its failure would reach; 1 = none would",
    ),
  })
  .meta({ id: "RiskTier" });

export const RISK = z
  .object({
    solvency: SOLVENCY,
    tiers: z.array(RISK_TIER),
    mutual: z.object({
      balance: decimal,
      target: decimal.nullable(),
      shares: count,
      cooldown: duration,
    }),
    throttle: z.object({
      enabled: z.boolean(),
      posture: told(count, "0 normal to 3 strictest: the stricter of the venue's own and what tiers ask for"),
      since: time.nullable(),
      hour: told(WINDOW.nullable(), "null = it is off"),
      day: WINDOW.nullable(),
      queue: z.object({
        count,
        value: told(decimal, "USD at the vault's reference prices"),
        oldest: told(time.nullable(), "When the first in the queue was requested"),
      }),
    }),
    cover2: z
      .object({
        needed: told(
          decimal,
          "What the failure of the two largest owners would cost beyond what they have, USD",
        ),
        available: told(decimal, "Second tranche and mutual fund, USD"),
        drawable: told(decimal, "What two defaults in a row may draw of them, USD"),
        ratio: told(decimal.nullable(), "What is available over what is needed; null if nothing is needed"),
        owners: told(z.array(decimal).max(2), "The loss of each of the two, USD, the larger first"),
      })
      .meta({ description: "In markets that jump by their `stressMove`; docs/spec/funds.md" }),
    ...PASS,
  })
  .meta({ id: "Risk" });

/** Edges of the histogram of health, ppm: the first bin is below 0, the last has no end. */
export const HEALTH_EDGES = [
  0, 250_000, 500_000, 750_000, 900_000, 1_000_000, 1_050_000, 1_100_000, 1_200_000, 1_300_000, 1_500_000,
  1_750_000, 2_000_000, 2_500_000, 3_000_000, 4_000_000, 5_000_000, 7_500_000, 10_000_000, 20_000_000,
  50_000_000,
] as const;

/** Buckets whose health and size are told one by one at most. */
export const HEALTH_SAMPLE = 10_000;

export const HEALTH = z
  .object({
    tier,
    buckets: told(count, "Of the tier"),
    exposed: told(count, "Of these have a position; only they have a health"),
    below: told(count, "Of these are below their maintenance margin: health below 1"),
    histogram: z
      .array(
        z.object({
          from: told(decimal.nullable(), "Included; null = none"),
          until: told(decimal.nullable(), "Not included; null = none"),
          buckets: count,
          maintenanceMargin: told(decimal, "Of them together, USD"),
        }),
      )
      .meta({ description: "By equity at maintenance weights over maintenance margin" }),
    sample: z
      .object({
        every: told(z.int().min(1), "Every so manieth bucket by number is in it, if it has a position"),
        health: told(z.array(z.int()), "Millionths, rounded down, from −1,000,000,000 to 1,000,000,000"),
        size: told(z.array(count), "Notional of its positions at the marks, whole USD, rounded down"),
      })
      .meta({ description: "Columns of one row each a bucket" }),
    ...PASS,
  })
  .meta({ id: "Health" });

/** Bins of the map of liquidations, half of them below the mark; and how far they may reach, percent. */
export const MAP_BINS = 50;
export const MAP_RANGES = ["5", "10", "20", "50"] as const;

export const LIQUIDATION_MAP = z
  .object({
    symbol,
    mark: told(decimal.nullable(), "null = it has none yet: then nothing is liquidated"),
    positions: told(count, "That were looked at"),
    every: told(
      z.int().min(1),
      "Every so manieth bucket by number was looked at; multiply by it to estimate the whole",
    ),
    bins: z
      .array(
        z.object({
          from: told(decimal, "Included"),
          until: told(decimal, "Not included"),
          long: told(
            decimal,
            "USD at the price of its liquidation of long positions that would be liquidated there",
          ),
          short: told(decimal, "Of short ones"),
          positions: count,
        }),
      )
      .meta({ description: "By price, the lowest first. Other markets' prices are held where they are" }),
    now: told(
      z.object({ long: decimal, short: decimal, positions: count }),
      "Already below maintenance margin, at the mark",
    ),
    beyond: told(z.object({ long: decimal, short: decimal, positions: count }), "Outside the bins"),
    never: told(count, "At no price of the market's range"),
    ...PASS,
  })
  .meta({ id: "LiquidationMap" });

export const ORACLE = z
  .object({
    symbol,
    quality: choiceOf(QUALITY),
    qualitySince: time.nullable(),
    forbids: told(z.array(z.string()), "What that forbids"),
    mark: decimal.nullable(),
    price: told(decimal.nullable(), "Put together from the reports; null = none yet"),
    confidence: told(decimal.nullable(), "Half the width of the band in which it lies"),
    risk: told(decimal.nullable(), "The price, following with a limited speed"),
    averages: z.object({
      halfMinute: decimal.nullable(),
      fiveMinutes: decimal.nullable(),
      hour: decimal.nullable(),
    }),
    quorum: told(count, "Reporters it takes; 0 = an operator tells the price"),
    counted: told(count, "Reporters that counted the last time"),
    age: told(duration.nullable(), "Of the reports that the quorum rests on, as of `advancedAt`"),
    advancedAt: told(time.nullable(), "When the price was put together last"),
    sources: z.array(
      z.object({
        reporter: z.int().min(1),
        operator: told(z.int().min(1), "Who runs it"),
        state: choiceOf(SOURCE_STATE),
        price: told(decimal.nullable(), "Of its last report"),
        confidence: decimal.nullable(),
        publishedAt: time.nullable(),
        age: told(duration.nullable(), "At the venue's clock"),
        deviation: told(decimal.nullable(), "From the price put together, as a part of it: above 0 = higher"),
        weight: told(decimal, "Part of all the weight that counted the last time"),
        nominal: told(decimal, "Weight as registered; others' caps cut it"),
        repeats: told(count, "Reports in a row with the same price"),
        held: told(decimal.nullable(), "A price that waits for others to say the same"),
      }),
    ),
    manipulation: z.object({
      costs: told(
        z.array(z.object({ percent: count, usd: decimal })),
        "What moving the price by so much would cost, at least",
      ),
      openInterestLimit: told(decimal, "What that allows to ride on it, base currency"),
    }),
    sequence,
    time,
  })
  .meta({ id: "Oracle" });

// --------------------------------------------------------------------------------------------------------- what happened

const MOMENT = {
  id: told(z.string(), "Of the entry; never another's"),
  time,
  sequence,
  tier: told(z.int().min(0), "0 = the venue"),
};

const breaker = z.object({
  ...MOMENT,
  kind: z.literal("breaker"),
  symbol,
  from: choiceOf(BREAKER),
  to: choiceOf(BREAKER),
  signal: told(choiceOf(SIGNAL).nullable(), "The reason; null = it has calmed down"),
  score: told(decimal, "Of that signal; 1 = trip"),
  lossAvoided: told(decimal, "Expected loss that was avoided, USD"),
  cost: told(decimal, "Expected cost of the intervention, USD"),
});
const posture = z.object({
  ...MOMENT,
  kind: z.literal("posture"),
  from: choiceOf(POSTURE),
  to: choiceOf(POSTURE),
  rule: told(count, "That was the reason, 0 = calm"),
  input: told(choiceOf(INPUT).nullable(), "What that rule looks at"),
  seen: told(z.int(), "What it saw, and its bound, in the units of docs/spec/postures.md"),
  bound: z.int(),
});
const layer = z.object({
  ...MOMENT,
  kind: z.literal("layer"),
  default: told(count, "Number of the default in its tier"),
  layer: choiceOf(LAYER_NAMES),
  amount: told(decimal, "That the layer bore, USD; below 0 it got so much back"),
  remaining: told(decimal, "Of the deficit then, USD; of a recovery: what the layer is still short of"),
});
const haircut = z.object({
  ...MOMENT,
  kind: z.literal("haircut"),
  default: count,
  amount: told(decimal, "Profit that winners gave up, USD; below 0 they got so much back"),
  winners: told(count, "How many"),
});
const tearUp = z.object({
  ...MOMENT,
  kind: z.literal("tear-up"),
  symbol,
  amount: told(decimal, "That was closed, base currency"),
  price: decimal,
  positions: told(count, "On the other side"),
});
const quarantine = z.object({
  ...MOMENT,
  kind: z.literal("quarantine"),
  symbol,
  invariant: told(z.int(), "That did not hold; docs/spec/transition.md"),
});
const proposal = z.object({
  ...MOMENT,
  kind: z.literal("proposal"),
  proposal: told(count, "The member who made it"),
  nonce: count,
  status: z.enum(["made", "contested", "cancelled", "lapsed", "executed"]),
  command: told(z.string().nullable(), "Kind of the command it carries"),
});
const parameter = z.object({
  ...MOMENT,
  kind: z.literal("parameter"),
  symbol: told(symbol.nullable(), "Of a market's parameter"),
  parameter: z.string(),
  before: z.int(),
  after: z.int(),
  cause: told(z.enum(["proposal", "steward", "breaker", "lapse"]), "Who or what changed it"),
  until: told(time.nullable(), "When it lapses"),
});

/** What anybody would want to know had happened to the venue, with the numbers that were the reason. */
export const TIMELINE_ENTRY = z
  .discriminatedUnion("kind", [breaker, posture, layer, haircut, tearUp, quarantine, proposal, parameter])
  .meta({ id: "TimelineEntry" });

export const TIMELINE_KINDS = [
  "breaker",
  "posture",
  "layer",
  "haircut",
  "tear-up",
  "quarantine",
  "proposal",
  "parameter",
] as const;

/** Layers and funds by name; the backstop bears no loss, and is a fund all the same. */
export const FUND_LAYER_NAMES = {
  firstTranche: 1,
  insurance: 2,
  cover: 3,
  secondTranche: 4,
  mutual: 5,
  backstop: 7,
} as const;

export const FUND_POINT = z
  .object({
    start: told(time, "Beginning of the interval"),
    layer: choiceOf(FUND_LAYER_NAMES),
    balance: told(decimal, "At its end, USD"),
    paidIn: told(decimal, "During it, USD"),
    paidOut: decimal,
  })
  .meta({ id: "FundPoint" });

// --------------------------------------------------------------------------------------------------------------- the log

const room = z.int().min(1);

export const CAPACITIES = z
  .object({
    genesis: told(z.string(), "Of the log, hexadecimal: what an engine of these capacities answers"),
    accounts: room,
    balances: room,
    withdrawals: room,
    tiers: z.array(
      z.object({
        markets: room,
        buckets: room,
        positions: room,
        orders: room,
        holdings: room,
        ticks: room,
      }),
    ),
  })
  .meta({ id: "Capacities", description: "What an engine is built with to execute the log" });

export const LOG_HEAD = z
  .object({
    genesis: z.string(),
    first: told(z.int().min(1), "First command of the batch"),
    sequence: told(sequence, "Its last: the head is of all receipts up to it"),
    head: told(z.string().regex(/^[0-9a-f]{64}$/), "Hexadecimal, as the log keeps it"),
  })
  .meta({ id: "LogHead" });

export const LOG_SEGMENTS = z
  .object({
    genesis: z.string(),
    first: told(z.int().min(1), "The first command that is kept"),
    last: told(sequence, "The last that is durable"),
    segments: z.array(
      z.object({
        segment: told(z.string(), "Name of the file"),
        first: told(z.int().min(1), "Its first command"),
        bytes: told(count, "That can be read now; of the last segment they grow"),
        isWhole: told(z.boolean(), "Whether nothing is added to it any more"),
      }),
    ),
  })
  .meta({ id: "LogSegments" });

// -------------------------------------------------------------------------------------------------------------- the demo

export const DEMO_DEPOSIT_REQUEST = z.strictObject({
  account: z.int().min(1).optional().meta({ description: "Needed by an owner of several" }),
});

export const DEMO_DEPOSIT = z
  .object({
    account: z.int().min(1),
    asset,
    amount: told(decimal, "That was credited"),
    left: told(decimal, "That the account can still have today"),
    renewsAt: told(time, "When the day is over (UTC)"),
    sequence,
  })
  .meta({ id: "DemoDeposit" });

export type Solvency = z.infer<typeof SOLVENCY>;
export type RiskTier = z.infer<typeof RISK_TIER>;
export type Risk = z.infer<typeof RISK>;
export type Health = z.infer<typeof HEALTH>;
export type LiquidationMap = z.infer<typeof LIQUIDATION_MAP>;
export type Oracle = z.infer<typeof ORACLE>;
export type TimelineEntry = z.infer<typeof TIMELINE_ENTRY>;
export type FundPoint = z.infer<typeof FUND_POINT>;
export type LogSegments = z.infer<typeof LOG_SEGMENTS>;
