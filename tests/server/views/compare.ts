/** Compares what the views know of a venue with the venue's own tables. */
import {
  type Engine,
  assetView,
  balancesView,
  bucketView,
  marketView,
  orderView,
  tierView,
  venueView,
  withdrawalView,
} from "@bulkhead/engine";
import type { Harvest } from "../../../packages/server/src/views/projection/moment.ts";
import { type World, layerKey } from "../../../packages/server/src/views/world.ts";

/** One line per thing that is not alike; empty if all is. */
export function differences(world: World, harvest: Harvest, engine: Engine): string[] {
  const found: string[] = [];
  const same = (what: string, told: unknown, is: unknown): void => {
    const [a, b] = [JSON.stringify(told), JSON.stringify(is)];
    if (a !== b && found.length < 20) found.push(`${what}: the views say ${a}, the engine ${b}`);
  };
  const { venue } = engine;
  const { accounts, tiers } = venueView(venue);
  for (let account = 1; account <= accounts; account++)
    for (const { asset, amount } of balancesView(venue, account))
      same(`balance ${account}/${asset}`, world.balances.get(account)?.get(asset)?.amount ?? 0, amount);
  same("tiers", world.tiers.size, tiers);
  for (let id = 1; id <= tiers; id++) {
    const tier = world.tiers.get(id);
    const view = tierView(venue, id);
    if (tier === undefined) continue;
    same(`markets of ${id}`, tier.markets.size, view.markets);
    same(`buckets of ${id}`, tier.buckets.size, view.buckets);
    same(`backstop of ${id}`, tier.row.backstop, view.backstop);
    same(`skin of ${id}`, world.layers.get(layerKey(id, 1))?.balance ?? 0, view.skin);
    same(`insurance of ${id}`, world.layers.get(layerKey(id, 2))?.balance ?? 0, view.insurance);
    same(`escrow of ${id}`, world.layers.get(layerKey(id, 3))?.balance ?? 0, view.escrow);
    for (const [market, { pool, feeCost }] of tier.markets) {
      const is = marketView(venue, id, market);
      same(`market ${id}/${market}`, [pool, feeCost], [is.pool, is.feeCost]);
    }
    let open = 0;
    for (const [number, { row, holdings, positions }] of tier.buckets) {
      const is = bucketView(venue, id, number);
      const what = `bucket ${id}/${number}`;
      same(what, [row.account, row.mode, row.cash], [is.account, is.mode, is.cash]);
      for (const { asset, amount } of is.holdings)
        same(`${what} asset ${asset}`, holdings.get(asset)?.amount ?? 0, amount);
      const held = [...positions.values()]
        .filter(({ lots, cost }) => lots !== 0 || cost !== 0)
        .map(({ market, lots, cost }) => [market, lots, cost])
        .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
      const isHeld = is.positions
        .filter(({ lots, cost }) => lots !== 0 || cost !== 0)
        .map(({ market, lots, cost }) => [market, lots, cost])
        .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
      same(`${what} positions`, held, isHeld);
      open += is.orders.length;
      for (const order of is.orders) {
        const told = tier.orders.get(order);
        const own = orderView(venue, id, order);
        same(
          `order ${id}/${order}`,
          told && [told.bucket, told.market, told.side, told.open, told.price, told.status === "waiting"],
          own && [own.bucket, own.market, own.side, own.lots, own.price, own.waiting],
        );
      }
    }
    same(`open orders of ${id}`, tier.orders.size, open);
  }
  const quote = assetView(venue, 1);
  same("second tranche", world.layers.get(layerKey(0, 4))?.balance ?? 0, quote.skin);
  same("mutual fund", world.layers.get(layerKey(0, 5))?.balance ?? 0, quote.mutual);
  for (const [id, row] of world.withdrawals) {
    const is = withdrawalView(venue, id);
    same(
      `withdrawal ${id}`,
      [row.account, row.asset, row.queued + row.released, row.released],
      is && [is.account, is.asset, is.amount, is.released],
    );
  }
  found.push(...sums(world, harvest));
  return found;
}

/** Sums over the story that must be what the state says. */
function sums(world: World, { story }: Harvest): string[] {
  const found: string[] = [];
  const totals = new Map<string, number>();
  const add = (key: string, amount: number): void => void totals.set(key, (totals.get(key) ?? 0) + amount);
  for (const { account, tier, bucket, asset, amount } of story.ledger)
    add(bucket === 0 ? `balance ${account}/${asset}` : `bucket ${tier}/${bucket}/${asset}`, amount);
  for (const { tier, bucket, market, side, lots } of story.fills)
    add(`position ${tier}/${bucket}/${market}`, side === 0 ? lots : -lots);
  for (const { tier, layer, amount } of story.funds) if (layer !== 7) add(`layer ${tier}/${layer}`, amount);
  const check = (key: string, is: number): void => {
    const total = totals.get(key) ?? 0;
    totals.delete(key);
    if (total !== is) found.push(`${key}: entries add up to ${total}, the state is ${is}`);
  };
  for (const own of world.balances.values())
    for (const { account, asset, amount } of own.values()) check(`balance ${account}/${asset}`, amount);
  for (const [id, tier] of world.tiers)
    for (const [number, { row, holdings, positions }] of tier.buckets) {
      check(`bucket ${id}/${number}/1`, row.cash);
      for (const { asset, amount } of holdings.values()) check(`bucket ${id}/${number}/${asset}`, amount);
      for (const { market, lots } of positions.values()) check(`position ${id}/${number}/${market}`, lots);
    }
  for (const { tier, layer, balance } of world.layers.values())
    if (layer !== 7) check(`layer ${tier}/${layer}`, balance);
  for (const [key, total] of totals) if (total !== 0) found.push(`${key}: ${total} of nobody's`);
  return found.slice(0, 20);
}
