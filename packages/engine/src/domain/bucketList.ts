/** A list of buckets that a command makes as it goes: it grows as needed and is reused, so that most commands allocate nothing. */
import type { Ref } from "../kernel/arena.ts";

export class BucketList {
  count = 0;
  private rows = new Int32Array(64);

  clear(): void {
    this.count = 0;
  }

  push(bucket: Ref<"bucket">): void {
    if (this.count === this.rows.length) {
      const larger = new Int32Array(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows[this.count] = bucket;
    this.count++;
  }

  at(index: number): Ref<"bucket"> {
    return this.rows[index] as number as Ref<"bucket">;
  }

  /** In ascending order of rows, which is that of bucket ids. */
  sort(): void {
    this.rows.subarray(0, this.count).sort();
  }
}
