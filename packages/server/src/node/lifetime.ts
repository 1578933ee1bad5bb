/** What a node has begun, to be ended in the opposite order. */
type End = () => Promise<void> | void;

export interface Lifetime {
  /** Notes how to end what was begun just now: it ends before everything that was begun earlier. */
  readonly atEnd: (end: End) => void;
  /** Notes what is to be done once everything else has ended. */
  readonly afterAll: (end: End) => void;
  /**
   * Ends everything, once; what cannot be ended does not keep the rest.
   * @throws {AggregateError} of what could not be ended
   */
  readonly end: () => Promise<void>;
}

export function beginLifetime(): Lifetime {
  const ends: End[] = [];
  let ending: Promise<void> | undefined;
  const endAll = async (): Promise<void> => {
    const faults: unknown[] = [];
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
      try {
        await end();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, "the node could not be ended in order");
  };
  return {
    atEnd: (end) => void ends.push(end),
    afterAll: (end) => void ends.unshift(end),
    end: () => (ending ??= endAll()),
  };
}
