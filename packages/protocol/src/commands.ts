/**
 * Commands as JSON: `{"kind": "requestWithdrawal", "account": 7, "asset": 1, "amount": 1000000}`. The schemas are made of the engine's
 * layouts, so that a command has the same fields and ranges on every wire. Clients send no time: the sequencer gives it.
 */
import {
  type Command,
  type CommandName,
  FRAME_WORDS,
  LAYOUTS,
  type Layout,
  encodeCommand,
  expectCommand,
} from "@bulkhead/engine";
import { z } from "zod";
import { decode } from "./decode.ts";

type Untimed<C> = C extends Command ? Omit<C, "time"> : never;

/** Any command as a client sends it. */
export type CommandInput = Untimed<Command>;

type CommandInputOf<Name extends CommandName> = Extract<CommandInput, { readonly kind: Name }>;

/** The JSON schema of each command. */
export const COMMAND_SCHEMAS: { readonly [Name in CommandName]: z.ZodType<CommandInputOf<Name>> } =
  Object.fromEntries((LAYOUTS as readonly Layout[]).map((layout) => [layout.name, schemaOf(layout)])) as {
    readonly [Name in CommandName]: z.ZodType<CommandInputOf<Name>>;
  };

const KIND = z.looseObject({ kind: z.enum(Object.keys(COMMAND_SCHEMAS) as [CommandName, ...CommandName[]]) });

/**
 * The frame of a command in JSON, with time 0.
 * @throws {DecodeError} naming the first fault
 */
export function decodeCommand(value: unknown, where = "command"): Float64Array {
  const { kind } = decode(KIND, value, where);
  return frameOf(decode<z.ZodType<CommandInput>>(COMMAND_SCHEMAS[kind], value, where));
}

/** The frame of a command, with time 0. @throws {DecodeError} if a field is missing, unknown or out of its range */
export function frameOf(command: CommandInput): Float64Array {
  const frame = new Float64Array(FRAME_WORDS);
  encodeCommand({ ...command, time: 0 }, frame);
  expectCommand(frame);
  return frame;
}

function schemaOf({ name, fields }: Layout): z.ZodType {
  const integers = Object.entries(fields).map(([field, { unit, min, max }]) => [
    field,
    z.int().min(min).max(max).meta({ description: unit }),
  ]);
  return z.strictObject({ kind: z.literal(name), ...Object.fromEntries(integers) });
}
