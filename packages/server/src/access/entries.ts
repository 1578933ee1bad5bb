/** What the journal of the registry holds. Times are the node's, in ms; keys and addresses are lower-case hex with 0x. */
import { z } from "zod";

const time = z.int().min(0);
const account = z.int().min(1);
const session = z
  .int()
  .min(1)
  .max(2 ** 32 - 1);
export const address = z.string().regex(/^0x[0-9a-f]{40}$/);
const key = z.string().regex(/^0x0[23][0-9a-f]{64}$/);

const entry = z.discriminatedUnion("kind", [
  /** An account was opened, and this is whose it is. */
  z.strictObject({ kind: z.literal("account"), time, account, owner: address }),
  z.strictObject({
    kind: z.literal("session"),
    time,
    session,
    owner: address,
    key,
    scopes: z
      .int()
      .min(0)
      .max(2 ** 32 - 1),
    expires: time,
    /** SHA-256 of the bearer token, hex. */
    token: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.strictObject({ kind: z.literal("revoked"), time, session }),
  /** The account's orders are to be cancelled once nothing was heard for so long, ms; 0 = no more. */
  z.strictObject({ kind: z.literal("switch"), time, account, timeout: time }),
  /** Sessions below this number have been given. */
  z.strictObject({ kind: z.literal("numbered"), time, session }),
]);

export type Entry = Readonly<z.infer<typeof entry>>;

/** @throws if the line is no entry */
export function readEntry(line: string): Entry {
  return entry.parse(JSON.parse(line));
}
