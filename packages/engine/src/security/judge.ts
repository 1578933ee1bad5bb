/**
 * The judge of every transition: reads what a command wrote, from the journals alone, and says which invariant it would break.
 *
 * It shares no code with the layers it judges. Every claim is about differences: sums that must not change must have changed by
 * zero, so the cost is that of the command, not of the state. Numbers are those of docs/spec/transition.md#invariants.
 */
import type { Ms } from "../kernel/units.ts";
import { MAX_ASSETS, MAX_MARKETS, QUOTE_ASSET } from "../domain/limits.ts";
import {
  BUCKET,
  HOLDING,
  HOLDING_WORDS,
  HOME_WORDS,
  POSITION,
  POSITION_WORDS,
} from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { COLLATERAL, COLLATERAL_WORDS, TIER } from "../domain/rows/tier.ts";
import {
  ASSET,
  ASSET_WORDS,
  BALANCE,
  BALANCE_WORDS,
  WITHDRAWAL,
  WITHDRAWAL_WORDS,
} from "../domain/rows/vault.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { isSealed } from "../domain/governance.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { isOfTakeovers, judgeTakeovers } from "./backstopJudge.ts";
import { BookJudge } from "./bookJudge.ts";
import { isOfDepth, judgeDepth } from "./depthJudge.ts";
import { isOfGuard, judgeGuards } from "./guardJudge.ts";
import { isLoanColumn, isOfLoans, judgeLoans } from "./loanJudge.ts";
import { judgeLosses, tellsOfLosses } from "./lossJudge.ts";
import { ThrottleJudge } from "./throttleJudge.ts";
import { isOfLosses, judgeRecoveries } from "./recoveryJudge.ts";
import { judgeParameters } from "./parameterJudge.ts";
import { judgeFunding } from "./markJudge.ts";
import { PriceJudge } from "./priceJudge.ts";
import { judgeBackstop, judgeShares, sharesCell } from "./shareJudge.ts";
import { judgeTrades } from "./tradeJudge.ts";
import { Verdict } from "./verdict.ts";

/** Rows of the size of a position between one bucket's and the next one's. */
const HOME_ROWS = HOME_WORDS / POSITION_WORDS;

export class Judge {
  readonly verdict: Verdict = new Verdict();

  private readonly throttleJudge = new ThrottleJudge();
  /** The tier under judgement. */
  private tier: TierShard | undefined;
  /** Differences of this command per market: lots, cost with pool, long lots less open interest. */
  private readonly lots = new Float64Array(MAX_MARKETS + 1);
  private readonly cost = new Float64Array(MAX_MARKETS + 1);
  private readonly longs = new Float64Array(MAX_MARKETS + 1);
  private readonly touched = new Int32Array(MAX_MARKETS + 1);
  private readonly isTouched = new Uint8Array(MAX_MARKETS + 1);
  private touchedCount = 0;
  /** Differences per asset: what the tier holds, what its collateral table says, the vault's books, its custody, withdrawals. */
  private readonly tierHolds = new Float64Array(MAX_ASSETS + 1);
  private readonly tierCounts = new Float64Array(MAX_ASSETS + 1);
  private readonly books = new Float64Array(MAX_ASSETS + 1);
  private readonly custody = new Float64Array(MAX_ASSETS + 1);
  private readonly pending = new Float64Array(MAX_ASSETS + 1);
  /** What is in transit after the command; nothing may be, since messages are delivered within it. */
  private readonly transit = new Float64Array(MAX_ASSETS + 1);
  /** Cells of lots and costs that have been 0 in this command; used only if a slot was passed on. */
  private readonly emptied = new Set<number>();
  /** True when a layer of the waterfall was written to, or what is remembered of a default. */
  private layersMoved = false;
  /** Assets this command touched, one bit each. */
  private assetsTouched = 0;
  private readonly prices = new PriceJudge();
  private readonly entries = new BookJudge();
  /** Records of the tier's journal of doubles about rows that may hold a parameter: about anything that most commands do not write. */
  private loose = new Int32Array(1_024);
  private looseCount = 0;
  /** Whether this command touched a breaker. */
  private isGuardTouched = false;
  /** Whether it wrote to the backstop's day. */
  private isDayTouched = false;
  /** Whether it changed what margin counts as standing behind the tier's buckets. */
  private isDepthTouched = false;
  /** Whether shares of the tier's insurance fund, or of the mutual fund, were bought or redeemed. */
  private insuranceShared = false;
  private mutualShared = false;
  /** Whether anything of a loan between funds changed, in the vault's books or the tier's. */
  private loansMoved = false;
  /** Whether shares of the backstop changed hands, and whether money left the tier's custody. */
  private backstopShared = false;
  private hasLeft = false;

