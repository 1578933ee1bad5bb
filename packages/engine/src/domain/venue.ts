/**
 * A venue: one vault and its tiers, and the command under way. Shards share nothing; commands touch them through here.
 */
import { BucketFigures } from "./bucketFigures.ts";
import { BucketList } from "./bucketList.ts";
import { type Capacities, assertCapacities } from "./capacities.ts";
import { EventLog } from "./eventLog.ts";
import { RECEIPT_FACTS } from "./events.ts";
import { FeedFigures } from "./feedFigures.ts";
import { FillSide } from "./fillSide.ts";
import { FRAME_WORDS, TIME, word } from "./frame.ts";
import { OrderEntry } from "./orderEntry.ts";
import { ACCEPTED, type OutcomeCode, REFUSALS, type RefusalName } from "./refusals.ts";
import { TierShard } from "./tierShard.ts";
import { VaultShard } from "./vaultShard.ts";
import type { Ms } from "../kernel/units.ts";

export class Venue {
  readonly capacities: Capacities;
  readonly vault: VaultShard;
  /** All tiers there is room for; those beyond `vault.tierCount` are not listed yet. */
  readonly tiers: readonly TierShard[];

  /** The decoded command under way. */
  readonly command: Float64Array = new Float64Array(FRAME_WORDS);
  /** What its receipt will say besides the outcome. */
  readonly facts: Float64Array = new Float64Array(RECEIPT_FACTS);
  readonly events: EventLog = new EventLog();
  /** The order on its way into a book. */
  readonly entry: OrderEntry = new OrderEntry();
  /** Scratch for measuring a bucket. */
  readonly figures: BucketFigures = new BucketFigures();
  /** Scratch for putting a feed's price together. */
  readonly feedFigures: FeedFigures = new FeedFigures();
  /** Scratch for the two sides of a fill. */
  readonly makerSide: FillSide = new FillSide();
  readonly takerSide: FillSide = new FillSide();
  /** Scratch: buckets whose alarms are to be set anew, and those found unhealthy. */
  readonly unsettled: BucketList = new BucketList();
  readonly unhealthy: BucketList = new BucketList();
  /** Makers this command has met so far; bounded by `MAX_MATCHES`. */
  makersMet = 0;
  /** The tier the command touches, 0 = none; set as soon as the command has named a listed tier. */
  tierInUse = 0;
  /** The market the command is about, 0 = none: what is quarantined if it breaks an invariant. */
  marketInUse = 0;

  constructor(capacities: Capacities) {
    assertCapacities(capacities);
    this.capacities = capacities;
    this.vault = new VaultShard(capacities);
    this.tiers = capacities.tiers.map((tier, index) => new TierShard(index + 1, tier));
  }

  /** The sequencer's time of the command under way. */
  get now(): Ms {
    return word(this.command, TIME);
  }

  /** The listed tier of an id, or undefined. */
  tier(id: number): TierShard | undefined {
    return id <= this.vault.tierCount ? this.tiers[id - 1] : undefined;
  }

  /** Answers with a refusal and the numbers that explain it. */
  refuse(name: RefusalName, first = 0, second = 0, third = 0): OutcomeCode {
    const { facts } = this;
    facts[0] = first;
    facts[1] = second;
    facts[2] = third;
    facts[3] = 0;
    return REFUSALS[name].code;
  }

  /** Accepts, with what the receipt reports. */
  accept(first = 0, second = 0, third = 0, fourth = 0): OutcomeCode {
    const { facts } = this;
    facts[0] = first;
    facts[1] = second;
    facts[2] = third;
    facts[3] = fourth;
    return ACCEPTED;
  }
}
