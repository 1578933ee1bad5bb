/** Who may change what: roles, thresholds and delays of every shard, and each parameter with whoever can change it and how far. */
import { z } from "zod";
import { address, decimal, duration, sequence, shard, time } from "./values.ts";

const told = <Schema extends z.ZodType>(schema: Schema, description: string): Schema =>
  schema.meta({ description });

export const ROLE_NAMES = ["signer", "steward", "guardian", "breaker"] as const;

/** Bounds in code, which no key passes; of every shard alike. */
export const GOVERNANCE_BOUNDS = z
  .object({
    timelock: told(z.object({ least: duration, most: duration }), "From a proposal to its execution"),
    listingDelay: told(
      duration,
      "The same of what is newly listed, reporters, feeds and the backstop, at least",
    ),
    executionWindow: told(duration, "After which a proposal that could be executed lapses"),
    approvalLife: told(duration, "Within which a signed approval is to be recorded"),
    looseningInterval: told(duration, "Between two loosenings of one parameter"),
    relaxDelay: told(duration, "From a steward's last move until he may go back towards what governance set"),
    hold: told(z.object({ least: duration, most: duration }), "How long a breaker holds a parameter"),
    holdCooldown: told(duration, "For which the parameter is out of breakers' reach then"),
    foothold: told(decimal, "Part of the tier's quote custody that a limit may be raised to at once"),
  })
  .meta({ id: "GovernanceBounds" });

export const GOVERNANCE = z
  .object({
    tier: shard,
    sealed: told(z.boolean(), "false = it is still being set up, and its operators change it directly"),
    threshold: told(z.int(), "Approvals that a proposal needs, of so many `signers`"),
    signers: z.int(),
    timelock: told(duration, "From a proposal to its execution"),
    members: z.array(
      z.object({
        member: z.int(),
        address: told(address.nullable(), "Whose signature it takes at this node; null = it lets nobody act"),
        roles: told(
          z.array(z.enum(ROLE_NAMES)),
          "signer: proposes and approves; steward and breaker: change parameters at once; guardian: cancels",
        ),
        since: told(z.int(), "Nonce of the shard when he was appointed: he votes on what is proposed later"),
      }),
    ),
    bounds: GOVERNANCE_BOUNDS,
    sequence,
  })
  .meta({ id: "Governance" });

export const PARAMETER_LEVELS = ["venue", "tier", "market", "collateral"] as const;
const span = z.object({ lowest: z.int(), highest: z.int() });

export const GOVERNED_PARAMETER = z
  .object({
    tier: shard,
    level: z.enum(PARAMETER_LEVELS),
    subject: told(
      z.string().nullable(),
      "Symbol of the market, or of the asset; null = the tier or venue itself",
    ),
    parameter: z.string(),
    value: told(z.int(), "In force, in the engine's units"),
    baseline: told(
      z.int(),
      "That governance, or the set-up, gave it: stewards and breakers only tighten from there",
    ),
    unit: z.string(),
    safer: z.enum(["higher", "lower", "neither"]),
    range: told(span, "That the engine takes"),
    envelope: told(span, "Range once the shard is sealed; no key widens it"),
    ways: told(
      z.array(z.enum(["operator", "proposal", "steward", "breaker"])),
      "Who can change it now: an operator at once, a proposal after its timelock, a steward or breaker at once within limits; none = nobody",
    ),
    loosening: told(
      z.union([z.enum(["free", "fifth", "half", "lots", "usd", "units"]), z.int()]).nullable(),
      "How far one proposal may loosen it: a number of its unit, a fifth or half of what it is, the last three no less than the foothold; null = not at all",
    ),
    steward: told(
      z.object({ share: decimal, delay: duration }).nullable(),
      "Part of the value in force that he may move it by, so long after the last move",
    ),
    held: told(z.object({ before: z.int(), until: time }).nullable(), "By a breaker"),
    sequence,
  })
  .meta({ id: "GovernedParameter" });

export type Governance = z.infer<typeof GOVERNANCE>;
export type GovernedParameter = z.infer<typeof GOVERNED_PARAMETER>;
