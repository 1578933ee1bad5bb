/** The backstop: how much it may be handed, and who owns what it is worth. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  HANDLERS,
  type Handlers,
  PARAMETERS,
  balanceView,
  fundView,
  stakeView,
  tierView,
} from "@bulkhead/engine";
import { NONE } from "../../packages/engine/src/kernel/units.ts";
import { SHARE_BOOK } from "../../packages/engine/src/domain/rows/shares.ts";
import { TIER } from "../../packages/engine/src/domain/rows/tier.ts";
import { BACKSTOP, appoint, provide, sharedBackstop } from "./backstop.ts";
import { betrayed } from "./betrayal.ts";
import { type Desk, type Trader, layoutOf, openDesk, usd } from "./venue.ts";

const DAY = 86_400_000;
const COOLDOWN = 604_800_000;
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 16);
/** The virtual shares, and the micro-dollars under them. */
const VIRTUAL = 1_000n;

const audit = (desk: Desk) => expect(desk.engine.audit()).toEqual([]);
const tier = (desk: Desk) => tierView(desk.engine.venue, 1);
const fund = (desk: Desk) => fundView(desk.engine.venue, 1, BACKSTOP);
const stakeOf = (desk: Desk, account: number) => stakeView(desk.engine.venue, 1, account, BACKSTOP);
const sizeOf = (desk: Desk, trader: Trader) => desk.position(trader)?.lots ?? 0;

/** Within the thousand virtual micro-dollars. */
const expectAbout = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1_000);

/** A tier that liquidates, whose backstop may hold 10,000 lots and has 100,000 dollars of its house. */
function backed(): { desk: Desk; house: Trader } {
  const desk = openDesk();
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  desk.set(PARAMETERS.backstopCap.id, 10_000);
  const house = desk.openTrader(100_000);
  appoint(desk, house);
  return { desk, house };
}

/** A trader with 1000 dollars buys 100 lots at 100 and is insolvent at 80: all of them are offered to the backstop at once. */
function fall(desk: Desk): void {
  const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
  desk.trade(long, short, 100, 100);
  desk.mark(80);
  desk.mark(100);
}

describe("in a day the backstop takes over", () => {
  test("no more than its share of what it was worth when the day began, whatever the number of defaults", () => {
    const { desk, house } = backed();
    desk.set(PARAMETERS.backstopDay.id, 10_000, 0);
    fall(desk);
    // A hundredth of 100,000 dollars is 12 lots at 80, and 40 dollars.
    expect(sizeOf(desk, house)).toBe(12);
    expect(tier(desk)).toMatchObject({
      backstopSince: desk.now,
      backstopBase: usd(100_000),
      backstopTaken: usd(960),
    });
    desk.now += DAY - 1;
    fall(desk);
    expect(sizeOf(desk, house)).toBe(12);
    desk.now += 1;
    fall(desk);
    // Another day, on what it is worth without the profit on what it holds.
    expect(sizeOf(desk, house)).toBe(24);
    expect(tier(desk)).toMatchObject({ backstopSince: desk.now, backstopTaken: usd(960) });
    audit(desk);
  });

  test("without a limit what its other limits allow, and nothing is counted", () => {
    const { desk, house } = backed();
    fall(desk);
    expect(sizeOf(desk, house)).toBe(100);
    expect(tier(desk)).toMatchObject({ backstopSince: 0, backstopBase: 0, backstopTaken: 0 });
    audit(desk);
  });

  test("whatever shrinks its position, which is not counted", () => {
    const { desk, house } = backed();
    desk.set(PARAMETERS.backstopDay.id, 10_000, 0);
    desk.trade(desk.openTrader(100_000), house, 40, 100);
    fall(desk);
    expect(sizeOf(desk, house)).toBe(12);
    expect(tier(desk).backstopTaken).toBe(usd(960));
    audit(desk);
  });

  test("less after it has lost some of what the day began with", () => {
    const { desk, house } = backed();
    desk.set(PARAMETERS.backstopDay.id, 500_000, 0);
    const other = desk.openTrader(1_000_000);
    fall(desk);
    expect(sizeOf(desk, house)).toBe(100);
    desk.trade(house, other, 5_000, 100);
    desk.mark(90);
    desk.trade(other, house, 5_100, 90);
    desk.mark(100);
    // Half of what is left, less the 8000 of before.
    const { pot } = fund(desk);
    expect(pot).toBeLessThan(usd(60_000));
    for (let times = 0; times < 3; times++) fall(desk);
    expect(sizeOf(desk, house)).toBe(Math.floor((Math.floor(pot / 2) - usd(8_000)) / usd(80)));
    audit(desk);
  });

  test("afresh when another bucket takes its place", () => {
    const { desk } = backed();
    desk.set(PARAMETERS.backstopDay.id, 10_000, 0);
    fall(desk);
    appoint(desk, desk.openTrader(1));
    expect(tier(desk)).toMatchObject({ backstopSince: 0, backstopBase: 0, backstopTaken: 0 });
  });
});

