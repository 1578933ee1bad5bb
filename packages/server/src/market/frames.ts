/** Words of a command's frame by the name of its field. */
import { CODE, type CommandName, LAYOUTS, type Layout, TIME } from "@bulkhead/engine";

const FIRST_FIELD = TIME + 1;
const layouts: readonly Layout[] = LAYOUTS;

/** Where each command's frame says which tier it is for; 0 = it says none. */
const TIER_WORD: Uint8Array = wordsOf("tier");

function wordsOf(field: string): Uint8Array {
  const words = new Uint8Array(256);
  for (const { code, fields } of layouts) {
    const index = Object.keys(fields).indexOf(field);
    if (index >= 0) words[code] = FIRST_FIELD + index;
  }
  return words;
}

/** The tier a command is for; 0 = the vault, or the whole venue. */
export function tierOf(frames: Float64Array, at: number): number {
  const word = TIER_WORD[frames[at + CODE] as number] as number;
  return word === 0 ? 0 : (frames[at + word] as number);
}

/** The code of a command and the words of some of its fields. */
export function shapeOf<Field extends string>(
  name: CommandName,
  ...fields: readonly Field[]
): { readonly code: number; readonly at: Readonly<Record<Field, number>> } {
  const layout = layouts.find((each) => each.name === name);
  if (layout === undefined) throw new RangeError(`no command ${name}`);
  const names = Object.keys(layout.fields);
  const at = fields.map((field) => {
    const index = names.indexOf(field);
    if (index < 0) throw new RangeError(`${name} has no field ${field}`);
    return [field, FIRST_FIELD + index] as const;
  });
  return { code: layout.code, at: Object.fromEntries(at) as Record<Field, number> };
}

/** The codes of commands. */
export function codesOf(...names: readonly CommandName[]): ReadonlySet<number> {
  return new Set(
    layouts.filter(({ name }) => (names as readonly string[]).includes(name)).map(({ code }) => code),
  );
}
