/** Commands that mean nothing, and words that are no command. */
import { type Command, encodeCommand, FRAME_WORDS, type Field, LAYOUTS, type Layout } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { Memory } from "./memory.ts";

const LAYOUT: ReadonlyMap<string, Layout> = new Map(LAYOUTS.map((layout: Layout) => [layout.name, layout]));
const UNKNOWN_CODE = Math.max(...LAYOUTS.map(({ code }) => code)) + 1;
const MAX_INTEGER = 2 ** 53 - 1;

/** The command with every field moved into its range: operators calculate, and sometimes too high. */
export function held(command: Command): Command {
  const { fields } = LAYOUT.get(command.kind) as Layout;
  const values: Record<string, number | string> = { ...command };
  for (const [name, { min, max }] of Object.entries(fields)) {
    values[name] = Math.max(min, Math.min(max, values[name] as number));
  }
  return values as unknown as Command;
}

/** The command with a field or two changed to something else that the field may hold. */
export function spoil(dice: Dice, memory: Memory, command: Command): Command {
  if (dice.happens(120)) return { ...command, time: Math.max(0, memory.clock - dice.between(1, 1_000)) };
  if (dice.happens(120)) return aimAtTheGone(dice, memory, command);
  const { fields } = LAYOUT.get(command.kind) as Layout;
  const names = Object.keys(fields);
  if (names.length === 0) return command;
  const spoilt: Record<string, number | string> = { ...command };
  const name = dice.pick(names);
  spoilt[name] = otherValue(dice, fields[name] as Field);
  return tamed(dice, spoilt as unknown as Command);
}

function otherValue(dice: Dice, { min, max }: Field): number {
  switch (dice.below(4)) {
    case 0:
      return min;
    case 1:
      return max;
    case 2:
      return Math.min(max, min + dice.below(6));
    default:
      return dice.between(0, 1) === 0
        ? dice.between(min, max)
        : Math.min(max, Math.max(min, dice.magnitude(max)));
  }
}

/** Some nonsense would be accepted and end all sense: chain receipts at their last number, an asset held up to its cap. */
function tamed(dice: Dice, command: Command): Command {
  if (command.kind !== "confirmDeposit") return command;
  const amount = command.amount > 2 ** 50 ? MAX_INTEGER : command.amount;
  const reference = command.reference > 2 ** 32 ? 1 + dice.below(5) : command.reference;
  return { ...command, amount, reference };
}

/** Names an order that is not open any more, or somebody else's. */
function aimAtTheGone(dice: Dice, memory: Memory, command: Command): Command {
  const tier = "tier" in command ? Math.max(1, command.tier) : 1;
  const account = "account" in command ? command.account : 1;
  const { clock: time, gone } = memory;
  const buckets = memory.tiers[tier - 1]?.buckets ?? [];
  const stranger = buckets.length === 0 ? undefined : dice.pick(buckets);
  const open = stranger?.orders ?? [];
  const order = dice.happens(500) && open.length > 0 ? dice.pick(open) : (gone[dice.below(64)] ?? 7);
  if (command.kind === "placeOrder" && stranger !== undefined) return { ...command, bucket: stranger.id };
  if (dice.happens(300)) return { kind: "amendOrder", time, account, tier, order, price: 100, lots: 1 };
  const bucket = stranger?.id ?? 1;
  if (dice.happens(300)) return { kind: "cancelAll", time, account, tier, bucket, market: 0 };
  return { kind: "cancelOrder", time, account, tier, order, clientId: 0 };
}

/** The words of a command with one of them made impossible. */
export function malform(dice: Dice, command: Command): readonly number[] {
  const frame = new Float64Array(FRAME_WORDS);
  encodeCommand(command, frame);
  const { fields } = LAYOUT.get(command.kind) as Layout;
  const ranges = Object.values(fields);
  const at = dice.below(2 + ranges.length);
  const range = ranges[at - 2] ?? { min: 0, max: MAX_INTEGER };
  const wrong = [Number.NaN, -0, 0.5, 2 ** 53, Infinity, -Infinity, range.min - 1, range.max + 1];
  const hasUnused = 2 + ranges.length < FRAME_WORDS;
  if (dice.happens(100) && hasUnused) frame[FRAME_WORDS - 1] = dice.pick([1, -0, Number.NaN]);
  else if (at === 0) frame[0] = dice.pick([0, -1, UNKNOWN_CODE, 1.5, Number.NaN, 2 ** 53, Infinity]);
  else frame[at] = dice.pick(wrong);
  return Array.from(frame);
}
