/** Who asks: by the bearer token of a session, which lets read, or by the signature of its key over this very request. */
import { createHash } from "node:crypto";
import { DecodeError } from "@bulkhead/engine";
import { type RouteAuth, SIGNATURE_BYTES, bytesOf, requestDigest } from "@bulkhead/protocol";
import type { Access } from "../access/access.ts";
import { expectScope } from "../access/authorise.ts";
import { Denied } from "../access/denial.ts";
import type { Session } from "../access/registry.ts";
import type { Caller } from "./handlers.ts";

/** What of a request says who sent it. */
export interface Claims {
  readonly address: string;
  readonly origin: string | undefined;
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  readonly body: Uint8Array;
  readonly authorization: string | undefined;
  readonly session: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
}

const BEARER = /^Bearer ([\w-]{20,128})$/i;
const INTEGER = /^[1-9]\d{0,15}$/;

/**
 * Finds out who asks, if he says so at all.
 * @throws {Denied} if what he shows is not good
 * @throws {DecodeError} if a header cannot be read
 */
export async function identify(access: Access, claims: Claims): Promise<Caller> {
  const { address, origin, authorization, session, nonce, signature } = claims;
  if (session !== undefined || nonce !== undefined || signature !== undefined)
    return { address, origin, session: await signerOf(access, claims), isSigned: true };
  if (authorization === undefined) return { address, origin, session: undefined, isSigned: false };
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined)
    throw new DecodeError("authorization", '"Bearer" and a token are required', "something else");
  return { address, origin, session: access.registry.sessionOfToken(token), isSigned: false };
}

async function signerOf(access: Access, claims: Claims): Promise<Session> {
  const { registry, sessionNonces, signatures, domain, clock } = access;
  const { method, target, body } = claims;
  const id = integerIn(claims.session, "bulkhead-session");
  const nonce = integerIn(claims.nonce, "bulkhead-nonce");
  if (claims.signature === undefined)
    throw new Denied("signature_missing", "the header bulkhead-signature is required with the others");
  const signature = bytesOf(claims.signature, SIGNATURE_BYTES, "bulkhead-signature");
  const { key } = registry.session(id);
  sessionNonces.expect(id, nonce, clock());
  const hash = createHash("sha256").update(body).digest();
  await signatures.verify(requestDigest(domain, { method, target, body: hash, nonce }), signature, key);
  const session = registry.session(id);
  sessionNonces.use(id, nonce, clock());
  return session;
}

/** Makes sure that a caller is who a route is for. @throws {Denied} */
export function expectAuth(auth: RouteAuth, caller: Caller): void {
  if (auth === "none" || auth === "wallet" || auth === "command") return;
  const session = sessionOf(caller);
  expectScope(session, auth);
  if (auth !== "read" && !caller.isSigned)
    throw new Denied("signature_missing", "a bearer token lets read; this needs the session key's signature");
}

/** The caller's session. @throws {Denied} if he has shown none */
export function sessionOf({ session }: Caller): Session {
  if (session === undefined)
    throw new Denied("signature_missing", "a session's token or signature is required");
  return session;
}

function integerIn(text: string | undefined, header: string): number {
  if (text === undefined || !INTEGER.test(text) || !Number.isSafeInteger(Number(text)))
    throw new DecodeError(header, "an integer above 0 is required", text?.slice(0, 32));
  return Number(text);
}
