/** What the numbers of parameters mean: routes and proposals tell them in the engine's units. */
import { PARAMETERS, type ParameterSpec, VENUE_PARAMETERS } from "@bulkhead/engine";

export interface ParameterMeaning {
  /** "ppm of mark", "micro-USD, 0 = no size scaling", "lots": docs/reference/parameters.md. */
  readonly unit: string;
  /** Which way is safer; `neither` = every change waits as a loosening does. */
  readonly safer: "higher" | "lower" | "neither";
}

const SAFER = { up: "higher", down: "lower", neither: "neither" } as const;

/** @returns undefined of a parameter that this version does not know */
export function parameterMeaning(name: string): ParameterMeaning | undefined {
  const ofTier: ParameterSpec | undefined = (PARAMETERS as Readonly<Record<string, ParameterSpec>>)[name];
  if (ofTier !== undefined) return { unit: ofTier.unit, safer: SAFER[ofTier.safe] };
  const ofVenue = (VENUE_PARAMETERS as Readonly<Record<string, { readonly unit: string }>>)[name];
  return ofVenue === undefined ? undefined : { unit: ofVenue.unit, safer: "neither" };
}
