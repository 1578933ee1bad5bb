/**
 * An order on its way into the book: what it asks for and, after execution, what became of it. One instance is reused for
 * every order, so that matching allocates nothing.
 */
import type { Ref } from "../kernel/arena.ts";
import { NIL } from "../kernel/arena.ts";
import type { Lots, MicroUsd, Ms, Ticks } from "../kernel/units.ts";
import { BucketFigures } from "./bucketFigures.ts";

export class OrderEntry {
  bucket: Ref<"bucket"> = NIL as Ref<"bucket">;
  position: Ref<"position"> = NIL as Ref<"position">;
  account = 0;
  terms = 0;
  /** Worst price it may trade at. */
  limit: Ticks = 0 as Ticks;
  clientId = 0;
  expiry: Ms = 0 as Ms;
  /** The row to rest in, for an order that already has one (triggered, amended); `NIL` to take a new one. */
  row: Ref<"order"> = NIL as Ref<"order">;

  /** Lots wanted when it entered, still open, traded, and resting in the end. */
  wanted: Lots = 0 as Lots;
  open: Lots = 0 as Lots;
  filled: Lots = 0 as Lots;
  resting: Lots = 0 as Lots;
  /** Fees paid on what was traded. */
  fees: MicroUsd = 0 as MicroUsd;
  /** Why what is open did not rest; 0 = it was filled or it rests. */
  reason = 0;

  /** The bucket as the order found it. */
  readonly before: BucketFigures = new BucketFigures();
  /** Maintenance margin as the order found it; known only if the bucket was below initial margin. */
  maintenanceBefore: MicroUsd = 0 as MicroUsd;
  /** The position as the order found it; known only then, too. */
  lotsBefore: Lots = 0 as Lots;
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
    this.expiry = 0 as Ms;
    this.row = NIL as Ref<"order">;
    this.wanted = lots;
    this.open = lots;
    this.filled = 0 as Lots;
    this.resting = 0 as Lots;
    this.fees = 0 as MicroUsd;
    this.reason = 0;
    this.wasHealthy = true;
    this.maintenanceBefore = 0 as MicroUsd;
  }
}
