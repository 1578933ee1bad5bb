/** The demo's venue: three tiers that share nothing but the mutual fund. */
const HOUR = 3_600_000;
/** From the hour the demo begins in. */
const EXPIRES_IN = 24 * HOUR;

/** Who takes part, by the names their keys are made of. */
export const DEMO_REPORTERS = ["reporter-1", "reporter-2", "reporter-3"] as const;

/** The price at which each underlying begins, dollars. */
export const FIRST_PRICES = { BTC: 64_000, ETH: 3_200, SOL: 150, AVAX: 28, DOGE: 0.16 } as const;
export type Underlying = keyof typeof FIRST_PRICES;

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
    operators: [operator],
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
        reporters: reported,
        markets: [
          { ...perpetual("SOL", "0.005", "0.1"), ...ALT },
          { ...perpetual("AVAX", "0.001", "1"), ...ALT },
        ],
      },
      {
        name: "experimental",
        minInitialMargin: 100_000,
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
const BACKSTOP = { backstopCap: 1_000_000, underlying: 1 };
const MAJOR = { initialMargin: 50_000, band: 50_000, takerFee: 450, makerFee: -50, parameters: BACKSTOP };
const ALT = { initialMargin: 100_000, band: 100_000, takerFee: 500, makerFee: -50, parameters: BACKSTOP };
const EXPERIMENTAL = {
  initialMargin: 250_000,
  band: 100_000,
  takerFee: 800,
  makerFee: 0,
  scaleBase: 50_000 * USD,
  parameters: BACKSTOP,
};
