/**
 * A client of a venue. `connect` learns the venue's names and clock and, given a wallet, has it make a session key; from then on the key signs,
 * and the wallet is asked only for what moves money out or governs.
 */
import { DecodeError } from "@bulkhead/engine";
import {
  type AmendRequest,
  type Balances,
  type CancelReceipt,
  type ChannelMessage,
  type CommandInput,
  type Directory,
  type Instrument,
  type OrderOperation,
  type OrderReceipt,
  type OrderRequest,
  type Preview,
  type Receipt,
  type RouteInput,
  type RouteName,
  type RouteResponse,
  SCOPE,
  type SigningDomain,
  type Venue,
  commandTypedData,
  delegationTypedData,
  directoryOf,
  frameOf,
  hasScope,
  instrumentNamed,
  signingDomain,
} from "@bulkhead/protocol";
import { Clock, Nonces } from "./clock.ts";
import { type Fetch, Http } from "./http.ts";
import { LocalBook } from "./localBook.ts";
import { type BucketName, OrderEntry } from "./orderEntry.ts";
import { ProblemError } from "./problemError.ts";
import { type Session, type SessionKey, type SessionTerms, openSession, sessionKey } from "./session.ts";
import { signIn } from "./signIn.ts";
import { type MakeSocket, platformSocket } from "./socket.ts";
import { Stream, type Subscription } from "./stream.ts";
import type { Wallet } from "./wallet.ts";

export interface ConnectOptions {
  /** Whoever signs for an address; without one the client sees what everybody sees. */
  readonly wallet?: Wallet;
  /** Whether the wallet is asked for a session key at once; true if not told. */
  readonly isSessionWanted?: boolean;
  /**
   * How the wallet makes the session key: by signing a `Delegation` (EIP-712), or by signing in with a text that people can read (ERC-4361); the
   * first if not told.
   */
  readonly login?: "delegation" | "siwe";
  /** What the session key may do, a sum of `SCOPE`; reading and trading if not told. */
  readonly scopes?: number;
  /** How long the session lasts, ms; a day if not told. */
  readonly lifetime?: number;
  /** Told when the node says that it does not know the session any more: it has expired, or was ended elsewhere. */
  readonly onSessionLost?: () => void;
  /** How long to wait for an answer, ms. */
  readonly timeout?: number;
  /** How often a read is tried again when the node is not there. */
  readonly retries?: number;
  /** After how long without a message a stream asks whether the node is still there, ms; it gives up after twice that. 15 s if not told. */
  readonly silence?: number;
  readonly fetch?: Fetch;
  readonly makeSocket?: MakeSocket;
}

/** What a connection for orders is to be like. */
export interface OrderEntryTerms {
  readonly cancelOnDisconnect?: boolean;
  readonly makeSocket?: MakeSocket;
  readonly key?: SessionKey;
}

/** What a connection for streams is to be like. */
export interface StreamTerms {
  readonly cancelOnDisconnect?: boolean;
}

const DAY = 86_400_000;
const TIMEOUT = 10_000;
const RETRIES = 3;
const FIRST_WAIT = 250;
const SILENCE = 15_000;

interface Parts {
  readonly url: string;
  readonly venue: Venue;
  readonly http: Http;
  readonly clock: Clock;
  readonly options: ConnectOptions;
}

