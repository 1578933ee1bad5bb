/** Who may do what at a node, as its configuration tells. */
import { type Access, openAccess } from "../access/access.ts";
import type { Offices } from "../access/authorise.ts";
import { DEFAULT_LIMITS, type Limits } from "../access/limits.ts";
import type { OwnDirectory } from "../dataDirectory.ts";
import { genesisOf } from "@bulkhead/protocol/log";
import type { Config } from "./config.ts";
import { definedOf } from "./defined.ts";
import type { Lifetime } from "./lifetime.ts";

export interface NodeAccessOptions {
  readonly config: Config;
  readonly directory: OwnDirectory;
  /** Time of the last command of the log as it was found, ms. */
  readonly durableUntil: number;
  readonly clock: () => number;
  /** Origins of the pages that log in. */
  readonly origins: () => readonly [string, ...string[]];
}

export async function openNodeAccess(
  { config, directory, durableUntil, clock, origins }: NodeAccessOptions,
  lifetime: Lifetime,
): Promise<Access> {
  const access = await openAccess(directory.access, {
    genesis: genesisOf(directory.capacities),
    chainId: config.chainId,
    origins,
    offices: officesOf(config),
    limits: limitsOf(config),
    durableUntil,
    clock,
  });
  lifetime.atEnd(() => access.close());
  return access;
}

function officesOf({ operators, tiers, governance: { members } }: Config): Offices {
  const shards = [0, ...tiers.map((_, index) => index + 1)];
  return {
    operators: operators.map((address) => address.toLowerCase()),
    reporters: tiers.flatMap(({ reporters }, index) =>
      reporters.map(({ reporter, address }) => ({
        tier: index + 1,
        reporter,
        address: address.toLowerCase(),
      })),
    ),
    members: shards.flatMap((tier) =>
      members.map(({ member, address }) => ({ tier, member, address: address.toLowerCase() })),
    ),
  };
}

function limitsOf({ limits }: Config): Limits {
  return { ...DEFAULT_LIMITS, ...definedOf(limits) };
}
