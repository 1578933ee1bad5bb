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
  const path = issue.path.map(String);
  throw new DecodeError([where, ...path].join("."), lowerCased(issue.message), found(value, issue.path));
}

/** What stands at a path, short enough for a message. */
function found(value: unknown, path: readonly PropertyKey[]): string {
  let at: unknown = value;
  for (const key of path) at = at === null || at === undefined ? undefined : Reflect.get(Object(at), key);
  if (typeof at !== "object" || at === null) return String(at).slice(0, 80);
  return Array.isArray(at) ? `a list of ${at.length}` : "an object";
}

function lowerCased(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
