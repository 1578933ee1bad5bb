/**
 * Signatures over secp256k1, as Ethereum's wallets make them. Of the two that fit a digest only the one with s ≤ n/2 is a signature here: so
 * nobody can make a second one of it. A node may verify by a faster library; this one says what is right.
 */
import { DecodeError } from "@bulkhead/engine";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type Hex, bytesOf, hexOf } from "./bytes.ts";

/** Of r and s. */
export const SIGNATURE_BYTES = 64;
/** Of r, s and the recovery number v, as wallets give it. */
const WALLET_SIGNATURE_BYTES = 65;
/** Of a compressed public key. */
export const PUBLIC_KEY_BYTES = 33;
const KEY_BYTES = 32;
const KEY_TEXT = /^0x[0-9a-fA-F]{64}$/;
const ADDRESS_BYTES = 20;
const V_BASE = 27;

const HALF_ORDER = secp256k1.Point.CURVE().n / 2n;

/** A new private key, of the platform's randomness. */
export function createPrivateKey(): Uint8Array {
  return secp256k1.utils.randomSecretKey();
}

/** @throws {DecodeError} if the text is no private key */
export function privateKeyOf(text: string, path = "key"): Uint8Array {
  // What was found is not told: it may be a key all but a digit.
  if (!KEY_TEXT.test(text))
    throw new DecodeError(path, "0x and 64 hex digits are required", "something else");
  const key = bytesOf(text, KEY_BYTES, path);
  if (!secp256k1.utils.isValidSecretKey(key))
    throw new DecodeError(path, "a private key is required", "another number");
  return key;
}

/** The compressed public key of a private one. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return secp256k1.getPublicKey(privateKey, true);
}

/** Whether these bytes are a compressed public key. */
export function isPublicKey(bytes: Uint8Array): boolean {
  return bytes.length === PUBLIC_KEY_BYTES && secp256k1.utils.isValidPublicKey(bytes, true);
}

/** Signs a digest as a session key does: r and s, 64 bytes. */
export function sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return secp256k1.sign(digest, privateKey, { prehash: false });
}

/** Signs a digest as a wallet does: r, s and v, 65 bytes. */
export function signRecoverable(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const recovered = secp256k1.sign(digest, privateKey, { prehash: false, format: "recovered" });
  const signature = new Uint8Array(WALLET_SIGNATURE_BYTES);
  signature.set(recovered.subarray(1));
  signature[SIGNATURE_BYTES] = V_BASE + (recovered[0] as number);
  return signature;
}

/** Whether this key signed this digest; never true of a signature with s > n/2, or of bytes that are none. */
export function verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES || !isPublicKey(publicKey)) return false;
  return secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: true });
}

/**
 * Whose wallet signed a digest.
 * @param signature - r, s and v; v counts from 0 or from 27
 * @throws {DecodeError} if it is no signature, or one with s > n/2
 */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array, path = "signature"): Hex {
  if (signature.length !== WALLET_SIGNATURE_BYTES)
    throw new DecodeError(path, `${WALLET_SIGNATURE_BYTES} bytes are required: r, s and v`, signature.length);
  const v = signature[SIGNATURE_BYTES] as number;
  const recovery = v >= V_BASE ? v - V_BASE : v;
  if (recovery > 1) throw new DecodeError(path, "v is 0, 1, 27 or 28", v);
  if (!hasLowS(signature)) throw new DecodeError(path, "s is at most half the order of the curve", "more");
  const recovered = new Uint8Array(WALLET_SIGNATURE_BYTES);
  recovered[0] = recovery;
  recovered.set(signature.subarray(0, SIGNATURE_BYTES), 1);
  try {
    return addressOf(secp256k1.recoverPublicKey(recovered, digest, { prehash: false }));
  } catch (cause) {
    throw Object.assign(new DecodeError(path, "no key can have made it", hexOf(signature)), { cause });
  }
}

/** Whether s ≤ n/2. Libraries that recover keys do not all ask. */
export function hasLowS(signature: Uint8Array): boolean {
  return BigInt(hexOf(signature.subarray(32, SIGNATURE_BYTES))) <= HALF_ORDER;
}

/** The address of a public key, in lower case. @param publicKey - compressed or not */
export function addressOf(publicKey: Uint8Array): Hex {
  const point = secp256k1.Point.fromBytes(publicKey).toBytes(false).subarray(1);
  return hexOf(keccak_256(point).subarray(-ADDRESS_BYTES));
}

/**
 * An address in lower case, as the node keeps it.
 * @throws {DecodeError} if the text is no address, or in mixed case and with a letter that contradicts the checksum of EIP-55
 */
export function addressIn(text: string, path = "address"): Hex {
  const address = hexOf(bytesOf(text, ADDRESS_BYTES, path));
  const digits = text.slice(2);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  if (isMixed && text !== checksummed(address))
    throw new DecodeError(path, "the checksum of its capitals is wrong", text);
  return address;
}

/** An address with the capitals of EIP-55. @param address - in lower case */
export function checksummed(address: Hex): Hex {
  const hash = keccak_256(utf8ToBytes(address.slice(2)));
  const digits = address.slice(2).replaceAll(/./g, (digit, index: number) => {
    const nibble = ((hash[index >> 1] as number) >> (index % 2 === 0 ? 4 : 0)) & 15;
    return nibble >= 8 ? digit.toUpperCase() : digit;
  });
  return `0x${digits}`;
}