  /** Judges what a command of this moment wrote to the vault and to the one tier it touched, if any. */
  judge(vault: VaultShard, tier: TierShard | undefined, events: EventLog, now: Ms): Verdict {
    this.verdict.invariant = 0;
    if (tier !== undefined) {
      this.tier = tier;
      if (tier.hasReusedSlot) this.emptied.clear();
      this.readTier(tier);
      tier.hasReusedSlot = false;
    }
    if (vault.arena.numCount > 0) {
      this.readVault(vault, tier === undefined ? 0 : tier.id);
      this.throttleJudge.judge(vault, now, this.verdict);
    }
    this.judgeMarkets();
    this.judgeAssets();
    if (tier !== undefined && (this.layersMoved || tellsOfLosses(events))) {
      judgeLosses(vault, tier, events, this.verdict);
      judgeRecoveries(vault, tier, events, this.verdict);
    }
    this.layersMoved = false;
    if (tier !== undefined && this.isDepthTouched) judgeDepth(vault, tier, now, this.verdict);
    this.isDepthTouched = false;
    if (this.loansMoved) judgeLoans(vault, tier, events, now, this.verdict);
    this.loansMoved = false;
    this.prices.judge(tier, this.verdict);
    if (tier !== undefined && this.isGuardTouched) judgeGuards(tier, this.verdict);
    this.isGuardTouched = false;
    this.judgeFunds(vault, tier, events);
    // Last, because it may throw over numbers no margin can be taken of: by now no difference is left for the next command.
    if (tier !== undefined) {
      if (isSealed(tier)) judgeParameters(tier, this.loose, this.looseCount, now, events, this.verdict);
      judgeTrades(tier, events, now, this.verdict);
      if (this.isDayTouched) judgeTakeovers(tier, events, now, this.verdict);
      this.isDayTouched = false;
      this.entries.judge(tier, events, this.verdict);
    }
    return this.verdict;
  }

  /** One pass over the journal of doubles: what each record is about decides who is told. */
  private readTier(tier: TierShard): void {
    const { arena } = tier;
    const { numAt, numOld, numNew, numCount, i32 } = arena;
    const { lots, cost, longs, entries } = this;
    // Rows of buckets with their first slots, then larger blocks of slots: all of one size, from a multiple of it on.
    const homes = (tier.buckets.base + HOME_WORDS) >> 1;
    const blocks = tier.positionsBase >> 1;
    const positionsEnd = blocks + tier.positionsCapacity * (POSITION_WORDS >> 1);
    const bulk = tier.firstBulkWord >> 1;
    const bulkEnd = tier.endOfBulkWords >> 1;
    // Levels of books count their lots; no invariant here speaks of them.
    const ladders = tier.laddersBase >> 1;
    entries.begin();
    this.looseCount = 0;
    for (let record = 0; record < numCount; record++) {
      const at = numAt[record] as number;
      const before = numOld[record] as number;
      const after = numNew[record] as number;
      if (before === after || at >= ladders) continue;
      if (at >= homes && at < positionsEnd) {
        const row = at >> 3;
        const column = at & 7;
        const place = row - (homes >> 3);
        if (at < blocks && place % HOME_ROWS === 0) {
          if (column !== BUCKET.cash) continue;
          this.holds(QUOTE_ASSET, before, after);
          entries.noteCash(place / HOME_ROWS + 1, after - before);
          continue;
        }
        if (column !== POSITION.lots && column !== POSITION.cost) continue;
        const market = tier.hasReusedSlot
          ? this.marketOfRecord(tier, at, column, before, after)
          : (i32[(at - column) * 2 + POSITION.market] as number);
        this.touch(market);
        const change = after - before;
        if (column === POSITION.lots) {
          lots[market] = (lots[market] as number) + change;
          longs[market] = (longs[market] as number) + Math.max(after, 0) - Math.max(before, 0);
          entries.noteLots(row, change);
        } else {
          cost[market] = (cost[market] as number) + change;
          entries.noteCost(row, change);
        }
      } else if (at >= bulk && at < bulkEnd) this.readHolding(tier, at, before, after);
      else {
        this.keepLoose(record);
        this.readRow(tier, at, before, after);
      }
    }
  }

