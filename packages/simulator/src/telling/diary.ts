/** What was commanded and answered since somebody last looked: summed up, so that it stays small however much happens. */
import {
  BREAKER,
  CAUSE,
  type CommandName,
  type EventView,
  FEED_KIND,
  POSTURE,
  REFUSALS,
  type Receipt,
  type RefusalName,
  SIGNAL,
} from "@bulkhead/engine";
import { namesOf } from "./names.ts";

/** Commands of one kind that ended in the same way. */
export interface Deed {
  readonly kind: CommandName;
  readonly outcome: "accepted" | RefusalName;
  readonly count: number;
  readonly by: By;
}

/** Whose command it is: an attacker's, somebody else's, or nobody's account: the venue's own, its operator's, a reporter's, a council's. */
export type By = "attacker" | "other" | "venue";

/** Things of one sort that happened, or were refused. */
export interface Notable {
  readonly sort: NotableSort;
  /** What it was, in plain words. */
  readonly text: string;
  /** 0 = the vault, or the venue as a whole; market 0 = all of the tier. */
  readonly tier: number;
  readonly market: number;
  readonly count: number;
  /** Micro-dollars, 0 where it is not about money. */
  readonly amount: number;
}

/** `stopped`: an attacker, or whoever spoke for the venue, was refused; `refused`: somebody else was. */
export type NotableSort =
  | "stopped"
  | "refused"
  | "breaker"
  | "posture"
  | "price"
  | "liquidation"
  | "loss"
  | "haircut"
  | "vault"
  | "governance"
  | "quarantine";

/** What happened between two looks. */
export interface Page {
  readonly deeds: readonly Deed[];
  readonly notables: readonly Notable[];
}

export class Diary {
  private readonly deeds = new Map<string, Deed>();
  private readonly notables = new Map<string, Notable>();
  private readonly paid = new Map<string, number>();

  /** @param tier - that the command names, 0 = none */
  note(by: By, tier: number, { command: kind, outcome, events }: Receipt): void {
    const key = `${kind}/${outcome}/${by}`;
    const count = (this.deeds.get(key)?.count ?? 0) + 1;
    this.deeds.set(key, { kind, outcome, count, by });
    if (outcome !== "accepted") {
      const sort = by === "other" && outcome !== "invariant_broken" ? "refused" : "stopped";
      this.add({ sort, text: `${kind}: ${REFUSALS[outcome].meaning} (${outcome})`, tier });
    }
    for (const event of events) this.hear(tier, event);
  }

  /** What a layer has paid for losses of a tier since the beginning; the numbers of layers are those of the waterfall. */
  paidBy(tier: number, layer: number): number {
    return this.paid.get(`${tier}/${layer}`) ?? 0;
  }

  /** What has happened since this was asked last. */
  take(): Page {
    const taken = { deeds: [...this.deeds.values()], notables: [...this.notables.values()] };
    this.deeds.clear();
    this.notables.clear();
    return taken;
  }

  private hear(tier: number, { event, values }: EventView): void {
    const word = (name: string): number => values[name] ?? 0;
    if (event === "lossAbsorbed") {
      const key = `${tier}/${word("layer")}`;
      this.paid.set(key, (this.paid.get(key) ?? 0) + word("amount"));
    }
    const told = NOTABLE[event]?.(word);
    if (told !== undefined) this.add({ tier, market: word("market"), ...told });
  }

  private add({ sort, text, tier, market = 0, amount = 0 }: Told & { readonly tier: number }): void {
    const key = `${sort}/${tier}/${market}/${text}`;
    const { count, amount: before } = this.notables.get(key) ?? { count: 0, amount: 0 };
    this.notables.set(key, { sort, text, tier, market, count: count + 1, amount: before + amount });
  }
}

type Told = Pick<Notable, "sort" | "text"> & Partial<Pick<Notable, "market" | "amount">>;

const LEVELS = namesOf(BREAKER);
const POSTURES = namesOf(POSTURE);
const SIGNALS = namesOf(SIGNAL);
const CAUSES = namesOf(CAUSE);
const QUALITIES = ["valid again", "wide", "stale", "divergent", "dead"];
const WAYS = [
  "",
  "sold on the book",
  "taken over by the backstop",
  "torn up against winners",
  "sold to keepers",
  "sold in the call auction",
];
export const LAYER_NAMES = [
  "",
  "operator's first tranche",
  "tier's insurance fund",
  "purchased cover",
  "operator's second tranche",
  "mutual guarantee fund",
  "winners' profits",
] as const;

/** Events worth telling, by name. */
const NOTABLE: Partial<Record<EventView["event"], (word: (name: string) => number) => Told | undefined>> = {
  breakerMoved: (word) => ({
    sort: "breaker",
    text: `breaker ${LEVELS[word("from")]} → ${LEVELS[word("to")]}${signalled(word("signal"))}`,
  }),
  postureMoved: (word) => ({
    sort: "posture",
    text: `posture ${POSTURES[word("from")]} → ${POSTURES[word("to")]}`,
  }),
  qualityChanged: (word) => ({
    sort: "price",
    text: `price ${QUALITIES[word("quality")]}`,
    market: word("feedKind") === FEED_KIND.market ? word("id") : 0,
  }),
  liquidationStarted: () => ({ sort: "liquidation", text: "liquidation begins" }),
  positionLiquidated: (word) => ({ sort: "liquidation", text: `position ${WAYS[word("how")]}` }),
  positionTornUp: () => ({ sort: "liquidation", text: "winner's position closed at the mark" }),
  collateralSold: (word) => ({ sort: "liquidation", text: "collateral sold", amount: word("value") }),
  lossAbsorbed: (word) => ({
    sort: "loss",
    text: `${LAYER_NAMES[word("layer")]} pays`,
    amount: word("amount"),
  }),
  profitHaircut: (word) => ({ sort: "haircut", text: "winners give up profit", amount: word("amount") }),
  marketQuarantined: (word) => ({
    sort: "quarantine",
    text: `market quarantined: invariant ${word("invariant")} would have been broken`,
  }),
  withdrawalQueued: () => ({ sort: "vault", text: "withdrawal waits in the vault's queue" }),
  withdrawalCancelled: () => ({ sort: "vault", text: "withdrawal taken back" }),
  memberAppointed: (word) => ({ sort: "governance", text: `member ${word("member")} appointed` }),
  proposalMade: (word) => ({ sort: "governance", text: `proposal ${word("proposal")} made, and told of` }),
  proposalCancelled: (word) => ({ sort: "governance", text: `proposal ${word("proposal")} cancelled` }),
  proposalExecuted: (word) => ({ sort: "governance", text: `proposal ${word("proposal")} carried out` }),
  parameterChanged: (word) => ({
    sort: "governance",
    text: `parameter ${word("parameter")} ${word("previous")} → ${word("value")} by ${CAUSES[word("cause")]}`,
  }),
};

function signalled(signal: number): string {
  return signal === 0 ? "" : ` (${SIGNALS[signal]})`;
}
