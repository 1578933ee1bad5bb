/** The precedence walks of every command. */
import { BUCKET_WALKS } from "./buckets.ts";
import { COVER_WALKS } from "./cover.ts";
import { FUND_WALKS } from "./funds.ts";
import { GOVERNANCE_WALKS } from "./governance.ts";
import { GUARD_WALKS } from "./guards.ts";
import { LIQUIDATION_WALKS } from "./liquidation.ts";
import { LISTING_WALKS } from "./listing.ts";
import { LOAN_WALKS } from "./loans.ts";
import { MARKET_WALKS } from "./markets.ts";
import { ORACLE_WALKS } from "./oracle.ts";
import { OPEN_ORDER_WALKS } from "./openOrders.ts";
import { ORDER_WALKS } from "./orders.ts";
import { PARAMETER_WALKS } from "./parameters.ts";
import { PROPOSAL_WALKS } from "./proposals.ts";
import { VAULT_WALKS } from "./vault.ts";
import type { Walks } from "./walk.ts";

export const WALKS: Walks = {
  ...LISTING_WALKS,
  ...PARAMETER_WALKS,
  ...VAULT_WALKS,
  ...BUCKET_WALKS,
  ...ORDER_WALKS,
  ...OPEN_ORDER_WALKS,
  ...MARKET_WALKS,
  ...ORACLE_WALKS,
  ...GUARD_WALKS,
  ...LIQUIDATION_WALKS,
  ...FUND_WALKS,
  ...LOAN_WALKS,
  ...COVER_WALKS,
  ...GOVERNANCE_WALKS,
  ...PROPOSAL_WALKS,
};
