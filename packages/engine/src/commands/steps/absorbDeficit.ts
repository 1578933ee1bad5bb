/**
 * The waterfall: a deficit is absorbed layer by layer, each only for what the one before could not bear.
 * See docs/spec/liquidation.md, "The waterfall".
 */
import type { NumColumn, Ref } from "../../kernel/arena.ts";
import { least, minus, negate } from "../../kernel/checked.ts";
import { shareFloor } from "../../kernel/mulDiv.ts";
import { numberOf } from "../../kernel/pool.ts";
import { type MicroUsd, NONE } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { EVENTS } from "../../domain/events.ts";
import { borneBy, isInForce } from "../../domain/covers.ts";
import { MAX_COVERS, QUOTE_ASSET } from "../../domain/limits.ts";
import { coverAccountAt, coverOwedAt, coverPaidAt, openLoss } from "../../domain/losses.ts";
import { post, receive } from "../../domain/mail.ts";
import { COVER, LOSS } from "../../domain/rows/losses.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { debtIn, payDebts } from "../../clearing/defaultDebts.ts";
import { MUTUAL_FUND, SECOND_TRANCHE, type Guarantee, draw } from "../../vault/guarantee.ts";
import { LEDGER, moveCustody } from "../../vault/ledger.ts";
import { haircut } from "./haircut.ts";
import { emitMoved } from "./moveBalance.ts";

const ABSORBED = EVENTS.lossAbsorbed.code;
const CLAIMED = EVENTS.coverClaimed.code;
const LAYER = { skin: 1, insurance: 2, cover: 3, winners: 6 } as const;
/** Where it is noted what a layer has paid. */
type LossCell = NumColumn<"loss", MicroUsd>;

/** Absorbs what a bucket cannot pay. Afterwards it owes nothing that its own claims, profits and collateral do not cover. */
export function absorbDeficit(venue: Venue, tier: TierShard, bucket: Ref<"bucket">, deficit: MicroUsd): void {
  const { arena, row } = tier;
  const id = arena.num(row, TIER.defaults) + 1;
  arena.setNum(row, TIER.defaults, id);
  const number = numberOf(tier.buckets, bucket);
  const loss = openLoss(tier);
  let remaining = deficit;
  const pay = (layer: number, column: LossCell, amount: MicroUsd): void => {
    if (amount === 0) return;
    remaining = minus(remaining, amount);
    payDebts(tier, bucket, amount);
    arena.addNum(loss, column, amount);
    venue.events.emit(ABSORBED, id, number, layer, amount, remaining);
  };

  pay(LAYER.skin, LOSS.skin, takeFrom(tier, TIER.skin, remaining, arena.num(row, TIER.skin)));
  pay(LAYER.insurance, LOSS.insurance, takeFrom(tier, TIER.insurance, remaining, insuranceDrawable(tier)));
  for (let cover = 1; cover <= MAX_COVERS; cover++) {
    const paid = claimCover(venue, tier, loss, cover, deficit, remaining);
    pay(LAYER.cover, coverPaidAt(cover), paid);
  }
  pay(SECOND_TRANCHE.layer, LOSS.secondTranche, askVault(venue, tier, SECOND_TRANCHE, remaining));
  pay(MUTUAL_FUND.layer, LOSS.mutual, askVault(venue, tier, MUTUAL_FUND, remaining));
  for (let market = 1; market <= tier.marketCount && remaining > 0; market++) {
    const borne = least(remaining, debtIn(tier, bucket, market));
    if (borne === 0) continue;
    remaining = minus(remaining, borne);
    venue.events.emit(ABSORBED, id, number, LAYER.winners, borne, remaining);
    haircut(venue, tier, tier.listedMarket(market), bucket, borne, loss);
  }
}

/** What one default may take of the tier's insurance fund. */
export function insuranceDrawable({ arena, row }: TierShard): MicroUsd {
  const held = arena.num(row, TIER.insurance);
  const part = arena.int(row, TIER.insuranceDraw);
  return part === 0 ? held : shareFloor(held, part);
}

/** Takes from one of the tier's own layers, no more than it may give. */
function takeFrom(tier: TierShard, cell: typeof TIER.skin, asked: MicroUsd, limit: MicroUsd): MicroUsd {
  const taken = least(asked, limit);
  tier.arena.addNum(tier.row, cell, negate(taken));
  return taken;
}

/**
 * Claims a policy's part of a default. @returns what its escrow pays at once; what it owes beyond that counts nothing until it is paid
 */
function claimCover(
  venue: Venue,
  tier: TierShard,
  loss: Ref<"loss">,
  number: number,
  deficit: MicroUsd,
  remaining: MicroUsd,
): MicroUsd {
  const { arena, row } = tier;
  const cover = tier.cover(number);
  if (!isInForce(tier, cover, venue.now)) return NONE;
  const borne = borneBy(tier, cover, deficit, remaining);
  if (borne === 0) return borne;
  const paid = least(borne, arena.num(cover, COVER.escrow));
  const owed = minus(borne, paid);
  arena.addNum(cover, COVER.limit, negate(borne));
  arena.addNum(cover, COVER.escrow, negate(paid));
  arena.addNum(row, TIER.escrow, negate(paid));
  const account = arena.int(cover, COVER.account);
  arena.setInt(loss, coverAccountAt(number), account);
  arena.setNum(loss, coverOwedAt(number), owed);
  venue.events.emit(CLAIMED, arena.num(loss, LOSS.default), number, account, paid, owed);
  return paid;
}

/**
 * The loss port: the tier can name its deficit and nothing else. The vault answers with what its rules grant, and keeps it for the
 * tier from then on.
 */
function askVault(venue: Venue, tier: TierShard, guarantee: Guarantee, deficit: MicroUsd): MicroUsd {
  const { vault } = venue;
  if (deficit === 0) return deficit;
  const { id, arena } = tier;
  const asked = cashAsQuote(deficit);
  post(arena, tier.outbox, { account: 0, mode: guarantee.layer, asset: QUOTE_ASSET, amount: asked });
  const request = receive(arena, tier.outbox, vault.arena, vault.inbox(id));
  const granted = draw(vault, guarantee, request.amount, id, venue.now);
  if (granted > 0) {
    moveCustody(vault, QUOTE_ASSET, id, granted);
    emitMoved(venue, QUOTE_ASSET, granted, guarantee.ledger, LEDGER.custody + id);
  }
  post(vault.arena, vault.outbox(id), {
    account: 0,
    mode: guarantee.layer,
    asset: QUOTE_ASSET,
    amount: granted,
  });
  return quoteAsCash(receive(vault.arena, vault.outbox(id), arena, tier.inbox).amount);
}
