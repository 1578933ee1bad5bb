/** Names of the venue's parts, as this page says them. */

export const LAYER_TEXT = {
  firstTranche: "Venue's first tranche",
  insurance: "Insurance fund",
  cover: "Cover that was bought",
  secondTranche: "Venue's second tranche",
  mutual: "Mutual guarantee fund",
  winners: "Winners' profits",
  backstop: "Backstop",
} as const;

/** What a posture's controller looks at, and in which unit it is told. */
export const INPUT_TEXT: Readonly<Record<string, { readonly name: string; readonly unit: "part" | "step" }>> =
  {
    expectedShortfall: { name: "expected shortfall of an hour over the insurance fund", unit: "part" },
    ruin: { name: "probability of ruin within 30 days", unit: "part" },
    branching: { name: "liquidations that one liquidation sets off", unit: "part" },
    spike: { name: "probability that variance triples within an hour", unit: "part" },
    cover2: { name: "shortfall of the two largest defaults over the mutual fund", unit: "part" },
    fund: { name: "what the insurance fund is short of its target", unit: "part" },
    oracle: { name: "prices that forbid", unit: "step" },
    breaker: { name: "breakers that are not at normal", unit: "step" },
  };

/** Of the two inputs that are told in steps: docs/spec/postures.md. */
export const STEP_TEXT: Readonly<Record<string, readonly string[]>> = {
  oracle: [
    "no price forbids to open",
    "a price forbids to open",
    "prices that forbid to reduce or liquidate hold half of the open interest",
  ],
  breaker: [
    "all breakers are at normal",
    "a breaker is not at normal",
    "breakers at reduce-only or stricter hold half of the open interest",
    "halted markets hold half of the open interest",
  ],
};

/** What a breaker looks at, in a word or two. */
export const SIGNAL_NAME: Readonly<Record<string, string>> = {
  velocity: "price velocity",
  divergence: "book off the index",
  liquidations: "liquidations",
  openInterest: "open interest",
  losses: "losses",
  book: "thin book",
  oracle: "price quality",
  longestHalt: "longest halt over",
  auctionOver: "auction over",
};

/** The same as a reason. */
export const SIGNAL_TEXT: Readonly<Record<string, string>> = {
  velocity: "the price moved fast and unusually far",
  divergence: "the book stood away from the index",
  liquidations: "much was liquidated in five minutes",
  openInterest: "open interest grew fast or is near its limit",
  losses: "layers bore losses within the hour",
  book: "the book was thin or its spread wide",
  oracle: "the price's quality forbade it",
  longestHalt: "the longest halt was over",
  auctionOver: "the call auction was over",
};
