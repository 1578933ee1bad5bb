/** An order is told alike by the streams and by the views, whenever the watching began and however late the views answer. */
import { type Command, Engine, FRAME_WORDS, bucketView, tierView, venueView } from "@bulkhead/engine";
import { type OrderChange, directoryOf } from "@bulkhead/protocol";
import { type ExecutedBatch, FanOut, MarketData } from "@bulkhead/server";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Labels } from "../../packages/server/src/telling/labels.ts";
import { type OrderRow, tellOrder } from "../../packages/server/src/telling/orders.ts";
import { emptyHarvest } from "../../packages/server/src/views/projection/moment.ts";
import { project } from "../../packages/server/src/views/projection/project.ts";
import { emptyWorld } from "../../packages/server/src/views/world.ts";
import { LIMIT_ORDER } from "../engine/venue.ts";
import { type Story, play } from "./views/stories.ts";
import { Wire, expectShaped, openStage } from "./streaming.ts";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 200) / 40);
const COMMANDS = 1_500;
const NOW = 1_000_001;
const NAMES = directoryOf({ assets: [], tiers: [], instruments: [] });
const LABELS = new Labels(NAMES);
const ACCOUNTS = [1, 2, 3, 4, 5, 6];

/** Views that have taken in so many batches of a story, and every order they know. */
class Rows {
  private readonly world = emptyWorld();
  private readonly harvest = emptyHarvest();
  private taken = 0;

  take(batches: readonly ExecutedBatch[]): void {
    for (const batch of batches.slice(this.taken)) project(this.world, this.harvest, batch);
    this.taken = Math.max(this.taken, batches.length);
  }

  get all(): OrderRow[] {
    return [...this.harvest.state.orders].map((row) => ({ ...row }));
  }

  openOf(account: number): OrderRow[] {
    return this.all.filter(
      (row) => row.account === account && (row.status === "open" || row.status === "waiting"),
    );
  }
}

/** The engine as it was after the first batches of a story. */
function engineAfter({ capacities }: Story, batches: readonly ExecutedBatch[]): Engine {
  const engine = new Engine({ capacities, hash: (bytes) => createHash("sha256").update(bytes).digest() });
  follow(engine, batches);
  return engine;
}

function follow(engine: Engine, batches: readonly ExecutedBatch[]): void {
  for (const { count, frames } of batches)
    for (let index = 0; index < count; index++)
      engine.apply(frames.slice(index * FRAME_WORDS, (index + 1) * FRAME_WORDS));
}

function isCross(engine: Engine, { tier, bucket }: OrderRow): boolean {
  return bucketView(engine.venue, tier, bucket).mode === 0;
}

/** What a client knows of the orders that it was told of: the last of each. */
function known(wire: Wire): Map<string, OrderChange> {
  const orders = new Map<string, OrderChange>();
  for (const { type, account, items } of wire.of("orders")) {
    const told = items as OrderChange[];
    if (type === "snapshot")
      for (const [id, order] of orders)
        if (order.account === account && order.status === "open") orders.delete(id);
    for (const order of told) orders.set(order.id, order);
  }
  return orders;
}

/** Without what only the views, or only the streams, tell. */
function bare({ reason, ...order }: Record<string, unknown>): object {
  const { event: _, lastFilled: __, ...rest } = order;
  return rest["status"] === "open" ? rest : { ...rest, reason };
}

