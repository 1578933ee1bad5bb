/** A15: signers approve what their screens show, and something else is signed; the cold wallet is emptied in one go. */
import { VENUE_PARAMETERS } from "@bulkhead/engine";
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

function play(isDefended: boolean): { stage: Stage; seen: Seen } {
  const stage = new Stage();
  const ether = stage.listAsset(1_000_000, ETHER);
  const treasury = stage.open("honest");
  stage.depositAsset(treasury, ether, COINS * 1e6);
  const others = stage.open("honest");
  stage.depositAsset(others, ether, (ALL - COINS) * 1e6);
  if (isDefended) stage.throttle();
  stage.age();
  if (isDefended) for (const tier of [0, 1]) seatCouncil(stage, tier);
  stage.begin();

  // The screens show a harmless change; what is really proposed appoints the attacker.
  const shown = proposalOf(
    { kind: "changeThreshold", tier: 0, threshold: 4, timelock: 48 * 60 * MINUTE },
    0,
    2,
  );
  stage.send(shown);
  const seenOnScreen = approvalOf(stage, 0, 1, 2);
  stage.send(proposalOf({ kind: "appointMember", tier: 0, member: 9, roles: 1 }, 0, 1));
  const { nonce } = approvalOf(stage, 0, 1, 1);
  const blind = [3, 4, 5].map((member) => stage.send({ ...seenOnScreen, member, proposal: 1, nonce }));
  const direct = stage.send({
    kind: "setParameter",
    tier: 0,
    market: 0,
    parameter: VENUE_PARAMETERS.throttleAssetHour.id,
    value: 0,
  });
  stage.losses.rob(treasury);
  const { facts } = stage.request(treasury, ether, COINS * 1e6);
  for (let waited = 0; waited < NOTICED; waited += 5 * MINUTE) {
    stage.wait(5 * MINUTE);
    stage.must({ kind: "releaseWithdrawals", count: 16 });
    stage.pay();
  }
  const withdrawal = facts["withdrawal"] as number;
  const cancelled = stage.send({ kind: "cancelWithdrawal", account: treasury, withdrawal });
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
  mechanism:
    "Three signers signed blindly; nothing stood between their signature and everything in the wallet.",
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
