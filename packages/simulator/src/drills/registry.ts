/** All drills, layer by layer. A new one goes into the file of its layer; a new layer gets a file, and a line here. */
import { CLEARING_DRILLS } from "./clearing.ts";
import type { AttackedLayer } from "../telling/layers.ts";
import { type Drill, type DrillRow, play } from "./drill.ts";
import { GOVERNANCE_DRILLS } from "./governance.ts";
import { KEEPER_DRILLS } from "./keepers.ts";
import { MATCHING_DRILLS } from "./matching.ts";
import { ORACLE_DRILLS } from "./oracle.ts";
import { RISK_DRILLS } from "./risk.ts";
import { openScene } from "./setUp.ts";
import { SECURITY_DRILLS } from "./security.ts";
import { SEQUENCER_DRILLS } from "./sequencer.ts";
import { TIER_DRILLS } from "./tier.ts";
import { VAULT_DRILLS } from "./vault.ts";

export const DRILLS: readonly Drill[] = [
  ...ORACLE_DRILLS,
  ...MATCHING_DRILLS,
  ...RISK_DRILLS,
  ...CLEARING_DRILLS,
  ...GOVERNANCE_DRILLS,
  ...VAULT_DRILLS,
  ...SECURITY_DRILLS,
  ...TIER_DRILLS,
  ...KEEPER_DRILLS,
  ...SEQUENCER_DRILLS,
];

/**
 * Plays all drills, or those of a layer.
 * @param hear - is told how many are over, and of how many
 */
export function runDrills(layer?: AttackedLayer, hear?: (over: number, all: number) => void): DrillRow[] {
  const drills = DRILLS.filter((drill) => layer === undefined || drill.layer === layer);
  const intact = openScene();
  return drills.map((drill, index) => {
    hear?.(index, drills.length);
    return play(drill, intact);
  });
}
