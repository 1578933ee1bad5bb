/** Logging in and out: a wallet signs once for a session key, which this page keeps until its tab is closed or somebody logs out. */
import { createPrivateKey, hexOf, bytesOf } from "@bulkhead/protocol";
import {
  type Client,
  type Eip1193Provider,
  ProblemError,
  SCOPE,
  type Wallet,
  connect,
  localWallet,
  openAccount,
  providerWallet,
  sessionKey,
} from "@bulkhead/sdk";
import { type Kept, type Signer, demoKey, forget, keep, kept } from "./keeping.ts";
import { type Live, type Notice, SILENCE_MS } from "./live.ts";
import { type BrowserWallet, browserWallets } from "./wallets.ts";

const KEY_BYTES = 32;
const SCOPES = SCOPE.read + SCOPE.trade;
/** How long a wallet that was used before may take to announce itself, ms. */
const ANNOUNCE_MS = 1_500;

/** Who may sign: a wallet of this browser's, or a key that a demo venue is happy with. */
export type Choice = { readonly kind: "browser"; readonly wallet: BrowserWallet } | { readonly kind: "demo" };

/** Logs in with a wallet. @throws whatever the wallet or the node says */
export async function logIn(live: Live, choice: Choice): Promise<void> {
  const signer = signerOf(choice);
  const provider = choice.kind === "browser" ? choice.wallet.provider : undefined;
  const wallet =
    signer.kind === "demo"
      ? localWallet(signer.privateKey)
      : await providerWallet((choice as Extract<Choice, { kind: "browser" }>).wallet.provider);
  const client = await clientOf(live, wallet);
  const privateKey = createPrivateKey();
  const session = await client.begin(SCOPES, sessionKey(privateKey));
  if (signer.kind === "demo" && session.accounts.length === 0) await openAccount(client);
  keepSession(client, hexOf(privateKey), signer);
  enter(live, client);
  if (provider !== undefined) heed(live, client, provider);
}

/** Opens an account for whoever is logged in; his wallet is asked. */
export async function openOwnAccount(live: Live): Promise<number> {
  const client = live.signedIn.get()?.client;
  if (client === undefined) throw new Error("nobody is logged in");
  const account = await openAccount(client);
  const found = kept(client.venue.signing.salt, client.clock.now());
  // Where the browser keeps nothing, nothing is kept.
  if (found !== undefined) keepSession(client, found.key, found.signer);
  // A stream is told the accounts of its session when it logs in.
  enter(live, client);
  live.account.set(account);
  return account;
}

/** Ends the session, here and at the node; should the node not answer, here. */
export async function logOut(live: Live): Promise<void> {
  const someone = live.signedIn.get();
  forget();
  live.signedIn.set(undefined);
  if (someone === undefined) return;
  try {
    await someone.client.end();
  } catch (error) {
    // A session that the node does not know has ended already, and one that it cannot be told of expires.
    if (error instanceof ProblemError && error.status >= 500) throw error;
  } finally {
    someone.client.close();
  }
}

/** Goes on with the session that this tab has kept, if there is one. */
export async function goOn(live: Live, open: Client): Promise<void> {
  const found = kept(open.venue.signing.salt, open.clock.now());
  if (found === undefined) return forget();
  const provider = await providerOf(found);
  const address = provider && (await addressOf(provider));
  if (address !== undefined && address !== found.terms.owner) {
    forget();
    live.notice.set(changedTo(address));
    return;
  }
  const wallet =
    found.signer.kind === "demo"
      ? localWallet(found.signer.privateKey)
      : provider && address && (await providerWallet(provider));
  const client = await clientOf(live, wallet);
  client.resume(found.terms, sessionKey(bytesOf(found.key, KEY_BYTES, "session key")));
  try {
    await client.call("sessions", {});
  } catch (error) {
    client.close();
    if (error instanceof ProblemError && error.status < 500) forget();
    return;
  }
  if (live.signedIn.get() !== undefined) return;
  enter(live, client);
  if (provider !== undefined) heed(live, client, provider);
}

