/** Logging in, delegating, and sending any command that somebody has signed. */
import { CODE, LAYOUTS, type Layout } from "@bulkhead/engine";
import {
  type NewSession,
  type Receipt,
  SIGNATURE_BYTES,
  type Session as ToldSession,
  addressIn,
  bytesOf,
  checksummed,
  commandDigest,
  decodeCommand,
  delegationDigest,
  hexOf,
  isPublicKey,
  personalDigest,
} from "@bulkhead/protocol";
import { DecodeError } from "@bulkhead/engine";
import type { Access } from "../access/access.ts";
import type { Signer } from "../access/authorise.ts";
import { Denied } from "../access/denial.ts";
import type { Delegated, Session } from "../access/registry.ts";
import { sessionOf } from "./caller.ts";
import type { Caller, Desk, Handlers } from "./handlers.ts";
import { problem } from "./problems.ts";
import { doneAt, expectAccepted, receiptOf } from "./receipts.ts";

type Hex = `0x${string}`;

const OPEN_ACCOUNT = (LAYOUTS as readonly Layout[]).find(({ name }) => name === "openAccount") as Layout;
const [PLACE_ORDER, AMEND_ORDER] = ["placeOrder", "amendOrder"].map(
  (wanted) => (LAYOUTS as readonly Layout[]).find(({ name }) => name === wanted) as Layout,
) as [Layout, Layout];
const WALLET_SIGNATURE_BYTES = SIGNATURE_BYTES + 1;

export const ACCESS_HANDLERS: Handlers<
  "challenge" | "login" | "delegate" | "sessions" | "endSession" | "command"
> = {
  challenge: ({ access }, { body }, { address: from, origin }) => {
    access.gate.login(from);
    const address = checksummed(addressIn(body.address, "body.address"));
    const { scopes, expires } = body;
    return access.logins.challenge({ origin, address, key: keyIn(body.key, "body.key"), scopes, expires });
  },

  login: async ({ access }, { body }, { address, origin }) => {
    access.gate.login(address);
    const { signatures, logins } = access;
    logins.expectOrigin(origin);
    const { nonce, ...delegated } = logins.read(body.message);
    expectKey(delegated.key, "body.message");
    const signature = walletSignatureIn(body.signature);
    const signer = await signatures.recover(personalDigest(body.message), signature);
    expectSigner(signer, delegated.owner);
    logins.use(nonce);
    return open(access, delegated);
  },

  delegate: async ({ access }, { body }, { address }) => {
    access.gate.login(address);
    const { signatures, walletNonces, domain, clock } = access;
    const { key, scopes, expires, nonce } = body.delegation;
    const owner = addressIn(body.delegation.owner, "body.delegation.owner");
    const delegated = { owner, key: keyIn(key, "body.delegation.key"), scopes, expires };
    walletNonces.expect(owner, nonce, clock());
    const digest = delegationDigest(domain, { owner, key: key as Hex, scopes, expires, nonce });
    expectSigner(await signatures.recover(digest, walletSignatureIn(body.signature)), owner);
    walletNonces.use(owner, nonce, clock());
    return open(access, delegated);
  },

  sessions: ({ access }, _, caller) =>
    access.registry.sessionsOf(sessionOf(caller).owner).map((session) => told(session)),

  endSession: async ({ access: { registry } }, { params }, caller) => {
    const { owner } = sessionOf(caller);
    const session = registry.sessionsOf(owner).find(({ id }) => id === params.session);
    if (session === undefined) throw problem("not-found", `no session ${params.session} of yours`);
    await registry.revoke(session.id);
    return told(session);
  },

  command: async (desk, { body }, caller) => {
    const frame = decodeCommand(body.command, "body.command");
    const signer = await signerOf(desk.access, frame, body, caller);
    desk.access.authority.expect(signer, frame);
    charge(desk.access, frame, signer);
    return frame[CODE] === OPEN_ACCOUNT.code ? openAccount(desk, frame, signer) : execute(desk, frame);
  },
};

/** Who has signed a command: a wallet the command itself, or a session the request that brings it. */
async function signerOf(
  access: Access,
  frame: Float64Array,
  body: { readonly nonce?: number | undefined; readonly signature?: string | undefined },
  caller: Caller,
): Promise<Signer> {
  const { signature, nonce } = body;
  if (signature === undefined) {
    if (!caller.isSigned)
      throw new Denied("signature_missing", "a wallet's or a session's signature is required");
    return { kind: "session", session: sessionOf(caller) };
  }
  if (nonce === undefined) throw new DecodeError("body.nonce", "needed with the wallet's signature", nonce);
  const { signatures, walletNonces, domain, clock, gate } = access;
  gate.login(caller.address);
  const address = await signatures.recover(commandDigest(domain, frame, nonce), walletSignatureIn(signature));
  // Whoever signs something else than what is sent recovers as somebody else, who owns nothing.
  walletNonces.use(address, nonce, clock());
  return { kind: "wallet", address };
}

function charge({ gate }: Access, frame: Float64Array, signer: Signer): void {
  if (signer.kind === "session") gate.sessionCommand(signer.session.id, 1);
  const layout = (LAYOUTS as readonly Layout[]).find(({ code }) => code === frame[CODE]);
  const word = layout?.at["account"];
  if (word === undefined) return;
  const isOrder = layout === PLACE_ORDER || layout === AMEND_ORDER;
  gate.accountCommand(frame[word] as number, 1, isOrder ? 1 : 0);
}

async function execute({ core }: Desk, frame: Float64Array): Promise<Receipt> {
  const { batch, index } = await core.submitAll(frame);
  return receiptOf(expectAccepted(doneAt(batch, index)));
}

async function openAccount(desk: Desk, frame: Float64Array, signer: Signer): Promise<Receipt> {
  if (signer.kind !== "wallet") throw new Denied("wallet_required", "an account is opened by a wallet");
  const { registry, gate } = desk.access;
  registry.expectRoomForAccount(signer.address);
  gate.newAccount();
  let receipt: Receipt | undefined;
  await registry.openAccount(signer.address, async () => {
    receipt = await execute(desk, frame);
    return receipt.facts["account"];
  });
  return receipt as unknown as Receipt;
}

async function open({ registry }: Access, delegated: Delegated): Promise<NewSession> {
  const { session, token } = await registry.openSession(delegated);
  return { ...told(session), token, accounts: [...registry.accountsOf(session.owner)] };
}

function told({ id, owner, key, scopes, expires }: Session): ToldSession {
  return { session: id, owner, key: hexOf(key), scopes, expires };
}

function expectSigner(signer: string, owner: string): void {
  if (signer !== owner)
    throw new Denied("signature_wrong", "the signature is not of this, or not of the wallet that is named");
}

function keyIn(text: string, path: string): Uint8Array {
  return expectKey(bytesOf(text, 33, path), path);
}

/** A key that is none would make a session that nobody can use. */
function expectKey(key: Uint8Array, path: string): Uint8Array {
  if (!isPublicKey(key)) throw new DecodeError(path, "a compressed public key is required", hexOf(key));
  return key;
}

function walletSignatureIn(text: string): Uint8Array {
  return bytesOf(text, WALLET_SIGNATURE_BYTES, "body.signature");
}
