/** JSON Schema of zod schemas, with what is named in them gathered in one place. */
import { z } from "zod";

export type Json = Readonly<Record<string, unknown>>;

/** Named schemas that were met, by name. */
export type Components = Record<string, Json>;

const PREFIX = "#/components/schemas/";

/** A schema in JSON Schema (2020-12); what it names goes to `components`. */
export function jsonSchema(schema: z.ZodType, components: Components): Json {
  const { $defs = {}, ...own } = z.toJSONSchema(schema, { io: "input", reused: "inline" }) as Json & {
    readonly $defs?: Readonly<Record<string, Json>>;
  };
  for (const [name, definition] of Object.entries($defs)) components[name] = plain(definition);
  const { id } = own as { readonly id?: string };
  if (id === undefined) return plain(own);
  components[id] = plain(own);
  return { $ref: PREFIX + id };
}

/** Without what only a schema on its own has, and with references to `$defs` made references to components. */
function plain(schema: Json): Json {
  const own = Object.entries(schema).filter(([key]) => key !== "id" && key !== "$schema");
  return JSON.parse(JSON.stringify(Object.fromEntries(own)).replaceAll('"#/$defs/', `"${PREFIX}`)) as Json;
}