describe("of one market the backstop holds", () => {
  test("no more than its share of what it is worth", () => {
    const { desk, house } = backed();
    desk.set(PARAMETERS.backstopInventory.id, 5_000);
    fall(desk);
    // 500 dollars are 6 lots at 80; at 100 they are worth more than that, and it takes no more.
    expect(sizeOf(desk, house)).toBe(6);
    fall(desk);
    expect(sizeOf(desk, house)).toBe(6);
    desk.set(PARAMETERS.backstopCap.id, 4);
    desk.trade(desk.openTrader(100_000), house, 6, 100);
    fall(desk);
    expect(sizeOf(desk, house)).toBe(4);
    audit(desk);
  });
});

describe("shares of the backstop", () => {
  test("turn what was in it into its house's, and are bought at one micro-dollar then", () => {
    const { desk, house } = backed();
    const alice = desk.openAccount();
    desk.deposit(alice, usd(50_000));
    const { facts, events } = desk.expectAccepted({
      kind: "stakeFund",
      account: alice,
      tier: 1,
      fund: BACKSTOP,
      amount: usd(50_000),
    });
    expect(facts).toEqual({ minted: usd(50_000), shares: usd(50_000) });
    const told = events.filter(({ event }) => event === "stakeMinted" || event === "bucketMoved");
    expect(told.map(({ event, values }) => [event, values])).toEqual([
      [
        "stakeMinted",
        {
          fund: BACKSTOP,
          account: house.account,
          amount: usd(100_000),
          shares: usd(100_000),
          balance: usd(100_000),
        },
      ],
      ["bucketMoved", { bucket: house.bucket, asset: 1, amount: usd(50_000) }],
      [
        "stakeMinted",
        {
          fund: BACKSTOP,
          account: alice,
          amount: usd(50_000),
          shares: usd(50_000),
          balance: usd(150_000),
        },
      ],
    ]);
    expect(fund(desk)).toMatchObject({
      pot: usd(150_000),
      mostWorth: usd(150_000),
      shares: usd(150_000),
    });
    expect(desk.bucket(house).cash).toBe(usd(150_000));
    audit(desk);
  });

  test("are bought at the most and redeemed at the least it is worth", () => {
    const { desk, house } = backed();
    const alice = provide(desk, 50_000);
    desk.trade(house, desk.openTrader(1_000_000), 1_000, 100);
    desk.mark(130);
    // A profit of 30,000 is paid for by who comes, and not paid to who leaves.
    expect(fund(desk)).toMatchObject({ pot: usd(150_000), mostWorth: usd(180_000) });
    const bob = provide(desk, 18_000);
    expectAbout(stakeOf(desk, bob).shares, usd(15_000));
    expect(leave(desk, alice, usd(50_000))).toBeLessThan(usd(51_000));
    audit(desk);
  });

  test("lose when the backstop does, those that are leaving too", () => {
    const { desk, house } = backed();
    const alice = provide(desk, 100_000);
    desk.trade(house, desk.openTrader(1_000_000), 1_000, 100);
    ask(desk, alice, usd(100_000));
    desk.mark(60);
    desk.now += COOLDOWN;
    const { facts } = desk.expectAccepted({
      kind: "withdrawStake",
      account: alice,
      tier: 1,
      fund: BACKSTOP,
      shares: usd(100_000),
    });
    expectAbout(facts["amount"] ?? 0, usd(80_000));
    audit(desk);
  });

  test("go with the last that others own: then the house takes out what it likes, as before", () => {
    const desk = openDesk();
    const house = sharedBackstop(desk);
    const provider = house.account + 1;
    const take = { kind: "deallocate", account: house.account, tier: 1, mode: 0, asset: 1 } as const;
    desk.expectRefused({ ...take, amount: 1 }, "backstop_shared", {
      bucket: house.bucket,
      shares: usd(1_500),
    });
    leave(desk, provider, usd(499));
    desk.expectRefused({ ...take, amount: 1 }, "backstop_shared", {
      bucket: house.bucket,
      shares: usd(1_001),
    });
    leave(desk, provider, usd(1));
    expect(fund(desk)).toMatchObject({ shares: 0, pot: usd(1_000) });
    expect(stakeOf(desk, house.account)).toMatchObject({ shares: 0, leaving: 0 });
    desk.expectAccepted({ ...take, amount: usd(1_000) });
    appoint(desk, desk.openTrader(1));
    audit(desk);
  });

  test("cannot be made so dear that rounding takes much of what somebody pays", () => {
    const desk = openDesk();
    const house = desk.openAccount();
    desk.deposit(house, usd(2_000_000));
    desk.expectAccepted({ kind: "allocate", account: house, tier: 1, mode: 0, asset: 1, amount: 1 });
    appoint(desk, { account: house, bucket: 1 });
    // The house opens with a dollar, and gives its bucket a million.
    const stake = { kind: "stakeFund", tier: 1, fund: BACKSTOP } as const;
    desk.expectAccepted({ ...stake, account: house, amount: usd(1) });
    desk.fund(house, 1_000_000);
    const alice = desk.openAccount();
    desk.deposit(alice, usd(3_000_000));
    desk.expectRefused({ ...stake, account: alice, amount: usd(1_500) }, "stake_too_small", {
      amount: usd(1_500),
    });
    desk.expectAccepted({ ...stake, account: alice, amount: usd(2_000_000) });
    expect(stakeOf(desk, alice).worth).toBeGreaterThan(usd(2_000_000) - usd(2));
    audit(desk);
  });

  test("the house redeems like anybody: after its cooldown, and no sooner", () => {
    const desk = openDesk();
    const house = sharedBackstop(desk);
    ask(desk, house.account, usd(1_000));
    const fetch = {
      kind: "withdrawStake",
      account: house.account,
      tier: 1,
      fund: BACKSTOP,
      shares: usd(1_000),
    } as const;
    desk.expectRefused(fetch, "unstake_cooling_down", {
      unlocksAt: desk.now + COOLDOWN,
      time: desk.now,
    });
    desk.now += COOLDOWN;
    desk.expectAccepted(fetch);
    expect(desk.bucket(house).cash).toBe(usd(500));
    expect(balanceView(desk.engine.venue, house.account, 1)).toBe(usd(1_000));
    // The provider is alone in it now; the bucket is still not the house's.
    desk.expectRefused(
      { kind: "deallocate", account: house.account, tier: 1, mode: 0, asset: 1, amount: 1 },
      "backstop_shared",
      {
        bucket: house.bucket,
        shares: usd(500),
      },
    );
    audit(desk);
  });

  test("are not sold at a price that a manipulated mark has made: the most is at the best price the market may have", () => {
    const { desk, house } = backed();
    provide(desk, 10_000);
    desk.trade(house, desk.openTrader(1_000_000), 500, 100);
    const fair = fund(desk).mostWorth;
    desk.openReporters(3);
    desk.askReporters({ quorum: 3 });
    desk.reportAll([90_000, 100_000, 100_000]);
    expect(fund(desk).mostWorth).toBeGreaterThanOrEqual(fair);
    expect(fund(desk).pot).toBeLessThanOrEqual(fair);
    audit(desk);
  });
});

