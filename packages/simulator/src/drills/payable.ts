/**
 * Whether everybody's principal can be paid, tried rather than argued: with the honest engine back, all honest owners take out of their buckets
 * what is free, ask for all they have, and have to be paid all of it — by the windows, or by the exit after fourteen days.
 */
import { assetView, balanceView, bucketIdOf, bucketView, tierView, withdrawalView } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import { isCovered } from "./measure.ts";
import type { Scene } from "./scene.ts";
import { DAY, HOUR, TIERS } from "./terms.ts";

const QUOTE = 1;
const EXIT_DAYS = 14;
/** True prices for ten minutes, and on until postures and breakers that an attack has moved are back: two hours at most. */
const CALM_SECONDS = 600;
const CALM_LIMIT = 7_200;
const STEP = 10;

/** What each owner must be able to take out of a tier: all of the cash that no position or order of his needs. */
export function freeCash(scene: Scene): ReadonlyMap<string, number> {
  const free = new Map<string, number>();
  for (const { account } of scene.parties.filter(({ isHonest }) => isHonest)) {
    for (let tier = 1; tier <= TIERS.length; tier++) {
      const bucket = bucketIdOf(scene.desk.venue, tier, account);
      if (bucket === 0) continue;
      free.set(`${tier}/${account}`, bucketView(scene.desk.venue, tier, bucket).withdrawable);
    }
  }
  return free;
}

/**
 * @param before - what could be taken out before the attack
 * @param place - the tier that was attacked, 0 = none of them
 */
export function* isPrincipalPayable(
  scene: Scene,
  before: ReadonlyMap<string, number>,
  place: number,
): Telling<boolean> {
  const { desk } = scene;
  const findings = desk.engine.audit().length;
  yield scene.beat(`The full audit of every table finds ${findings === 0 ? "nothing" : findings}`);
  if (!isCovered(scene) || findings > 0) return false;
  for (let waited = 0; waited < CALM_LIMIT; waited += CALM_SECONDS) {
    yield* scene.pass(CALM_SECONDS, STEP, "Honest hands, true prices");
    if (isFreeAgain(scene, before, place)) break;
  }
  if (!isFreeAgain(scene, before, place) || !takeOut(scene)) return false;
  yield scene.beat("Everybody takes out of the tiers what is free");

  const honest = scene.parties.filter(({ isHonest }) => isHonest);
  const due = new Map<number, number>();
  for (const { account } of honest) {
    const amount = balanceView(desk.venue, account, QUOTE);
    due.set(account, amount + pendingOf(scene, account));
    if (amount > 0) desk.send({ kind: "requestWithdrawal", account, asset: QUOTE, amount });
  }
  yield scene.beat("Everybody asks the vault for all he has");
  const paidBefore = new Map(desk.paid);
  for (let waited = 0; waited <= EXIT_DAYS * DAY; waited += 6 * HOUR) {
    desk.now += 6 * HOUR;
    desk.send({ kind: "releaseWithdrawals", count: 256 });
    for (const withdrawal of desk.withdrawals.keys()) desk.pay(withdrawal, "owner");
    if (waited % DAY === 0) yield scene.beat(`Day ${waited / DAY}: what is released is paid`);
  }
  return (
    honest.every(
      ({ account }) => (desk.paid.get(account) ?? 0) - (paidBefore.get(account) ?? 0) === due.get(account),
    ) &&
    isCovered(scene) &&
    assetView(desk.venue, QUOTE).held >= owedInTiers(scene)
  );
}

/** Outside the tier that was attacked, no less can be taken out than before. */
function isFreeAgain(scene: Scene, before: ReadonlyMap<string, number>, place: number): boolean {
  const now = freeCash(scene);
  return [...before].every(([key, amount]) => key.startsWith(`${place}/`) || (now.get(key) ?? 0) >= amount);
}

/** Everything that is free leaves the tiers. */
function takeOut(scene: Scene): boolean {
  return [...freeCash(scene)].every(([key, amount]) => {
    const [tier = 0, account = 0] = key.split("/").map(Number);
    const move = { account, tier, mode: 0, asset: QUOTE, amount };
    return amount === 0 || scene.desk.send({ kind: "deallocate", ...move }).outcome === "accepted";
  });
}

function pendingOf(scene: Scene, account: number): number {
  let amount = 0;
  for (const [id, owner] of scene.desk.withdrawals)
    if (owner === account) amount += withdrawalView(scene.desk.venue, id)?.amount ?? 0;
  return amount;
}

function owedInTiers(scene: Scene): number {
  const { custody } = assetView(scene.desk.venue, QUOTE);
  return TIERS.reduce((sum, _, index) => {
    const { skin, insurance } = tierView(scene.desk.venue, index + 1);
    return sum + Math.max(custody[index] ?? 0, skin + insurance);
  }, 0);
}
