/** A session: a key of this program's own that acts for a wallet, within its scopes and until it expires. */
import {
  type Hex,
  type SigningDomain,
  batchDigest,
  contentHash,
  createPrivateKey,
  hexOf,
  publicKeyOf,
  requestDigest,
  sign,
} from "@bulkhead/protocol";
import { type Clock, Nonces } from "./clock.ts";

/** The key of a session, before and after the node knows it. */
export interface SessionKey {
  /** Compressed, as the delegation names it. */
  readonly publicKey: Hex;
  /** @returns r and s */
  sign(digest: Uint8Array): Uint8Array;
}

/** What the node told of a session, or what was kept of one. */
export interface SessionTerms {
  readonly session: number;
  readonly owner: Hex;
  readonly scopes: number;
  /** ms since the epoch. */
  readonly expires: number;
  readonly token: string;
  readonly accounts: readonly number[];
}

/** A session that can sign. */
export interface Session extends SessionTerms {
  readonly key: SessionKey;
  readonly nonces: Nonces;
}

/** A key of a private one, by default a new one. */
export function sessionKey(privateKey: Uint8Array = createPrivateKey()): SessionKey {
  return { publicKey: hexOf(publicKeyOf(privateKey)), sign: (digest) => sign(digest, privateKey) };
}

export function openSession(terms: SessionTerms, key: SessionKey, clock: Clock): Session {
  return { ...terms, key, nonces: new Nonces(clock) };
}

/** The headers that sign a request. @param target - path and query */
export function signedHeaders(
  domain: SigningDomain,
  { session, key, nonces }: Session,
  method: string,
  target: string,
  body: Uint8Array,
): Record<string, string> {
  const nonce = nonces.next();
  const digest = requestDigest(domain, { method, target, body: contentHash(body), nonce });
  return {
    "bulkhead-session": String(session),
    "bulkhead-nonce": String(nonce),
    "bulkhead-signature": hexOf(key.sign(digest)),
  };
}

/** The nonce and signature of a batch of records. */
export function signedBatch(
  domain: SigningDomain,
  { session, key, nonces }: Session,
  records: Uint8Array,
): { readonly session: number; readonly nonce: number; readonly signature: Uint8Array } {
  const nonce = nonces.next();
  const digest = batchDigest(domain, { session, nonce, records: contentHash(records) });
  return { session, nonce, signature: key.sign(digest) };
}
