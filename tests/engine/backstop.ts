/** Backstops in tests: appointed, and owned by more than their house. */
import { type Desk, type Trader, usd } from "./venue.ts";

export const BACKSTOP = 7;

/** Appoints a trader's bucket the backstop of tier 1. */
export function appoint(desk: Desk, { account }: Trader): void {
  desk.expectAccepted({ kind: "appointBackstop", tier: 1, account });
}

/** Opens an account with dollars and buys shares of the backstop with them. @returns the account */
export function provide(desk: Desk, dollars: number): number {
  const account = desk.openAccount();
  desk.deposit(account, usd(dollars));
  desk.expectAccepted({ kind: "stakeFund", account, tier: 1, fund: BACKSTOP, amount: usd(dollars) });
  return account;
}

/** A backstop of 1000 dollars of its house, the next account, and 500 of somebody else, the one after. */
export function sharedBackstop(desk: Desk): Trader {
  const house = desk.openTrader(1_000);
  appoint(desk, house);
  provide(desk, 500);
  return house;
}

/** A trader with a thousand dollars' worth of a second asset, and no dollars. */
export function houseWithCollateral(desk: Desk): Trader {
  const asset = desk.listAsset();
  const weights = { initialWeight: 900_000, maintenanceWeight: 950_000 };
  desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset, ...weights, cap: 1_000_000 });
  desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset, price: usd(1) });
  const account = desk.openAccount();
  desk.deposit(account, 1_000_000, asset);
  const { facts } = desk.expectAccepted({
    kind: "allocate",
    account,
    tier: 1,
    mode: 0,
    asset,
    amount: 1_000_000,
  });
  return { account, bucket: facts["bucket"] ?? 0 };
}
