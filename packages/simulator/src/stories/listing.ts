/** What there is to be told: every incident and every drill, with what is known of it before it is played. */
import type { Drill } from "../drills/drill.ts";
import { PROMISES } from "../drills/drill.ts";
import { DRILLS } from "../drills/registry.ts";
import type { Missing } from "../drills/scene.ts";
import type { Incident } from "../incidents/incident.ts";
import { INCIDENTS } from "../incidents/registry.ts";
import type { AttackedLayer } from "../telling/layers.ts";

export interface StoryListing {
  /** Of an incident `A1` to `A21`; of a drill its layer and number, as `oracle-2`. */
  readonly id: string;
  readonly sort: "incident" | "drill";
  readonly title: string;
  /** When it began, as `2022-10-11`; undefined of a drill, which never happened. */
  readonly date: string | undefined;
  /** What is known of it, one paragraph. */
  readonly facts: string;
  /** What was lost then; undefined of a drill. */
  readonly lost: string | undefined;
  /** Names of those who reported it, each once. */
  readonly sources: readonly string[];
  readonly layer: AttackedLayer;
  /** How the money was lost, and what stops it here and is off in the undefended play. */
  readonly mechanism: string;
  readonly wall: string;
  /** What must hold in the defended play. */
  readonly asserts: readonly string[];
}

/** A listing with what plays it. */
export type Entry =
  | { readonly listing: StoryListing; readonly incident: Incident }
  | { readonly listing: StoryListing; readonly drill: Drill };

const HANDS: Readonly<Record<AttackedLayer, string>> = {
  oracle: "the oracle is",
  matching: "matching is",
  risk: "risk is",
  clearing: "clearing is",
  governance: "governance is",
  vault: "the vault's operator is",
  security: "the judge is",
  tier: "the market of a whole tier is",
  keepers: "the keepers are",
  sequencer: "the sequencer is",
};

/** What a drill is played without where it is undefended. */
const GUARDS: Readonly<Record<keyof Missing, string>> = {
  judge: "the judge of every transition",
  throttle: "the windows of the vault",
  reporters: "prices by a quorum of reporters",
  seal: "the seal on governance",
  liquidation: "liquidation",
  band: "the band around the mark that orders must name prices in",
  rollback: "the undoing of refused commands",
  mutualCap: "the part of the mutual fund beyond which no tier may draw",
  readOnlyJudge: "what keeps a judge from writing",
};

/** Incidents by their numbers, then drills layer by layer. */
export const ENTRIES: readonly Entry[] = [
  ...INCIDENTS.map((incident) => ({ listing: ofIncident(incident), incident })),
  ...DRILLS.map((drill) => ({ listing: ofDrill(drill), drill })),
];

/** All stories. */
export const STORIES: readonly StoryListing[] = ENTRIES.map(({ listing }) => listing);

function ofIncident({ id, name, date, facts, lost, layer, mechanism, wall, claims }: Incident): StoryListing {
  return {
    id,
    sort: "incident",
    title: name,
    date,
    facts: facts.map(({ text }) => `${text}.`).join(" "),
    lost,
    sources: [...new Set(facts.flatMap(({ source }) => source.split("; ")))],
    layer,
    mechanism,
    wall,
    asserts: claims,
  };
}

function ofDrill(drill: Drill): StoryListing {
  const { layer, behaviour, guard } = drill;
  const number = DRILLS.filter((each) => each.layer === layer).indexOf(drill) + 1;
  const wall = (Object.keys(guard) as (keyof Missing)[]).map((name) => GUARDS[name]).join(", ");
  return {
    id: `${layer}-${number}`,
    sort: "drill",
    title: `${layer}: ${behaviour}`,
    date: undefined,
    facts: `A venue of three tiers with every defence there is. Then ${HANDS[layer]} in hostile hands: ${behaviour}. When it has done its worst the honest layer is put back, and everybody has to be paid what is his.`,
    lost: undefined,
    sources: [],
    layer,
    mechanism: `${behaviour}.`,
    wall,
    asserts: Object.values(PROMISES),
  };
}
