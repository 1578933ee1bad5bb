/** The table of postures, version 1: what leads to each and what holds it. See docs/spec/postures.md. */
import { INPUT, POSTURE } from "../domain/posture.ts";

export const RULES_VERSION = 1;

/** A tier goes to `posture` when the input exceeds `enter`, and stays while it is at least `leave`. */
export interface Rule {
  readonly id: number;
  readonly input: number;
  readonly posture: number;
  readonly enter: number;
  readonly leave: number;
}

const { elevated, defensive, reduceOnly, halt } = POSTURE;
const rule = (id: number, input: number, posture: number, enter: number, leave: number): Rule => ({
  id,
  input,
  posture,
  enter,
  leave,
});

export const RULES: readonly Rule[] = [
  rule(1, INPUT.expectedShortfall, elevated, 500_000, 400_000),
  rule(2, INPUT.expectedShortfall, defensive, 800_000, 650_000),
  rule(3, INPUT.ruin, elevated, 100, 50),
  rule(4, INPUT.ruin, defensive, 1_000, 500),
  rule(5, INPUT.ruin, reduceOnly, 10_000, 5_000),
  rule(6, INPUT.branching, elevated, 500_000, 400_000),
  rule(7, INPUT.branching, defensive, 800_000, 650_000),
  rule(8, INPUT.spike, elevated, 200_000, 150_000),
  rule(9, INPUT.cover2, reduceOnly, 1_000_000, 800_000),
  rule(10, INPUT.fund, defensive, 300_000, 200_000),
  rule(11, INPUT.oracle, elevated, 0, 1),
  rule(12, INPUT.oracle, reduceOnly, 1, 2),
  rule(13, INPUT.breaker, elevated, 0, 1),
  rule(14, INPUT.breaker, defensive, 1, 2),
  rule(15, INPUT.breaker, halt, 2, 3),
];
/** No fresh report: the baseline holds. */
export const STALE_RULE = 16;
/** The strictest posture has lasted for as long as it may. */
export const LONGEST_RULE = 17;
