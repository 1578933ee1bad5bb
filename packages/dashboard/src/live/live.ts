/**
 * The one connection of a page to its node: a client, a stream for what everybody may see, and, while somebody is logged in, a second stream for
 * what is his. Pages reach it through hooks only.
 */
import { type Client, type Stream, type StreamState, connect } from "@bulkhead/sdk";
import { type Store, createStore } from "./store.ts";

/** How the page and the venue stand to each other. */
export type Phase = "connecting" | "live" | "stale" | "lost";

export interface Connection {
  readonly phase: Phase;
  /** Number and time (ms since the epoch) of the command that what is shown reflects; 0 = nothing was told yet. */
  readonly sequence: number;
  readonly time: number;
  /** When anything was heard last, ms by this machine's clock; 0 = never. */
  readonly heardAt: number;
  /** Why the connection was lost, in the words of whoever noticed. */
  readonly reason: string | undefined;
}

/** Somebody who is logged in. */
export interface SignedIn {
  readonly client: Client;
  readonly stream: Stream;
  /** Whether what only a wallet may sign can be signed now: the wallet is here, and still lets this page use the owner's address. */
  readonly canSign: boolean;
}

/** What somebody has to be told of his being logged in that he has not done himself. */
export interface Notice {
  readonly title: string;
  readonly detail: string;
}

export interface Live {
  /** Of a node that answered: it sees what everybody sees. Undefined until then. */
  readonly client: Store<Client | undefined>;
  readonly signedIn: Store<SignedIn | undefined>;
  /** Of an owner's accounts the one that is meant; his first if not told. */
  readonly account: Store<number | undefined>;
  readonly notice: Store<Notice | undefined>;
  readonly connection: Store<Connection>;
  /** The public stream, as soon as there is a client. */
  readonly stream: () => Stream | undefined;
  readonly url: string;
  readonly close: () => void;
}

/** From when on silence makes what is shown stale, ms. */
const STALE_MS = 3_000;
/** A stream asks after half of it, and gives the connection up after twice that. */
export const SILENCE_MS = 2_000;
const LOOK_MS = 250;
/** Before it is live for the first time; somebody waits. */
const SOON_MS = 20;
const AGAIN_MS = 2_000;

const NOTHING: Connection = { phase: "connecting", sequence: 0, time: 0, heardAt: 0, reason: undefined };

/** @param url - of the node, such as the page's own origin */
export function goLive(url: string): Live {
  const client = createStore<Client | undefined>(undefined);
  const signedIn = createStore<SignedIn | undefined>(undefined);
  const account = createStore<number | undefined>(undefined);
  const notice = createStore<Notice | undefined>(undefined);
  const connection = createStore<Connection>(NOTHING);
  let stream: Stream | undefined;
  let isClosed = false;
  let again: ReturnType<typeof setTimeout> | undefined;

  const begin = async (): Promise<void> => {
    try {
      const made = await connect(url, { silence: SILENCE_MS, retries: 0 });
      if (isClosed) return made.close();
      stream = made.stream();
      client.set(made);
    } catch (error) {
      if (isClosed) return;
      connection.set({ ...NOTHING, phase: "lost", reason: (error as Error).message });
      again = setTimeout(() => void begin(), AGAIN_MS);
    }
  };
  void begin();

  let looking: ReturnType<typeof setTimeout>;
  const lookAgain = (): void => {
    const wait = connection.get().phase === "connecting" ? SOON_MS : LOOK_MS;
    looking = setTimeout(() => {
      look();
      lookAgain();
    }, wait);
  };
  const look = (): void => {
    if (stream === undefined) return;
    const next = connectionOf(stream.state, Date.now(), client.get()?.venue);
    const before = connection.get();
    const isSame = (Object.keys(next) as (keyof Connection)[]).every((key) => before[key] === next[key]);
    if (!isSame) connection.set(next);
  };
  lookAgain();

  return {
    client,
    signedIn,
    account,
    notice,
    connection,
    stream: () => stream,
    url,
    close: () => {
      isClosed = true;
      clearTimeout(looking);
      clearTimeout(again);
      signedIn.get()?.client.close();
      client.get()?.close();
    },
  };
}

/**
 * How a stream stands, in a word.
 * @param now - ms by this machine's clock
 * @param first - what the node said of itself when it was asked first; true until the stream has told more
 */
export function connectionOf(
  { isUp, heardAt, sequence, time, lost }: StreamState,
  now: number,
  first?: { readonly sequence: number; readonly time: number },
): Connection {
  const last = sequence === 0 && first !== undefined ? first : { sequence, time };
  const told = { sequence: last.sequence, time: last.time, heardAt, reason: lost };
  if (!isUp) return { ...told, phase: heardAt === 0 && lost === undefined ? "connecting" : "lost" };
  return { ...told, phase: now - heardAt > STALE_MS ? "stale" : "live" };
}
