/**
 * The registry: whose accounts are whose, which keys may act for whom, and who has asked to have his orders cancelled should he fall silent.
 * Everything is durable before it is acknowledged, and read back when the node starts.
 *
 * An account is opened by the engine first and linked to its owner afterwards. A crash between the two leaves an account that nobody owns and
 * that holds nothing: its owner opens another one.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Storage } from "../log/storage.ts";
import { Denied } from "./denial.ts";
import type { Entry } from "./entries.ts";
import { Journal } from "./journal.ts";

/** A key that acts for an address: 33 bytes, until it expires or is revoked. */
export interface Session {
  readonly id: number;
  readonly owner: string;
  readonly key: Uint8Array;
  /** Bits of the protocol's scopes. */
  readonly scopes: number;
  /** ms since the epoch. */
  readonly expires: number;
}

export interface RegistryOptions {
  readonly genesis: Uint8Array;
  readonly clock: () => number;
  readonly sessionsPerAddress?: number;
  readonly accountsPerAddress?: number;
  /** A session lives so long at most, ms. */
  readonly sessionLife?: number;
  /** Size of new segments of the journal. */
  readonly segmentBytes?: number;
}

/** What a new session is of. */
export type Delegated = Pick<Session, "owner" | "key" | "scopes" | "expires">;

interface Held extends Session {
  readonly token: string;
}

const SESSIONS = 64;
const ACCOUNTS = 16;
const LIFE = 30 * 86_400_000;
/** The journal is written anew when this many of its entries say nothing that is still true. */
const STALE = 4_096;

export class Registry {
  private readonly options: Required<Omit<RegistryOptions, "segmentBytes">>;
  private journal!: Journal;
  /** Of each account, its owner and when it became his. */
  private readonly owners = new Map<number, { readonly owner: string; readonly time: number }>();
  private readonly accounts = new Map<string, number[]>();
  private readonly sessions = new Map<number, Held>();
  private readonly sessionsOfOwner = new Map<string, Set<number>>();
  private readonly tokens = new Map<string, number>();
  private readonly timeouts = new Map<number, number>();
  /** Sessions and accounts that are being made durable, by owner. */
  private readonly opening = new Map<string, number>();
  private nextSession = 1;

  /** Sessions that are held. */
  get size(): number {
    return this.sessions.size;
  }
  private latest = 0;

  private constructor(options: RegistryOptions) {
    this.options = {
      sessionsPerAddress: SESSIONS,
      accountsPerAddress: ACCOUNTS,
      sessionLife: LIFE,
      ...options,
    };
  }

  /** @throws {LogError} if its journal is damaged, or of another venue */
  static async open(storage: Storage, options: RegistryOptions): Promise<Registry> {
    const registry = new Registry(options);
    const replay = (entry: Entry): void => registry.apply(entry);
    registry.journal = await Journal.open(storage, options.genesis, replay, options.segmentBytes);
    registry.forgetExpired();
    const living = registry.living();
    if (registry.journal.size > living.length + STALE) await registry.journal.rewrite(living);
    return registry;
  }

  /** Time of the last entry, ms; 0 = there is none. */
  get durableUntil(): number {
    return this.latest;
  }

  /** Whether changes can be made durable. */
  get condition(): Journal["condition"] {
    return this.journal.condition;
  }

  /** The owner's address, undefined if nobody owns the account. */
  ownerOf(account: number): string | undefined {
    return this.owners.get(account)?.owner;
  }

  /** When an account became its owner's, ms; undefined if nobody owns it. */
  openedAt(account: number): number | undefined {
    return this.owners.get(account)?.time;
  }

  /** In ascending order of opening. */
  accountsOf(owner: string): readonly number[] {
    return this.accounts.get(owner) ?? [];
  }

  /** @throws {Denied} if there is no such session, or it has expired */
  session(id: number): Session {
    const session = this.sessions.get(id);
    if (session === undefined)
      throw new Denied("session_unknown", "no such session, or it was revoked", { session: id });
    const now = this.options.clock();
    if (session.expires <= now)
      throw new Denied("session_expired", "the session has expired", {
        session: id,
        expires: session.expires,
        now,
      });
    return session;
  }

  /** Whether there is such a session, expired or not. */
  holds(id: number): boolean {
    return this.sessions.has(id);
  }

  /** The session a bearer token was given for. @throws {Denied} */
  sessionOfToken(token: string): Session {
    const id = this.tokens.get(digestOf(token));
    if (id === undefined) throw new Denied("token_unknown", "no session has this token, or it was revoked");
    return this.session(id);
  }

  /** Sessions of an address that live. */
  sessionsOf(owner: string): readonly Session[] {
    const now = this.options.clock();
    return [...(this.sessionsOfOwner.get(owner) ?? [])]
      .map((id) => this.sessions.get(id) as Held)
      .filter(({ expires }) => expires > now);
  }

  /** Accounts whose orders are to be cancelled when nothing is heard of their owner, and after how many ms. */
  get switches(): ReadonlyMap<number, number> {
    return this.timeouts;
  }

  /** Makes sure that an address may open another account. @throws {Denied} */
  expectRoomForAccount(owner: string): void {
    const { accountsPerAddress } = this.options;
    const held = this.accountsOf(owner).length + this.openingBy(`account ${owner}`);
    if (held >= accountsPerAddress)
      throw new Denied("accounts_too_many", `an address has at most ${accountsPerAddress} accounts`, {
        held,
        most: accountsPerAddress,
      });
  }