  private keepLoose(record: number): void {
    if (this.looseCount === this.loose.length) {
      const larger = new Int32Array(this.loose.length * 2);
      larger.set(this.loose);
      this.loose = larger;
    }
    this.loose[this.looseCount] = record;
    this.looseCount++;
  }

  /**
   * The market whose lots or cost a record is about, in a command in which slots passed from one market to another. A slot is passed on
   * empty; so until its cell first becomes 0 its records are the old market's, and whatever comes after sums to what the new one has.
   */
  private marketOfRecord(tier: TierShard, at: number, column: number, before: number, after: number): number {
    const slot = tier.slotOfCell(at - column);
    const now = tier.arena.int(slot, POSITION.market);
    const then = tier.arena.intBefore(slot, POSITION.market);
    if (then === now || then === 0 || this.emptied.has(at) || before === 0) {
      this.emptied.add(at);
      return now;
    }
    if (after === 0) this.emptied.add(at);
    return then;
  }

  /** A market's own accounts: the pool and the house take the other side of the positions' costs. */
  private readMarket(index: number, column: number, before: number, after: number): void {
    const market = index + 1;
    const change = after - before;
    switch (column) {
      case MARKET.pool:
        this.holds(QUOTE_ASSET, before, after);
        break;
      case MARKET.feeCost:
      case MARKET.fundingCost:
      case MARKET.settledCost:
        break;
      case MARKET.settledLots:
        this.touch(market);
        this.lots[market] = (this.lots[market] as number) + change;
        this.longs[market] = (this.longs[market] as number) + Math.max(after, 0) - Math.max(before, 0);
        return;
      case MARKET.lotValue:
        this.prices.noteMark(market);
        return;
      case MARKET.fundingIndex:
        if (this.tier !== undefined) judgeFunding(this.tier, market, change, this.verdict);
        return;
      case MARKET.openInterest:
        this.touch(market);
        if (change > 0 && after > this.openInterestCap(market))
          this.verdict.breach(30, this.openInterestCap(market), after);
        this.longs[market] = (this.longs[market] as number) - change;
        return;
      default:
        return;
    }
    this.touch(market);
    this.cost[market] = (this.cost[market] as number) + change;
  }

  private openInterestCap(market: number): number {
    const { tier } = this;
    if (tier === undefined) return 0;
    const row = tier.marketRow(market);
    const cut = tier.arena.num(row, MARKET.openInterestCut);
    return Math.min(
      tier.arena.num(row, MARKET.maxOpenInterestLots),
      tier.arena.num(row, MARKET.openInterestLimit),
      cut === 0 ? Number.MAX_SAFE_INTEGER : cut,
    );
  }

  /** Of the rows that there are many of, besides buckets and positions, only holdings hold anything. */
  private readHolding(tier: TierShard, at: number, before: number, after: number): void {
    const ref = at * 2;
    const holdings = tier.holdings.base + HOLDING_WORDS;
    if (ref < holdings || ref >= holdings + tier.holdings.capacity * HOLDING_WORDS) return;
    const offset = (ref - holdings) % HOLDING_WORDS;
    if (offset === HOLDING.amount * 2)
      this.holds(tier.arena.i32[ref - offset + HOLDING.asset] as number, before, after);
  }

