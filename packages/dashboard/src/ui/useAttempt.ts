/** Something that somebody does by a button, and that may not work. */
import { useState } from "react";

export interface Attempt {
  /** Why the last attempt did not work; undefined while one goes on, and if it did. */
  readonly error: unknown;
  readonly attempt: (act: () => Promise<unknown>) => Promise<void>;
}

export function useAttempt(): Attempt {
  const [error, setError] = useState<unknown>();
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    setError(undefined);
    try {
      await act();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return { error, attempt };
}
