/** Who may send what: the protocol's table of authority, applied to frames. The engine knows accounts by number; here they have owners. */
import { CODE, type CommandName, LAYOUTS, type Layout } from "@bulkhead/engine";
import { AUTHORITY, type Authority as AuthorityKind, SCOPE, type Scope } from "@bulkhead/protocol";
import { Denied } from "./denial.ts";
import type { Registry, Session } from "./registry.ts";

/** Who has signed: a session key, or a wallet by its address. */
export type Signer =
  | { readonly kind: "session"; readonly session: Session }
  | { readonly kind: "wallet"; readonly address: string };

/** Addresses the node is configured with, lower-case hex with 0x. */
export interface Offices {
  readonly operators: readonly string[];
  readonly reporters: readonly {
    readonly tier: number;
    readonly reporter: number;
    readonly address: string;
  }[];
  /** Tier 0 is the vault. */
  readonly members: readonly { readonly tier: number; readonly member: number; readonly address: string }[];
}

/** What is needed for a command, and where in its frame it says for whom. */
interface Rule {
  readonly name: CommandName;
  /** Of a session; 0 = no session may. */
  readonly scope: number;
  readonly owned: "account" | "reporter" | "member" | "operator" | "anyone";
  /** Word of the account, reporter or member; 0 = it names none. */
  readonly word: number;
  readonly tier: number;
}

/** The address somebody signs for. */
export function addressOf(signer: Signer): string {
  return signer.kind === "session" ? signer.session.owner : signer.address;
}

/** @throws {Denied} unless the session has the scope */
export function expectScope({ id, scopes }: Session, scope: Scope): void {
  if ((scopes & SCOPE[scope]) === 0)
    throw new Denied("scope_missing", `the session was not given the scope "${scope}"`, {
      session: id,
      scopes,
    });
}

export class Authority {
  private readonly registry: Registry;
  private readonly operators: ReadonlySet<string>;
  private readonly reporters: ReadonlyMap<string, string>;
  private readonly members: ReadonlyMap<string, string>;
  /** Of each shard, whoever is a member. */
  private readonly councils: ReadonlyMap<number, ReadonlySet<string>>;

  constructor(registry: Registry, { operators, reporters, members }: Offices) {
    this.registry = registry;
    this.operators = new Set(operators.map((address) => address.toLowerCase()));
    this.reporters = new Map(
      reporters.map(({ tier, reporter, address }) => [`${tier}:${reporter}`, address.toLowerCase()]),
    );
    this.members = new Map(
      members.map(({ tier, member, address }) => [`${tier}:${member}`, address.toLowerCase()]),
    );
    const councils = new Map<number, Set<string>>();
    for (const { tier, address } of members)
      councils.set(tier, (councils.get(tier) ?? new Set()).add(address.toLowerCase()));
    this.councils = councils;
  }

  /** Whose signature a member's is; undefined if nobody's. @param tier - 0 = the vault */
  memberAddress(tier: number, member: number): string | undefined {
    return this.members.get(`${tier}:${member}`);
  }

  isOperator(address: string): boolean {
    return this.operators.has(address);
  }

  /** @throws {Denied} unless the address owns the account */
  expectOwner(address: string, account: number): void {
    if (this.registry.ownerOf(account) !== address)
      throw new Denied("account_not_owned", "the account is not the signer's", { account });
  }

  /**
   * Makes sure that a signer may send the command at `offset` of `frames`. Whether its words are a command is the engine's to say.
   * @throws {Denied}
   */
  expect(signer: Signer, frames: Float64Array, offset = 0): void {
    const rule = RULES[frames[offset + CODE] as number];
    // No command at all: refused for that, where it is decoded.
    if (rule === undefined) return;
    if (signer.kind === "session") {
      if (rule.scope === 0)
        throw new Denied("wallet_required", `${rule.name} needs a wallet's own signature`, {
          session: signer.session.id,
        });
      if ((signer.session.scopes & rule.scope) === 0)
        throw new Denied("scope_missing", `${rule.name} needs a scope the session was not given`, {
          session: signer.session.id,
          scopes: signer.session.scopes,
          needed: rule.scope,
        });
    }
    this.expectOffice(rule, addressOf(signer), frames, offset);
  }

  private expectOffice(
    { name, owned, word, tier }: Rule,
    address: string,
    frames: Float64Array,
    offset: number,
  ): void {
    const named = frames[offset + word] as number;
    const shard = frames[offset + tier] as number;
    switch (owned) {
      case "anyone":
        return;
      case "account":
        return this.expectOwner(address, named);
      case "reporter":
        if (this.reporters.get(`${shard}:${named}`) === address) return;
        throw new Denied("reporter_required", `${name} needs the key of the reporter it names`, {
          tier: shard,
          reporter: named,
        });
      case "member": {
        const isMember =
          word === 0
            ? this.councils.get(shard)?.has(address)
            : this.members.get(`${shard}:${named}`) === address;
        if (isMember === true) return;
        throw new Denied("member_required", `${name} needs the key of a member of the tier's governance`, {
          tier: shard,
          ...(word !== 0 && { member: named }),
        });
      }
      case "operator":
        if (this.operators.has(address)) return;
        throw new Denied("operator_required", `${name} needs the key of an operator`);
    }
  }
}

function rulesByCode(): (Rule | undefined)[] {
  const rules: (Rule | undefined)[] = [];
  for (const { code, name, at } of LAYOUTS as readonly Layout<CommandName>[]) {
    const authority = AUTHORITY[name];
    const scope = authority.startsWith("session:") ? SCOPE[authority.slice("session:".length) as Scope] : 0;
    const owned = OWNED[authority];
    const word = owned === "operator" || owned === "anyone" ? 0 : (at[owned] ?? 0);
    rules[code] = { name, scope, owned, word, tier: at["tier"] ?? 0 };
  }
  return rules;
}

/** Whose address is asked for: what each kind of authority comes to. */
const OWNED: Readonly<Record<AuthorityKind, Rule["owned"]>> = {
  "session:trade": "account",
  "session:keep": "account",
  "session:report": "reporter",
  wallet: "account",
  member: "member",
  anyone: "anyone",
  node: "operator",
  operator: "operator",
};

const RULES: readonly (Rule | undefined)[] = rulesByCode();
