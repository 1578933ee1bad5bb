/** Security in other hands: it can say no to everything, and that must be all it can do. */
import type { Sentinel } from "@bulkhead/engine/drill";
import type { Venue } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import { creditBalance, forgeBalance } from "./hands.ts";
import type { Scene } from "./scene.ts";
import { HOUR, MONEY, USD } from "./terms.ts";

const PLACE = 0;
const ASKED = 100_000 * USD;

/** Everybody tries what he needs: to be paid, to get out, to trade. All of it is refused, and nothing of it may have happened. */
function* tryEverything(stage: Scene): Telling<void> {
  const { desk } = stage;
  const holder = stage.party("holder 1").account;
  stage.isHostile = false;
  const { withdrawal = 0 } = desk.send({
    kind: "requestWithdrawal",
    account: holder,
    asset: 1,
    amount: ASKED,
  }).facts;
  stage.isHostile = true;
  yield stage.beat("A holder has asked for $100,000");
  for (let hour = 0; hour < 3; hour++) {
    desk.now += HOUR;
    desk.pay(withdrawal, "owner");
    yield stage.beat(`Hour ${hour + 1}: he is to be paid`);
    desk.send({ kind: "requestWithdrawal", account: holder, asset: 1, amount: ASKED });
    desk.send({
      kind: "deallocate",
      account: stage.party("saver 1 of alts").account,
      tier: 2,
      mode: 0,
      asset: 1,
      amount: USD,
    });
    yield stage.beat(`Hour ${hour + 1}: others want their money`);
    stage.reportAll();
    yield stage.beat(`Hour ${hour + 1}: prices are told`);
    for (let tier = 1; tier <= 3; tier++)
      stage.partiesOf(tier, "maker").forEach((maker) => stage.quote(maker, tier));
    yield stage.beat(`Hour ${hour + 1}: makers quote`);
  }
}

/** Says no, whatever it sees. */
function alwaysTrips(own: Sentinel): Sentinel {
  const { verdict } = own;
  return {
    verdict,
    judge: (...seen) => {
      own.judge(...seen);
      verdict.breach(100, 0, 0);
      return verdict;
    },
  };
}

/** Gives itself money every time it is asked. */
function helpsItself(own: Sentinel, stage: Scene): Sentinel {
  const { verdict } = own;
  return {
    verdict,
    judge: (...seen) => {
      own.judge(...seen);
      const { venue } = stage.desk;
      const credit: (venue: Venue, who: ReturnType<Scene["party"]>, amount: number) => void =
        stage.missing.readOnlyJudge === true ? forgeBalance : creditBalance;
      credit(venue, stage.party("mallory"), MONEY.attacker);
      return verdict;
    },
  };
}

export const SECURITY_DRILLS: readonly Drill[] = [
  {
    layer: "security",
    behaviour: "trips over every command",
    place: PLACE,
    guard: { rollback: true },
    hostile: { judge: alwaysTrips },
    bound: () => 0,
    attack: tryEverything,
  },
  {
    layer: "security",
    behaviour: "writes to the ledger while it judges",
    place: PLACE,
    guard: { readOnlyJudge: true },
    hostile: { judge: helpsItself },
    bound: () => 0,
    attack: tryEverything,
  },
];
