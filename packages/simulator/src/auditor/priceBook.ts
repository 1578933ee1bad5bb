/** How prices are put together, and what reporters have said. */

/** Who reports prices to a tier. */
export interface Reporter {
  readonly operator: number;
  readonly weight: bigint;
}

/** How a price is put together, and what came of it. Prices are points. */
export interface Feed {
  reporters: ReadonlySet<number>;
  mask: number;
  /** 0 = not configured. */
  quorum: number;
  sigma: bigint;
  staleAfter: bigint;
  deadAfter: bigint;
  halfLife: bigint;
  maxConfidence: bigint;
  jump: bigint;
  deviation: bigint;
  divergence: bigint;
  frozenAfter: number;
  floor: bigint;
  /** By reporter; absent while silent. */
  readonly sources: Map<number, Source>;
  price: bigint;
  confidence: bigint;
  risk: bigint;
  age: bigint;
  quality: number;
  qualitySince: bigint;
  counted: number;
  operators: number;
  advancedAt: bigint;
  confirmed: bigint;
  candidate: bigint;
  isCandidate: boolean;
  /** Time with a price, and the price integrated over it. */
  elapsed: bigint;
  integral: bigint;
  /** Past values of both, per window, the latest last. */
  notes: readonly (readonly Note[])[];
}

/** What a collateral asset redeems for. */
export interface Redemption {
  /** 0 nothing, 1 dollars, 2 another asset. */
  basis: number;
  underlying: number;
  maxAge: number;
  dailyStep: bigint;
  /** 0 = not told. */
  ratio: bigint;
  publishedAt: number;
  receivedAt: number;
  sequence: number;
}

export interface Note {
  readonly elapsed: bigint;
  readonly integral: bigint;
}

/** What a reporter said last, and what it said that nobody else has. */
export interface Source {
  price: bigint;
  confidence: bigint;
  publishedAt: bigint;
  receivedAt: bigint;
  sequence: number;
  seenAt: number;
  held:
    | {
        readonly price: bigint;
        readonly confidence: bigint;
        readonly publishedAt: bigint;
        readonly receivedAt: bigint;
      }
    | undefined;
  repeats: number;
  standsSince: bigint;
  state: number;
  /** Dollars within 1 %, and dollars a second of arbitrage. */
  depth: bigint;
  flow: bigint;
}
