/**
 * Questions about every bucket of the venue. They are asked a few at a time, so that no batch of commands waits long for one: the answer is
 * of a span of commands, and says which. It is kept for a while, whoever asks, and one is made after another: however many ask, the engine
 * spends a bounded part of its time on them.
 */
import { type BucketRun, type Engine, bucketsIn } from "@bulkhead/engine";
import type { Core } from "./ports.ts";
import { problem } from "./problems.ts";

/** How long an answer is kept at least, ms; and so many times as long as the engine worked for it. */
const KEPT = 1_000;
const KEPT_TIMES = 4;
/** How long the engine is kept from commands at a time, ms. */
const SLICE = 2;
/** Buckets of the first slice, and of any. */
const FIRST_RUN = 128;
const LONGEST_RUN = 65_536;
/** Questions under way or kept at a time. */
const MOST = 64;
const RETRY = 1_000;

/** One survey under way. */
export interface Survey {
  /** The last command before its first part, and before its last one. */
  from: number;
  sequence: number;
  /** The venue's clock at its last part, ms. */
  time: number;
  /** Reads the state between two batches. */
  read<Answer>(question: (engine: Engine) => Answer): Promise<Answer>;
  /** Goes over all buckets of a tier, in runs. @throws {UnknownId} */
  sweep(tier: number, look: (engine: Engine, run: BucketRun) => void): Promise<void>;
}

interface Kept {
  readonly answer: Promise<unknown>;
  /** ms; Infinity while it is made. */
  until: number;
}

export class Surveys {
  private readonly core: Pick<Core, "read">;
  private readonly kept = new Map<string, Kept>();
  /** Slices that take as long as they may adapt to the machine. */
  private run = FIRST_RUN;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(core: Pick<Core, "read">) {
    this.core = core;
  }

  /**
   * The answer to a question, made now or not long ago.
   * @param name - the same for the same question
   * @throws {ProblemError} if too many different ones are asked
   */
  ask<Answer>(name: string, make: (survey: Survey) => Promise<Answer>): Promise<Answer> {
    const now = performance.now();
    const found = this.kept.get(name);
    if (found !== undefined && now < found.until) return found.answer as Promise<Answer>;
    for (const [each, { until }] of this.kept) if (now >= until) this.kept.delete(each);
    if (this.kept.size >= MOST)
      throw problem("overloaded", `${MOST} surveys of the venue are under way`, { retryAfterMs: RETRY });
    const turn = this.queue.then(async () => {
      let worked = 0;
      const answer = await make(this.survey((ms) => (worked += ms)));
      kept.until = performance.now() + Math.max(KEPT, KEPT_TIMES * worked);
      return answer;
    });
    const kept: Kept = { answer: turn, until: Infinity };
    this.kept.set(name, kept);
    this.queue = turn.catch(() => this.kept.delete(name));
    return turn;
  }

  private survey(worked: (ms: number) => void): Survey {
    const read = <Answer>(question: (engine: Engine) => Answer): Promise<Answer> =>
      this.core.read((engine) => {
        const begun = performance.now();
        if (survey.from < 0) survey.from = engine.sequence;
        survey.sequence = engine.sequence;
        survey.time = engine.time;
        try {
          return question(engine);
        } finally {
          worked(performance.now() - begun);
        }
      });
    const survey: Survey = {
      from: -1,
      sequence: 0,
      time: 0,
      read,
      sweep: async (tier, look) => {
        for (let next = 1; next > 0;) {
          const first = next;
          const last = first + this.run - 1;
          // Whoever else waits for this thread has his turn.
          await new Promise((resolve) => setImmediate(resolve));
          next = await read((engine) => {
            const begun = performance.now();
            look(engine, { first, last });
            this.adapt(performance.now() - begun);
            return last < bucketsIn(engine.venue, tier) ? last + 1 : 0;
          });
        }
      },
    };
    return survey;
  }

  private adapt(ms: number): void {
    const fit = (this.run * SLICE) / Math.max(ms, SLICE / 2);
    this.run = Math.round(Math.min(LONGEST_RUN, Math.max(1, fit)));
  }
}
