/**
 * Channels that components follow. One subscription serves all that follow the same; messages are put by as they come and merged once a frame, so
 * that a component is drawn at most once a frame, however much a venue tells.
 */
import type { ChannelMessage, ChannelOf } from "@bulkhead/protocol";
import { ProblemError, type Stream } from "@bulkhead/sdk";
import { inFrame } from "./frames.ts";
import { type Followed, type Told, merge } from "./merge.ts";
import { type Store, createStore } from "./store.ts";

/** What is known of a channel. */
export interface TopicState<Name extends Followed> {
  /** Undefined before the first message. */
  readonly told: Told<Name> | undefined;
  /** Messages may be missing since: what is known is of before. */
  readonly hasGap: boolean;
  /** Of the command after which it is true; 0 = nothing is known. */
  readonly sequence: number;
  readonly time: number;
  /** Why the node does not tell it. */
  readonly problem: ProblemError | undefined;
}

export interface Topic<Name extends Followed> {
  readonly store: Store<TopicState<Name>>;
  /** @returns how to leave */
  readonly join: () => () => void;
}

export const UNTOLD = { told: undefined, hasGap: false, sequence: 0, time: 0, problem: undefined } as const;

/** How long a topic that nobody follows is kept: pages change, and come back. */
const LINGER_MS = 5_000;

const topics = new WeakMap<Stream, Map<string, Topic<Followed>>>();

/** The topic of a stream. */
export function topicOf<Name extends Followed>(
  stream: Stream,
  channel: Name,
  of: ChannelOf<Name>,
): Topic<Name> {
  const known = topics.get(stream) ?? new Map<string, Topic<Followed>>();
  topics.set(stream, known);
  const key = `${channel} ${JSON.stringify(of)}`;
  const found = known.get(key) as Topic<Name> | undefined;
  if (found !== undefined) return found;
  const made = createTopic(stream, channel, of, () => known.delete(key));
  known.set(key, made);
  return made;
}

function createTopic<Name extends Followed>(
  stream: Stream,
  channel: Name,
  of: ChannelOf<Name>,
  ended: () => void,
): Topic<Name> {
  const store = createStore<TopicState<Name>>(UNTOLD);
  let waiting: ChannelMessage<Name>[] = [];
  let followers = 0;
  let leaving: ReturnType<typeof setTimeout> | undefined;

  const mergeAll = (): void => {
    const messages = waiting;
    waiting = [];
    let { told, sequence, time } = store.get();
    for (const message of messages) {
      told = merge(channel, told, message);
      ({ sequence, time } = message);
    }
    store.set({ told, sequence, time, hasGap: false, problem: undefined });
  };
  const subscription = stream.subscribe<Name>(channel, of, {
    message: (message) => {
      waiting.push(message);
      inFrame(mergeAll);
    },
    gap: () => {
      waiting = [];
      store.set({ ...store.get(), hasGap: true });
    },
  });
  subscription.ready.catch((problem: unknown) => {
    if (problem instanceof ProblemError) store.set({ ...store.get(), problem });
  });

  return {
    store,
    join: () => {
      followers += 1;
      clearTimeout(leaving);
      return () => {
        followers -= 1;
        if (followers > 0) return;
        leaving = setTimeout(() => {
          subscription.close();
          ended();
        }, LINGER_MS);
      };
    },
  };
}
