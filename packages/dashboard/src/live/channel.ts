/** What a channel tells, put together. */
import { CHANNELS, type ChannelOf } from "@bulkhead/protocol";
import type { ProblemError } from "@bulkhead/sdk";
import { useEffect, useMemo, useRef } from "react";
import type { Followed, Told } from "./merge.ts";
import { type Store, createStore, isAlike, useStore } from "./store.ts";
import { type TopicState, UNTOLD, topicOf } from "./topics.ts";
import { useClient, useConnection, useLive } from "./venue.tsx";

export interface Following<Data> {
  /** Undefined until it was told. What was told last stays when the connection is lost: see `isStale`. */
  readonly data: Data | undefined;
  /** Whether what is shown may not be true any more. */
  readonly isStale: boolean;
  /** Of the command after which it is true, and its time, ms; 0 = nothing was told. */
  readonly sequence: number;
  readonly time: number;
  /** Why the node does not tell it. For `Fault`. */
  readonly problem: ProblemError | undefined;
}

const NOWHERE: Store<TopicState<Followed>> = createStore<TopicState<Followed>>(UNTOLD);

/**
 * Follows a channel: `useChannel("ticker", { symbol })`. Components that follow the same share one subscription; what comes in between two frames
 * is shown together. Private channels tell nothing until somebody is logged in.
 *
 * @param of - undefined = nothing is chosen yet
 */
export function useChannel<Name extends Followed>(
  channel: Name,
  of: ChannelOf<Name> | undefined,
): Following<Told<Name>>;
/**
 * The chosen part of it, compared field by field: `useChannel("ticker", { symbol }, ({ mark, index }) => ({ mark, index }))` is drawn again only
 * when one of the two has changed. `sequence` and `time` are then those of that change.
 */
export function useChannel<Name extends Followed, Part>(
  channel: Name,
  of: ChannelOf<Name> | undefined,
  choose: (told: Told<Name>) => Part,
): Following<Part>;
export function useChannel<Name extends Followed, Part = Told<Name>>(
  channel: Name,
  of: ChannelOf<Name> | undefined,
  choose?: (told: Told<Name>) => Part,
): Following<Part> {
  const live = useLive();
  // The streams change with the clients.
  useClient();
  const stream = CHANNELS[channel].isPrivate ? live.signedIn.get()?.stream : live.stream();
  const key = of === undefined ? undefined : JSON.stringify(of);
  const topic = useMemo(
    () =>
      stream === undefined || key === undefined
        ? undefined
        : topicOf(stream, channel, JSON.parse(key) as ChannelOf<Name>),
    [stream, channel, key],
  );
  useEffect(() => topic?.join(), [topic]);
  const store = topic?.store ?? NOWHERE;
  const state = useStore(store, useParts(choose));
  const isOut = useConnection(({ phase }) => phase === "stale" || phase === "lost");
  return {
    data: state.data,
    isStale: state.data !== undefined && (state.hasGap || isOut),
    sequence: store.get().sequence,
    time: store.get().time,
    problem: state.problem,
  };
}

interface Parts<Part> {
  readonly data: Part | undefined;
  readonly hasGap: boolean;
  readonly problem: ProblemError | undefined;
}

/** A choice whose part stays the same object while its fields do, even when the choice is made anew with every drawing. */
function useParts<Name extends Followed, Part>(
  choose: ((told: Told<Name>) => Part) | undefined,
): (state: TopicState<Name>) => Parts<Part> {
  const last = useRef<Part | undefined>(undefined);
  return ({ told, hasGap, problem }) => {
    const part = told === undefined || choose === undefined ? (told as Part | undefined) : choose(told);
    if (!isAlike(last.current, part)) last.current = part;
    return { data: last.current, hasGap, problem };
  };
}
