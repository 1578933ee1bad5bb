/**
 * The full audit: a sweep over every table that checks every invariant of docs/spec/transition.md from the rows alone, in BigInt where
 * sums are taken. It uses no code of the layers it judges; it walks the books itself.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { MAX_ASSETS, QUOTE_ASSET } from "../domain/limits.ts";
import { BUCKET, HOLDING, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { COLLATERAL, TIER } from "../domain/rows/tier.ts";
import { ACCOUNT, ASSET, BALANCE, VAULT, WITHDRAWAL } from "../domain/rows/vault.ts";
import { rowOf, usedRows } from "../kernel/pool.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import type { Venue } from "../domain/venue.ts";
import { auditAlarms } from "./auditAlarms.ts";
import { auditCover } from "./auditCover.ts";
import { auditDistress } from "./auditDistress.ts";
import { auditGovernance, auditParameters } from "./auditGovernance.ts";
import { auditGuards } from "./auditGuards.ts";
import { auditLoans } from "./auditLoans.ts";
import { auditOrders } from "./auditOrders.ts";
import { auditThrottle } from "./auditThrottle.ts";
import { auditPrices } from "./auditPrices.ts";
import { auditFeesKept, auditShares } from "./auditShares.ts";
import { type Finding, type Report, exactly, forEachPosition } from "./finding.ts";

/** Audits a whole venue. */
export function auditVenue(venue: Venue): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (invariant, where, expected, found) => {
    if (BigInt(expected) === BigInt(found)) return;
    findings.push({ invariant, where, expected: String(expected), found: String(found) });
  };
  const tiers = venue.tiers.slice(0, venue.vault.tierCount);
  auditVault(venue.vault, tiers, report);
  auditLoans(venue.vault, tiers, report);
  auditThrottle(venue.vault, report);
  auditShares(venue.vault.arena, venue.vault.mutualBook, "the mutual fund", report);
  for (const tier of tiers) {
    for (let id = 1; id <= tier.marketCount; id++) auditMarket(tier, tier.listedMarket(id), report);
    auditOrders(tier, report);
    auditDistress(tier, report);
    auditAlarms(tier, report);
    auditParameters(tier, report);
    auditPrices(tier, report);
    auditGuards(tier, report);
    auditShares(tier.arena, tier.insuranceBook, `the insurance fund of tier ${tier.id}`, report);
    auditShares(tier.arena, tier.backstopBook, `the backstop of tier ${tier.id}`, report);
    auditFeesKept(tier, report);
    auditCover(tier, report);
  }
  for (const shard of [venue.vault, ...tiers]) auditGovernance(shard, report);
  return findings;
}

// ------------------------------------------------------------------------------------------------- the vault (1, 1b, 19)

function auditVault(vault: VaultShard, tiers: readonly TierShard[], report: Report): void {
  const { arena } = vault;
  const owners = sumBalances(vault, report);
  const pending = sumWithdrawals(vault);
  for (let asset = 1; asset <= arena.int(vault.row, VAULT.assets); asset++) {
    const row = vault.asset(asset);
    const where = `asset ${asset}`;
    let owed = owners[asset] as bigint;
    for (const column of [ASSET.transit, ASSET.pending, ASSET.dust, ASSET.skin, ASSET.mutual, ASSET.loans]) {
      owed += exactly(arena.num(row, column));
      notNegative(report, where, arena.num(row, column));
    }
    report(
      "1",
      `${where}: pending withdrawals`,
      pending[asset] as bigint,
      exactly(arena.num(row, ASSET.pending)),
    );
    report("1", `${where}: in transit`, 0n, exactly(arena.num(row, ASSET.transit)));
    for (const tier of tiers) {
      const custody = exactly(arena.num(row, (ASSET.custody + tier.id) as typeof ASSET.custody));
      owed += custody;
      report("1b", `${where} in tier ${tier.id}`, custody, held(tier, asset, report));
    }
    report("1", where, exactly(arena.num(row, ASSET.held)), owed);
  }
}

function sumBalances(vault: VaultShard, report: Report): bigint[] {
  const { arena } = vault;
  const sums = noAmounts();
  for (let account = 1; account <= usedRows(arena, vault.accounts); account++) {
    let row = arena.int(rowOf(arena, vault.accounts, account), ACCOUNT.balances);
    for (; row !== NIL; row = arena.int(row, BALANCE.next)) {
      const asset = arena.int(row, BALANCE.asset);
      report("1", `balance of account ${account} is its own`, account, arena.int(row, BALANCE.account));
      notNegative(report, `account ${account}`, arena.num(row, BALANCE.amount));
      sums[asset] = (sums[asset] as bigint) + exactly(arena.num(row, BALANCE.amount));
    }
  }
  return sums;
}

