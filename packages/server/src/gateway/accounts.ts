/** Accounts and their buckets, as requests name them. */
import { DecodeError, type Venue, bucketIdOf, tierView, venueView } from "@bulkhead/engine";
import type { Instrument } from "@bulkhead/protocol";
import type { Access } from "../access/access.ts";

export type MarginMode = "cross" | "isolated";

export interface BucketName {
  readonly tier: number;
  readonly bucket: number;
  /** 0 = cross, else the isolated market. */
  readonly mode: number;
}

/**
 * The account that somebody means: the one he names, or the only one he has.
 * @throws {DecodeError} if he has several, or none
 * @throws {Denied} if it is not his
 */
export function accountMeant(
  { registry, authority }: Access,
  owner: string,
  named: number | undefined,
  path: string,
): number {
  if (named !== undefined) {
    authority.expectOwner(owner, named);
    return named;
  }
  const accounts = registry.accountsOf(owner);
  const [only] = accounts;
  if (only === undefined || accounts.length > 1)
    throw new DecodeError(path, `needed, for the signer owns ${accounts.length} accounts`, named);
  return only;
}

/** The bucket that margins an account's orders in a market; 0 if it has none. @throws {UnknownId} if the tier is not listed */
export function bucketFor(
  venue: Venue,
  { tier, market }: Instrument,
  account: number,
  mode: MarginMode,
): number {
  return bucketIdOf(venue, tier, account, mode === "cross" ? 0 : market);
}

/** All buckets of an account. */
export function bucketsOf(venue: Venue, account: number): BucketName[] {
  const { tiers } = venueView(venue);
  const found: BucketName[] = [];
  for (let tier = 1; tier <= tiers; tier++) {
    const { markets } = tierView(venue, tier);
    for (let mode = 0; mode <= markets; mode++) {
      const bucket = bucketIdOf(venue, tier, account, mode);
      if (bucket !== 0) found.push({ tier, bucket, mode });
    }
  }
  return found;
}
