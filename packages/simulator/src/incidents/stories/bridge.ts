/** A21: deposits that never arrived are credited, and real coins leave for them. */
import { balanceView } from "@bulkhead/engine";
import { microText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atLeast, atMostUsd, claim, told } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { DAY, HOUR, MINUTE, usd } from "../terms.ts";

const ETHER = 2_700;
const FORGED = 120_000;
const TAKEN = 93_750;
/** Whole coins that were really deposited. */
const REAL = 100_000;
/** Whole coins a tier takes as collateral. */
const CAP = 2_000;
/** How long until the two sides of the bridge are compared. */
const NOTICED = 30 * MINUTE;
const EXIT = 14 * DAY;

interface Seen {
  readonly atOnce: number;
  readonly nextDay: number;
  readonly pledge: string;
  /** Whole coins that the exit after 14 days released and the custodian returned, and what left all the same, micro-dollars. */
  readonly returned: number;
  readonly lateLoss: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const ether = stage.listAsset(1_000_000, ETHER, "ETH");
  const cap = (isDefended ? CAP : 1_000_000) * 1e6;
  stage.must({
    kind: "acceptCollateral",
    tier: 1,
    asset: ether,
    initialWeight: 800_000,
    maintenanceWeight: 850_000,
    cap,
  });
  yield stage.beat(
    isDefended
      ? "Ether is taken as collateral, up to 2,000 of them"
      : "Ether is taken as collateral without a cap",
  );
  stage.printAsset(ether, ETHER);
  const owners = Array.from({ length: 10 }, () => stage.open("honest"));
  for (const owner of owners) stage.depositAsset(owner, ether, (REAL / owners.length) * 1e6);
  yield stage.beat("Ten owners deposit 100,000 ether");
  if (isDefended) stage.throttle();
  stage.age();
  yield stage.beat(
    isDefended
      ? "Three days pass; the vault lets out 2 % an hour of what has settled"
      : "Three days pass; the vault lets out whatever is asked",
  );
  stage.begin();

  const thief = stage.open("attacker");
  stage.depositAsset(thief, ether, FORGED * 1e6);
  stage.losses.forge(thief, ether, FORGED * 1e6);
  yield stage.beat("A bridge tells of 120,000 ether that were never sent");
  const amount = (FORGED - TAKEN) * 1e6;
  const pledge = stage.send({ kind: "allocate", account: thief, tier: 1, mode: 0, asset: ether, amount });
  yield stage.beat(`A part of them is pledged: ${pledge.outcome}`);
  stage.request(thief, ether, TAKEN * 1e6);
  yield stage.beat(`93,750 are asked for, and ${microText(stage.losses.paidTo(thief))} leave at once`);
  yield* pass(stage, thief, NOTICED, 5 * MINUTE, "Five minutes later");
  const atOnce = stage.losses.paidTo(thief);
  // Minted is not locked: whoever watches the bridge closes the way out while it is looked into.
  stage.send({ kind: "setThrottlePosture", posture: 3 });
  stage.send({ kind: "setExitRatio", ratio: 1 });
  yield stage.beat("The two sides are compared, and the way out is closed");
  yield* pass(stage, thief, DAY, HOUR, "An hour later");
  const nextDay = stage.losses.paidTo(thief) - atOnce;
  // No key can close the exit after 14 days; whoever holds the coins can decline to pay for what never came.
  const before = balanceView(stage.engine.venue, thief, ether);
  stage.wait(EXIT);
  stage.must({ kind: "releaseWithdrawals", count: 16 });
  yield stage.beat("Fourteen days later the exit that no key closes releases what still waits");
  stage.turnBack();
  yield stage.beat("The custodian knows better, and returns it");
  const seen = {
    atOnce,
    nextDay,
    pledge: pledge.outcome,
    returned: (balanceView(stage.engine.venue, thief, ether) - before) / 1e6,
    lateLoss: stage.losses.paidTo(thief) - atOnce - nextDay,
  };
  return { stage, seen };
}

function* pass(stage: Stage, thief: number, ms: number, step: number, when: string): Telling<void> {
  for (const end = stage.now + ms; stage.now < end;) {
    stage.wait(step);
    stage.must({ kind: "releaseWithdrawals", count: 16 });
    stage.pay();
    yield stage.beat(`${when} ${microText(stage.losses.paidTo(thief))} have left`);
  }
}

export const BRIDGE: Incident = incident<Seen>({
  id: "A21",
  name: "Wormhole and Ronin",
  date: "2022-02-02",
  layer: "vault",
  mechanism: "A bridge's word was enough for everything: coins left for deposits that were never made.",
  lost: "$320 to 326 m from one bridge, $624 m from the other",
  wall: "what leaves is measured against what has settled for an hour; collateral has a cap; whoever watches can close the way out",
  facts: [
    {
      text: "120,000 wrapped ether were minted against nothing, $320 to 326 m; most of it was withdrawn at once",
      source: "Wormhole; Chainalysis",
    },
    {
      text: "Five of nine keys released $624 m from another bridge, unnoticed for six days",
      source: "Ronin",
    },
  ],
  play,
  claims: [
    claim(
      "Before it is noticed, no more than 3 % of the real coins leave: a full window and half an hour's refill",
      ({ seen }) => atMostUsd(seen.atOnce, usd(REAL * ETHER * 0.03)),
    ),
    claim(
      "In the day after the way out was closed, no more than a thousand dollars leave by the lane for small amounts",
      ({ seen }) => atMostUsd(seen.nextDay, usd(1_000)),
    ),
    claim(
      "What the exit after 14 days releases, the custodian returns: nearly all of the 93,750",
      ({ seen }) => atLeast(seen.returned, 0.95 * TAKEN, "coins"),
    ),
    claim("And nothing more leaves", ({ seen }) => atMostUsd(seen.lateLoss, 0)),
    claim("As collateral no more than the cap is credited: pledging the rest is refused", ({ seen }) =>
      told(seen.pledge, "collateral_cap_reached"),
    ),
  ],
});
