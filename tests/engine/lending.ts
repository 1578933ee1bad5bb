/** Three tiers whose insurance funds lend to one another. */
import { PARAMETERS, limits } from "@bulkhead/engine";
import type { EngineOptions } from "@bulkhead/engine";
import { Desk, smallTier, smallVenue, usd } from "./venue.ts";

export const DAY: number = limits.DAY_MS;
export const HOUR = 3_600_000;

export interface FundPlan {
  readonly held: number;
  readonly target: number;
  readonly minimum?: number;
}

/** Tier 1 holds 1,000 dollars and wants 400; tiers 2 and 3 hold 100 and 700, and want 500 and 600. */
const PLANS: readonly FundPlan[] = [
  { held: 1_000, target: 400 },
  { held: 100, target: 500 },
  { held: 700, target: 600 },
];

/** All lend up to a fifth of their funds, borrow up to 300 dollars, and repay out of half of their fees. */
export function lendingDesk(plans: readonly FundPlan[] = PLANS, options: EngineOptions = {}): Desk {
  const tiers = plans.map(() => smallTier());
  const desk = new Desk({ capacities: smallVenue({ tiers }), ...options });
  desk.listQuote();
  for (const plan of plans) openTier(desk, plan);
  return desk;
}

function openTier(desk: Desk, { held, target, minimum = 0 }: FundPlan): void {
  const tier = desk.listTier();
  desk.listMarket({ tier });
  setTarget(desk, tier, target, minimum);
  give(desk, tier, held);
  desk.set(PARAMETERS.insuranceLending.id, 200_000, 0, tier);
  desk.set(PARAMETERS.insuranceBorrowing.id, usd(300), 0, tier);
  desk.set(PARAMETERS.loanRepayment.id, 500_000, 0, tier);
}

export function setTarget(desk: Desk, tier: number, target: number, minimum = 0): void {
  const terms = { cooldown: HOUR, window: DAY, minimum: usd(minimum), target: usd(target) };
  desk.expectAccepted({ kind: "setFundTerms", tier, fund: 2, ...terms });
}

/** Somebody gives dollars to a tier's insurance fund. */
export function give(desk: Desk, tier: number, dollars: number): void {
  if (dollars === 0) return;
  const account = desk.openAccount();
  desk.deposit(account, usd(dollars));
  desk.expectAccepted({ kind: "fundLayer", account, tier, layer: 2, amount: usd(dollars) });
}

export function askForLoan(desk: Desk, tier: number): void {
  desk.expectAccepted({ kind: "drawInsurance", tier });
}
