/** A history of the node's, page after page behind its cursor: newest first, and older ones as far back as is asked. */
import { ROUTES, type RouteInput, type RouteName, type RouteResponse } from "@bulkhead/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useStore } from "./store.ts";
import { useClient, useConnection, useLive } from "./venue.tsx";

/** Routes that are answered in pages. */
type PagedName = {
  [Name in RouteName]: RouteResponse<Name> extends {
    readonly items: readonly unknown[];
    readonly next: string | null;
  }
    ? Name
    : never;
}[RouteName];
type ItemOf<Name extends PagedName> =
  RouteResponse<Name> extends { readonly items: readonly (infer Item)[] } ? Item : never;

export interface Pages<Item> {
  /** Undefined until the first page is there. */
  readonly items: readonly Item[] | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  readonly isStale: boolean;
  /** Whether there are older ones. */
  readonly hasMore: boolean;
  readonly isFetching: boolean;
  readonly more: () => void;
  readonly again: () => void;
}

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

/**
 * Asks a route that has a cursor: `usePages("fills", { params: { account }, query: {} })`. The first pages are read again every so often.
 * @param isWanted - false = not to be asked now
 */
export function usePages<Name extends PagedName>(
  name: Name,
  input: RouteInput<Name>,
  { everyMs, isWanted = true }: { readonly everyMs?: number; readonly isWanted?: boolean } = {},
): Pages<ItemOf<Name>> {
  const client = useClient();
  const session = useStore(useLive().signedIn, (someone) => someone?.client.session.session);
  const isOut = useConnection(({ phase }) => phase === "stale" || phase === "lost");
  const isPrivate = ROUTES[name].auth !== "none";
  const query = useInfiniteQuery({
    queryKey: [name, "pages", input, isPrivate ? session : undefined],
    queryFn: async ({ pageParam }): Promise<Page> => {
      if (client === undefined) throw new Error("the node has not answered yet");
      const { query: filter = {} } = input as { readonly query?: object };
      const asked = {
        ...input,
        query: { ...filter, ...(pageParam !== undefined && { cursor: pageParam }) },
      } as RouteInput<Name>;
      return (await client.call(name, asked)) as Page;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: isWanted && client !== undefined && (!isPrivate || session !== undefined),
    ...(everyMs !== undefined && { refetchInterval: everyMs, staleTime: everyMs / 2 }),
  });
  const { data, error, isLoading, isFetchingNextPage, hasNextPage } = query;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items as readonly ItemOf<Name>[]), [data]);
  return {
    items,
    error: error ?? undefined,
    isLoading,
    isStale: items !== undefined && (error !== null || isOut),
    hasMore: hasNextPage,
    isFetching: isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    again: () => void query.refetch(),
  };
}
