import { ProblemError } from "@bulkhead/sdk";

/** Whether the venue refused, and by this name. */
export function isRefusal(error: unknown, refusal: ProblemError["refusal"]): boolean {
  return error instanceof ProblemError && error.refusal === refusal;
}
