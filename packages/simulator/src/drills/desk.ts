/**
 * The counter of a drill: hands in commands at its own time, and writes down what the engine answered while an attack is under way. Whatever a
 * drill says stopped it was written down here.
 */
import {
  type Command,
  type CommandName,
  type Engine,
  type EventView,
  REASON,
  type Receipt,
  type Venue,
  withdrawalView,
} from "@bulkhead/engine";
import { type By, Diary } from "../telling/diary.ts";

/** A command that goes at the desk's time, unless it names one. */
export type Instruction = {
  [Name in CommandName]: { kind: Name; time?: number } & Omit<
    Extract<Command, { kind: Name }>,
    "kind" | "time"
  >;
}[CommandName];

const REASON_NAMES = new Map<number, string>(Object.entries(REASON).map(([name, code]) => [code, name]));

export class Desk {
  readonly diary: Diary = new Diary();
  readonly engine: Engine;
  now: number;
  /** True while what is answered is written down. */
  isWatching = false;
  /** How often the engine gave each answer to the attack. */
  readonly answers = new Map<string, number>();
  /** Withdrawals asked for, and whose they are. */
  readonly withdrawals = new Map<number, number>();
  /** What accounts were paid on chain, micro-dollars; what a thief was paid in their name is not among it. */
  readonly paid = new Map<number, number>();
  /** What a thief was paid, micro-dollars. */
  stolen = 0;
  private reference = 0;

  private readonly isAttackers: (account: number) => boolean;

  constructor(engine: Engine, now: number, isAttackers: (account: number) => boolean) {
    this.engine = engine;
    this.isAttackers = isAttackers;
    this.now = now;
  }

  get venue(): Venue {
    return this.engine.venue;
  }

  send(instruction: Instruction): Receipt {
    const receipt = this.engine.submit({ time: this.now, ...instruction });
    const tier = "tier" in instruction ? instruction.tier : 0;
    this.diary.note(this.sentBy(instruction), tier, receipt);
    if (this.isWatching) this.note(receipt);
    if (receipt.outcome === "accepted" && instruction.kind === "requestWithdrawal")
      this.withdrawals.set(receipt.facts["withdrawal"] ?? 0, instruction.account);
    return receipt;
  }

  /** A command without which there is nothing to drill. @throws {Error} if it is refused */
  must(instruction: Instruction): Receipt {
    const receipt = this.send(instruction);
    if (receipt.outcome === "accepted") return receipt;
    throw new Error(
      `${JSON.stringify(instruction)} was refused: ${receipt.outcome} ${JSON.stringify(receipt.facts)}`,
    );
  }

  deposit(account: number, asset: number, amount: number): void {
    this.reference += 1;
    this.must({ kind: "confirmDeposit", account, asset, amount, reference: this.reference });
  }

  /** Pays out what is released of a withdrawal, if anything is. */
  pay(withdrawal: number, to: "owner" | "thief"): number {
    const account = this.withdrawals.get(withdrawal) ?? 0;
    const view = withdrawalView(this.venue, withdrawal);
    if (view === undefined) this.withdrawals.delete(withdrawal);
    if (view === undefined || view.released === 0) return 0;
    const { outcome, facts } = this.send({ kind: "finaliseWithdrawal", withdrawal, paid: 1 });
    const amount = outcome === "accepted" ? (facts["amount"] ?? 0) : 0;
    if (to === "owner") this.paid.set(account, (this.paid.get(account) ?? 0) + amount);
    else this.stolen += amount;
    return amount;
  }

  private sentBy(instruction: Instruction): By {
    if (!("account" in instruction)) return "venue";
    return this.isAttackers(instruction.account) ? "attacker" : "other";
  }

  private note({ outcome, facts, events }: Receipt): void {
    if (outcome === "invariant_broken") this.count(`invariant ${facts["invariant"] ?? 0}`);
    else if (outcome !== "accepted") this.count(outcome);
    const reason = REASON_NAMES.get(facts["reason"] ?? 0);
    if (outcome === "accepted" && reason !== undefined) this.count(reason);
    if (facts["state"] === HELD) this.count("report held back");
    for (const event of events) {
      const words = DEFENCES[event.event]?.(event);
      if (words !== undefined) this.count(words);
    }
  }

  private count(answer: string): void {
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
  }
}

/** State of a report that jumped and waits for others. */
const HELD = 1;

/** Events by which a defence tells that it acted, in words. */
const DEFENCES: Partial<Record<EventView["event"], (event: EventView) => string | undefined>> = {
  withdrawalQueued: () => "withdrawal queued",
  lossAbsorbed: ({ values }) => `layer ${values["layer"] ?? 0}`,
  positionLiquidated: ({ values }) =>
    ["", "liquidation on the book", "backstop", "tear-up", undefined, "call auction"][values["how"] ?? 0],
  qualityChanged: ({ values }) =>
    values["forbids"] === 0 ? undefined : `price quality ${values["quality"] ?? 0}`,
  breakerMoved: ({ values }) =>
    (values["to"] ?? 0) > (values["from"] ?? 0) ? `breaker level ${values["to"] ?? 0}` : undefined,
  postureMoved: ({ values }) =>
    (values["to"] ?? 0) > (values["from"] ?? 0) ? `posture ${values["to"] ?? 0}` : undefined,
};
