/** Logging in and out: a wallet signs once for a session key, which this page keeps until its tab is closed or somebody logs out. */
import { createPrivateKey, hexOf, bytesOf } from "@bulkhead/protocol";
import {
  type Client,
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
import { type Live, SILENCE_MS } from "./live.ts";
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
}

/** Opens an account for whoever is logged in; his wallet is asked. */
export async function openOwnAccount(live: Live): Promise<number> {
  const client = live.signedIn.get()?.client;
  const found = client && kept(client.venue.signing.salt, client.clock.now());
  if (client === undefined || found === undefined) throw new Error("nobody is logged in");
  const account = await openAccount(client);
  keepSession(client, found.key, found.signer);
  // A stream is told the accounts of its session when it logs in.
  enter(live, client);
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
  const wallet = await walletOf(found);
  const client = await clientOf(live, wallet);
  client.resume(found.terms, sessionKey(bytesOf(found.key, KEY_BYTES, "session key")));
  try {
    await client.call("sessions", {});
  } catch (error) {
    client.close();
    if (error instanceof ProblemError && error.status < 500) forget();
    return;
  }
  if (live.signedIn.get() === undefined) enter(live, client);
}

function enter(live: Live, client: Client): void {
  live.signedIn.set({ client, stream: client.stream() });
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

function clientOf(live: Live, wallet: Wallet | undefined): Promise<Client> {
  return connect(live.url, {
    silence: SILENCE_MS,
    retries: 1,
    isSessionWanted: false,
    ...(wallet !== undefined && { wallet }),
  });
}

/** The wallet that signed before; undefined if it is not to be had without asking: then the session trades, and moves nothing. */
async function walletOf({ signer, terms }: Kept): Promise<Wallet | undefined> {
  if (signer.kind === "demo") return localWallet(signer.privateKey);
  const wallets = browserWallets();
  const find = (): BrowserWallet | undefined => wallets.get().find(({ rdns }) => rdns === signer.rdns);
  const found = find() ?? (await announced(find));
  if (found === undefined) return undefined;
  const allowed = (await found.provider.request({ method: "eth_accounts" })) as readonly string[] | undefined;
  return allowed?.[0]?.toLowerCase() === terms.owner ? providerWallet(found.provider) : undefined;
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
