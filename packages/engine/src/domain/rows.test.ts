import { describe, expect, test } from "vitest";
import * as rows from "./rows.ts";

/** Columns of 8 bytes; the others have 4. Kept by hand, so that a column of the wrong kind is noticed too. */
const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  ASSET: ["scale", "held", "transit", "pending", "dust", "lastReference", "mutual", "skin", "custody"],
  ACCOUNT: [],
  BALANCE: ["amount"],
  WITHDRAWAL: ["amount"],
  VAULT: ["clock"],
  TIER: ["fees", "skin", "insurance", "defaults", "auctionStart", "auctionSpan"],
  MARKET: [
    "notional",
    "ceiling",
    "expiry",
    "scaleBase",
    "oiLower",
    "oiUpper",
    "maxPositionLots",
    "maxOpenInterestLots",
    "bracketLower",
    "openInterest",
    "pool",
    "feeCost",
    "fundingCost",
    "settledLots",
    "settledCost",
    "fundingIndex",
    "lotValue",
    "flatNotional",
    "liquidationMinimum",
    "backstopCap",
    "graceUntil",
    "fundingAnchor",
    "fundingReserve",
    "openInterestCut",
  ],
  GUARD: [
    "level",
    "since",
    "calmSince",
    "evaluatedAt",
    "countedAt",
    "divergedSince",
    "pausedFrom",
    "resumedAt",
    "markSlot",
    "liquidationCapacity",
    "lossCapacity",
    "liquidationSlot",
    "liquidations",
    "lossSlot",
    "losses",
    "interestSlot",
    "interest",
    "lastInterest",
    "bookSlot",
    "spreadMean",
    "depthMean",
    "depth",
    "tripAt",
  ],
  CONTROL: ["posture", "since", "calmSince", "freshUntil", "insuranceTarget"],
  COLLATERAL: ["scale", "cap", "held", "price", "reservePrice"],
  BUCKET: ["cash", "distressSince"],
  HOLDING: ["amount"],
  POSITION: ["lots", "cost", "fundingEntry", "bidLots", "askLots", "bidNotional", "askNotional"],
  ALARM: [],
  ORDER: ["lots", "clientId"],
  TIMER: ["expiry"],
};
/** Columns that are the first of several. */
const REPEATED: Readonly<Record<string, number>> = {
  "ASSET.custody": 17,
  "TIER.freeBlocks": 5,
  "MARKET.bracketRate": 4,
  "MARKET.bracketLower": 4,
  "GUARD.streak": 3,
  "GUARD.marks": 16,
  "GUARD.soft": 7,
  "GUARD.hard": 7,
  "GUARD.markSlot": 4,
  "GUARD.liquidations": 5,
  "GUARD.losses": 6,
  "GUARD.interest": 5,
  "GUARD.tripAt": 8,
  "CONTROL.reported": 5,
};
const TABLES = Object.entries(rows).filter(([, value]) => typeof value === "object") as [
  string,
  Record<string, number>,
][];

describe.each(TABLES)("a row of %s", (table, columns) => {
  test("has no two columns in one place, and none beyond its end", () => {
    const owners = new Map<number, string>();
    for (const [column, at] of Object.entries(columns)) {
      const words = (NUMBERS[table] ?? []).includes(column) ? 2 : 1;
      const first = at * words;
      const last = first + words * (REPEATED[`${table}.${column}`] ?? 1);
      for (let word = first; word < last; word++) {
        expect(owners.get(word), `word ${word} of ${table}.${column}`).toBeUndefined();
        owners.set(word, column);
      }
    }
    const size = (rows as Record<string, unknown>)[`${table}_WORDS`];
    if (typeof size === "number") expect(Math.max(...owners.keys())).toBeLessThan(size);
  });
});
