/** The same channel of several markets, tiers or accounts at once, for what puts them side by side. */
import { CHANNELS, type ChannelOf } from "@bulkhead/protocol";
import { useEffect, useMemo } from "react";
import type { Followed, Told } from "./merge.ts";
import { type Store, isAlike, useStore } from "./store.ts";
import { type Topic, type TopicState, topicOf } from "./topics.ts";
import { useClient, useLive } from "./venue.tsx";

/** What each tells, in the order of `ofs`; undefined where nothing was told yet. Drawn again when any of them changes. */
export function useChannels<Name extends Followed>(
  channel: Name,
  ofs: readonly ChannelOf<Name>[],
): readonly (Told<Name> | undefined)[] {
  const live = useLive();
  // The streams change with the clients.
  useClient();
  const stream = CHANNELS[channel].isPrivate ? live.signedIn.get()?.stream : live.stream();
  const key = JSON.stringify(ofs);
  const topics = useMemo(
    () =>
      stream === undefined
        ? []
        : (JSON.parse(key) as ChannelOf<Name>[]).map((of) => topicOf(stream, channel, of)),
    [stream, channel, key],
  );
  useEffect(() => {
    const leave = topics.map((topic) => topic.join());
    return () => leave.forEach((each) => each());
  }, [topics]);
  return useStore(useMemo(() => together(topics), [topics])).map(({ told }) => told);
}

/** Many stores as one; its value is the same object as long as none of theirs changes. */
function together<Name extends Followed>(topics: readonly Topic<Name>[]): Store<readonly TopicState<Name>[]> {
  let known: readonly TopicState<Name>[] = [];
  return {
    get: () => {
      const now = topics.map(({ store }) => store.get());
      if (!isAlike(known, now)) known = now;
      return known;
    },
    set: () => undefined,
    listen: (listener) => {
      const stops = topics.map(({ store }) => store.listen(listener));
      return () => stops.forEach((stop) => stop());
    },
  };
}
