/** Funds and stakes, as the engine's queries tell them, against the auditor's. */
import { type Venue, bidsView, fundView, stakeView } from "@bulkhead/engine";
import type { FundState } from "./auditor/state/funds.ts";

type Same = (what: string, field: string, expected: number | bigint, found: number) => void;

const FIELDS = [
  "money",
  "mostMoney",
  "shares",
  "cooldown",
  "window",
  "minimum",
  "target",
  "feeShare",
  "feesKept",
] as const;

/** Compares a fund stake by stake. */
export function compareFund(fund: FundState, accounts: number, venue: Venue, same: Same): void {
  const what = `fund ${fund.fund} of tier ${fund.tier}`;
  const { pot: money, mostWorth: mostMoney, ...rest } = fundView(venue, fund.tier, fund.fund);
  const view = { money, mostMoney, ...rest };
  for (const field of FIELDS) same(what, field, fund[field], view[field]);
  if (fund.tier > 0) compareBids(fund, venue, same);
  for (let account = 1; account <= accounts; account++) {
    const { shares, leaving } = stakeView(venue, fund.tier, account, fund.fund);
    const stake = fund.stakes.get(account);
    same(what, `shares of account ${account}`, stake?.shares ?? 0n, shares);
    same(what, `leaving of account ${account}`, stake?.leaving ?? 0n, leaving);
  }
}

function compareBids({ tier, bids }: FundState, venue: Venue, same: Same): void {
  const found = bidsView(venue, tier);
  same(`bids in tier ${tier}`, "count", bids.length, found.length);
  for (const [index, bid] of bids.entries()) {
    for (const field of ["bidder", "target", "market", "lots", "endsAt"] as const) {
      same(`bid ${index} in tier ${tier}`, field, bid[field], found[index]?.[field] ?? Number.NaN);
    }
  }
}
