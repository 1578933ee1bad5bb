/** A3: a hundred wallets buy a thin token with each other's profits on paper, and leave the fall to the insurance fund. */
import { marketView } from "@bulkhead/engine";
import { microText, priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, usd } from "../terms.ts";

/** The rise of 215 % over days, as the wallets bought into it; then the first hour of the fall. */
const RISE = [5_000, 6_100, 7_500, 9_200, 11_200, 13_400, 15_750];
const FALL = [14_300, 9_600, 9_000];
/** What each wallet wants at each price, lots: most of it at the top. */
const WANTED = [100, 100, 150, 200, 250, 600, 1_800];
const WALLETS = 100;
const STAKE = 55_000;
const INSURANCE = 22_500_000;
/** Dollars of open interest from which margin rises, and where it is all of it. */
const LOWER = 5_000_000;
const UPPER = 20_000_000;

interface Seen {
  /** What the insurance fund paid, and the most that was open, micro-dollars. */
  readonly drawn: number;
  readonly openInterest: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage({ seats: 192 });
  const yfi = stage.listMarket({
    name: "YFI",
    tick: 1,
    lot: 0.01,
    price: 5_000,
    initialMargin: 200_000,
    ...(isDefended && { oiLower: usd(LOWER), oiUpper: usd(UPPER), scaleBase: usd(1_000_000) }),
  });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 2: INSURANCE });
  yield stage.beat("YFI is listed at $5,000; the insurance fund holds $22.5 m");
  const makers = Array.from({ length: 10 }, () => stage.seat("honest", 20_000_000));
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(yfi, 5_000, { divergence: 500_000, staleAfter: 60 * MINUTE, deadAfter: 600 * MINUTE });
  }
  yield stage.beat("Ten makers quote; margin rises with open interest, or does not");
  stage.begin();

  const wallets = Array.from({ length: WALLETS }, () => stage.seat("attacker", STAKE));
  yield stage.beat("A hundred wallets with $55,000 each belong to one trader");
  let openInterest = 0;
  for (const [step, price] of RISE.entries()) {
    stage.wait(5 * MINUTE);
    stage.truth(yfi, price);
    stage.print(yfi, price);
    for (const maker of makers) stage.sell(maker, yfi, 20_000, price);
    yield stage.beat(`YFI is bought up to ${priceText(price)}; makers quote 200,000 lots`);
    for (const [index, wallet] of wallets.entries()) {
      // What is refused is tried at half the size, three times.
      for (let lots = WANTED[step] as number, turn = 0; turn < 4; turn++, lots = Math.floor(lots / 2))
        if (stage.buy(wallet, yfi, lots, price, { isImmediate: true }).outcome === "accepted") break;
      if (index === WALLETS / 2)
        yield stage.beat("Half of the wallets have bought with their profit on paper");
    }
    for (const maker of makers) stage.cancelAll(maker, yfi);
    const open = openDollars(stage, yfi.market, price);
    openInterest = Math.max(openInterest, open);
    yield stage.beat(`The others follow: ${microText(open)} are open`);
  }
  for (const price of FALL) {
    stage.wait(15 * MINUTE);
    stage.truth(yfi, price);
    stage.print(yfi, price);
    yield stage.beat(`YFI falls to ${priceText(price)}`);
    for (let round = 0; round < 4; round++) {
      stage.wait(1_000);
      stage.tick();
    }
    yield stage.beat(
      `The venue works off who is under water; its fund has paid ${microText(stage.losses.paidBy(2))}`,
    );
  }
  return { stage, seen: { drawn: stage.losses.paidBy(2), openInterest } };
}

function openDollars(stage: Stage, market: number, price: number): number {
  return marketView(stage.engine.venue, 1, market).openInterest * price * 10_000;
}

export const YEARN: Incident = incident<Seen>({
  id: "A3",
  name: "dYdX, YFI",
  date: "2023-11-17",
  layer: "risk",
  mechanism: "Profits on paper carried ever larger positions in a thin market; the fund paid for the fall.",
  lost: "$9 m of the insurance fund",
  wall: "initial margin rises with open interest to 100 %, and with size",
  facts: [
    {
      text: "More than a hundred wallets held longs at five times leverage while the price rose by 215 %",
      source: "dYdX post-mortem",
    },
    {
      text: "The position reached about $50 m; then the price fell 30 % within an hour",
      source: "dYdX post-mortem",
    },
    { text: "The insurance fund paid $9 m, about 40 % of it", source: "dYdX post-mortem" },
  ],
  play,
  claims: [
    claim(
      "Profits stop carrying new positions: open interest never passes $20 m, where margin is 100 %",
      ({ seen }) => atMostUsd(seen.openInterest, usd(UPPER)),
    ),
    claim("The fund pays less than a twentieth of the $9 m it paid then", ({ seen }) =>
      atMostUsd(seen.drawn, usd(450_000)),
    ),
  ],
});