function ask(desk: Desk, account: number, shares: number): void {
  desk.expectAccepted({ kind: "requestUnstake", account, tier: 1, fund: BACKSTOP, shares });
}

/** Asks for shares' money, waits, and fetches it. @returns what they were worth */
function leave(desk: Desk, account: number, shares: number): number {
  ask(desk, account, shares);
  desk.now += COOLDOWN;
  const fetch = { kind: "withdrawStake", account, tier: 1, fund: BACKSTOP, shares } as const;
  return desk.expectAccepted(fetch).facts["amount"] ?? 0;
}

describe("whatever providers and the house do", () => {
  const move = fc.record({
    kind: fc.integer({ min: 0, max: 9 }),
    who: fc.nat(3),
    share: fc.integer({ min: 1, max: 100 }),
    amount: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: usd(20_000) })),
    mark: fc.integer({ min: 60, max: 150 }),
  });

  test("no purchase and no redemption lowers the price of the others' shares, and all money is somebody's", () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 15, maxLength: 60 }), (moves) => {
        const { desk, house } = backed();
        desk.set(PARAMETERS.backstopDay.id, 300_000, 0);
        const other = desk.openTrader(10_000_000);
        const people = Array.from({ length: 3 }, () => desk.openAccount());
        for (const each of people) desk.deposit(each, usd(100_000));
        people.push(house.account);
        let mark = 100;
        for (const { kind, who, share, amount, mark: next } of moves) {
          const account = people[who] as number;
          const { shares, leaving } = stakeOf(desk, account);
          const before = fund(desk);
          const held = cashOf(desk, people, house);
          desk.now += 3_600_000;
          if (kind < 3) desk.send({ kind: "stakeFund", account, tier: 1, fund: BACKSTOP, amount });
          else if (kind === 3 && shares > 0) {
            ask(desk, account, Math.max(1, Math.floor((shares * share) / 100)));
          } else if (kind < 6 && leaving > 0) {
            desk.now += COOLDOWN;
            desk.send({ kind: "withdrawStake", account, tier: 1, fund: BACKSTOP, shares: leaving });
          } else if (kind === 6) {
            const lots = Math.max(1, share * 10);
            desk.send(desk.sell(who % 2 === 0 ? other : house, lots, mark));
            desk.send(desk.buy(who % 2 === 0 ? house : other, lots, mark));
            desk.send({ kind: "massCancel", tier: 1, market: 1 });
          } else if (kind === 7) {
            mark = next;
            desk.mark(mark);
          } else if (kind === 8) fallFrom(desk, mark);
          if (kind < 6) {
            expectNoLower(desk, before);
            // Shares are bought and redeemed for money that moves between their owners and the bucket, and no other.
            expect(cashOf(desk, people, house)).toBe(held);
          }
        }
        audit(desk);
      }),
      { numRuns: RUNS },
    );
  });
});

