/** Funds and stakes, as the engine's queries tell them, against the auditor's. */
import { type Venue, fundView, stakeView } from "@bulkhead/engine";
import type { FundState } from "./auditor/state.ts";

type Same = (what: string, field: string, expected: number | bigint, found: number) => void;

const FIELDS = ["money", "shares", "cooldown", "window", "minimum", "target", "feeShare", "feesKept"] as const;

/** Compares a tier's insurance fund, or the mutual fund of the venue (tier 0), stake by stake. */
export function compareFund(fund: FundState, accounts: number, venue: Venue, same: Same): void {
  const what = `fund of tier ${fund.tier}`;
  const { pot: money, ...rest } = fundView(venue, fund.tier);
  const view = { money, ...rest };
  for (const field of FIELDS) same(what, field, fund[field], view[field]);
  for (let account = 1; account <= accounts; account++) {
    const { shares, leaving } = stakeView(venue, fund.tier, account);
    const stake = fund.stakes.get(account);
    same(what, `shares of account ${account}`, stake?.shares ?? 0n, shares);
    same(what, `leaving of account ${account}`, stake?.leaving ?? 0n, leaving);
  }
}
