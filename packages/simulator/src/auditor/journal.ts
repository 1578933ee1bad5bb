/**
 * How to undo everything since the last commit: one closure per write, run backwards.
 *
 * All writes to the auditor's state go through a journal, so that a refusal, an unfit maker's fill and a fired order that
 * is refused can each be taken back whole.
 */
export class Journal {
  readonly #undo: (() => void)[] = [];

  /** A point to which `rollback` can return. */
  get mark(): number {
    return this.#undo.length;
  }

  /** Notes how to take back a write that has just happened. */
  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Writes one field. */
  set<Target extends object, Key extends keyof Target>(target: Target, key: Key, value: Target[Key]): void {
    const before = target[key];
    target[key] = value;
    this.#undo.push(() => {
      target[key] = before;
    });
  }

  /** Writes one entry of a map. The order of a map's entries is not restored; nothing may depend on it. */
  put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    const before = map.get(key);
    map.set(key, value);
    this.#undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
  }

  /** Deletes one entry of a map. */
  remove<Key, Value>(map: Map<Key, Value>, key: Key): void {
    const before = map.get(key);
    if (before === undefined) return;
    map.delete(key);
    this.#undo.push(() => map.set(key, before));
  }

  /** Appends to a list. */
  push<Value>(list: Value[], value: Value): void {
    list.push(value);
    this.#undo.push(() => list.pop());
  }

  /** Undoes every write since `mark`, the latest first. */
  rollback(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  /** Makes every write final. */
  commit(): void {
    this.#undo.length = 0;
  }
}
