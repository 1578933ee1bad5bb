/** Scores: how close a measurement is to what trips a breaker, in millionths. Every rounding is up: towards caution. */
import { mulDivCeil, mulDivFloor } from "../kernel/mulDiv.ts";
import { MAX_SCORE, SIGNALS, TRIP } from "../domain/breaker.ts";

/** Numbers that score beyond this many times the limit are not divided out. */
const MAX_TIMES = MAX_SCORE / TRIP;

/**
 * ⌈measured·1e6/limit⌉, at most `MAX_SCORE`; 0 without a limit.
 * @param measured - ≥ 0; @param limit - ≥ 0, 0 = the signal is off
 */
export function scoreOf(measured: number, limit: number): number {
  if (limit <= 0) return 0;
  return measured >= limit * MAX_TIMES ? MAX_SCORE : mulDivCeil(measured, TRIP, limit);
}

/** The two scores of every signal, and what they come to. */
export class Scores {
  readonly soft = new Float64Array(SIGNALS + 1);
  readonly hard = new Float64Array(SIGNALS + 1);
  /** Fused: soft ones by noisy or, hard ones by the largest. */
  softScore = 0;
  hardScore = 0;
  /** The signal with the largest score of the kind, 0 = all are 0. */
  softSignal = 0;
  hardSignal = 0;

  /** Makes one of many: see docs/spec/breakers.md, "Fusion". */
  fuse(): void {
    let quiet = TRIP;
    this.softSignal = 0;
    this.hardSignal = 0;
    for (let signal = 1; signal <= SIGNALS; signal++) {
      const soft = this.soft[signal] as number;
      const alarm = Math.min(Math.max(soft - HALF, 0), HALF);
      quiet = mulDivFloor(quiet, TRIP - alarm, TRIP);
      if (soft > (this.soft[this.softSignal] as number)) this.softSignal = signal;
      if ((this.hard[signal] as number) > (this.hard[this.hardSignal] as number)) this.hardSignal = signal;
    }
    this.softScore = 2 * (TRIP - quiet);
    this.hardScore = this.hard[this.hardSignal] as number;
  }
}

const HALF = TRIP / 2;