  /** A row that there is one of, or one per market, asset or feed. */
  private readRow(tier: TierShard, at: number, before: number, after: number): void {
    const markets = tier.marketRow(1) >> 1;
    if (at >= markets && at < tier.marketRow(tier.capacities.markets + 1) >> 1)
      return this.readMarket((at - markets) >> 6, (at - markets) & 63, before, after);
    const ref = at * 2;
    if (isOfTakeovers(at - (tier.row >> 1))) this.isDayTouched = true;
    if (isMoneyOfTier(at - (tier.row >> 1))) {
      this.layersMoved ||= ref !== tier.row + TIER.fees * 2;
      return this.holds(QUOTE_ASSET, before, after);
    }
    if (ref === tier.row + TIER.defaults * 2) this.layersMoved = true;
    if (isLoanColumn(at - (tier.row >> 1))) this.loansMoved = true;
    if (at === sharesCell(tier.insuranceBook)) this.insuranceShared = true;
    if (at === sharesCell(tier.backstopBook)) this.backstopShared = true;
    if (ref === tier.governance.row && before === 1) this.verdict.breach(21, before, after);
    const collaterals = tier.collateral(1);
    if (ref < collaterals || ref >= tier.ring(1, 0)) {
      if (isOfGuard(tier, at)) this.isGuardTouched = true;
      else if (isOfDepth(tier, at)) this.isDepthTouched = true;
      else if (isOfLosses(tier, ref)) this.layersMoved = true;
      return;
    }
    if (ref >= collaterals + MAX_ASSETS * COLLATERAL_WORDS)
      return this.prices.read(tier, ref, before, after, this.verdict);
    const offset = (ref - collaterals) % COLLATERAL_WORDS;
    const asset = (ref - collaterals - offset) / COLLATERAL_WORDS + 1;
    this.assetsTouched |= 1 << (asset - 1);
    if (offset === COLLATERAL.held * 2)
      this.tierCounts[asset] = (this.tierCounts[asset] as number) + after - before;
  }

  private readVault(vault: VaultShard, tier: number): void {
    const { arena } = vault;
    const { numAt, numOld, numNew, numCount, i32 } = arena;
    const assets = vault.asset(1);
    const balances = vault.balances.base + BALANCE_WORDS;
    const withdrawals = vault.withdrawals.base + WITHDRAWAL_WORDS;
    for (let record = 0; record < numCount; record++) {
      const ref = (numAt[record] as number) * 2;
      const before = numOld[record] as number;
      const after = numNew[record] as number;
      if (before === after) continue;
      if (ref >= balances && ref < balances + vault.balances.capacity * BALANCE_WORDS) {
        const offset = (ref - balances) % BALANCE_WORDS;
        if (offset === BALANCE.amount * 2)
          this.owes(i32[ref - offset + BALANCE.asset] as number, before, after);
      } else if (ref >= withdrawals && ref < withdrawals + vault.withdrawals.capacity * WITHDRAWAL_WORDS) {
        const offset = (ref - withdrawals) % WITHDRAWAL_WORDS;
        const asset = i32[ref - offset + WITHDRAWAL.asset] as number;
        this.assetsTouched |= 1 << (asset - 1);
        if (offset === WITHDRAWAL.amount * 2)
          this.pending[asset] = (this.pending[asset] as number) + after - before;
      } else if (ref >= assets && ref < assets + MAX_ASSETS * ASSET_WORDS) {
        const offset = (ref - assets) % ASSET_WORDS;
        this.readAsset(tier, (ref - assets - offset) / ASSET_WORDS + 1, offset / 2, before, after);
      } else if (numAt[record] === sharesCell(vault.mutualBook)) this.mutualShared = true;
      else if (isOfLoans(vault, ref)) this.loansMoved = true;
    }
  }

  private readAsset(tier: number, asset: number, column: number, before: number, after: number): void {
    const change = after - before;
    if (column === ASSET.held) {
      if (after < 0) this.verdict.breach(19, 0, after);
      this.assetsTouched |= 1 << (asset - 1);
      this.books[asset] = (this.books[asset] as number) - change;
    } else if (column === ASSET.skin || column === ASSET.mutual) {
      this.layersMoved = true;
      this.owes(asset, before, after);
    } else if (column >= ASSET.transit && column <= ASSET.dust) {
      this.owes(asset, before, after);
      if (column === ASSET.pending) this.pending[asset] = (this.pending[asset] as number) - change;
      if (column === ASSET.transit) this.transit[asset] = after;
    } else if (column === ASSET.loans) {
      this.loansMoved = true;
      this.owes(asset, before, after);
    } else if (column > ASSET.custody) {
      this.owes(asset, before, after);
      if (change < 0) this.hasLeft = true;
      if (column === ASSET.custody + tier) this.custody[asset] = (this.custody[asset] as number) + change;
      else this.verdict.breach(18, tier, column - ASSET.custody);
    }
  }

