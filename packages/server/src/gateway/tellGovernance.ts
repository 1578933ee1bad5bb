/** Who may change what, as the engine has it, in words. */
import {
  PARAMETERS,
  type ParameterName,
  type ParameterSpec,
  VENUE_PARAMETERS,
  type Venue,
  type VenueParameterName,
  governanceLimits,
  governanceView,
  holdsView,
  parameterSubjects,
  parameterView,
  venueParameterView,
} from "@bulkhead/engine";
import {
  type Governance,
  type GovernedParameter,
  type Step,
  ROLE_NAMES,
  parameterMeaning,
  stepOfPlaces,
  textOf,
} from "@bulkhead/protocol";
import type { Labels } from "../telling/labels.ts";

const { ROLE, ...LIMITS } = governanceLimits;
const PPM: Step = stepOfPlaces(6);

const BOUNDS: Governance["bounds"] = {
  timelock: { least: LIMITS.MIN_TIMELOCK, most: LIMITS.MAX_TIMELOCK },
  listingDelay: LIMITS.LISTING_DELAY,
  executionWindow: LIMITS.EXECUTION_WINDOW,
  approvalLife: LIMITS.MAX_APPROVAL_LIFE,
  looseningInterval: LIMITS.LOOSENING_INTERVAL,
  relaxDelay: LIMITS.RELAX_DELAY,
  hold: { least: LIMITS.MIN_HOLD, most: LIMITS.MAX_HOLD },
  holdCooldown: LIMITS.HOLD_COOLDOWN,
  foothold: textOf(LIMITS.FOOTHOLD, PPM),
};

/** @param memberOf - the address that acts as a member at this node */
export function tellGovernance(
  venue: Venue,
  tier: number,
  memberOf: (tier: number, member: number) => string | undefined,
  sequence: number,
): Governance {
  const { sealed, threshold, timelock, members } = governanceView(venue, tier);
  return {
    tier,
    sealed,
    threshold,
    signers: members.filter(({ roles }) => (roles & ROLE.signer) !== 0).length,
    timelock,
    members: members.map(({ member, roles, since }) => ({
      member,
      address: memberOf(tier, member) ?? null,
      roles: ROLE_NAMES.filter((role) => (roles & ROLE[role]) !== 0),
      since,
    })),
    bounds: BOUNDS,
    sequence,
  };
}

/** What is wanted of a shard's parameters. */
export interface ParameterWish {
  readonly tier: number;
  readonly level?: GovernedParameter["level"] | undefined;
  /** Symbol of a market or an asset. */
  readonly subject?: string | undefined;
}

/** @throws {UnknownId} if there is no such tier */
export function tellParameters(
  venue: Venue,
  labels: Labels,
  { tier, level, subject }: ParameterWish,
  sequence: number,
): GovernedParameter[] {
  const all = tier === 0 ? ofVenue(venue, sequence) : ofTier(venue, labels, tier, sequence);
  return all
    .filter((each) => level === undefined || each.level === level)
    .filter((each) => subject === undefined || each.subject === subject);
}

/** Those of the venue: operators set them before the vault is sealed, nobody afterwards. */
function ofVenue(venue: Venue, sequence: number): GovernedParameter[] {
  const { sealed } = governanceView(venue, 0);
  return (Object.keys(VENUE_PARAMETERS) as VenueParameterName[]).map((parameter) => {
    const { min, max } = VENUE_PARAMETERS[parameter];
    const value = venueParameterView(venue, parameter);
    const range = { lowest: min, highest: max };
    return {
      tier: 0,
      level: "venue",
      subject: null,
      parameter,
      value,
      baseline: value,
      ...meaningOf(parameter),
      range,
      envelope: sealed ? { lowest: value, highest: value } : range,
      ways: sealed ? [] : ["operator"],
      loosening: null,
      steward: null,
      held: null,
      sequence,
    };
  });
}

function ofTier(venue: Venue, labels: Labels, tier: number, sequence: number): GovernedParameter[] {
  const { sealed } = governanceView(venue, tier);
  const holds = holdsView(venue, tier);
  const nameOf: Readonly<Record<ParameterSpec["level"], (subject: number) => string | null>> = {
    tier: () => null,
    market: (market) => labels.symbol(tier, market),
    collateral: (asset) => labels.asset(asset),
  };
  return (Object.entries(PARAMETERS) as [ParameterName, ParameterSpec][]).flatMap(([parameter, spec]) =>
    parameterSubjects(venue, tier, spec.level).map((subject): GovernedParameter => {
      const { value, baseline } = parameterView(venue, tier, parameter, subject);
      const held = holds.find((each) => each.parameter === parameter && each.subject === subject);
      const { steward } = spec;
      return {
        tier,
        level: spec.level,
        subject: nameOf[spec.level](subject),
        parameter,
        value,
        baseline,
        ...meaningOf(parameter),
        range: { lowest: spec.min, highest: spec.max },
        envelope: { lowest: spec.envelope[0], highest: spec.envelope[1] },
        ways: sealed ? waysOf(spec) : ["operator"],
        loosening: spec.step,
        steward:
          steward === undefined ? null : { share: textOf(steward.sharePpm, PPM), delay: steward.delay },
        held: held === undefined ? null : { before: held.before, until: held.until },
        sequence,
      };
    }),
  );
}

function waysOf({ steward, breaker }: ParameterSpec): GovernedParameter["ways"] {
  return [
    "proposal",
    ...(steward === undefined ? [] : (["steward"] as const)),
    ...(breaker === true ? (["breaker"] as const) : []),
  ];
}

function meaningOf(parameter: string): Pick<GovernedParameter, "unit" | "safer"> {
  return parameterMeaning(parameter) ?? { unit: "", safer: "neither" };
}