/** A trader who is insolvent a fifth below the mark. */
function fallFrom(desk: Desk, mark: number): void {
  const [long, short] = [desk.openTrader(mark * 10), desk.openTrader(100_000)];
  desk.trade(long, short, 90, mark);
  desk.mark(Math.max(1, Math.floor(mark * 0.8)));
  desk.mark(mark);
}

function cashOf(desk: Desk, people: readonly number[], house: Trader): number {
  const balances = people.map((account) => balanceView(desk.engine.venue, account, 1));
  return balances.reduce<number>((sum, each) => sum + each, desk.bucket(house).cash);
}

/** Before the first share is sold all is the house's, at one micro-dollar a share; recounts divide shares by sixteen. */
function expectNoLower(desk: Desk, before: ReturnType<typeof fund>): void {
  const after = fund(desk);
  // A stake that was refused counts nothing anew.
  const isUnchanged = after.shares === before.shares && after.pot === before.pot;
  if (after.shares === 0 || isUnchanged) return;
  let owned = BigInt(before.shares === 0 ? before.mostWorth : before.shares);
  const { pot, mostWorth } = after;
  while (owned + VIRTUAL > 16n * (BigInt(before.mostWorth) + VIRTUAL)) owned /= 16n;
  for (const [then, now] of [
    [before.pot, pot],
    [before.mostWorth, mostWorth],
  ] as const) {
    const left = (BigInt(now) + VIRTUAL) * (owned + VIRTUAL);
    const right = (BigInt(then) + VIRTUAL) * (BigInt(after.shares) + VIRTUAL);
    expect(left >= right, `${then} / ${owned} became ${now} / ${after.shares}`).toBe(true);
  }
}

/** As in March 2025: shorts are left to the house on purpose, one after the other, while the price is pushed up. */
describe("when positions are handed to the backstop on purpose", () => {
  const PARTS = 250_000;

  test.each([2, 3, 5])("it loses no more than its day's share times the push, of %i-fold", (push) => {
    const { desk, house } = backed();
    desk.set(PARAMETERS.backstopDay.id, PARTS, 0);
    const provider = provide(desk, 100_000);
    const worth = fund(desk).pot;
    const others = desk.openTrader(10_000_000);
    let mark = 100;
    for (let step = 0; step < 12; step++) {
      // The short covers its initial margin, and is insolvent after the next leap.
      const short = desk.openTrader(mark * 200);
      desk.trade(others, short, 1_000, mark);
      mark = Math.min(100 * push, Math.ceil(mark * 1.25));
      desk.mark(mark);
      desk.now += 60_000;
    }
    desk.mark(100 * push);
    const share = (worth * PARTS) / 1_000_000;
    expect(tier(desk).backstopTaken).toBeGreaterThan(share * 0.9);
    expect(tier(desk).backstopTaken).toBeLessThanOrEqual(share);
    // What it took over was worth `share` at marks of 125 or more, and is worth `push` times 100 a lot now.
    const bound = share * ((100 * push) / 125 - 1);
    const lost = worth - fund(desk).pot;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThanOrEqual(bound);
    // The provider has half of it, and bears half of what it has lost, to the thousand virtual shares.
    const borne = usd(100_000) - stakeOf(desk, provider).worth;
    expect(Math.abs(borne - lost / 2)).toBeLessThan(2_000);
    expect(sizeOf(desk, house)).toBeLessThan(0);
    audit(desk);
  });

  test("without the limit it would lose a multiple", () => {
    const { desk } = backed();
    provide(desk, 100_000);
    const worth = fund(desk).pot;
    const others = desk.openTrader(10_000_000);
    const short = desk.openTrader(20_000);
    desk.trade(others, short, 1_000, 100);
    desk.mark(125);
    desk.mark(200);
    expect(worth - fund(desk).pot).toBe(usd(75_000));
  });
});

