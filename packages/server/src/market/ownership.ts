/** Whose buckets are: events name buckets, owners are told as accounts. */
import { type Venue, bucketOwners, venueView } from "@bulkhead/engine";

/** A bucket of a tier. */
export interface BucketName {
  readonly tier: number;
  readonly bucket: number;
}

export class Ownership {
  /** By tier, then by bucket; 0 = nobody's. */
  private readonly owners: Int32Array[] = [];

  constructor(venue: Venue) {
    const { tiers } = venueView(venue);
    for (let tier = 1; tier <= tiers; tier++) this.owners[tier] = bucketOwners(venue, tier);
  }

  /** The account that owns a bucket, 0 if there is no such bucket. */
  accountOf(tier: number, bucket: number): number {
    return this.owners[tier]?.[bucket] ?? 0;
  }

  /** A bucket has been opened, or was there before. */
  note(tier: number, bucket: number, account: number): void {
    let owners = this.owners[tier];
    if (owners === undefined || bucket >= owners.length) {
      const larger = new Int32Array(Math.max(64, 2 * bucket));
      if (owners !== undefined) larger.set(owners);
      this.owners[tier] = owners = larger;
    }
    owners[bucket] = account;
  }

  /** All buckets of an account. Looks at every bucket there is. */
  bucketsOf(account: number): BucketName[] {
    const found: BucketName[] = [];
    for (let tier = 1; tier < this.owners.length; tier++) {
      const owners = this.owners[tier];
      if (owners === undefined) continue;
      for (let bucket = owners.indexOf(account); bucket > 0; bucket = owners.indexOf(account, bucket + 1))
        found.push({ tier, bucket });
    }
    return found;
  }
}
