/** Why somebody is not let in, or not let do what he asks: an answer with a stable name and the numbers that explain it. */
import type { ProblemKind } from "@bulkhead/protocol";

/** Every reason, and the kind of problem it is answered as. */
export const DENIALS = {
  signature_missing: "unauthenticated",
  signature_malformed: "signature-wrong",
  signature_malleable: "signature-wrong",
  signature_wrong: "signature-wrong",
  nonce_too_old: "nonce-out-of-window",
  nonce_too_new: "nonce-out-of-window",
  nonce_not_increasing: "nonce-used",
  session_unknown: "session-unknown",
  session_expired: "session-unknown",
  token_unknown: "session-unknown",
  challenge_unknown: "unauthenticated",
  login_malformed: "unauthenticated",
  login_domain_wrong: "unauthenticated",
  login_origin_unknown: "forbidden",
  login_expired: "unauthenticated",
  scope_missing: "forbidden",
  account_not_owned: "forbidden",
  wallet_required: "forbidden",
  reporter_required: "forbidden",
  member_required: "forbidden",
  operator_required: "forbidden",
  expiry_too_late: "forbidden",
  sessions_too_many: "forbidden",
  accounts_too_many: "forbidden",
  rate_exceeded: "rate-limited",
  orders_without_trades: "rate-limited",
  connections_too_many: "rate-limited",
  verifier_overloaded: "overloaded",
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type DenialName = keyof typeof DENIALS;

export class Denied extends Error {
  readonly denial: DenialName;
  readonly facts: Readonly<Record<string, number>>;

  /** @param facts - `retryAfterMs` among them tells when to come again */
  constructor(denial: DenialName, detail: string, facts: Readonly<Record<string, number>> = {}) {
    super(detail);
    this.name = "Denied";
    this.denial = denial;
    this.facts = facts;
  }
}
