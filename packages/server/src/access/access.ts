/** Access, put together: everything that stands between a message and the command in it. */
import {
  type Hex,
  SESSION_NONCES,
  type SigningDomain,
  WALLET_NONCES,
  hasScope,
  hexOf,
  signingDomain,
} from "@bulkhead/protocol";
import type { Storage } from "../log/storage.ts";
import { Authority, type Offices, expectScope } from "./authorise.ts";
import { Denied } from "./denial.ts";
import { DEFAULT_LIMITS, Gate, type Limits } from "./limits.ts";
import { Nonces } from "./nonces.ts";
import { Registry, type RegistryOptions } from "./registry.ts";
import { type SignatureOptions, Signatures } from "./signatures.ts";
import { Logins, type SiweOptions } from "./siwe.ts";

export interface AccessOptions
  extends Omit<RegistryOptions, "clock">, Omit<SiweOptions, "clock">, Omit<SignatureOptions, "maxWaiting"> {
  readonly offices: Offices;
  readonly limits?: Limits;
  /** Time of the last command that is durable, ms: no nonce from before it counts. */
  readonly durableUntil: number;
  /** ms since the epoch; the platform's. */
  readonly clock?: () => number;
}

export interface Access {
  readonly registry: Registry;
  readonly authority: Authority;
  readonly signatures: Signatures;
  readonly gate: Gate;
  readonly logins: Logins;
  /** What signatures are for. */
  readonly domain: SigningDomain;
  readonly sessionNonces: Nonces<number>;
  readonly walletNonces: Nonces<string>;
  readonly clock: () => number;
  /** Who reads with a bearer token; undefined if nobody may. */
  reader(token: string): Reader | undefined;
  close(): Promise<void>;
}

/** Whom a bearer token stands for. */
export interface Reader {
  readonly owner: string;
  readonly accounts: readonly number[];
  /** ms since the epoch. */
  readonly expires: number;
  /** Whether the session may trade, too. */
  readonly mayTrade: boolean;
  /** True once the session was ended before. */
  readonly isRevoked: () => boolean;
}

/**
 * Opens a venue's access log, and begins the threads that verify.
 * @throws {LogError} if the log is damaged, or of another venue
 */
export async function openAccess(storage: Storage, options: AccessOptions): Promise<Access> {
  const { chainId, genesis, offices, limits = DEFAULT_LIMITS, clock = Date.now } = options;
  const registry = await Registry.open(storage, { ...options, clock });
  const durableUntil = Math.max(options.durableUntil, registry.durableUntil);
  const signatures = new Signatures(options);
  return {
    registry,
    authority: new Authority(registry, offices),
    signatures,
    gate: new Gate(limits, clock),
    logins: new Logins({ ...options, clock }),
    domain: signingDomain(chainId, hexOf(genesis)),
    sessionNonces: new Nonces<number>(SESSION_NONCES, durableUntil),
    walletNonces: new Nonces<Hex>(WALLET_NONCES, durableUntil),
    clock,
    reader: (token) => readerOf(registry, token),
    close: async () => {
      await signatures.close();
      await registry.close();
    },
  };
}

function readerOf(registry: Registry, token: string): Reader | undefined {
  try {
    const session = registry.sessionOfToken(token);
    expectScope(session, "read");
    const { id, owner, expires, scopes } = session;
    return {
      owner,
      expires,
      accounts: registry.accountsOf(owner),
      mayTrade: hasScope(scopes, "trade"),
      isRevoked: () => !registry.holds(id),
    };
  } catch (error) {
    if (error instanceof Denied) return undefined;
    throw error;
  }
}
