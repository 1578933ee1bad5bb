/** Precedence walks of the commands about what a bucket is given and what is taken out of it. */
import { houseWithCollateral, sharedBackstop } from "../backstop.ts";
import { openDesk, smallTier, smallVenue, usd } from "../venue.ts";
import { ALICE, BOB, deadPrice, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

export const BUCKET_WALKS: Pick<Walks, "allocate" | "deallocate"> = {
  allocate: [
    {
      scene: () => {
        const tiers = [smallTier({ buckets: 1, holdings: 1 })];
        const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
        for (let asset = 2; asset <= 4; asset++) desk.listAsset();
        desk.openAccount();
        desk.openAccount();
        desk.deposit(BOB, 100);
        desk.deposit(ALICE, 1_000, 3);
        desk.deposit(BOB, 1_000, 3);
        desk.deposit(BOB, 1_000, 4);
        for (const asset of [3, 4]) desk.acceptCollateral(asset, { cap: 300 });
        desk.expectAccepted({ kind: "allocate", account: BOB, tier: 1, mode: 0, asset: 4, amount: 100 });
        return [desk, { account: 9, tier: 9, mode: 9, asset: 9, amount: 1_001 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are two accounts", { account: ALICE }),
        noSuch("asset", "there are four assets", { asset: 2 }),
        noSuch("market", "nothing to be isolated to", { mode: 1 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier takes assets 3 and 4",
          cure: { asset: 3 },
        },
        {
          refusal: "balance_insufficient",
          facts: { balance: 1_000, amount: 1_001 },
          why: "one unit too many",
          cure: { amount: 1_000 },
        },
        {
          refusal: "collateral_cap_reached",
          facts: { held: 0, amount: 1_000, cap: 300 },
          why: "the tier takes 300 of it",
          cure: { amount: 300 },
        },
        {
          refusal: "bucket_capacity_reached",
          facts: { capacity: 1 },
          why: "the one bucket there is room for is Bob's",
          cure: { account: BOB, mode: 0 },
        },
        {
          refusal: "holding_capacity_reached",
          facts: { capacity: 1 },
          why: "the one holding there is room for is Bob's other asset",
          cure: { asset: 4, amount: 200 },
        },
      ],
    },
  ],

  deallocate: [
    {
      scene: () => {
        const desk = openDesk();
        sharedBackstop(desk);
        return [desk, { account: 9, tier: 9, mode: 1, asset: 9, amount: usd(1) }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are two accounts", { account: ALICE }),
        noSuch("asset", "there is one asset", { asset: 1 }),
        {
          refusal: "bucket_unknown",
          facts: { bucket: 0 },
          why: "nothing was ever isolated to market 1",
          cure: { mode: 0 },
        },
        {
          refusal: "backstop_shared",
          facts: { bucket: 1, shares: usd(1_500) },
          why: "a third of the backstop is somebody else's",
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const alice = desk.openTrader(1_000);
        desk.expectAccepted(desk.buy(alice, 50, 100));
        desk.loseFeed(1);
        return [desk, { account: 9, tier: 9, mode: 1, asset: 9, amount: usd(1_000) + 1 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there is one account", { account: ALICE }),
        noSuch("asset", "there is one asset", { asset: 1 }),
        {
          refusal: "bucket_unknown",
          facts: { bucket: 0 },
          why: "nothing was ever isolated to market 1",
          cure: { mode: 0 },
        },
        {
          refusal: "bucket_amount_insufficient",
          facts: { held: usd(1_000), amount: usd(1_000) + 1 },
          why: "a micro-dollar too many, and nobody vouches for the price of the market it is in",
          cure: { amount: usd(500) + 1 },
        },
        deadPrice("what the order may come to is unknown", (desk) => desk.forgetFeed(1)),
        {
          refusal: "free_collateral_insufficient",
          facts: { equity: usd(500) - 1, required: usd(500) },
          why: "the open order needs its margin",
          cure: { amount: usd(500) },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ balances: 2 }) });
        const [alice, bob] = [houseWithCollateral(desk), desk.openTrader(1_000)];
        desk.trade(alice, bob, 1, 100);
        desk.mark(110);
        desk.trade(bob, alice, 1, 110);
        return [desk, { account: alice.account, tier: 1, mode: 0, asset: 1, amount: usd(10) }];
      },
      steps: [
        {
          refusal: "balance_capacity_reached",
          facts: { capacity: 2 },
          why: "she never owned dollars, and there is no room for one more balance",
        },
      ],
    },
  ],
};