describe("an order on the stream", () => {
  test("is what the views say, once they have answered, through a hostile market", async () => {
    let [compared, recalled, closed] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.nat(40),
        fc.nat(40),
        async (seed, part, lag, further) => {
          const story = play("run", seed, COMMANDS, [7, 1, 20]);
          const cut = Math.floor(story.batches.length * part);
          const engine = engineAfter(story, story.batches.slice(0, cut));
          const views = new Rows();
          let taken = cut;
          const answers: (() => void)[] = [];
          const fanOut = new FanOut({ maxOutbox: 1e9, maxTopics: 100 });
          const market = new MarketData({
            directory: NAMES,
            fanOut,
            read: (question) => Promise.resolve(question(engine)),
            pastMs: 0,
            // The views are then somewhere between where the watching began and where the node is.
            pastOrders: (account) =>
              new Promise((resolve) => {
                answers.push(() => {
                  views.take(story.batches.slice(0, Math.min(taken, cut + further)));
                  resolve(views.openOf(account));
                });
              }),
            onFault: (error) => {
              throw error;
            },
          });
          market.begin(engine);
          const wire = new Wire();
          const subscriber = fanOut.join(wire);
          const accounts = ACCOUNTS.filter((account) => account <= venueView(engine.venue).accounts);
          for (const account of accounts) await market.subscribe(subscriber, { channel: "orders", account });
          for (const batch of story.batches.slice(cut)) {
            if (taken - cut === lag) {
              for (const answer of answers.splice(0)) answer();
              await new Promise(setImmediate);
            }
            follow(engine, [batch]);
            market.take(batch);
            taken++;
          }
          expectShaped(wire.messages);
          const end = new Rows();
          end.take(story.batches);
          const rows = new Map(end.all.map((row) => [tellOrder(LABELS, row, true).id, row]));
          for (const [id, order] of known(wire)) {
            const row = rows.get(id) as OrderRow;
            expect(row, id).toBeDefined();
            // Closed before the views had answered: what of its past was not known then was never told.
            if (order.amount === null) continue;
            expect(bare(order), `${seed} ${id}`).toEqual(
              bare(tellOrder(LABELS, row, isCross(engine, row)) as unknown as Record<string, unknown>),
            );
            compared++;
            if (row.sequence < (story.batches[cut] as ExecutedBatch).first) recalled++;
            if (order.status !== "open") closed++;
          }
          const open = end.all.filter(
            ({ account, status }) => accounts.includes(account) && status === "open",
          );
          for (const row of open)
            expect(known(wire).get(`${row.tier}-${row.order}`)?.status, `${seed}`).toBe("open");
          expect(tierView(engine.venue, 1).buckets).toBeGreaterThan(0);
        },
      ),
      // The example amends an order to what it is.
      { numRuns: RUNS, endOnFailure: true, examples: [[18, 0.15, 4, 1]] },
    );
    // The property has seen what it is about.
    expect(compared).toBeGreaterThan(0);
    expect(recalled + closed).toBeGreaterThan(0);
  }, 240_000);

  test.each([
    ["as it was when the watching began", 0],
    ["with the first of two fills since", 1],
    ["with both", 2],
    ["with the amendment after them, too", 3],
  ])("is joined to what the views say %s", async (_, taken) => {
    const stories: OrderRow[] = [];
    const answers: (() => void)[] = [];
    const stage = openStage({
      pastMs: 0,
      pastOrders: () =>
        new Promise((resolve) => {
          answers.push(() => resolve([stories[taken] as OrderRow]));
        }),
    });
    const place = { ...LIMIT_ORDER, time: NOW, market: 1, price: 100 };
    const sell = (lots: number): Command => ({ ...place, account: 2, bucket: 2, side: 1, lots });
    stage.run({ ...place, account: 1, bucket: 1, side: 0, lots: 10, clientId: 7 });
    stage.run(sell(1));
    const [id] = bucketView(stage.engine.venue, 1, 1).orders as [number];
    const note = (filled: number, lots: number, open: number): void => {
      const { sequence } = stage.engine;
      stories.push({
        sequence: 16,
        time: NOW,
        tier: 1,
        market: 1,
        account: 1,
        bucket: 1,
        order: id,
        clientId: 7,
        side: 0,
        type: 0,
        timeInForce: 0,
        flags: 0,
        selfTrade: 0,
        price: 100,
        trigger: 0,
        expiry: 0,
        lots,
        open,
        filled,
        value: String(100 * filled),
        fees: 10 * filled,
        status: "open",
        reason: 0,
        updatedSequence: sequence,
        updatedAt: NOW,
      });
    };
    note(1, 10, 9);
    const wire = await stage.listen({ channel: "orders", account: 1 });
    stage.run(sell(2));
    note(3, 10, 7);
    stage.run(sell(3));
    note(6, 10, 4);
    stage.run({ kind: "amendOrder", time: NOW, account: 1, tier: 1, order: id, price: 100, lots: 3 });
    note(6, 9, 3);
    for (const answer of answers) answer();
    await new Promise(setImmediate);
    expectShaped(wire.messages);
    const told = wire.of("orders").map(({ type, items }) => {
      const [{ amount, filled, remaining, lastFilled }] = items as [OrderChange];
      return [type, amount, filled, remaining, lastFilled].join(" ");
    });
    expect(told).toEqual([
      "snapshot   18 0",
      "update   14 4",
      "update   8 6",
      "update   6 0",
      "snapshot 18 12 6 0",
    ]);
    const [{ cost, average, createdAt, clientOrderId }] = wire.of("orders").at(-1)!["items"] as [OrderChange];
    expect([cost, average, createdAt, clientOrderId]).toEqual(["600.000000", "50.0000", NOW, "7"]);
    // Whoever comes now is told of it at once.
    const late = await stage.listen({ channel: "orders", account: 1 });
    expect(late.of("orders")).toMatchObject([{ type: "snapshot", items: [{ amount: "18", filled: "12" }] }]);
  });
});
