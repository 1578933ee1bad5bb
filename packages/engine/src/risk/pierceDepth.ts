/**
 * Margin by pierce depth: the deeper a position's failure would reach into the layers behind its bucket, the more it is charged, by a
 * quarter of its margin per layer. What is charged counts against the loss, so the margin is the fixed point of its own scaling; it is
 * taken in closed form, layer by layer, exactly and rounded up. See docs/spec/risk.md, "Pierce depth".
 */
import type { Arena, Ref } from "../kernel/arena.ts";
import { minus, plus, times } from "../kernel/checked.ts";
import { mulDivFloor, scaleCeil } from "../kernel/mulDiv.ts";
import type { MicroUsd } from "../kernel/units.ts";
import { DEPTH } from "../domain/rows/tier.ts";

const LAYERS = [DEPTH.own, DEPTH.cover, DEPTH.venue] as const;
/** A layer pierced whole costs one part in so many of the margin. */
const PARTS = 4;

/**
 * The margin `m` with `m = margin·(1 + D/4)`, where D counts the layers, whole and in part, that `loss − m` would use up.
 * @param margin - what the position is charged at depth 0
 * @param loss - what it would lose under stress
 * @returns at least `margin`; no more than the larger of `margin` and `loss`
 */
export function marginAtDepth(arena: Arena, depth: Ref<"depth">, margin: MicroUsd, loss: MicroUsd): MicroUsd {
  if (loss <= margin) return margin;
  let beyond = loss;
  for (let passed = 0; passed < LAYERS.length; passed++) {
    const layer = arena.num(depth, LAYERS[passed] as (typeof LAYERS)[number]);
    const next = minus(beyond, layer);
    const parts = PARTS + passed;
    // With this layer used up the margin would cover what is left: so the layer is not used up whole.
    if (next <= mulDivFloor(margin, parts + 1, PARTS))
      return scaleCeil(margin, plus(times(layer, parts), beyond), plus(times(layer, PARTS), margin));
    beyond = next;
  }
  return scaleCeil(margin, PARTS + LAYERS.length, PARTS);
}
