/** Precedence walks of the commands about liquidation: the backstop, and the keepers who bid. */
import { PARAMETERS, limits } from "@bulkhead/engine";
import { allBids, recordBid, removeBid } from "../../../packages/engine/src/domain/bids.ts";
import { BUCKET } from "../../../packages/engine/src/domain/rows/bucket.ts";
import { TIER } from "../../../packages/engine/src/domain/rows/tier.ts";
import type { TierShard } from "../../../packages/engine/src/domain/tierShard.ts";
import { rowOf } from "../../../packages/engine/src/kernel/pool.ts";
import { sharedBackstop } from "../backstop.ts";
import { sealedTier } from "../sealed.ts";
import { type Desk, openDesk, usd } from "../venue.ts";
import { ALICE, SEALED, meddle, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

/** A bid of another bucket for one lot of the first. */
function bidOf(desk: Desk, tier: TierShard, bidder: number): void {
  recordBid(tier, bidder, 1, 1, 1 as never, desk.now as never);
}

export const LIQUIDATION_WALKS: Pick<Walks, "appointBackstop" | "bidLiquidation"> = {
  appointBackstop: [
    {
      scene: () => {
        const desk = sealedTier();
        const { account } = desk.openTrader(1_000);
        return [desk, { tier: 9, account }];
      },
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = openDesk();
        desk.openAccount();
        return [desk, { tier: 9, account: 9 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there is one account", { account: ALICE }),
        {
          refusal: "bucket_unknown",
          facts: { bucket: 0 },
          why: "she has nothing in the tier",
          cure: (desk) => void desk.fund(ALICE, 1),
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        sharedBackstop(desk);
        return [desk, { tier: 1, account: desk.openTrader(1_000).account }];
      },
      steps: [
        {
          refusal: "backstop_shared",
          facts: { bucket: 1, shares: usd(1_500) },
          why: "who owns shares owns them of this bucket",
          cure: { account: ALICE },
        },
      ],
    },
  ],

  bidLiquidation: [
    {
      scene: () => {
        const desk = openDesk();
        const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
        desk.listMarket();
        desk.listMarket();
        desk.fund(desk.openAccount(), 100_000, 2);
        desk.openTrader(50_000);
        desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
        desk.set(PARAMETERS.auctionStart.id, 500, 0);
        desk.trade(long, short, 100, 100);
        return [desk, { account: 9, tier: 9, bucket: 9, target: 9, market: 9, lots: 100 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are four", { account: ALICE }),
        noSuch("bucket", "there are four", { bucket: 3 }),
        {
          refusal: "bucket_not_owned",
          facts: { bucket: 3, account: 3 },
          why: "it is the third account's",
          cure: { account: 3 },
        },
        noSuch("market", "there are three", { market: 1 }),
        {
          refusal: "bucket_is_isolated",
          facts: { market: 1, isolated: 2 },
          why: "it trades market 2 only",
          cure: { account: ALICE, bucket: 1 },
        },
        {
          refusal: "not_in_liquidation",
          facts: { target: 9, distress: 0 },
          why: "there is no such bucket",
          cure: { target: 2 },
        },
        {
          refusal: "not_in_liquidation",
          facts: { target: 2, distress: 0 },
          why: "the short is rich",
          cure: (desk) => void desk.mark(94),
        },
        {
          refusal: "not_in_liquidation",
          facts: { target: 2, distress: 0 },
          why: "it is the long who is not",
          cure: { target: 1, market: 3 },
        },
        {
          refusal: "own_liquidation",
          facts: { target: 1, account: ALICE },
          why: "Alice bids for herself",
          cure: { account: 4, bucket: 4 },
        },
        { refusal: "position_absent", facts: { market: 3 }, why: "she has none there", cure: { market: 1 } },
        {
          refusal: "auction_not_open",
          facts: { opensAt: 1_500, time: 1_000 },
          why: "it opens half a second later",
          cure: (desk) => {
            desk.now += 500;
          },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
        const keeper = desk.openTrader(800);
        desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
        desk.trade(long, short, 100, 100);
        desk.mark(94);
        const bid = { tier: 1, target: 1, market: 1 } as const;
        desk.expectAccepted({ kind: "bidLiquidation", account: 3, bucket: keeper.bucket, ...bid, lots: 7 });
        meddle(desk, (tier) => {
          for (let each = 1; each < limits.MAX_BIDS; each++) bidOf(desk, tier, 40 + each);
          tier.arena.setInt(tier.row, TIER.positionsUsed, 256);
          tier.arena.setInt(rowOf(tier.arena, tier.buckets, 3), BUCKET.slots, 0);
        });
        return [desk, { account: 3, bucket: keeper.bucket, ...bid, lots: 100 }];
      },
      steps: [
        {
          refusal: "bid_in_place",
          facts: { lots: 7 },
          why: "he has bid",
          cure: (desk) =>
            meddle(desk, (tier) => {
              for (const { row } of allBids(tier).slice(0, 1)) removeBid(tier, row);
              bidOf(desk, tier, 63);
            }),
        },
        {
          refusal: "bid_capacity_reached",
          facts: { capacity: 64 },
          why: "sixty-four others have bid",
          cure: (desk) =>
            meddle(desk, (tier) => {
              for (const { row } of allBids(tier)) removeBid(tier, row);
            }),
        },
        {
          refusal: "position_capacity_reached",
          facts: { capacity: 256 },
          why: "the tier has handed out all its slots",
          cure: (desk) => meddle(desk, (tier) => tier.arena.setInt(tier.row, TIER.positionsUsed, 8)),
        },
        {
          refusal: "takeover_not_possible",
          facts: { lots: 100 },
          why: "he has 800 where 940 are needed",
          cure: { lots: 80 },
        },
      ],
    },
  ],
};
