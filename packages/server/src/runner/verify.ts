/** A log executed again by somebody who trusts nobody: every receipt compared, every invariant audited. */
import { Engine, type EngineOptions, type Finding, hex } from "@bulkhead/engine";
import type { DataDirectory } from "../dataDirectory.ts";
import { LogError } from "../log/commandLog.ts";
import { readLog, segmentsOf } from "../log/readLog.ts";
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
  /** Invariants that do not hold. */
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  readonly hash?: EngineOptions["hash"];
  /** Commands between audits of the whole state; there is one at the end in any case. */
  readonly auditEvery?: number;
  /** Told after every batch how many commands are done. */
  readonly progress?: (commands: number) => void;
}

const AUDIT_EVERY = 1_000_000;

/** Executes a venue's whole log and stops at the first thing that is not as it was written. */
export async function verify(directory: DataDirectory, options: VerifyOptions = {}): Promise<Verification> {
  const { hash, auditEvery = AUDIT_EVERY, progress } = options;
  const { capacities, log } = directory;
  const engine = new Engine({ capacities, ...(hash && { hash }) });
  let [batches, refused, audited] = [0, 0, 0];
  let problem: string | undefined;
  let findings: readonly Finding[] = [];
  try {
    await expectGenesis(directory);
    for await (const batch of readLog(log, 1)) {
      if (batch.first !== engine.sequence + 1)
        throw new LogError(
          "corrupt",
          `the log begins with command ${batch.first}; what came before it was given up`,
        );
      executeBatch(engine, batch, (_, code) => {
        if (code !== 0) refused++;
      });
      batches++;
      progress?.(engine.sequence);
      if (engine.sequence - audited < auditEvery) continue;
      audited = engine.sequence;
      findings = engine.audit();
      if (findings.length > 0) break;
    }
  } catch (error) {
    if (!(error instanceof Divergence) && !(error instanceof LogError)) throw error;
    problem = error.message;
  }
  if (findings.length === 0) findings = engine.audit();
  const commands = engine.sequence;
  const [stateHash, head] = [hex(engine.stateHash()), hex(engine.seal())];
  return { commands, batches, refused, stateHash, head, findings, ...(problem !== undefined && { problem }) };
}

async function expectGenesis({ capacities, log }: DataDirectory): Promise<void> {
  const [first] = await segmentsOf(log);
  if (first !== undefined && !equal(first.header.genesis, genesisOf(capacities)))
    throw new LogError(
      "mismatch",
      `${first.name}: written by a node of other capacities or semantics than this one`,
    );
}
