/** From what came over the wire to a value of known shape, or a `DecodeError` that says where it is wrong. */
import { DecodeError } from "@bulkhead/engine";
import type { z } from "zod";

/**
 * @param where - what is decoded, such as "body": the path in an error begins with it
 * @throws {DecodeError} naming the first fault
 */
export function decode<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new DecodeError(where, "cannot be read", value);
  const at = [where, ...issue.path.map(String)].join(".");
  const found = valueAt(value, issue.path);
  if (found === undefined && issue.code === "invalid_type")
    throw new DecodeError(at, "is required", "nothing");
  throw new DecodeError(at, lowerCased(issue.message), inShort(found));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = at === null || at === undefined ? undefined : Reflect.get(Object(at), key);
  return at;
}

/** Short enough for a message. */
function inShort(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value).slice(0, 80);
  return Array.isArray(value) ? `a list of ${value.length}` : "an object";
}

function lowerCased(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
