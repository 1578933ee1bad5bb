/** The keepers' auction of what is liquidated. */
import type { Lots, Ms, Ppm } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** A tier's auction: how many bids wait, and the keepers' part of penalties. */
export const AUCTION_WORDS = 16;
export const AUCTION = {
  bids: 0 as Int<"auction">,
  keeperShare: 1 as Int<"auction", Ppm>,
} as const;

/** A keeper's bid for lots of a position in liquidation. */
export const BID_WORDS = 16;
export const BID = {
  /** Numbers of the bidder's bucket, 0 = no bid, and of the one in liquidation. */
  bidder: 1 as Int<"bid">,
  target: 2 as Int<"bid">,
  market: 3 as Int<"bid">,
  lots: 2 as Num<"bid", Lots>,
  /** End of its batch. */
  endsAt: 3 as Num<"bid", Ms>,
} as const;