/**
 * Connects to a node.
 * @param url - where it listens, such as `https://node.example`
 * @throws {Unanswered} if nobody listens there
 * @throws {ProblemError} if the node does not take the wallet's delegation
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Client> {
  const http = new Http({
    url,
    fetch: options.fetch ?? fetch,
    timeout: options.timeout ?? TIMEOUT,
    retries: options.retries ?? RETRIES,
  });
  const clock = new Clock();
  const [venue] = await Promise.all([
    http.call("venue", {}),
    clock.synchronise(async () => (await http.call("time", {})).time),
  ]);
  const client = new Client({ url, venue, http, clock, options });
  if (options.wallet !== undefined && options.isSessionWanted !== false)
    await client.begin(options.scopes ?? SCOPE.read + SCOPE.trade);
  return client;
}

export class Client {
  readonly venue: Venue;
  readonly directory: Directory;
  readonly domain: SigningDomain;
  readonly clock: Clock;
  readonly wallet: Wallet | undefined;
  private readonly parts: Parts;
  private readonly walletNonces: Nonces;
  private current: Session | undefined;
  private readonly buckets = new Map<string, number>();
  private readonly open = new Set<{ close(): void }>();

  constructor(parts: Parts) {
    const { venue, clock, options } = parts;
    this.parts = parts;
    this.venue = venue;
    this.clock = clock;
    this.wallet = options.wallet;
    this.directory = directoryOf(venue.names);
    this.domain = signingDomain(venue.signing.chainId, venue.signing.salt as `0x${string}`);
    this.walletNonces = new Nonces(clock);
  }

  /** The session that signs. @throws {NoSession} without one */
  get session(): Session {
    if (this.current === undefined) throw new NoSession();
    return this.current;
  }

  /** The account that is meant when none is named: the owner's first. @throws {NoSession} @throws {DecodeError} if he has none */
  get account(): number {
    const [first] = this.session.accounts;
    if (first === undefined) throw new DecodeError("account", "an open account is required", "none");
    return first;
  }

  /** Makes the session of this client. */
  async begin(scopes: number, key: SessionKey = sessionKey()): Promise<Session> {
    this.current = await this.delegate(scopes, key);
    return this.current;
  }

  /** Goes on with a session that was kept: its terms, and its key. */
  resume(terms: SessionTerms, key: SessionKey): Session {
    this.current = openSession(terms, key, this.clock);
    return this.current;
  }

  /** Ends the session, here and at the node. @throws {NoSession} without one */
  async end(): Promise<void> {
    const { session } = this.session;
    await this.call("endSession", { params: { session } });
    this.current = undefined;
  }

  /** Has the wallet make a session key. @throws {NoWallet} without one, or without one that signs texts where that is asked for */
  async delegate(scopes: number, key: SessionKey = sessionKey()): Promise<Session> {
    const wallet = this.expectWallet();
    const { lifetime = DAY, login = "delegation" } = this.parts.options;
    const expires = this.clock.now() + lifetime;
    const wish = { address: wallet.address, key: key.publicKey, scopes, expires };
    if (login === "siwe")
      return openSession(
        { ...(await signIn(this.parts.http, wallet, wish)), owner: wallet.address },
        key,
        this.clock,
      );
    const terms = await this.withNonce(async (nonce) => {
      const delegation = { owner: wallet.address, key: key.publicKey, scopes, expires, nonce };
      const signature = await wallet.signTypedData(delegationTypedData(this.domain, delegation));
      return this.parts.http.call("delegate", { body: { delegation, signature } });
    });
    return openSession({ ...terms, owner: wallet.address }, key, this.clock);
  }

  /** Calls any route of the node. @throws as `Http.call` does */
  async call<Name extends RouteName>(name: Name, input: RouteInput<Name>): Promise<RouteResponse<Name>> {
    const { http, clock, options } = this.parts;
    const { current: session, domain } = this;
    try {
      return await http.call(name, input, session && { session, domain, clock });
    } catch (error) {
      const isLost = error instanceof ProblemError && error.kind === "session-unknown";
      if (isLost && session !== undefined) options.onSessionLost?.();
      throw error;
    }
  }

  instrument(symbol: string): Instrument {
    return instrumentNamed(this.directory, symbol, "symbol");
  }

  // ------------------------------------------------------------------------------------------------------------- orders

  /** @throws {ProblemError} if the venue refuses it: `refusal` and `facts` say why */
  placeOrder(order: OrderRequest): Promise<OrderReceipt> {
    return this.call("placeOrder", { body: { account: this.account, ...order } });
  }

  /** Changes an order's price, or what is open of it. */
  amendOrder(id: string, changes: AmendRequest): Promise<OrderReceipt> {
    return this.call("amendOrder", { params: { id }, body: { account: this.account, ...changes } });
  }

  cancelOrder(id: string): Promise<CancelReceipt> {
    return this.call("cancelOrder", { params: { id }, query: { account: this.account } });
  }

  /** Cancels all of the account's orders, or those of one market. */
  async cancelOrders(symbol?: string): Promise<number> {
    const query = { account: this.account, ...(symbol !== undefined && { symbol }) };
    return (await this.call("cancelOrders", { query })).canceled;
  }

  /** Several in a row; each has a receipt or a problem of its own. */
  async batch(operations: readonly OrderOperation[]): Promise<RouteResponse<"batchOrders">["results"]> {
    return (await this.call("batchOrders", { body: { operations: [...operations] } })).results;
  }

  /** What an order would do, without doing it. */
  preview(order: OrderRequest): Promise<Preview> {
    return this.call("preview", { body: { account: this.account, ...order } });
  }

  /** Has all orders cancelled should this client fall silent for so long, ms; 0 = no more. */
  cancelAfter(timeout: number): Promise<RouteResponse<"cancelAfter">> {
    return this.call("cancelAfter", { body: { account: this.account, timeout } });
  }

  balances(): Promise<Balances> {
    return this.call("balances", { params: { account: this.account } });
  }

  positions(): Promise<RouteResponse<"positions">> {
    return this.call("positions", { params: { account: this.account }, query: {} });
  }

  openOrders(symbol?: string): Promise<RouteResponse<"openOrders">> {
    return this.call("openOrders", {
      params: { account: this.account },
      query: { ...(symbol !== undefined && { symbol }) },
    });
  }

  // ----------------------------------------------------------------------------------------------------------- commands

  /** Sends a command signed by the session: what its scopes allow. */
  send(command: CommandInput): Promise<Receipt> {
    return this.call("command", { body: { command } });
  }

  /** Sends a command signed by the wallet: what moves money out, or governs. @throws {NoWallet} without one */
  async sign(command: CommandInput): Promise<Receipt> {
    const wallet = this.expectWallet();
    const receipt = await this.withNonce(async (nonce) => {
      const signature = await wallet.signTypedData(commandTypedData(this.domain, frameOf(command), nonce));
      return this.parts.http.call("command", { body: { command, nonce, signature } });
    });
    if (command.kind === "openAccount" && this.current !== undefined) {
      const account = receipt.facts["account"];
      if (account !== undefined)
        this.current = { ...this.current, accounts: [...this.current.accounts, account] };
    }
    return receipt;
  }

  // ------------------------------------------------------------------------------------------------------------ streams

  /**
   * A connection for what is told as it happens; private channels work if there is a session.
   * @param cancelOnDisconnect - whether the node cancels all orders of the owner's accounts when the connection goes; needs a session that may trade
   */
  stream({ cancelOnDisconnect = false }: StreamTerms = {}): Stream {
    const { url, options } = this.parts;
    if (cancelOnDisconnect && !hasScope(this.session.scopes, "trade"))
      throw new DecodeError(
        "cancelOnDisconnect",
        "a session that may trade is required",
        this.session.scopes,
      );
    return this.kept(
      new Stream({
        url: socketUrl(url, "/v1/stream"),
        makeSocket: options.makeSocket ?? platformSocket,
        token: this.current?.token,
        cancelOnDisconnect,
        firstWait: FIRST_WAIT,
        silence: options.silence ?? SILENCE,
      }),
    );
  }

  /** Follows a market's book. @param changed - is told after every change, and with an empty book while it is begun anew */
  followBook(stream: Stream, symbol: string, changed: (book: LocalBook) => void): Subscription {
    const book = new LocalBook(this.instrument(symbol));
    let subscription: Subscription;
    const forget = (): void => {
      book.clear();
      changed(book);
    };
    const message = (told: ChannelMessage<"book">): void => {
      if (book.apply(told)) return changed(book);
      forget();
      subscription.close();
      subscription = stream.subscribe("book", { symbol }, { message, gap: forget });
    };
    subscription = stream.subscribe("book", { symbol }, { message, gap: forget });
    return { ready: subscription.ready, close: () => subscription.close() };
  }

  /**
   * A connection for orders in binary, with a session key of its own: the wallet is asked for it.
   * @param cancelOnDisconnect - whether the node cancels all orders of the account when the connection goes, and the client those sent over it
   *   once more when it is back; true if not told
   * @param makeSocket - what carries it; a WebSocket if not told, `tcpSocket` of `@bulkhead/sdk/node` for the node's TCP port
   * @param key - that signs its batches; a new one of `sessionKey` if not told. Whoever sends much has a faster signer
   */
  async orderEntry({
    cancelOnDisconnect = true,
    makeSocket,
    key,
  }: OrderEntryTerms = {}): Promise<OrderEntry> {
    const { url, options } = this.parts;
    const session = await this.delegate(SCOPE.read + SCOPE.trade, key);
    return this.kept(
      new OrderEntry({
        url: socketUrl(url, "/v1/binary"),
        makeSocket: makeSocket ?? options.makeSocket ?? platformSocket,
        domain: this.domain,
        directory: this.directory,
        session,
        firstWait: FIRST_WAIT,
        bucketOf: (instrument, order) => this.bucketOf(instrument, order),
        cancelOnDisconnect,
      }),
    );
  }

  /** Closes every connection that this client has opened. */
  close(): void {
    for (const each of this.open) each.close();
    this.open.clear();
  }

  /** Which bucket an order is for. @throws {DecodeError} if nothing was ever allocated to such a one */
  async bucketOf({ tier, symbol }: Instrument, order: OrderRequest): Promise<BucketName> {
    const { account = this.account, marginMode = "cross" } = order;
    const key = `${account} ${tier} ${marginMode === "cross" ? "" : symbol}`;
    if (!this.buckets.has(key)) {
      const { buckets } = await this.call("balances", { params: { account } });
      for (const { bucket, tier: of, symbol: isolated } of buckets)
        this.buckets.set(`${account} ${of} ${isolated ?? ""}`, bucket);
    }
    const bucket = this.buckets.get(key);
    if (bucket === undefined)
      throw new DecodeError(
        "order.marginMode",
        `a bucket of tier ${tier} is required: allocate to it`,
        marginMode,
      );
    return { account, bucket };
  }

  /**
   * Does something that needs a wallet's nonce. A node that has just come back takes none from before it went, and says so: then the wallet is
   * asked once more.
   */
  private async withNonce<Answer>(act: (nonce: number) => Promise<Answer>): Promise<Answer> {
    try {
      return await act(this.walletNonces.next());
    } catch (error) {
      const least =
        error instanceof ProblemError && error.kind === "nonce-used" ? error.facts["least"] : undefined;
      if (least === undefined) throw error;
      this.walletNonces.raise(least);
      return act(this.walletNonces.next());
    }
  }

  private expectWallet(): Wallet {
    if (this.wallet === undefined) throw new NoWallet();
    return this.wallet;
  }

  private kept<Kept extends { close(): void }>(connection: Kept): Kept {
    this.open.add(connection);
    return connection;
  }
}

/** Something needs a session, and the client was connected without a wallet. */
export class NoSession extends Error {
  constructor() {
    super("there is no session: connect with a wallet");
    this.name = "NoSession";
  }
}

/** Something needs a wallet's signature, and the client has none. */
export class NoWallet extends Error {
  constructor() {
    super("there is no wallet to sign: connect with one");
    this.name = "NoWallet";
  }
}

function socketUrl(url: string, path: string): string {
  const socket = new URL(path, url);
  socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";
  return socket.href;
}
