/** Money of a loan passes between a tier's insurance fund, or its fees, and the vault: by a message, as everything between shards. */
import { negate } from "../../kernel/checked.ts";
import type { AssetUnits, MicroUsd } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { QUOTE_ASSET } from "../../domain/limits.ts";
import { post, receive } from "../../domain/mail.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { LEDGER, moveCustody } from "../../vault/ledger.ts";
import { moveLoans } from "../../vault/loans.ts";
import { emitMoved } from "./moveBalance.ts";

/** The layer whose money it is. */
const INSURANCE = 2;

/** What the caller has taken off the tier's books lies with the vault from now on. @returns what arrived there */
export function sendLoan(venue: Venue, tier: TierShard, cash: MicroUsd): AssetUnits {
  const { vault } = venue;
  const { id, arena } = tier;
  const sent = { account: 0, mode: INSURANCE, asset: QUOTE_ASSET, amount: cashAsQuote(cash) };
  post(arena, tier.outbox, sent);
  const { amount } = receive(arena, tier.outbox, vault.arena, vault.inbox(id));
  moveCustody(vault, QUOTE_ASSET, id, negate(amount));
  moveLoans(vault, amount);
  emitMoved(venue, QUOTE_ASSET, amount, LEDGER.custody + id, LEDGER.loans);
  return amount;
}

/** What lay with the vault goes to the tier. @returns what arrived; it is the caller's to book there */
export function receiveLoan(venue: Venue, tier: TierShard, amount: AssetUnits): MicroUsd {
  const { vault } = venue;
  const { id, arena } = tier;
  moveLoans(vault, negate(amount));
  moveCustody(vault, QUOTE_ASSET, id, amount);
  emitMoved(venue, QUOTE_ASSET, amount, LEDGER.loans, LEDGER.custody + id);
  post(vault.arena, vault.outbox(id), { account: 0, mode: INSURANCE, asset: QUOTE_ASSET, amount });
  return quoteAsCash(receive(vault.arena, vault.outbox(id), arena, tier.inbox).amount);
}
