/** Housekeeping: what a venue needs done is done when it is due, and not before. */
import { Engine, FRAME_WORDS, commandOf, encodeCommand, refusalOf } from "@bulkhead/engine";
import { expect, test } from "vitest";
import { chores, noProgress, noteSettled } from "../../packages/server/src/node/housekeeping.ts";
import { LIMIT_ORDER, PLAIN_FEED, PLAIN_MARKET, smallVenue, usd } from "../engine/venue.ts";

const HOUR = 3_600_000;
const START = HOUR;

type Command = Parameters<typeof encodeCommand>[0];

/** A venue with a perpetual and a future that expires in an hour, and two traders. */
function venue(): { engine: Engine; send: (command: Command) => void } {
  const engine = new Engine({ capacities: smallVenue() });
  const send = (command: Command) => {
    const { outcome } = engine.submit(command);
    expect([command, outcome]).toEqual([command, "accepted"]);
  };
  const time = START;
  const { tier: _tier, ...market } = PLAIN_MARKET;
  send({ kind: "listAsset", time, scale: 1_000_000 });
  send({ kind: "listTier", time, minInitialMargin: 10_000 });
  send({ kind: "listMarket", time, tier: 1, ...market });
  send({ kind: "listMarket", time, tier: 1, ...market, contract: 1, expiry: START + HOUR });
  for (let account = 1; account <= 2; account++) {
    send({ kind: "openAccount", time });
    send({ kind: "confirmDeposit", time, account, asset: 1, amount: usd(1_000), reference: account });
    send({ kind: "allocate", time, account, tier: 1, mode: 0, asset: 1, amount: usd(900) });
  }
  return { engine, send };
}

const kindsAt = (engine: Engine, progress: ReturnType<typeof noProgress>, now: number) =>
  chores(engine, progress, now).map(({ kind }) => kind);

test("clocks tick every second, whatever else there is to do", () => {
  const { engine } = venue();
  const progress = noProgress();
  expect(kindsAt(engine, progress, START)).toEqual(["clockTick"]);
  expect(kindsAt(engine, progress, START + 999)).toEqual([]);
  expect(kindsAt(engine, progress, START + 1_000)).toEqual(["clockTick"]);
});

test("an expired future that reporters price settles, bucket by bucket, until all are", () => {
  const { engine, send } = venue();
  const tier = 1;
  for (const reporter of [1, 2])
    send({ kind: "registerReporter", time: START, tier, reporter, operator: reporter, weight: 1_000_000 });
  const feed = { tier, feedKind: 0, id: 2 };
  send({ kind: "configureFeed", time: START, ...PLAIN_FEED, ...feed, reporters: 3, quorum: 1 });
  let sequence = 0;
  const report = (time: number) => {
    for (const reporter of [1, 2])
      send({
        kind: "reportPrice",
        time,
        ...feed,
        reporter,
        price: 100_000,
        confidence: 0,
        publishedAt: time,
        sequence: ++sequence,
      });
  };
  report(START);
  const order = { ...LIMIT_ORDER, market: 2, price: 100, lots: 5 };
  send({ ...order, time: START + 1, account: 1, bucket: 1, side: 0 });
  send({ ...order, time: START + 1, account: 2, bucket: 2, side: 1 });

  const progress = noProgress();
  expect(kindsAt(engine, progress, START + HOUR - 1)).not.toContain("expireMarket");
  const due = chores(engine, progress, START + HOUR + 1_000).filter(({ kind }) => kind === "expireMarket");
  expect(due).toHaveLength(1);
  send({ ...due[0]!, time: START + HOUR + 1_000 });
  const frame = new Float64Array(FRAME_WORDS);
  let rounds = 0;
  for (let now = START + HOUR + 2_000; rounds < 10; now += 1_000, rounds++) {
    const [settling] = chores(engine, progress, now).filter(({ kind }) => kind === "settleExpired");
    if (settling === undefined) break;
    encodeCommand({ ...settling, time: now }, frame);
    expect(refusalOf(engine.apply(frame))).toBe("accepted");
    noteSettled(progress, { tier: 1, market: 2 }, engine.venue.facts[1]!);
    expect(commandOf(frame)).toMatchObject({ bucket: 1 });
  }
  expect(rounds).toBe(1);
  expect(engine.audit()).toEqual([]);
});

test("a market whose price an operator tells waits for him", () => {
  const { engine } = venue();
  expect(kindsAt(engine, noProgress(), START + 2 * HOUR)).toEqual(["clockTick"]);
});

test("fees are swept and the queue is looked at only when there are any", () => {
  const { engine, send } = venue();
  const progress = noProgress();
  expect(kindsAt(engine, progress, START)).toEqual(["clockTick"]);
  const throttle = { tier: 0, market: 0 };
  for (const [parameter, value] of [
    [49, 1],
    [50, 1],
  ] as const)
    send({ kind: "setParameter", time: START, ...throttle, parameter, value });
  send({ kind: "requestWithdrawal", time: START, account: 1, asset: 1, amount: usd(50) });
  expect(kindsAt(engine, progress, START + 10_000)).toContain("releaseWithdrawals");
});