  /**
   * Opens an account for an address: the engine does, then it is the owner's.
   * @param open - executes the command; undefined if it was refused
   * @throws {Denied} if the address has as many as it may
   * @throws {LogError} if it could not be kept whose it is; then it was not opened, if there was no room
   */
  async openAccount(owner: string, open: () => Promise<number | undefined>): Promise<void> {
    this.expectRoomForAccount(owner);
    await this.reserved(`account ${owner}`, async () => {
      await this.journal.expectRoom([...this.opening.values()].reduce((sum, count) => sum + count, 0));
      const account = await open();
      if (account === undefined) return;
      await this.write({ kind: "account", time: this.options.clock(), account, owner });
    });
  }

  /**
   * Lets a key act for an address.
   * @returns the session, and its bearer token, which is told this once
   * @throws {Denied} if the address has too many, or it would live too long
   */
  async openSession({
    owner,
    key,
    scopes,
    expires,
  }: Delegated): Promise<{ session: Session; token: string }> {
    const { clock, sessionLife, sessionsPerAddress } = this.options;
    const now = clock();
    if (expires <= now) throw new Denied("session_expired", "it would have expired", { expires, now });
    if (expires > now + sessionLife)
      throw new Denied("expiry_too_late", `a session lives ${sessionLife} ms at most`, {
        expires,
        latest: now + sessionLife,
      });
    const held = this.sessionsOf(owner).length + this.openingBy(`session ${owner}`);
    if (held >= sessionsPerAddress)
      throw new Denied(
        "sessions_too_many",
        `an address has at most ${sessionsPerAddress} sessions; revoke one`,
        {
          held,
          most: sessionsPerAddress,
        },
      );
    const id = this.nextSession++;
    const token = randomBytes(32).toString("base64url");
    await this.reserved(`session ${owner}`, () =>
      this.write({
        kind: "session",
        time: now,
        session: id,
        owner,
        key: `0x${Buffer.from(key).toString("hex")}`,
        scopes,
        expires,
        token: digestOf(token),
      }),
    );
    return { session: { id, owner, key, scopes, expires }, token };
  }

  /** Ends a session: at once for this node, and for good once it is durable. */
  async revoke(id: number): Promise<void> {
    this.session(id);
    const entry: Entry = { kind: "revoked", time: this.options.clock(), session: id };
    this.apply(entry);
    await this.journal.append(entry);
  }

  /** @param timeout - ms of silence after which the account's orders are to be cancelled, 0 = never */
  async setSwitch(account: number, timeout: number): Promise<void> {
    if ((this.timeouts.get(account) ?? 0) === timeout) return;
    await this.write({ kind: "switch", time: this.options.clock(), account, timeout });
  }

  /** Forgets sessions that have expired. */
  forgetExpired(): void {
    const now = this.options.clock();
    for (const { id, expires } of this.sessions.values()) if (expires <= now) this.drop(id);
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  private async write(entry: Entry): Promise<void> {
    await this.journal.append(entry);
    this.apply(entry);
  }

  private apply(entry: Entry): void {
    this.latest = Math.max(this.latest, entry.time);
    switch (entry.kind) {
      case "account":
        if (this.owners.has(entry.account)) return;
        this.owners.set(entry.account, entry);
        this.accounts.set(entry.owner, [...this.accountsOf(entry.owner), entry.account]);
        return;
      case "session":
        return this.hold(entry);
      case "revoked":
        return this.drop(entry.session);
      case "switch":
        if (entry.timeout === 0) this.timeouts.delete(entry.account);
        else this.timeouts.set(entry.account, entry.timeout);
        return;
      case "numbered":
        this.nextSession = Math.max(this.nextSession, entry.session);
        return;
    }
  }

  private hold({ session: id, owner, key, scopes, expires, token }: Entry & { kind: "session" }): void {
    this.nextSession = Math.max(this.nextSession, id + 1);
    const bytes = new Uint8Array(Buffer.from(key.slice(2), "hex"));
    this.sessions.set(id, { id, owner, key: bytes, scopes, expires, token });
    this.tokens.set(token, id);
    const ids = this.sessionsOfOwner.get(owner) ?? new Set();
    this.sessionsOfOwner.set(owner, ids.add(id));
  }

  private drop(id: number): void {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    this.sessions.delete(id);
    this.tokens.delete(session.token);
    const ids = this.sessionsOfOwner.get(session.owner);
    ids?.delete(id);
    if (ids?.size === 0) this.sessionsOfOwner.delete(session.owner);
  }

  /** Everything that is still true, as entries. */
  private living(): Entry[] {
    const time = this.latest;
    return [
      { kind: "numbered", time, session: this.nextSession },
      ...[...this.owners].map(([account, { owner, time: opened }]): Entry => ({
        kind: "account",
        time: opened,
        account,
        owner,
      })),
      ...[...this.sessions.values()].map(({ id, owner, key, scopes, expires, token }): Entry => ({
        kind: "session",
        time,
        session: id,
        owner,
        key: `0x${Buffer.from(key).toString("hex")}`,
        scopes,
        expires,
        token,
      })),
      ...[...this.timeouts].map(([account, timeout]): Entry => ({ kind: "switch", time, account, timeout })),
    ];
  }

  private openingBy(what: string): number {
    return this.opening.get(what) ?? 0;
  }

  /** Counts what is on its way to the journal, so that limits hold for those who ask twice at once. */
  private async reserved<Value>(what: string, act: () => Promise<Value>): Promise<Value> {
    this.opening.set(what, this.openingBy(what) + 1);
    try {
      return await act();
    } finally {
      const left = this.openingBy(what) - 1;
      if (left === 0) this.opening.delete(what);
      else this.opening.set(what, left);
    }
  }
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
