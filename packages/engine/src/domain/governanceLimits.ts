/**
 * The immutable part of governance: bounds in code that no key, and no number of keys, can pass. They are tabled with their reasons in
 * docs/spec/governance.md.
 */
import type { Ms, Ppm } from "../kernel/units.ts";

/** So many hours. */
export const HOUR = (hours: number): Ms => (hours * 3_600_000) as Ms;

/** Members of a shard's governance; each may have one proposal pending, under its own number. */
export const MAX_MEMBERS = 16;
/** Fields of a proposed command, its tier not counted: as many as `listMarket` has. */
export const PAYLOAD_WORDS = 15;
/** Parameters that breakers may hold in a tier at a time. */
export const MAX_HOLDS = 64;

/** From a proposal to its execution, at least and at most as governance chooses. */
export const MIN_TIMELOCK: Ms = HOUR(24);
export const MAX_TIMELOCK: Ms = HOUR(30 * 24);
/** The same for new assets, markets and collateral, at least. */
export const LISTING_DELAY: Ms = HOUR(72);
/** A proposal that could be executed lapses after so long, and its approvals with it. */
export const EXECUTION_WINDOW: Ms = HOUR(72);
/** An approval must be recorded within this time of its signing: nobody keeps signed ones in a drawer. */
export const MAX_APPROVAL_LIFE: Ms = HOUR(1);

/** Between two loosenings of one parameter. */
export const LOOSENING_INTERVAL: Ms = HOUR(7 * 24);
/** From a steward's last change until he may relax towards what governance set. */
export const RELAX_DELAY: Ms = HOUR(24);
/** A breaker's hold, at least and at most, and how long the parameter is then out of breakers' reach. */
export const MIN_HOLD = 60_000 as Ms;
export const MAX_HOLD: Ms = HOUR(24);
export const HOLD_COOLDOWN: Ms = HOUR(24);

/** Share of the tier's quote custody that a limit may be raised to at once, however low it was. */
export const FOOTHOLD = 10_000 as Ppm;
/** What collateral counts for in the stress check, of its price. */
export const STRESSED_COLLATERAL = 500_000 as Ppm;
/** Where a market that a sealed tier lists begins: one lot of open interest. */
export const FIRST_LOTS = 1;

/** What a member may do. */
export const ROLE = { signer: 1, steward: 2, guardian: 4, breaker: 8 } as const;
export const ALL_ROLES = 15;
