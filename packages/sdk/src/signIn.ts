/** Sign-In with Ethereum (ERC-4361): the node writes a text that names a key and what it may do, and the wallet signs it. */
import { DecodeError } from "@bulkhead/engine";
import type { RouteInput, RouteResponse } from "@bulkhead/protocol";
import type { Http } from "./http.ts";
import type { Wallet } from "./wallet.ts";

/** What the session is to be. */
export type LoginWish = RouteInput<"challenge">["body"];

/**
 * Makes a session. The text is read before it is signed: whoever stands at the other end cannot have the wallet sign for another key, or for
 * more than was asked.
 * @throws {DecodeError} if the wallet signs no texts, or the node's text is not the one that was asked for
 */
export async function signIn(http: Http, wallet: Wallet, wish: LoginWish): Promise<RouteResponse<"login">> {
  if (wallet.signMessage === undefined)
    throw new DecodeError("wallet.signMessage", "a wallet that signs texts is required", "none");
  const { message } = await http.call("challenge", { body: wish });
  expectAsked(message, wish);
  return http.call("login", { body: { message, signature: await wallet.signMessage(message) } });
}

function expectAsked(message: string, { address, key, scopes, expires }: LoginWish): void {
  const lines = message.split("\n");
  const only = (start: string): string | undefined => {
    const found = lines.filter((line) => line.startsWith(start));
    return found.length === 1 ? found[0]?.slice(start.length) : undefined;
  };
  const told = {
    address: lines[1]?.toLowerCase(),
    key: only("- bulkhead:key:"),
    scopes: only("- bulkhead:scopes:"),
    expires: Date.parse(only("Expiration Time: ") ?? ""),
  };
  const asked = { address: address.toLowerCase(), key, scopes: String(scopes), expires };
  for (const name of ["address", "key", "scopes", "expires"] as const)
    if (told[name] !== asked[name])
      throw new DecodeError(`challenge.message.${name}`, `${asked[name]} was asked for`, told[name]);
}
