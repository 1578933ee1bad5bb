/** A venue's directory checked by somebody who trusts nobody. */
import { type Check, type CheckOptions, type CheckedLog, checkLog } from "@bulkhead/protocol/log";
import { DIGESTS } from "../log/digests.ts";

export type Verification = Check;
export type VerifyOptions = Pick<CheckOptions, "hash" | "auditEvery" | "progress">;

/** Executes a venue's whole log and stops at the first thing that is not as it was written. */
export function verify(directory: CheckedLog, options: VerifyOptions = {}): Promise<Verification> {
  return checkLog(directory, { ...options, digests: DIGESTS });
}
