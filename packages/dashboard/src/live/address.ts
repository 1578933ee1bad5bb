/** What is chosen on a page stands in its address, so that it can be kept, sent to somebody and come back to: `?tier=2&market=BTC-PERP`. */
import { useSearchParams } from "wouter";

/**
 * One of several, by a name in the address.
 * @param options - what may be chosen; anything else in the address counts as the first of them
 */
export function useChoice<Option extends string>(
  name: string,
  options: readonly Option[],
): readonly [chosen: Option | undefined, choose: (option: Option) => void] {
  const [text, write] = useParameter(name);
  const chosen = options.find((option) => option === text) ?? options[0];
  return [chosen, (option) => write(option === options[0] ? "" : option)];
}

/** A text in the address; empty = it is not there. */
export function useParameter(name: string): readonly [text: string, write: (text: string) => void] {
  const [parameters, change] = useSearchParams();
  const write = (text: string): void =>
    change(
      (before) => {
        const next = new URLSearchParams(before);
        if (text === "") next.delete(name);
        else next.set(name, text);
        return next;
      },
      { replace: true },
    );
  return [parameters.get(name) ?? "", write];
}
