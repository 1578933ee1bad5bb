/** The venue that a page shows, for everything below it. */
import type { Client } from "@bulkhead/sdk";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useReducer, useState } from "react";
import { type Connection, type Live, goLive } from "./live.ts";
import { goOn } from "./login.ts";
import { useStore } from "./store.ts";

const LiveContext = createContext<Live | undefined>(undefined);

/** @param url - of the node; the page's own origin if not told */
export function VenueProvider({
  url = location.origin,
  children,
}: {
  readonly url?: string;
  readonly children: ReactNode;
}): ReactNode {
  const [live, setLive] = useState<Live>();
  const [queries] = useState(
    () =>
      // The client itself tries again what changes nothing; focus means nothing to a page that is always live.
      new QueryClient({
        defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, gcTime: 60_000 } },
      }),
  );
  useEffect(() => {
    const made = goLive(url);
    setLive(made);
    made.client.listen(() => {
      const open = made.client.get();
      // Whoever was logged in before the page was loaded again still is; should that fail, he is asked.
      if (open !== undefined) void goOn(made, open).catch(() => undefined);
    });
    return made.close;
  }, [url]);
  if (live === undefined) return null;
  return (
    <LiveContext value={live}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </LiveContext>
  );
}

/** For the other hooks of this folder. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("VenueProvider is missing above this component");
  return live;
}

/**
 * The client of this page: of whoever is logged in, else one that sees what everybody sees. Undefined until the node has answered, which a page
 * shows as loading.
 */
export function useClient(): Client | undefined {
  const { client, signedIn } = useLive();
  const open = useStore(client);
  const own = useStore(signedIn, (someone) => someone?.client);
  return own ?? open;
}

/** How the page and the node stand to each other, now: looked at four times a second. */
export function useConnection(): Connection;
/** Of that, what a component shows: `useConnection(({ phase }) => phase)` is drawn again only when the phase changes. */
export function useConnection<Part>(choose: (connection: Connection) => Part): Part;
export function useConnection<Part = Connection>(
  choose: (connection: Connection) => Part = (connection) => connection as unknown as Part,
): Part {
  return useStore(useLive().connection, choose);
}

/** Now, by the node's clock, ms; looked at again every so often. For ages and countdowns. */
export function useNow(everyMs = 1_000): number {
  const clock = useClient()?.clock;
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(draw, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return clock?.now() ?? Date.now();
}