  /** What a tier holds of an asset changed; nothing it holds may be negative. */
  private holds(asset: number, before: number, after: number): void {
    if (after < 0) this.verdict.breach(19, 0, after);
    this.assetsTouched |= 1 << (asset - 1);
    this.tierHolds[asset] = (this.tierHolds[asset] as number) + after - before;
  }

  /** What the vault owes somebody changed. */
  private owes(asset: number, before: number, after: number): void {
    if (after < 0) this.verdict.breach(19, 0, after);
    this.assetsTouched |= 1 << (asset - 1);
    this.books[asset] = (this.books[asset] as number) + after - before;
  }

  private touch(market: number): void {
    if (this.isTouched[market] === 1) return;
    this.isTouched[market] = 1;
    this.touched[this.touchedCount] = market;
    this.touchedCount++;
  }

  private judgeMarkets(): void {
    for (let index = 0; index < this.touchedCount; index++) {
      const market = this.touched[index] as number;
      if (this.lots[market] !== 0) this.verdict.breach(2, 0, this.lots[market] as number);
      if (this.longs[market] !== 0) this.verdict.breach(2, 0, this.longs[market] as number);
      if (this.cost[market] !== 0) this.verdict.breach(3, 0, this.cost[market] as number);
      this.lots[market] = 0;
      this.longs[market] = 0;
      this.cost[market] = 0;
      this.isTouched[market] = 0;
    }
    this.touchedCount = 0;
  }

  private judgeFunds(vault: VaultShard, tier: TierShard | undefined, events: EventLog): void {
    if (this.insuranceShared && tier !== undefined) {
      const first = tier.row >> 1;
      const pot = { held: first + TIER.insurance, lent: first + TIER.lent, owed: first + TIER.owed };
      judgeShares(tier.arena, tier.insuranceBook, pot, this.verdict);
    }
    if (this.mutualShared) {
      const held = (vault.asset(QUOTE_ASSET) >> 1) + ASSET.mutual;
      judgeShares(vault.arena, vault.mutualBook, { held }, this.verdict);
    }
    if (tier !== undefined && (this.backstopShared || (isOwned(tier) && (this.hasLeft || isAppointed(tier)))))
      judgeBackstop(tier, events, this.hasLeft, this.verdict);
    this.insuranceShared = false;
    this.mutualShared = false;
    this.backstopShared = false;
    this.hasLeft = false;
  }

  private judgeAssets(): void {
    for (let left = this.assetsTouched; left !== 0; left &= left - 1)
      this.judgeAsset(32 - Math.clz32(left & -left));
    this.assetsTouched = 0;
  }

  private judgeAsset(asset: number): void {
    const { books, pending, custody, tierHolds, tierCounts, transit, verdict } = this;
    if (books[asset] !== 0) verdict.breach(1, 0, books[asset] as number);
    if (transit[asset] !== 0) verdict.breach(1, 0, transit[asset] as number);
    if (pending[asset] !== 0) verdict.breach(1, 0, pending[asset] as number);
    const held = tierHolds[asset] as number;
    if (custody[asset] !== held) verdict.breach(1, custody[asset] as number, held);
    if (asset !== QUOTE_ASSET && tierCounts[asset] !== held)
      verdict.breach(1, tierCounts[asset] as number, held);
    books[asset] = 0;
    pending[asset] = 0;
    custody[asset] = 0;
    tierHolds[asset] = 0;
    tierCounts[asset] = 0;
    transit[asset] = 0;
  }
}

/** Cells of the tier's own row that hold quote currency. */
function isMoneyOfTier(column: number): boolean {
  return column === TIER.fees || column === TIER.skin || column === TIER.insurance || column === TIER.escrow;
}

/** True while somebody owns shares of the tier's backstop. */
function isOwned({ arena, backstopBook }: TierShard): boolean {
  return arena.f64[sharesCell(backstopBook)] !== 0;
}

/** True when the command wrote which bucket is the backstop. */
function isAppointed({ arena, row }: TierShard): boolean {
  return arena.int(row, TIER.backstop) !== arena.intBefore(row, TIER.backstop);
}
