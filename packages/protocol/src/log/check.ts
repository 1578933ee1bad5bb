/** A log executed again by somebody who trusts nobody: every batch's sums and links, every receipt compared, every invariant audited. */
import { type Capacities, Engine, type EngineOptions, type Finding, hex } from "@bulkhead/engine";
import type { Digests } from "./digests.ts";
import { Divergence, executeBatch } from "./execute.ts";
import { genesisOf } from "./genesis.ts";
import { LogError, type LogPlace } from "./logged.ts";
import { LogReader, lastSequenceOf, segmentsOf } from "./readLog.ts";
import { type LogSource, equal } from "./source.ts";

/** A log, and what the engine that wrote it was built with. */
export interface CheckedLog {
  readonly capacities: Capacities;
  readonly log: LogSource;
}

export interface Check {
  readonly commands: number;
  readonly batches: number;
  readonly refused: number;
  readonly stateHash: string;
  /** Head of the chain of receipts. */
  readonly head: string;
  /** The first thing that is wrong with the log, or with what was made of it; undefined if nothing is. */
  readonly problem?: string;
  /** Where that is: the damaged batch, or the one whose receipts differ; undefined if it is nowhere in particular. */
  readonly place?: LogPlace;
  /**
   * The byte of the last segment at which a batch was cut off: one that nobody was told of, or that is being written; undefined if there is
   * none. A last batch that was damaged later looks the same, and is missed by whoever was told of it.
   */
  readonly cutOffAt?: number;
  /** Invariants that do not hold. */
  readonly findings: readonly Finding[];
}

export interface CheckOptions {
  readonly digests: Digests;
  readonly hash?: EngineOptions["hash"];
  /** Commands between audits of the whole state; there is one at the end in any case. */
  readonly auditEvery?: number;
  /** Told after every batch how many commands are done, of those that were there at the beginning. */
  readonly progress?: (commands: number, of: number) => void;
  /** How many those are, where it is known; else they are counted if there is `progress`. */
  readonly commandsThere?: number;
  /** Told of every command after it was executed, with its outcome, while its events can be read. */
  readonly seen?: (engine: Engine, frame: Float64Array, code: number) => void;
  /** Goes on to the batch that holds this command and no further. */
  readonly until?: number;
}

export const AUDIT_EVERY = 1_000_000;

/** Executes a venue's whole log and stops at the first thing that is not as it was written. */
export async function checkLog(checked: CheckedLog, options: CheckOptions): Promise<Check> {
  const {
    digests,
    hash,
    auditEvery = AUDIT_EVERY,
    progress,
    seen,
    until = Number.MAX_SAFE_INTEGER,
  } = options;
  const { capacities, log } = checked;
  const engine = new Engine({ capacities, ...(hash && { hash }) });
  let [batches, refused, audited] = [0, 0, 0];
  let reader: LogReader | undefined;
  let problem: string | undefined;
  let place: LogPlace | undefined;
  let cutOffAt: number | undefined;
  let findings: readonly Finding[] = [];
  try {
    await expectGenesis(checked, digests);
    const commandsThere =
      options.commandsThere ?? (progress === undefined ? 0 : await lastSequenceOf(log, digests));
    reader = await LogReader.open(log, 1, digests);
    for (;;) {
      if (reader === undefined || engine.sequence >= until) break;
      const batch = await reader.readToEnd();
      if (batch === undefined) break;
      if (batch.first !== engine.sequence + 1)
        throw new LogError(
          "corrupt",
          `the log begins with command ${batch.first}; what came before it was given up`,
        );
      executeBatch(engine, batch, (frame, code) => {
        if (code !== 0) refused++;
        seen?.(engine, frame, code);
      });
      batches++;
      progress?.(engine.sequence, commandsThere);
      if (engine.sequence - audited < auditEvery) continue;
      audited = engine.sequence;
      findings = engine.audit();
      if (findings.length > 0) break;
    }
    if (engine.sequence < until) cutOffAt = await reader?.cutOffAt();
  } catch (error) {
    if (!(error instanceof Divergence) && !(error instanceof LogError)) throw error;
    problem = error.message;
    place = error instanceof LogError ? error.place : reader?.lastRead;
  } finally {
    await reader?.close();
  }
  if (findings.length === 0) findings = engine.audit();
  const commands = engine.sequence;
  const [stateHash, head] = [hex(engine.stateHash()), hex(engine.seal())];
  return {
    commands,
    batches,
    refused,
    stateHash,
    head,
    findings,
    ...(problem !== undefined && { problem }),
    ...(place !== undefined && { place }),
    ...(cutOffAt !== undefined && { cutOffAt }),
  };
}

/** @throws {LogError} if a venue's log is of other capacities or semantics */
export async function expectGenesis({ capacities, log }: CheckedLog, digests: Digests): Promise<void> {
  const [first] = await segmentsOf(log, digests);
  if (first !== undefined && !equal(first.header.genesis, genesisOf(capacities)))
    throw new LogError(
      "mismatch",
      `${first.name}: written by a node of other capacities or semantics than this one`,
    );
}
