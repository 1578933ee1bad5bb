/** Settled balance passes between its owner and a tier: by messages, in transit for as long as they take. */
import { negate } from "../../kernel/checked.ts";
import type { AssetUnits, MicroUsd } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { QUOTE_ASSET } from "../../domain/limits.ts";
import { post, receive } from "../../domain/mail.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { LEDGER, creditOwner, debitOwner, moveCustody, moveTransit } from "../../vault/ledger.ts";
import { emitMoved } from "./moveBalance.ts";

/** Debits an owner who has it. @returns what arrives in the tier; it is the caller's to book there */
export function payIntoTier(venue: Venue, tier: TierShard, account: number, amount: AssetUnits): MicroUsd {
  const { vault } = venue;
  const { id, arena } = tier;
  debitOwner(vault, account, QUOTE_ASSET, amount);
  moveTransit(vault, QUOTE_ASSET, amount);
  emitMoved(venue, QUOTE_ASSET, amount, LEDGER.owner + account, LEDGER.transit);
  post(vault.arena, vault.outbox(id), { account, mode: 0, asset: QUOTE_ASSET, amount });
  const arrived = receive(vault.arena, vault.outbox(id), arena, tier.inbox);
  moveTransit(vault, QUOTE_ASSET, negate(amount));
  moveCustody(vault, QUOTE_ASSET, id, amount);
  emitMoved(venue, QUOTE_ASSET, amount, LEDGER.transit, LEDGER.custody + id);
  return quoteAsCash(arrived.amount);
}

/** Credits an owner, who has a balance, with what the caller has taken off the tier's books. */
export function payOutOfTier(venue: Venue, tier: TierShard, account: number, cash: MicroUsd): void {
  const { vault } = venue;
  const { id, arena } = tier;
  const amount = cashAsQuote(cash);
  post(arena, tier.outbox, { account, mode: 0, asset: QUOTE_ASSET, amount });
  const arrived = receive(arena, tier.outbox, vault.arena, vault.inbox(id));
  moveCustody(vault, QUOTE_ASSET, id, negate(arrived.amount));
  moveTransit(vault, QUOTE_ASSET, arrived.amount);
  emitMoved(venue, QUOTE_ASSET, arrived.amount, LEDGER.custody + id, LEDGER.transit);
  moveTransit(vault, QUOTE_ASSET, negate(arrived.amount));
  creditOwner(vault, arrived.account, QUOTE_ASSET, arrived.amount);
  emitMoved(venue, QUOTE_ASSET, arrived.amount, LEDGER.transit, LEDGER.owner + arrived.account);
}
