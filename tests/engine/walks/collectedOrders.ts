/** What a call auction refuses besides, walked in between: such a market is open only to what it can collect. */
import {
  BREAKER,
  type CommandName,
  ORDER_FLAG,
  ORDER_TYPE,
  PARAMETERS,
  TIME_IN_FORCE,
  breakerView,
  limits,
} from "@bulkhead/engine";
import { expect } from "vitest";
import { type Desk, type Trader, openDesk } from "../venue.ts";
import type { Walk } from "./walk.ts";

const MINUTE = 60_000;
/** The id of the first order that a tier takes, and the account whose orders are the last. */
const FIRST_ORDER = 2 ** 22 + 1;
const LAST = 6;

/** The same walks with another one among them, after the step with this refusal. */
export function between<Name extends CommandName>(
  refusal: string,
  other: Walk<Name>,
  walks: readonly Walk<Name>[],
): readonly Walk<Name>[] {
  const [first, ...rest] = walks as [Walk<Name>, ...Walk<Name>[]];
  const end = first.steps.findLastIndex((step) => step.refusal === refusal);
  const steps = first.steps.slice(0, end + 1).map((step, index) => {
    if (index < end) return step;
    const { cure: _cure, ...last } = step;
    return last;
  });
  return [{ scene: first.scene, steps }, other, first, ...rest];
}

/** A market that collects orders for a call auction; before, somebody left a post-only bid at 90 in its book. */
function collecting(): [Desk, Trader] {
  const desk = openDesk({ band: 500_000 });
  const alice = desk.openTrader(1e6);
  desk.expectAccepted(desk.buy(alice, 1, 90, { flags: ORDER_FLAG.postOnly }));
  desk.expectAccepted(desk.buy(alice, 1, 90));
  desk.set(PARAMETERS.callAuctionPeriod.id, 10 * MINUTE);
  desk.mark(99);
  desk.arm(1, { hardMove: 1_000, haltScore: 1_000_000 });
  for (const price of [100, 100]) desk.mark(price);
  for (let minute = 0; minute <= 5; minute++) {
    desk.now += MINUTE;
    desk.tick();
  }
  expect(breakerView(desk.engine.venue, 1, 1).level).toBe(BREAKER.auction);
  return [desk, alice];
}

/** As many orders as an auction collects. */
function fill(desk: Desk): void {
  desk.set(PARAMETERS.maxBucketOrders.id, 256, 0);
  let trader = desk.openTrader(1e6);
  for (let order = 0; order < limits.MAX_COLLECTED; order++) {
    if (order % 256 === 255) trader = desk.openTrader(1e6);
    desk.expectAccepted(desk.buy(trader, 1, 60));
  }
}

export const COLLECTED_ORDERS: Walk<"placeOrder"> = {
  scene: () => {
    const [desk, alice] = collecting();
    fill(desk);
    const { kind: _kind, ...order } = desk.buy(alice, 1, 150, {
      flags: ORDER_FLAG.postOnly,
      timeInForce: TIME_IN_FORCE.immediateOrCancel,
    });
    return [desk, order];
  },
  steps: [
    {
      refusal: "order_flags_conflict",
      facts: { type: 0, timeInForce: 2, flags: 1 },
      why: "post-only means to rest, and what is immediate does not",
      cure: { flags: 0 },
    },
    {
      refusal: "order_not_collected",
      facts: { type: 0, timeInForce: 2, flags: 0 },
      why: "nothing is immediate while orders are collected",
      cure: { type: ORDER_TYPE.market },
    },
    {
      refusal: "order_not_collected",
      facts: { type: 1, timeInForce: 2, flags: 0 },
      why: "nor does anybody trade at any price",
      cure: {
        type: ORDER_TYPE.limit,
        timeInForce: TIME_IN_FORCE.goodTillCancelled,
        flags: ORDER_FLAG.postOnly,
      },
    },
    {
      refusal: "order_not_collected",
      facts: { type: 0, timeInForce: 0, flags: 1 },
      why: "and nobody is a maker",
      cure: { flags: 0 },
    },
    {
      refusal: "auction_full",
      facts: { limit: limits.MAX_COLLECTED },
      why: "a thousand others were first; then one of them goes",
      cure: (desk) => {
        desk.expectAccepted({ kind: "cancelAll", account: LAST, tier: 1, bucket: LAST, market: 1 });
      },
    },
  ],
};

export const COLLECTED_AMENDMENTS: Walk<"amendOrder"> = {
  scene: () => {
    const [desk, { account }] = collecting();
    fill(desk);
    return [desk, { account, tier: 1, order: FIRST_ORDER, price: 200, lots: 2 }];
  },
  steps: [
    {
      refusal: "price_outside_band",
      facts: { price: 200, limit: 150 },
      why: "as for any order",
      cure: { price: 91 },
    },
    {
      refusal: "order_not_collected",
      facts: { type: 0, timeInForce: 0, flags: 1 },
      why: "the bid is post-only, and would be collected if it moved; the next is not",
      cure: { order: FIRST_ORDER + 1 },
    },
    {
      refusal: "auction_full",
      facts: { limit: limits.MAX_COLLECTED },
      why: "it stands on the book, and moving it would make it one order more",
      cure: { price: 90, lots: 1 },
    },
  ],
};
