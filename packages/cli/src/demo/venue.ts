/** The demo's venue: three tiers that share nothing but the mutual fund. */
const HOUR = 3_600_000;
/** From the hour the demo begins in. */
const EXPIRES_IN = 24 * HOUR;

/** Who takes part, by the names their keys are made of. */
export const DEMO_REPORTERS = ["reporter-1", "reporter-2", "reporter-3"] as const;

/** The price at which each underlying begins, dollars. */
export const FIRST_PRICES = { BTC: 64_000, ETH: 3_200, SOL: 150, AVAX: 28, DOGE: 0.16 } as const;
export type Underlying = keyof typeof FIRST_PRICES;

/** The house turns the controllers of postures on. */
const BY_THE_HOUSE = false;

export interface DemoParties {
  readonly operator: string;
  /** In the order of `DEMO_REPORTERS`. */
  readonly reporters: readonly string[];
  readonly members: readonly string[];
}

/** The configuration of the demo, in the form of a configuration file. @param now - ms since the epoch; futures expire after it */
export function demoConfig({ operator, reporters, members }: DemoParties, now: number): unknown {
  const reported = reporters.map((address, index) => ({ reporter: index + 1, operator: index + 1, address }));
  const expiry = new Date(Math.ceil(now / HOUR) * HOUR + EXPIRES_IN).toISOString();
  return {
    name: "Bulkhead demo",
    demo: true,
    operators: [operator],
    publicLog: true,
    playMoney: { asset: "USD", amount: "10000", perDay: "50000" },
    // Everybody comes from one address.
    limits: {
      requestsPerAddress: { perSecond: 2_000, burst: 10_000 },
      loginsPerAddress: { perSecond: 100, burst: 1_000 },
      connectionsPerAddress: 512,
    },
    assets: [
      { symbol: "USD", decimals: 6 },
      { symbol: "BTC", decimals: 8, price: String(FIRST_PRICES.BTC) },
    ],
    governance: {
      members: members.map((address, index) => ({
        member: index + 1,
        address,
        roles: ["signer", "steward", "guardian", "breaker"],
      })),
    },
    tiers: [
      {
        name: "majors",
        minInitialMargin: 20_000,
        posture: BY_THE_HOUSE,
        reporters: reported,
        collateral: [{ asset: "BTC", initialWeight: 850_000, maintenanceWeight: 900_000, cap: "10000" }],
        markets: [
          { ...perpetual("BTC", "0.5", "0.001"), ...MAJOR },
          { ...perpetual("ETH", "0.05", "0.01"), ...MAJOR },
          { ...perpetual("BTC", "0.5", "0.001"), symbol: "BTC-FUT", contract: "future", expiry, ...MAJOR },
        ],
      },
      {
        name: "alts",
        minInitialMargin: 50_000,
        posture: BY_THE_HOUSE,
        reporters: reported,
        markets: [
          { ...perpetual("SOL", "0.005", "0.1"), ...ALT },
          { ...perpetual("AVAX", "0.001", "1"), ...ALT },
        ],
      },
      {
        name: "experimental",
        minInitialMargin: 100_000,
        posture: BY_THE_HOUSE,
        reporters: reported,
        markets: [{ ...perpetual("DOGE", "0.00001", "100"), ...EXPERIMENTAL }],
      },
    ],
  };
}

function perpetual(base: Underlying, tickSize: string, lotSize: string) {
  return { symbol: `${base}-PERP`, base, tickSize, lotSize };
}

const USD = 1_000_000;
const RULES = { backstopCap: 1_000_000, underlying: 1 };
/** The demo's crash is meant to be seen, not to be slept through: prices may run far from their average, and only the smallest tier halts. */
const FEED = { divergence: 300_000 };
const BREAKER = { spreadFactor: 0, depthFloor: 0 };
const AWAKE = { feed: FEED, breaker: { ...BREAKER, haltScore: 0 } };
const MAJOR = {
  initialMargin: 50_000,
  band: 50_000,
  takerFee: 450,
  makerFee: -50,
  parameters: RULES,
  ...AWAKE,
};
const ALT = {
  initialMargin: 100_000,
  band: 100_000,
  takerFee: 500,
  makerFee: -50,
  parameters: RULES,
  ...AWAKE,
};
const EXPERIMENTAL = {
  initialMargin: 250_000,
  band: 100_000,
  takerFee: 800,
  makerFee: 0,
  scaleBase: 50_000 * USD,
  parameters: { ...RULES, callAuctionPeriod: 60_000 },
  feed: FEED,
  breaker: BREAKER,
};