function sumWithdrawals(vault: VaultShard): bigint[] {
  const { arena } = vault;
  const sums = noAmounts();
  for (let number = 1; number <= usedRows(arena, vault.withdrawals); number++) {
    const row = rowOf(arena, vault.withdrawals, number);
    if (arena.int(row, WITHDRAWAL.account) === 0) continue;
    const asset = arena.int(row, WITHDRAWAL.asset);
    sums[asset] = (sums[asset] as bigint) + exactly(arena.num(row, WITHDRAWAL.amount));
  }
  return sums;
}

/** What a tier holds of an asset: buckets, and for the quote currency its pools and fees. */
function held(tier: TierShard, asset: number, report: Report): bigint {
  const { arena } = tier;
  let total = 0n;
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    if (asset === QUOTE_ASSET) {
      notNegative(report, `cash of bucket ${id} in tier ${tier.id}`, arena.num(bucket, BUCKET.cash));
      total += exactly(arena.num(bucket, BUCKET.cash));
    } else total += heldAsCollateral(arena, bucket, asset, report);
  }
  if (asset !== QUOTE_ASSET) {
    report(
      "1b",
      `asset ${asset} counted by tier ${tier.id}`,
      total,
      exactly(arena.num(tier.collateral(asset), COLLATERAL.held)),
    );
    return total;
  }
  for (let id = 1; id <= tier.marketCount; id++) total += exactly(arena.num(tier.marketRow(id), MARKET.pool));
  for (const column of [TIER.fees, TIER.skin, TIER.insurance, TIER.escrow]) {
    notNegative(report, `fees and funds of tier ${tier.id}`, arena.num(tier.row, column));
    total += exactly(arena.num(tier.row, column));
  }
  return total;
}

function heldAsCollateral(arena: Arena, bucket: Ref<"bucket">, asset: number, report: Report): bigint {
  let total = 0n;
  for (let row = arena.int(bucket, BUCKET.holdings); row !== NIL; row = arena.int(row, HOLDING.next)) {
    if (arena.int(row, HOLDING.asset) !== asset) continue;
    notNegative(report, `holding of asset ${asset}`, arena.num(row, HOLDING.amount));
    total += exactly(arena.num(row, HOLDING.amount));
  }
  return total;
}

// ---------------------------------------------------------------------------------------------------- markets (2, 3, 4, 34)

function auditMarket(tier: TierShard, market: Market, report: Report): void {
  const { arena } = tier;
  const { row } = market;
  const where = `market ${market.id} of tier ${tier.id}`;
  const settledLots = exactly(arena.num(row, MARKET.settledLots));
  let lots = settledLots;
  let longs = settledLots > 0n ? settledLots : 0n;
  let cost = 0n;
  for (const column of [MARKET.feeCost, MARKET.fundingCost, MARKET.settledCost])
    cost += exactly(arena.num(row, column));
  let fundingDue = 0n;
  const index = exactly(arena.num(row, MARKET.fundingIndex));
  forEachPosition(tier, (position) => {
    if (arena.int(position, POSITION.market) !== market.id) return;
    const size = exactly(arena.num(position, POSITION.lots));
    lots += size;
    if (size > 0n) longs += size;
    cost += exactly(arena.num(position, POSITION.cost));
    fundingDue += roundedUp(size * (index - exactly(arena.num(position, POSITION.fundingEntry))));
  });
  const pool = exactly(arena.num(row, MARKET.pool));
  report("2", `${where}: lots`, 0n, lots);
  report("2", `${where}: open interest`, longs, exactly(arena.num(row, MARKET.openInterest)));
  report("3", `${where}: costs and pool`, -pool, cost);
  notNegative(report, `pool of ${where}`, Number(pool));
  const collected = -exactly(arena.num(row, MARKET.fundingCost));
  if (collected + fundingDue < 0n)
    report("4", `${where}: funding collected and due`, 0n, collected + fundingDue);
  if (arena.num(row, MARKET.feeCost) > 0)
    report("4", `${where}: the house's claim`, 0, arena.num(row, MARKET.feeCost));
}

/** Funding indices count millionths of a micro-dollar. */
const MICRO = 1_000_000n;

/** Funding as a position will settle it: whole micro-dollars, rounded up. */
function roundedUp(funding: bigint): bigint {
  const down = funding / MICRO;
  return down * MICRO < funding ? down + 1n : down;
}

function notNegative(report: Report, where: string, amount: number): void {
  if (amount < 0) report("19", where, 0, amount);
}

function noAmounts(): bigint[] {
  return Array.from({ length: MAX_ASSETS + 1 }, () => 0n);
}
