/** The market that a page is about, and whoever trades on it. */
import type { Instrument } from "@bulkhead/protocol";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useClient } from "../live/venue.tsx";

/** All markets of the venue; undefined until the node has answered. */
export function useInstruments(): readonly Instrument[] | undefined {
  return useClient()?.directory.instruments;
}

/** Digits after the point of a market's prices. */
export function placesOf({ tick }: Instrument): number {
  return tick.places;
}

/** Whether the window is as narrow as this: then parts stand behind tabs instead of side by side. */
export function useNarrow(query = "(max-width: 900px)"): boolean {
  // Asked with every drawing: a list of its own each time would be as much garbage.
  const list = useMemo(() => matchMedia(query), [query]);
  const listen = useCallback(
    (listener: () => void) => {
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [list],
  );
  return useSyncExternalStore(listen, () => list.matches);
}
