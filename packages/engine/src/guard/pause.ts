/** Time that does not count, because the market was paused. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { minus, most } from "../kernel/checked.ts";
import { type Ms, NONE } from "../kernel/units.ts";
import { GUARD } from "../domain/rows/guard.ts";

/** How much of the time since a moment the market's last pause took; 0 if it was over by then. */
export function pausedSince(arena: Arena, guard: Ref<"guard">, moment: Ms): Ms {
  const from = most(arena.num(guard, GUARD.pausedFrom), moment);
  return most(minus(arena.num(guard, GUARD.resumedAt), from), NONE);
}
