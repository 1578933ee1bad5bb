/** A market's book as it stands, drawn at most once a frame. */
import type { BookLevelText } from "@bulkhead/protocol";
import type { Client, LocalBook, Stream } from "@bulkhead/sdk";
import { useEffect, useMemo } from "react";
import { inFrame } from "./frames.ts";
import { type Store, createStore, useStore } from "./store.ts";
import { useConnection, useLive } from "./venue.tsx";

export interface BookState {
  /** Price and amount, best first; empty while nothing is known. */
  readonly bids: readonly BookLevelText[];
  readonly asks: readonly BookLevelText[];
  /** Of the command after which it is true; 0 = nothing is known. */
  readonly sequence: number;
}

interface FollowedBook {
  readonly store: Store<BookState>;
  readonly join: () => () => void;
}

const EMPTY: BookState = { bids: [], asks: [], sequence: 0 };
const NOWHERE = createStore(EMPTY);
const LINGER_MS = 5_000;

const books = new WeakMap<Stream, Map<string, FollowedBook>>();

/**
 * The whole book of a market, each change checked against the node's checksum.
 * @param symbol - undefined = no market is chosen yet
 */
export function useBook(symbol: string | undefined): BookState & { readonly isStale: boolean };
/** The chosen part of it, compared field by field: `useBook(symbol, ({ bids }) => ({ best: bids[0]?.[0] }))`. */
export function useBook<Part>(
  symbol: string | undefined,
  choose: (book: BookState) => Part,
): Part & { readonly isStale: boolean };
export function useBook<Part = BookState>(
  symbol: string | undefined,
  choose: (book: BookState) => Part = (book) => book as unknown as Part,
): Part & { readonly isStale: boolean } {
  const live = useLive();
  const client = useStore(live.client);
  const book = useMemo(() => {
    const stream = live.stream();
    return client === undefined || stream === undefined || symbol === undefined
      ? undefined
      : followed(client, stream, symbol);
  }, [live, client, symbol]);
  useEffect(() => book?.join(), [book]);
  const part = useStore(book?.store ?? NOWHERE, choose);
  const isStale = useConnection(({ phase }) => phase === "stale" || phase === "lost");
  return { ...part, isStale };
}

function followed(client: Client, stream: Stream, symbol: string): FollowedBook {
  const known = books.get(stream) ?? new Map<string, FollowedBook>();
  books.set(stream, known);
  const found = known.get(symbol);
  if (found !== undefined) return found;
  const store = createStore(EMPTY);
  let followers = 0;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  let latest: LocalBook | undefined;
  const show = (): void => {
    // Of an unknown book the last one stays: that it is stale is told by the connection.
    if (latest !== undefined && latest.sequence > 0)
      store.set({ bids: latest.bids, asks: latest.asks, sequence: latest.sequence });
  };
  const subscription = client.followBook(stream, symbol, (book) => {
    latest = book;
    inFrame(show);
  });
  const made: FollowedBook = {
    store,
    join: () => {
      followers += 1;
      clearTimeout(leaving);
      return () => {
        followers -= 1;
        if (followers > 0) return;
        leaving = setTimeout(() => {
          subscription.close();
          known.delete(symbol);
        }, LINGER_MS);
      };
    },
  };
  known.set(symbol, made);
  return made;
}
