/** A value that changes, and those who show parts of it: a component is drawn again when the part it chose has changed, and else is not. */
import { useCallback, useRef, useSyncExternalStore } from "react";

export interface Store<Value> {
  readonly get: () => Value;
  /** Tells everybody, unless it is the same value. */
  readonly set: (value: Value) => void;
  /** @returns how to stop listening */
  readonly listen: (listener: () => void) => () => void;
}

export function createStore<Value>(initial: Value): Store<Value> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The value of a store. */
export function useStore<Value>(store: Store<Value>): Value;
/** The chosen part of it. Parts are compared field by field, so that a choice may be made anew each time: `({ a, b }) => ({ a, b })`. */
export function useStore<Value, Part>(store: Store<Value>, choose: (value: Value) => Part): Part;
export function useStore<Value, Part = Value>(
  store: Store<Value>,
  choose: (value: Value) => Part = (value) => value as unknown as Part,
): Part {
  const chosen = useRef<{ readonly part: Part } | undefined>(undefined);
  const read = useCallback(() => {
    const part = choose(store.get());
    if (chosen.current === undefined || !isAlike(chosen.current.part, part)) chosen.current = { part };
    return chosen.current.part;
  }, [store, choose]);
  return useSyncExternalStore(store.listen, read);
}

/** Whether two values, or all of their fields, are the same. */
export function isAlike(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  const [left, right] = [one, other] as [
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>,
  ];
  return keys.every((key) => key in right && Object.is(left[key], right[key]));
}
