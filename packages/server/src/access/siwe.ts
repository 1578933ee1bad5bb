/**
 * Sign-In with Ethereum (ERC-4361): a wallet signs a plain text that names the venue's domain, a key that may act for it, what the key may do
 * and until when. The text comes from a challenge, whose nonce counts once.
 *
 * A nonce is `time ‖ 16 random bytes ‖ their HMAC`: the node remembers those that were used, not those it gave away, so that nobody who asks
 * for challenges without end costs it memory or anybody else his own. The key of the HMAC lives as long as the process.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { ALL_SCOPES, SCOPE } from "@bulkhead/protocol";
import { createSiweMessage, parseSiweMessage, validateSiweMessage } from "viem/siwe";
import { Denied } from "./denial.ts";
import type { Delegated } from "./registry.ts";

export interface SiweOptions {
  /** Origins of the pages that log in here, as browsers name them: a text names that of its page, or else the first. Known once it listens. */
  readonly origins: () => readonly [string, ...string[]];
  readonly chainId: number;
  readonly clock: () => number;
  /** How long a challenge may be answered, ms. */
  readonly challengeLife?: number;
}

/** What a login asks for. */
export interface LoginWish {
  /** Of the page that asks, if a browser says so. */
  readonly origin?: string | undefined;
  /** With capitals in the places of EIP-55, as wallets show it. */
  readonly address: `0x${string}`;
  /** 33 bytes. */
  readonly key: Uint8Array;
  readonly scopes: number;
  /** ms since the epoch. */
  readonly expires: number;
}

const LIFE = 300_000;
const TIME_DIGITS = 12;
const RANDOM_BYTES = 16;
const MAC_BYTES = 16;
const NONCE = new RegExp(`^[0-9a-f]{${TIME_DIGITS + 2 * (RANDOM_BYTES + MAC_BYTES)}}$`);
const KEY = /^bulkhead:key:0x(0[23][0-9a-f]{64})$/;
const SCOPES = /^bulkhead:scopes:(\d{1,3})$/;
/** A text of a login is far shorter. */
const MESSAGE_CHARS = 4_096;
const STATEMENT = "Let this key act for me on the venue.";

export class Logins {
  private readonly options: Required<SiweOptions>;
  private readonly secret = randomBytes(32);
  /** Nonces that have counted, with when they would have lapsed. */
  private readonly used = new Map<string, number>();

  constructor(options: SiweOptions) {
    this.options = { challengeLife: LIFE, ...options };
  }

  /** The text to sign for a login. @throws {Denied} if pages of the origin do not log in here */
  challenge({ origin, address, key, scopes, expires }: LoginWish): {
    readonly message: string;
    readonly expires: number;
  } {
    const { origins, chainId, clock, challengeLife } = this.options;
    this.expectOrigin(origin);
    const uri = origin ?? origins()[0];
    const now = clock();
    const message = createSiweMessage({
      address,
      chainId,
      domain: hostOf(uri),
      uri,
      version: "1",
      nonce: this.nonce(now),
      statement: STATEMENT,
      issuedAt: new Date(now),
      expirationTime: new Date(expires),
      resources: [`bulkhead:key:0x${Buffer.from(key).toString("hex")}`, `bulkhead:scopes:${scopes}`],
    });
    return { message, expires: now + challengeLife };
  }

  /**
   * What a text delegates. Its signature is still to be looked at, and its nonce to be used up.
   * @throws {Denied} if it is not of this venue, or its time has gone
   */
  read(message: string): Delegated & { readonly nonce: string } {
    const { chainId, clock } = this.options;
    const origins = this.options.origins();
    if (message.length > MESSAGE_CHARS) throw malformed(`is longer than ${MESSAGE_CHARS} characters`);
    const parsed = parseSiweMessage(message);
    const { address, nonce, expirationTime, resources = [] } = parsed;
    if (address === undefined || nonce === undefined) throw malformed("is no Sign-In with Ethereum message");
    const uri = origins.find((origin) => origin === parsed.uri);
    if (
      uri === undefined ||
      parsed.domain !== hostOf(uri) ||
      parsed.chainId !== chainId ||
      parsed.version !== "1"
    )
      throw new Denied(
        "login_domain_wrong",
        `the login is not for ${origins.map(hostOf).join(" or ")} on chain ${chainId}`,
        { chainId },
      );
    const now = clock();
    this.expectNonce(nonce, now);
    const expires = expirationTime?.getTime();
    if (expires === undefined || !Number.isSafeInteger(expires)) throw malformed("names no expiration time");
    if (!validateSiweMessage({ message: parsed, domain: hostOf(uri), time: new Date(now) }))
      throw new Denied("login_expired", "the login has expired, or does not count yet", { expires, now });
    const key = only(resources, KEY);
    const scopes = Number(only(resources, SCOPES));
    if (key === undefined || !(scopes >= SCOPE.read && scopes <= ALL_SCOPES))
      throw malformed("names no key and scopes among its resources");
    return {
      owner: address.toLowerCase(),
      key: new Uint8Array(Buffer.from(key, "hex")),
      scopes,
      expires,
      nonce,
    };
  }

  /** @throws {Denied} if a browser says that a page of another origin asks */
  expectOrigin(origin: string | undefined): void {
    const origins = this.options.origins();
    if (origin === undefined || origins.includes(origin)) return;
    throw new Denied(
      "login_origin_unknown",
      `pages of ${origin.slice(0, 100)} do not log in here: the node is known as ${origins.join(", ")}`,
    );
  }

  /** Uses the nonce of a login up, once its signature is known to be good. @throws {Denied} if it has counted before */
  use(nonce: string): void {
    const now = this.options.clock();
    this.expectNonce(nonce, now);
    for (const [each, lapse] of this.used) {
      if (lapse > now) break;
      this.used.delete(each);
    }
    this.used.set(nonce, timeOf(nonce) + this.options.challengeLife);
  }

  private nonce(now: number): string {
    const head = now.toString(16).padStart(TIME_DIGITS, "0") + randomBytes(RANDOM_BYTES).toString("hex");
    return head + this.mac(head);
  }

  private expectNonce(nonce: string, now: number): void {
    const head = nonce.slice(0, -2 * MAC_BYTES);
    const isOurs =
      NONCE.test(nonce) &&
      timingSafeEqual(Buffer.from(this.mac(head)), Buffer.from(nonce.slice(-2 * MAC_BYTES)));
    if (!isOurs || this.used.has(nonce) || timeOf(nonce) + this.options.challengeLife <= now)
      throw new Denied("challenge_unknown", "no such challenge waits: ask for another one");
  }

  private mac(head: string): string {
    return createHmac("sha256", this.secret)
      .update(head)
      .digest("hex")
      .slice(0, 2 * MAC_BYTES);
  }
}

/** Host, and port if it is not the scheme's own. */
function hostOf(origin: string): string {
  return new URL(origin).host;
}

function timeOf(nonce: string): number {
  return Number.parseInt(nonce.slice(0, TIME_DIGITS), 16);
}

/** What the one resource of this form says; undefined if there is none, or more than one. */
function only(resources: readonly string[], form: RegExp): string | undefined {
  const found = resources.map((resource) => form.exec(resource)).filter((match) => match !== null);
  return found.length === 1 ? found[0]?.[1] : undefined;
}

function malformed(problem: string): Denied {
  return new Denied("login_malformed", `the text of the login ${problem}`);
}
