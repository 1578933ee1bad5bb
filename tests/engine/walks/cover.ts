/** Precedence walks of the commands about cover and recoveries. */
import { PARAMETERS } from "@bulkhead/engine";
import { type Desk, openDesk, usd } from "../venue.ts";
import { noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

type CoverCommand = "registerCover" | "payCover" | "recordRecovery" | "releaseCover";

const HOUR = 3_600_000;
const PROVIDER = 1;

/** A default of 1,000 dollars against which the provider, account 1, owes 600 by policy 1. */
function defaulted(): Desk {
  const desk = openDesk();
  desk.deposit(desk.openAccount(), usd(500));
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  desk.expectAccepted({
    kind: "registerCover",
    account: PROVIDER,
    tier: 1,
    attachment: 0,
    limit: usd(600),
    escrow: 0,
    expiry: HOUR,
  });
  const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
  desk.trade(long, short, 100, 100);
  desk.mark(80);
  return desk;
}

export const COVER_WALKS: Pick<Walks, CoverCommand> = {
  registerCover: [
    {
      scene: () => {
        const desk = openDesk();
        desk.deposit(desk.openAccount(), usd(10));
        const terms = { account: PROVIDER, tier: 1, attachment: 0, limit: 1, escrow: 0, expiry: 1_500 };
        for (let each = 0; each < 8; each++) desk.expectAccepted({ kind: "registerCover", ...terms });
        const faulty = { account: 9, tier: 9, attachment: 0, limit: usd(5), escrow: usd(20), expiry: 1_000 };
        return [desk, faulty];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there is one", { account: PROVIDER }),
        {
          refusal: "cover_expired",
          facts: { expiry: 1_000, time: 1_000 },
          why: "it would be over at once",
          cure: { expiry: HOUR },
        },
        {
          refusal: "escrow_above_limit",
          facts: { escrow: usd(20), limit: usd(5) },
          why: "it could never be used",
          cure: { limit: usd(40) },
        },
        {
          refusal: "balance_insufficient",
          facts: { balance: usd(10), amount: usd(20) },
          why: "he has half",
          cure: { escrow: usd(10) },
        },
        {
          refusal: "cover_capacity_reached",
          facts: { capacity: 8 },
          why: "there are eight",
          cure: (desk) => {
            desk.now = 1_500;
            desk.expectAccepted({ kind: "releaseCover", tier: 1, cover: 3 });
          },
        },
      ],
    },
  ],

  payCover: [
    {
      scene: () => [defaulted(), { account: 9, tier: 9, default: 2, cover: 1, amount: usd(601) }],
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are three", { account: 2 }),
        {
          refusal: "default_unknown",
          facts: { default: 2, forgotten: 0, latest: 1 },
          why: "there was one",
          cure: { default: 1, account: PROVIDER },
        },
        {
          refusal: "claim_exceeded",
          facts: { owed: usd(600), amount: usd(601) },
          why: "his policy goes no further",
          cure: { amount: usd(600) },
        },
        {
          refusal: "balance_insufficient",
          facts: { balance: usd(500), amount: usd(600) },
          why: "he has less",
          cure: { amount: usd(500) },
        },
      ],
    },
    {
      scene: () => [defaulted(), { account: 2, tier: 1, default: 1, cover: 1, amount: 1 }],
      steps: [
        {
          refusal: "claim_exceeded",
          facts: { owed: 0, amount: 1 },
          why: "somebody else's policy",
          cure: { account: PROVIDER },
        },
      ],
    },
  ],

  recordRecovery: [
    {
      scene: () => [defaulted(), { account: 9, tier: 9, default: 2, amount: usd(1_001) }],
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are three", { account: PROVIDER }),
        {
          refusal: "default_unknown",
          facts: { default: 2, forgotten: 0, latest: 1 },
          why: "there was one",
          cure: { default: 1 },
        },
        {
          refusal: "recovery_exceeds_loss",
          facts: { short: usd(1_000), amount: usd(1_001) },
          why: "winners gave up a thousand",
          cure: { amount: usd(501) },
        },
        {
          refusal: "balance_insufficient",
          facts: { balance: usd(500), amount: usd(501) },
          why: "he has less",
          cure: { amount: usd(500) },
        },
      ],
    },
  ],

  releaseCover: [
    {
      scene: () => [defaulted(), { tier: 9, cover: 2 }],
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        { refusal: "cover_unknown", facts: { cover: 2 }, why: "there is one", cure: { cover: 1 } },
        {
          refusal: "cover_in_force",
          facts: { expiry: HOUR, time: 1_000 },
          why: "an hour is not over",
          cure: (desk) => {
            desk.now = HOUR;
          },
        },
      ],
    },
  ],
};
