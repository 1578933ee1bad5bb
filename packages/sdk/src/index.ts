/** @bulkhead/sdk: a typed client of a Bulkhead venue, for the browser and Node. */
export { Client, type ConnectOptions, NoSession, NoWallet, connect } from "./client.ts";
export { Clock, Nonces } from "./clock.ts";
export { SCOPE, type OrderRequest } from "@bulkhead/protocol";
export { LocalBook } from "./localBook.ts";
export { type Accepted, OrderEntry } from "./orderEntry.ts";
export { ProblemError, Unanswered } from "./problemError.ts";
export { type Session, type SessionKey, type SessionTerms, sessionKey } from "./session.ts";
export type { MakeSocket, Socket } from "./socket.ts";
export { type Listener, Stream, type StreamState, type Subscription } from "./stream.ts";
export { type Eip1193Provider, type Wallet, WalletError, localWallet, providerWallet } from "./wallet.ts";
export {
  type Place,
  type Sum,
  allocate,
  approve,
  cancelWithdrawal,
  deallocate,
  execute,
  openAccount,
  propose,
  stake,
  withdraw,
} from "./walletActions.ts";
