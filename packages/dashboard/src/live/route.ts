/** What a route of the node answers, asked again and again. */
import { ROUTES, type RouteInput, type RouteName, type RouteResponse } from "@bulkhead/protocol";
import { useQuery } from "@tanstack/react-query";
import { useClient, useConnection, useLive } from "./venue.tsx";
import { isAlike, useStore } from "./store.ts";

export interface Answer<Data> {
  /** Undefined until there is one. What was answered last stays when asking again fails: see `error` and `isStale`. */
  readonly data: Data | undefined;
  /** Why there is none, or no newer one. For `Fault`. */
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  /** Whether what is shown is older than it ought to be. */
  readonly isStale: boolean;
  /** Whether `data` is the answer to what was asked before: the one to this is on its way. */
  readonly isOfBefore: boolean;
  /** When it was answered, ms by this machine's clock; 0 = never. */
  readonly answeredAt: number;
  /** Of the command after which it is true, where the answer says so. */
  readonly sequence: number | undefined;
  readonly again: () => void;
}

export interface Asking {
  /** Asks again after so long, ms; never if not told. Not while the page is in the background. */
  readonly everyMs?: number;
  /** false = not to be asked now, for want of a choice or a session. */
  readonly isWanted?: boolean;
}

/** Answers are late if they are older than twice the time after which they are asked for, and this, ms. */
const GRACE_MS = 3_000;

/**
 * Asks a route: `useRoute("funds", { params: { tier: 1 } }, { everyMs: 2_000 })`. Those that need a session wait for one.
 * Components that ask the same share one answer.
 */
export function useRoute<Name extends RouteName>(
  name: Name,
  input: RouteInput<Name>,
  { everyMs, isWanted = true }: Asking = {},
): Answer<RouteResponse<Name>> {
  const client = useClient();
  const session = useStore(useLive().signedIn, (someone) => someone?.client.session.session);
  const phase = useConnection((connection) => connection.phase);
  const isPrivate = ROUTES[name].auth !== "none";
  const params = JSON.stringify((input as { readonly params?: unknown }).params);
  const query = useQuery({
    queryKey: [name, input, isPrivate ? session : undefined, params],
    queryFn: () => {
      if (client === undefined) throw new Error("the node has not answered yet");
      return client.call(name, input);
    },
    enabled: isWanted && client !== undefined && (!isPrivate || session !== undefined),
    // What is another's, or of another account, is not shown for a moment even.
    placeholderData: (before, asked) =>
      !isPrivate || (session !== undefined && isAlike(asked?.queryKey.slice(2), [session, params]))
        ? before
        : undefined,
    ...(everyMs !== undefined && { refetchInterval: everyMs, staleTime: everyMs / 2 }),
  });
  const { data, error, isLoading, dataUpdatedAt } = query;
  const isLate =
    everyMs !== undefined && dataUpdatedAt > 0 && Date.now() - dataUpdatedAt > 2 * everyMs + GRACE_MS;
  return {
    data,
    error: error ?? undefined,
    isLoading: isLoading || (client === undefined && data === undefined),
    isStale: data !== undefined && (error !== null || isLate || phase === "stale" || phase === "lost"),
    isOfBefore: query.isPlaceholderData,
    answeredAt: dataUpdatedAt,
    sequence: (data as { readonly sequence?: number } | undefined)?.sequence,
    again: () => void query.refetch(),
  };
}
