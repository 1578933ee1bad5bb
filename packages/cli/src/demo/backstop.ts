/** The demo's backstop: whoever stands behind the venue works off what its buckets were handed. */
import { SCOPE } from "@bulkhead/protocol";
import { connect, localWallet } from "@bulkhead/sdk";
import { demoKey } from "./keys.ts";
import { every } from "./pace.ts";
import { workOff } from "./workOff.ts";

const PAUSE = 3_000;

export async function standBehind(url: string, ended: AbortSignal): Promise<void> {
  const client = await connect(url, {
    wallet: localWallet(demoKey("house")),
    scopes: SCOPE.read + SCOPE.trade,
  });
  await every(PAUSE, ended, () => workOff(client));
  client.close();
}
