/** Ids as names: what a list of commands calls its accounts, buckets and orders when some of their makers are left out. */
import type { CommandName } from "@bulkhead/engine";
import type { Step } from "./step.ts";

type Kind = "account" | "asset" | "tier" | "market" | "bucket" | "order" | "withdrawal";

/** What a command makes; its receipt begins with the id. */
const MAKES: Readonly<Partial<Record<CommandName, Kind>>> = {
  openAccount: "account",
  listAsset: "asset",
  listTier: "tier",
  listMarket: "market",
  allocate: "bucket",
  placeOrder: "order",
  requestWithdrawal: "withdrawal",
};

/** Fields that hold an id, and of what. */
const FIELDS: readonly (readonly [field: string, kind: Kind])[] = [
  ["account", "account"],
  ["asset", "asset"],
  ["market", "market"],
  ["mode", "market"],
  ["bucket", "bucket"],
  ["order", "order"],
  ["withdrawal", "withdrawal"],
  ["tier", "tier"],
];

export class Names {
  readonly #ids = new Map<string, number>();

  /** The step with the ids that things have in this replay. */
  translate(step: Step): Step {
    if (!("command" in step)) return step;
    const fields = step.command as unknown as Readonly<Record<string, number>>;
    const translated: Record<string, number> = { ...fields };
    for (const [field, kind] of FIELDS) {
      const id = fields[field];
      if (id !== undefined) translated[field] = this.#ids.get(key(kind, fields["tier"], id)) ?? id;
    }
    return { command: translated as unknown as typeof step.command };
  }

  /** Learns that what `original` made under one id at first has another one now. */
  learn(original: Step, originalId: number, id: number): void {
    if (!("command" in original) || originalId === 0 || id === 0) return;
    const kind = MAKES[original.command.kind];
    const tier = "tier" in original.command ? original.command.tier : 0;
    if (kind !== undefined) this.#ids.set(key(kind, tier, originalId), id);
  }
}

function key(kind: Kind, tier: number | undefined, id: number): string {
  const isOfTier = kind === "market" || kind === "bucket" || kind === "order";
  return `${kind} ${isOfTier ? tier : 0} ${id}`;
}