describe("the judge", () => {
  test("stops a redemption above the price (31)", () => {
    const { code } = layoutOf("withdrawStake");
    const generous: Handlers = HANDLERS.map((handler, each) =>
      each !== code
        ? handler
        : (venue) => {
            const outcome = handler?.(venue) ?? 0;
            const one = venue.tier(1);
            one?.arena.addNum(one.backstopBook.row, SHARE_BOOK.shares, usd(1) as never);
            return outcome;
          },
    );
    const desk = openDesk({}, { handlers: generous });
    const { account } = sharedBackstop(desk);
    ask(desk, account + 1, usd(10));
    desk.now += COOLDOWN;
    const receipt = desk.send({
      kind: "withdrawStake",
      account: account + 1,
      tier: 1,
      fund: BACKSTOP,
      shares: usd(10),
    });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 31 } });
  });

  test("stops a house that takes out what others own (31)", () => {
    const desk = withHouseThatIsNotAsked();
    const { account } = sharedBackstop(desk);
    const receipt = desk.send({ kind: "deallocate", account, tier: 1, mode: 0, asset: 1, amount: usd(1) });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 31 } });
  });

  test("stops another bucket that takes the place of one that others own (31)", () => {
    const desk = openDesk(
      {},
      {
        handlers: betrayed("clockTick", ({ arena, row }) => {
          arena.setInt(row, TIER.backstop, 2);
        }),
      },
    );
    sharedBackstop(desk);
    desk.openTrader(1_000);
    desk.now = 3_000;
    const receipt = desk.send({ kind: "clockTick", tier: 1 });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 31 } });
  });

  test("stops a takeover that is not counted (30)", () => {
    const forgetful = betrayed("updateIndexPrice", ({ arena, row }) => {
      arena.setNum(row, TIER.backstopTaken, NONE);
    });
    const desk = openDesk({}, { handlers: forgetful });
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    desk.set(PARAMETERS.backstopCap.id, 10_000);
    desk.set(PARAMETERS.backstopDay.id, 10_000, 0);
    appoint(desk, desk.openTrader(100_000));
    const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
    desk.trade(long, short, 100, 100);
    desk.now = 3_000;
    const receipt = desk.send({ kind: "updateIndexPrice", tier: 1, market: 1, price: 80 });
    expect(receipt).toMatchObject({
      outcome: "invariant_broken",
      facts: { invariant: 30, expected: usd(960), found: 0 },
    });
  });

  test("and the audit finds shares that nobody counted", () => {
    const desk = openDesk();
    sharedBackstop(desk);
    const one = desk.engine.venue.tier(1);
    one?.arena.addNum(one.backstopBook.row, SHARE_BOOK.shares, -1 as never);
    one?.arena.commit();
    expect(desk.engine.audit()).toMatchObject([{ invariant: "31" }]);
  });
});

/** A venue whose `deallocate` does not look at who owns the backstop. */
function withHouseThatIsNotAsked(): Desk {
  const { code } = layoutOf("deallocate");
  const blind: Handlers = HANDLERS.map((handler, each) =>
    each !== code
      ? handler
      : (venue) => {
          const one = venue.tier(1);
          if (one === undefined) return handler?.(venue) ?? 0;
          const { arena, backstopBook } = one;
          const shares = arena.num(backstopBook.row, SHARE_BOOK.shares);
          arena.setNum(backstopBook.row, SHARE_BOOK.shares, 0 as never);
          const outcome = handler?.(venue) ?? 0;
          arena.setNum(backstopBook.row, SHARE_BOOK.shares, shares);
          return outcome;
        },
  );
  return openDesk({}, { handlers: blind });
}
