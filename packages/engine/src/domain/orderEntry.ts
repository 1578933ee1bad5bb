/**
 * An order on its way into the book: what it asks for and, after execution, what became of it. One instance is reused for
 * every order, so that matching allocates nothing.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { type Lots, type MicroUsd, type Ms, NONE, type Ticks } from "../kernel/units.ts";
import { BucketFigures } from "./bucketFigures.ts";

export class OrderEntry {
  bucket: Ref<"bucket"> = NIL;
  position: Ref<"position"> = NIL;
  account = 0;
  terms = 0;
  /** Worst price it may trade at. */
  limit: Ticks = NONE;
  clientId = 0;
  expiry: Ms = NONE;
  /** Closes a position in distress: it pays no more than the maker's rebate. */
  isForced = false;
  /** The one price of a call auction, which makers trade at instead of their own; 0 = none. */
  uniformPrice: Ticks = NONE;
  /** The row to rest in, for an order that already has one (triggered, amended); `NIL` to take a new one. */
  row: Ref<"order"> = NIL;

  /** Lots wanted when it entered, still open, traded, and resting in the end. */
  wanted: Lots = NONE;
  open: Lots = NONE;
  filled: Lots = NONE;
  resting: Lots = NONE;
  /** Fees paid on what was traded. */
  fees: MicroUsd = NONE;
  /** Why what is open did not rest; 0 = it was filled or it rests. */
  reason = 0;

  /** The bucket as the order found it. */
  readonly before: BucketFigures = new BucketFigures();
  /** Maintenance margin as the order found it; known only if the bucket was below initial margin. */
  maintenanceBefore: MicroUsd = NONE;
  /** The position as the order found it; known only then, too. */
  lotsBefore: Lots = NONE;
  wasHealthy = true;

  /** Starts over with a new order's demands. */
  begin(
    bucket: Ref<"bucket">,
    position: Ref<"position">,
    account: number,
    terms: number,
    limit: Ticks,
    lots: Lots,
  ): void {
    this.bucket = bucket;
    this.position = position;
    this.account = account;
    this.terms = terms;
    this.limit = limit;
    this.clientId = 0;
    this.isForced = false;
    this.uniformPrice = NONE;
    this.expiry = NONE;
    this.row = NIL;
    this.wanted = lots;
    this.open = lots;
    this.filled = NONE;
    this.resting = NONE;
    this.fees = NONE;
    this.reason = 0;
    this.wasHealthy = true;
    this.maintenanceBefore = NONE;
  }
}
