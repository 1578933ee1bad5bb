/** A15: signers approve what their screens show, and something else is signed; the cold wallet is emptied in one go. */
import { type Receipt, VENUE_PARAMETERS } from "@bulkhead/engine";
import { microText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, told } from "../claims.ts";
import { approvalOf, proposalOf, seatCouncil } from "../council.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, usd } from "../terms.ts";

const ETHER = 3_640;
const COINS = 401_347;
/** Whole coins in the vault, the stolen ones among them. */
const ALL = 500_000;
/** How long until somebody notices and cancels what still waits. */
const NOTICED = 60 * MINUTE;

interface Seen {
  readonly stolen: number;
  readonly blind: string;
  readonly direct: string;
  readonly waiting: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const ether = stage.listAsset(1_000_000, ETHER, "ETH");
  const treasury = stage.open("honest");
  stage.depositAsset(treasury, ether, COINS * 1e6);
  yield stage.beat("A treasury keeps 401,347 ether in the vault");
  const others = stage.open("honest");
  stage.depositAsset(others, ether, (ALL - COINS) * 1e6);
  yield stage.beat("Others keep what makes it half a million");
  if (isDefended) stage.throttle();
  stage.age();
  yield stage.beat(
    isDefended
      ? "Three days pass; the vault lets out 2 % an hour"
      : "Three days pass; the vault lets out whatever is signed",
  );
  if (isDefended) for (const tier of [0, 1]) seatCouncil(stage, tier);
  yield stage.beat(
    isDefended ? "Two councils of five are sealed in" : "Nobody's signature is needed but the owner's",
  );
  stage.begin();

  // The screens show a harmless change; what is really proposed appoints the attacker.
  const shown = proposalOf(
    { kind: "changeThreshold", tier: 0, threshold: 4, timelock: 48 * 60 * MINUTE },
    0,
    2,
  );
  stage.send(shown);
  yield stage.beat("The screens show a harmless change of the threshold");
  const seenOnScreen = approvalOf(stage, 0, 1, 2);
  stage.send(proposalOf({ kind: "appointMember", tier: 0, member: 9, roles: 1 }, 0, 1));
  yield stage.beat("What is really proposed appoints the attacker");
  const { nonce } = approvalOf(stage, 0, 1, 1);
  const blind: Receipt[] = [];
  for (const member of [3, 4, 5]) {
    const receipt = stage.send({ ...seenOnScreen, member, proposal: 1, nonce });
    blind.push(receipt);
    yield stage.beat(
      `Signer ${member} signs what his screen shows, for what it does not: ${receipt.outcome}`,
    );
  }
  const direct = stage.send({
    kind: "setParameter",
    tier: 0,
    market: 0,
    parameter: VENUE_PARAMETERS.throttleAssetHour.id,
    value: 0,
  });
  yield stage.beat(`The window of the vault is to be lifted at once: ${direct.outcome}`);
  stage.losses.rob(treasury);
  const { facts } = stage.request(treasury, ether, COINS * 1e6);
  yield stage.beat(
    `With the owner's own key all 401,347 ether are asked for: ${microText(stage.figures().outflow)} leave`,
  );
  for (let waited = 0; waited < NOTICED; waited += 5 * MINUTE) {
    stage.wait(5 * MINUTE);
    stage.must({ kind: "releaseWithdrawals", count: 16 });
    stage.pay();
    yield stage.beat(`Five minutes later ${microText(stage.figures().outflow)} have left`);
  }
  const withdrawal = facts["withdrawal"] as number;
  const cancelled = stage.send({ kind: "cancelWithdrawal", account: treasury, withdrawal });
  yield stage.beat(`Somebody notices, and what still waits is taken back: ${cancelled.outcome}`);
  const waiting = cancelled.outcome === "accepted" ? (cancelled.facts["amount"] as number) / 1e6 : 0;
  return {
    stage,
    seen: {
      stolen: stage.figures().outflow,
      blind: blind[0]?.outcome ?? "",
      direct: direct.outcome,
      waiting,
    },
  };
}

export const BYBIT: Incident = incident<Seen>({
  id: "A15",
  name: "Bybit",
  date: "2025-02-21",
  layer: "vault",
  mechanism:
    "Three signers signed blindly; nothing stood between their signature and everything in the wallet.",
  lost: "401,347 ether, about $1.46 bn",
  wall: "an approval names the digest of what it approves; whoever holds a key, the throttle lets out two per cent an hour",
  facts: [
    {
      text: "Signers approved an upgrade hidden behind a transfer on their screens",
      source: "Bybit; Sygnia",
    },
    { text: "401,347 ether, about $1.46 bn, left one wallet", source: "Bybit; Arkham" },
  ],
  play,
  claims: [
    claim(
      "With the owner's own key, one hour lets out no more than twice the hour's window: 4 % of the vault",
      ({ seen }) => atMostUsd(seen.stolen, usd(ALL * ETHER * 0.04)),
    ),
    claim("What still waits is taken back when it is noticed", ({ seen }) => ({
      held: seen.waiting > COINS * 0.9,
      measured: `${Math.round(seen.waiting)} ether`,
    })),
    claim("An approval of another content than the proposal's is refused", ({ seen }) =>
      told(seen.blind, "content_differs"),
    ),
    claim("Lifting the window at once, without a proposal, is refused", ({ seen }) =>
      told(seen.direct, "governance_required"),
    ),
  ],
});
