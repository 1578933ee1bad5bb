/** What a change within a larger story would be refused for, as that story's refusal: the code and its first two facts. */
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import type { Venue } from "../../domain/venue.ts";

/** What is accepted stays so. */
export function wrapRefusal(venue: Venue, code: OutcomeCode): OutcomeCode {
  if (code === ACCEPTED) return code;
  const [first = 0, second = 0] = venue.facts;
  return venue.refuse("change_refused", code, first, second);
}
