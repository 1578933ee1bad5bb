/**
 * A precedence walk begins with a command for which everything is wrong that can be wrong at once. Each step says
 * which refusal it meets, with which numbers and why, and then cures that one fault: so the next step shows that the
 * next fault was there all along and only waited for its turn. After the last cure the command is accepted.
 */
import type { CommandName, RefusalName } from "@bulkhead/engine";
import type { Desk, Fields } from "../venue.ts";

/** What makes a command's next fault the first: other fields, or something done to the venue. */
export type Cure<Name extends CommandName> = Attempt<Name> | ((desk: Desk) => void);
type Attempt<Name extends CommandName> = Partial<Fields<Name>> & { readonly time?: number };

export interface Step<Name extends CommandName> {
  readonly refusal: RefusalName;
  readonly facts: Readonly<Record<string, number>>;
  readonly why: string;
  /** Absent where nothing in the world helps. */
  readonly cure?: Cure<Name>;
}

export interface Walk<Name extends CommandName> {
  /** The venue, and the faulty command. */
  readonly scene: () => readonly [Desk, Fields<Name>];
  readonly steps: readonly Step<Name>[];
}

export type Walks = { readonly [Name in CommandName]: readonly Walk<Name>[] };
