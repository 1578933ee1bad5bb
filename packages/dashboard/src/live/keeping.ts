/** What is kept of a session for as long as a browser's tab lives, so that a page that is loaded again need not ask the wallet again. */
import type { SessionTerms } from "@bulkhead/sdk";

/** Who signs: a wallet of the browser's, by its reverse domain name, or a key made for a demo venue. */
export type Signer =
  | { readonly kind: "browser"; readonly rdns: string; readonly name: string }
  | { readonly kind: "demo"; readonly privateKey: string };

export interface Kept {
  /** Genesis of the venue: a session of another one is worth nothing here. */
  readonly venue: string;
  readonly terms: SessionTerms;
  /** Private key of the session, hex. It may read and trade until it expires, and move nothing out. */
  readonly key: string;
  readonly signer: Signer;
}

const SESSION = "bulkhead.session";
const DEMO_KEY = "bulkhead.demoKey";

export function keep(session: Kept): void {
  write(() => sessionStorage.setItem(SESSION, JSON.stringify(session)));
}

export function forget(): void {
  write(() => sessionStorage.removeItem(SESSION));
}

/** What was kept for this venue, unless it has expired. @param now - ms since the epoch */
export function kept(venue: string, now: number): Kept | undefined {
  try {
    const found = JSON.parse(sessionStorage.getItem(SESSION) ?? "null") as Kept | null;
    if (found === null || found.venue !== venue || found.terms.expires <= now) return undefined;
    return found;
  } catch {
    return undefined;
  }
}

/** This browser's key for demo venues: the same account is there again tomorrow. */
export function demoKey(make: () => string): string {
  let found: string | null = null;
  write(() => (found = localStorage.getItem(DEMO_KEY)));
  if (found !== null && /^0x[0-9a-f]{64}$/.test(found)) return found;
  const made = make();
  write(() => localStorage.setItem(DEMO_KEY, made));
  return made;
}

/** A browser may forbid storage: then nothing is kept, and everything else works. */
function write(act: () => void): void {
  try {
    act();
  } catch {
    // Nothing to be done, and nothing that has to be.
  }
}
