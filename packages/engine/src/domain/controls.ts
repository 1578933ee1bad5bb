/** A tier's memory of its governed parameters: baselines and last changes, breakers' holds, and the shocks of the stress check. */
import type { Ref, Regions } from "../kernel/arena.ts";
import { MAX_HOLDS } from "./governanceLimits.ts";
import { MAX_ASSETS } from "./limits.ts";
import { PARAMETER_IDS, type ParameterSpec } from "./parameters.ts";
import { CONTROL_WORDS, HOLD_WORDS, SHOCK_WORDS } from "./rows/governance.ts";

/** Bracket 1 is controlled under the id behind this. */
const BEFORE_BRACKETS = 60;

export interface Controls {
  readonly controlsBase: number;
  readonly holdsBase: number;
  readonly shocksBase: number;
  /** Markets the tier has room for: collateral comes behind them. */
  readonly markets: number;
}

export function reserveControls(regions: Regions, markets: number): Controls {
  const subjects = 1 + markets + MAX_ASSETS;
  return {
    controlsBase: regions.take(subjects * PARAMETER_IDS * CONTROL_WORDS) - CONTROL_WORDS,
    holdsBase: regions.take(MAX_HOLDS * HOLD_WORDS) - HOLD_WORDS,
    shocksBase: regions.take(markets * SHOCK_WORDS) - SHOCK_WORDS,
    markets,
  };
}

/** The control of a parameter of a subject: a market, an asset as collateral, or the tier (0). */
export function controlOf(controls: Controls, spec: ParameterSpec, subject: number): Ref<"control"> {
  const place = spec.level === "collateral" ? controls.markets + subject : subject;
  return controlAt(controls, place, spec.id);
}

/** The control of a bracket of a market. */
export function bracketControlOf(controls: Controls, market: number, bracket: number): Ref<"control"> {
  return controlAt(controls, market, BEFORE_BRACKETS + bracket);
}

/** A hold by its number, from 1 to `MAX_HOLDS`. */
export function holdOf(controls: Controls, number: number): Ref<"hold"> {
  return (controls.holdsBase + number * HOLD_WORDS) as Ref<"hold">;
}

export function shockOf(controls: Controls, market: number): Ref<"shock"> {
  return (controls.shocksBase + market * SHOCK_WORDS) as Ref<"shock">;
}

function controlAt({ controlsBase }: Controls, place: number, id: number): Ref<"control"> {
  return (controlsBase + (place * PARAMETER_IDS + id) * CONTROL_WORDS) as Ref<"control">;
}
