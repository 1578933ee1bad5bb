/** A log executed again by somebody who trusts nobody: every receipt compared, every invariant audited. */
import { Engine, type EngineOptions, type Finding, hex } from "@bulkhead/engine";
import type { DataDirectory } from "../dataDirectory.ts";
import { LogError } from "../log/commandLog.ts";
import { LogReader, lastSequenceOf, segmentsOf } from "../log/readLog.ts";
import { equal } from "../log/segment.ts";
import { Divergence, executeBatch } from "./execute.ts";
import { genesisOf } from "./genesis.ts";

export interface Verification {
  readonly commands: number;
  readonly batches: number;
  readonly refused: number;
  readonly stateHash: string;
  /** Head of the chain of receipts. */
  readonly head: string;
  /** The first thing that is wrong with the log, or with what was made of it; undefined if nothing is. */
  readonly problem?: string;
  /**
   * The byte of the last segment at which a batch was cut off: one that nobody was told of, or that is being written; undefined if there is
   * none. A last batch that was damaged later looks the same, and is missed by whoever was told of it.
   */
  readonly cutOffAt?: number;
  /** Invariants that do not hold. */
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  readonly hash?: EngineOptions["hash"];
  /** Commands between audits of the whole state; there is one at the end in any case. */
  readonly auditEvery?: number;
  /** Told after every batch how many commands are done, of those that were there at the beginning. */
  readonly progress?: (commands: number, of: number) => void;
}

const AUDIT_EVERY = 1_000_000;

/** Executes a venue's whole log and stops at the first thing that is not as it was written. */
export async function verify(directory: DataDirectory, options: VerifyOptions = {}): Promise<Verification> {
  const { hash, auditEvery = AUDIT_EVERY, progress } = options;
  const { capacities, log } = directory;
  const engine = new Engine({ capacities, ...(hash && { hash }) });
  let [batches, refused, audited] = [0, 0, 0];
  let reader: LogReader | undefined;
  let problem: string | undefined;
  let cutOffAt: number | undefined;
  let findings: readonly Finding[] = [];
  try {
    await expectGenesis(directory);
    const commandsThere = progress === undefined ? 0 : await lastSequenceOf(log);
    reader = await LogReader.open(log, 1);
    for (let batch = await reader?.readToEnd(); batch !== undefined; batch = await reader?.readToEnd()) {
      if (batch.first !== engine.sequence + 1)
        throw new LogError(
          "corrupt",
          `the log begins with command ${batch.first}; what came before it was given up`,
        );
      executeBatch(engine, batch, (_, code) => {
        if (code !== 0) refused++;
      });
      batches++;
      progress?.(engine.sequence, commandsThere);
      if (engine.sequence - audited < auditEvery) continue;
      audited = engine.sequence;
      findings = engine.audit();
      if (findings.length > 0) break;
    }
    cutOffAt = await reader?.cutOffAt();
  } catch (error) {
    if (!(error instanceof Divergence) && !(error instanceof LogError)) throw error;
    problem = error.message;
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
    ...(cutOffAt !== undefined && { cutOffAt }),
  };
}

/** @throws {LogError} if a venue's log is of other capacities or semantics */
export async function expectGenesis({
  capacities,
  log,
}: Pick<DataDirectory, "capacities" | "log">): Promise<void> {
  const [first] = await segmentsOf(log);
  if (first !== undefined && !equal(first.header.genesis, genesisOf(capacities)))
    throw new LogError(
      "mismatch",
      `${first.name}: written by a node of other capacities or semantics than this one`,
    );
}
