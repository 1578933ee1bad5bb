/** The vault's operator, or somebody with its owners' keys, asks for everything. */
import { assetView, balanceView } from "@bulkhead/engine";
import { microText } from "../telling/amounts.ts";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import { payOut, withoutWindows } from "./hands.ts";
import type { Scene } from "./scene.ts";
import { DAY, HOUR, PPM, RULES, USD } from "./terms.ts";

const QUOTE = 1;
/** Until people notice and tighten the posture. */
const HORIZON = DAY;
const ROUND = 60_000;
const STOLEN = 1_000_000 * USD;

/**
 * Windows that were full let out their cap and what comes back in the time, the lane twice its own: of what is held, all of which is settled.
 */
function mostThatLeaves(scene: Scene): number {
  const { held } = assetView(scene.desk.venue, QUOTE);
  const { throttleHour, throttleDay, laneTotal } = RULES.throttle;
  const perHour = held * (throttleHour / PPM) * (1 + HORIZON / HOUR);
  const perDay = held * (throttleDay / PPM) * (1 + HORIZON / DAY);
  return Math.floor(Math.min(perHour, perDay) + 2 * held * (laneTotal / PPM));
}

/** Every owner's whole balance is asked for, and paid to the thief as soon as anything is released. */
function* emptyAll(stage: Scene): Telling<void> {
  const { desk, parties } = stage;
  for (const { account } of parties) {
    const amount = balanceView(desk.venue, account, QUOTE);
    desk.send({ kind: "requestWithdrawal", account, asset: QUOTE, amount });
  }
  yield stage.beat("Everybody's whole balance is asked for, by somebody with everybody's keys");
  for (let waited = 0; waited < HORIZON; waited += 10 * ROUND) {
    desk.send({ kind: "releaseWithdrawals", count: 256 });
    for (const withdrawal of desk.withdrawals.keys()) desk.pay(withdrawal, "thief");
    desk.now += 10 * ROUND;
    const minutes = (waited + 10 * ROUND) / ROUND;
    if (minutes % 60 === 0)
      yield stage.beat(`Hour ${minutes / 60}: ${microText(desk.stolen)} have been paid to the thief`);
  }
}

export const VAULT_DRILLS: readonly Drill[] = [
  {
    layer: "vault",
    behaviour: "its operator asks for all there is",
    place: 0,
    guard: { throttle: true },
    bound: mostThatLeaves,
    attack: emptyAll,
  },
  {
    layer: "vault",
    behaviour: "releases everything past its windows",
    place: 0,
    guard: { judge: true },
    hostile: { stories: { requestWithdrawal: (venue, own) => withoutWindows(venue, () => own(venue)) } },
    bound: mostThatLeaves,
    attack: emptyAll,
  },
  {
    layer: "vault",
    behaviour: "pays out what nobody asked for",
    place: 0,
    guard: { judge: true },
    hostile: {
      stories: {
        releaseWithdrawals: (venue, own, stage) => {
          payOut(venue, stage.party("holder 1"), STOLEN);
          return own(venue);
        },
      },
    },
    bound: () => 0,
    *attack(stage): Telling<void> {
      for (let attempt = 1; attempt <= 5; attempt++) {
        const { outcome } = stage.desk.send({ kind: "releaseWithdrawals", count: 1 });
        yield stage.beat(`Attempt ${attempt} to pay out $1 m that nobody asked for: ${outcome}`);
      }
    },
  },
];
