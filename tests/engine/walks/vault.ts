/** Precedence walks of the commands about the vault: accounts, deposits, withdrawals, the throttle. */
import { VENUE_PARAMETERS, limits } from "@bulkhead/engine";
import { openDesk, smallVenue, usd } from "../venue.ts";
import { ALICE, BOB, idOf, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

const { throttleHour } = VENUE_PARAMETERS;

export const VAULT_WALKS: Pick<
  Walks,
  | "openAccount"
  | "confirmDeposit"
  | "requestWithdrawal"
  | "finaliseWithdrawal"
  | "cancelWithdrawal"
  | "releaseWithdrawals"
  | "updateVaultPrice"
  | "setThrottlePosture"
  | "setExitRatio"
> = {
  openAccount: [
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ accounts: 1 }) });
        desk.openAccount();
        return [desk, {}];
      },
      steps: [
        { refusal: "account_capacity_reached", facts: { capacity: 1 }, why: "the one account is open" },
      ],
    },
  ],

  confirmDeposit: [
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ balances: 1 }) });
        desk.openAccount();
        desk.openAccount();
        desk.expectAccepted({ kind: "confirmDeposit", account: ALICE, asset: 1, amount: 100, reference: 5 });
        return [desk, { account: 9, asset: 9, amount: limits.MAX_HELD, reference: 5 }];
      },
      steps: [
        noSuch("account", "there are two accounts", { account: BOB }),
        noSuch("asset", "there is one asset", { asset: 1 }),
        {
          refusal: "deposit_already_confirmed",
          facts: { reference: 5, last: 5 },
          why: "a chain receipt counts once",
          cure: { reference: 6 },
        },
        {
          refusal: "asset_held_cap",
          facts: { held: 100, amount: limits.MAX_HELD },
          why: "the vault counts to 2^52",
          cure: { amount: limits.MAX_HELD - 100 },
        },
        {
          refusal: "balance_capacity_reached",
          facts: { capacity: 1 },
          why: "the one balance there is room for is Alice's",
          cure: { account: ALICE },
        },
      ],
    },
  ],

  requestWithdrawal: [
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ withdrawals: 1 }) });
        desk.openAccount();
        desk.deposit(ALICE, 100);
        desk.expectAccepted({ kind: "requestWithdrawal", account: ALICE, asset: 1, amount: 40 });
        return [desk, { account: 9, asset: 9, amount: 61 }];
      },
      steps: [
        noSuch("account", "there is one account", { account: ALICE }),
        noSuch("asset", "there is one asset", { asset: 1 }),
        {
          refusal: "balance_insufficient",
          facts: { balance: 60, amount: 61 },
          why: "what was asked for before is gone already",
          cure: { amount: 60 },
        },
        {
          refusal: "withdrawal_capacity_reached",
          facts: { capacity: 1 },
          why: "the earlier one is still pending",
          cure: (desk) => {
            desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal: idOf(1), paid: 1 });
          },
        },
      ],
    },
  ],

  finaliseWithdrawal: [
    {
      scene: () => {
        const desk = openDesk();
        desk.openAccount();
        desk.deposit(ALICE, 100);
        const request = { kind: "requestWithdrawal", account: ALICE, asset: 1, amount: 40 } as const;
        desk.expectAccepted(request);
        desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal: idOf(1), paid: 1 });
        desk.set(throttleHour.id, 20_000, 0, 0);
        desk.expectAccepted(request);
        return [desk, { withdrawal: idOf(1), paid: 1 }];
      },
      steps: [
        {
          refusal: "withdrawal_unknown",
          facts: { withdrawal: idOf(1) },
          why: "the slot is in use again, but that withdrawal was paid",
          cure: { withdrawal: idOf(1, 2) },
        },
        {
          refusal: "withdrawal_not_released",
          facts: { withdrawal: idOf(1, 2), queued: 40 },
          why: "the throttle is on, and no deposit is an hour old; a fortnight later nothing may hold it",
          cure: (desk) => {
            desk.now += limits.EXIT_MS;
            desk.expectAccepted({ kind: "releaseWithdrawals", count: 1 });
          },
        },
      ],
    },
  ],

  cancelWithdrawal: [
    {
      scene: () => {
        const desk = openDesk();
        desk.openAccount();
        desk.openAccount();
        desk.deposit(ALICE, 100);
        const request = { kind: "requestWithdrawal", account: ALICE, asset: 1, amount: 40 } as const;
        desk.expectAccepted(request);
        desk.set(throttleHour.id, 20_000, 0, 0);
        desk.expectAccepted(request);
        return [desk, { account: 9, withdrawal: 7 }];
      },
      steps: [
        noSuch("account", "there are two", { account: BOB }),
        {
          refusal: "withdrawal_unknown",
          facts: { withdrawal: 7 },
          why: "no slot has a generation 0",
          cure: { withdrawal: idOf(1) },
        },
        {
          refusal: "withdrawal_not_owned",
          facts: { withdrawal: idOf(1), account: ALICE },
          why: "it is Alice's",
          cure: { account: ALICE },
        },
        {
          refusal: "withdrawal_not_queued",
          facts: { withdrawal: idOf(1), released: 40 },
          why: "it was released before the throttle was on",
          cure: { withdrawal: idOf(2) },
        },
      ],
    },
  ],

  releaseWithdrawals: [],

  updateVaultPrice: [
    {
      scene: () => {
        const desk = openDesk();
        desk.listAsset();
        return [desk, { asset: 9, price: usd(5) }];
      },
      steps: [
        noSuch("asset", "there are two assets", { asset: 1 }),
        {
          refusal: "vault_price_is_fixed",
          facts: { asset: 1 },
          why: "a dollar is a dollar",
          cure: { asset: 2 },
        },
      ],
    },
  ],

  setThrottlePosture: [
    {
      scene: () => {
        const desk = openDesk();
        desk.expectAccepted({ kind: "setThrottlePosture", posture: 3 });
        return [desk, { posture: 0 }];
      },
      steps: [
        {
          refusal: "posture_step",
          facts: { posture: 0, current: 3 },
          why: "it takes three steps to get there",
          cure: { posture: 2 },
        },
        {
          refusal: "posture_dwell",
          facts: { since: 1_000, required: 900_000 },
          why: "a quarter of an hour is kept in each",
          cure: { time: 901_000 },
        },
      ],
    },
  ],

  setExitRatio: [],
};