/** Says that the node does not know the session any more, which somebody may have ended elsewhere. */
async function lose(live: Live, client: Client): Promise<void> {
  if (live.signedIn.get()?.client !== client) return;
  live.notice.set({ title: "The session has ended", detail: "The node knows it no more. Log in to go on." });
  await logOut(live);
}

function enter(live: Live, client: Client): void {
  live.account.set(undefined);
  live.notice.set(undefined);
  live.signedIn.set({ client, stream: client.stream(), canSign: client.wallet !== undefined });
}

/** Follows what becomes of the wallet that somebody has logged in with, for as long as he is. */
function heed(live: Live, client: Client, provider: Eip1193Provider): void {
  const { owner } = client.session;
  const follow = (address: string | undefined): void => {
    const someone = live.signedIn.get();
    if (someone?.client !== client) return;
    if (address !== undefined && address !== owner) {
      live.notice.set(changedTo(address));
      void logOut(live).catch(() => undefined);
      return;
    }
    const canSign = address !== undefined && client.wallet !== undefined;
    if (canSign === someone.canSign) return;
    live.signedIn.set({ ...someone, canSign });
    live.notice.set(canSign ? undefined : GONE);
  };
  const look = (): void => void addressOf(provider).then(follow, () => follow(undefined));
  const listeners = {
    accountsChanged: (told: unknown) => follow((told as readonly string[])[0]?.toLowerCase()),
    connect: look,
    disconnect: () => follow(undefined),
  } as const;
  for (const [event, listener] of Object.entries(listeners)) provider.on?.(event, listener);
  const stop = live.signedIn.listen(() => {
    if (live.signedIn.get()?.client === client) return;
    stop();
    for (const [event, listener] of Object.entries(listeners)) provider.removeListener?.(event, listener);
  });
}

const GONE: Notice = {
  title: "The wallet is locked, or disconnected from this page",
  detail: "Orders go on until the session ends; moving money takes the wallet.",
};

function changedTo(address: string): Notice {
  return {
    title: "Logged out: the wallet has changed to another address",
    detail: `It is ${address} now, and the session was another's. Nothing was cancelled.`,
  };
}

function keepSession(client: Client, key: string, signer: Signer): void {
  const { session, owner, scopes, expires, token, accounts } = client.session;
  keep({
    venue: client.venue.signing.salt,
    terms: { session, owner, scopes, expires, token, accounts },
    key,
    signer,
  });
}

function signerOf(choice: Choice): Signer {
  if (choice.kind === "demo") return { kind: "demo", privateKey: demoKey(() => hexOf(createPrivateKey())) };
  const { rdns, name } = choice.wallet;
  return { kind: "browser", rdns, name };
}

async function clientOf(live: Live, wallet: Wallet | undefined): Promise<Client> {
  const client: Client = await connect(live.url, {
    silence: SILENCE_MS,
    retries: 1,
    isSessionWanted: false,
    // People read what they sign in with, and wallets on any chain sign it.
    login: "siwe",
    onSessionLost: () => void lose(live, client).catch(() => undefined),
    ...(wallet !== undefined && { wallet }),
  });
  return client;
}

/** Where the wallet is that signed before; undefined if it is none of the browser's, or not here. */
async function providerOf({ signer }: Kept): Promise<Eip1193Provider | undefined> {
  if (signer.kind === "demo") return undefined;
  const find = (): BrowserWallet | undefined =>
    browserWallets()
      .get()
      .find(({ rdns }) => rdns === signer.rdns);
  return (find() ?? (await announced(find)))?.provider;
}

/** What a wallet lets this page use without being asked; undefined if nothing: then a session trades, and moves nothing. */
async function addressOf(provider: Eip1193Provider): Promise<string | undefined> {
  const allowed = (await provider.request({ method: "eth_accounts" })) as readonly string[] | undefined;
  return allowed?.[0]?.toLowerCase();
}

function announced(find: () => BrowserWallet | undefined): Promise<BrowserWallet | undefined> {
  const wallets = browserWallets();
  return new Promise((resolve) => {
    const stop = wallets.listen(() => {
      if (find() !== undefined) end();
    });
    const timer = setTimeout(() => end(), ANNOUNCE_MS);
    const end = (): void => {
      stop();
      clearTimeout(timer);
      resolve(find());
    };
  });
}
