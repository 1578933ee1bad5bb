/** A command under way in a projection: what it was, what came of it, and where its rows go. */
import {
  CODE,
  type Command,
  type CommandName,
  EVENTS,
  EVENT_WORDS,
  type EventName,
  LAYOUTS,
  type Layout,
} from "@bulkhead/engine";
import { type RowOf, STATE, STORY, type StateName, type StoryName } from "../schema.ts";
import type { World } from "../world.ts";

/** Rows that are to be written: those of the state that have changed, those of the story that are new, and what is to be counted. */
export interface Harvest {
  readonly state: { readonly [Name in StateName]: Set<RowOf<Name>> };
  readonly story: { readonly [Name in StoryName]: RowOf<Name>[] };
  readonly candles: Map<string, RowOf<"candles">>;
  readonly refusals: Map<string, RowOf<"refusals">>;
}

export function emptyHarvest(): Harvest {
  const keys = Object.keys as <Names extends object>(names: Names) => (keyof Names)[];
  return {
    state: Object.fromEntries(keys(STATE).map((name) => [name, new Set()])) as unknown as Harvest["state"],
    story: Object.fromEntries(keys(STORY).map((name) => [name, []])) as unknown as Harvest["story"],
    candles: new Map(),
    refusals: new Map(),
  };
}

/** Rows in a harvest. */
export function sizeOf({ state, story, candles, refusals }: Harvest): number {
  let size = candles.size + refusals.size;
  for (const rows of Object.values(state)) size += rows.size;
  for (const rows of Object.values(story)) size += rows.length;
  return size;
}

export interface Moment {
  readonly world: World;
  readonly harvest: Harvest;
  readonly sequence: number;
  /** Ms. */
  readonly time: number;
  /** The command, in the form in which it had its effect: of an executed proposal the command that was proposed. */
  readonly frame: Float64Array;
  /** 0 if accepted. */
  readonly code: number;
  readonly facts: Float64Array;
  /** Its tier; 0 = the vault, or none. */
  readonly tier: number;
  /** Its events, `EVENT_WORDS` doubles each. */
  readonly events: Float64Array;
  /** Rows of the story so far. */
  ordinal: number;
}

const LAYOUT_BY_NAME: ReadonlyMap<string, Layout> = new Map(
  LAYOUTS.map((layout: Layout) => [layout.name, layout]),
);

export const commandOf = (moment: Moment): number => moment.frame[CODE] as number;

/** Code of a command by its name. */
export const codeOf = (name: CommandName): number => (LAYOUT_BY_NAME.get(name) as Layout).code;

type FieldsOf<Name extends CommandName> = Omit<Extract<Command, { kind: Name }>, "kind" | "time">;

/** The command's fields, if it is of this kind and was accepted. */
export function acceptedAs<Name extends CommandName>(
  { frame, code }: Moment,
  name: Name,
): FieldsOf<Name> | undefined {
  const { code: own, fields, at } = LAYOUT_BY_NAME.get(name) as Layout;
  if (code !== 0 || frame[CODE] !== own) return undefined;
  const found: Record<string, number> = {};
  for (const field of Object.keys(fields)) found[field] = frame[at[field] as number] as number;
  return found as FieldsOf<Name>;
}

/** Adds a row to the story. */
export function tell<Name extends StoryName>(
  moment: Moment,
  name: Name,
  row: Omit<RowOf<Name>, "sequence" | "ordinal" | "time">,
): void {
  const { sequence, time } = moment;
  const rows: object[] = moment.harvest.story[name];
  rows.push({ sequence, ordinal: moment.ordinal++, time, ...row });
}

/** A row of the state is new, or was changed. */
export function touch<Name extends StateName>(moment: Moment, name: Name, row: RowOf<Name>): void {
  const rows: Set<object> = moment.harvest.state[name];
  rows.add(row);
}

/** An event's words under the names of its fields. */
export type EventOf<Name extends EventName> = {
  readonly [Field in (typeof EVENTS)[Name]["fields"][number]]: number;
};

/** The `index`th event of a command, if it is of this kind. */
export function eventAt<Name extends EventName>(
  { events }: Moment,
  name: Name,
  index: number,
): EventOf<Name> | undefined {
  const at = index * EVENT_WORDS;
  if (events[at] !== EVENTS[name].code) return undefined;
  const fields: readonly string[] = EVENTS[name].fields;
  const event: Record<string, number> = {};
  for (let field = 0; field < fields.length; field++)
    event[fields[field] as string] = events[at + 1 + field] as number;
  return event as EventOf<Name>;
}

export const eventCount = ({ events }: Moment): number => events.length / EVENT_WORDS;
