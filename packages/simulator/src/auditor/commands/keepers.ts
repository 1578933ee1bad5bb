/** Who may act at once: stewards, step by step, and breakers, for a time. And what ends a breaker's hold. */
import { absolute, greatest } from "../arithmetic.ts";
import { writeTerm } from "../breaker.ts";
import {
  HOLD_COOLDOWN,
  MAX_HOLDS,
  RELAX_DELAY,
  ROLE,
  amendControl,
  baselineOf,
  controlOf,
  holdOn,
  mustHave,
  valueOf,
} from "../governance.ts";
import { type Parameter, isTighter } from "../parameters.ts";
import { refuse, wrapping } from "../refusal.ts";
import { MILLION } from "../terms.ts";
import type { Tier, World } from "../venue.ts";
import { type CommandNamed, emit, tierOf } from "../world.ts";
import { changeParameter, parameterFor, valueMustBeInRange } from "./listing.ts";

type Facts = readonly (number | bigint)[];

const CAUSE = { steward: 2, breaker: 3 } as const;

export function stewardSet(world: World, command: CommandNamed<"stewardSet">): Facts {
  const { market: subject } = command;
  const value = BigInt(command.value);
  const [tier, parameter] = namedBy(world, command, ROLE.steward);
  if (parameter.steward === undefined) refuse("not_delegated", parameter.id);
  const previous = valueOf(tier, parameter, subject);
  if (value === previous) refuse("value_unchanged", value);
  const held = holdOn(tier, parameter, subject);
  if (held !== undefined) refuse("parameter_held", held[1].until);

  const [share, delay] = parameter.steward ?? [0n, 0];
  const tightens = isTighter(parameter, previous, value);
  const { changedAt } = controlOf(tier, parameter, subject);
  const earliest = changedAt === 0 ? 0 : changedAt + (tightens ? delay : RELAX_DELAY);
  if (world.time < earliest) refuse("change_too_soon", earliest, world.time);
  const step = greatest(1n, (absolute(previous) * share) / MILLION);
  const bound = value > previous ? previous + step : previous - step;
  if (absolute(value - previous) > step) refuse("change_too_large", value, bound);
  const baseline = baselineOf(tier, parameter, subject);
  if (!tightens && isTighter(parameter, value, baseline)) refuse("beyond_baseline", value, baseline);

  wrapping(() => changeParameter(world, tier, parameter, subject, value));
  amendControl(world, tier, parameter, subject, { baseline, changedAt: world.time });
  emit(world, "parameterChanged", subject, parameter.id, previous, value, CAUSE.steward, 0);
  return [previous];
}

export function breakerSet(world: World, command: CommandNamed<"breakerSet">): Facts {
  const { market: subject } = command;
  const value = BigInt(command.value);
  const [tier, parameter] = namedBy(world, command, ROLE.breaker);
  if (!parameter.breaker) refuse("not_delegated", parameter.id);
  const previous = valueOf(tier, parameter, subject);
  if (!isTighter(parameter, previous, value)) refuse("not_tightening", value, previous);
  const held = holdOn(tier, parameter, subject);
  if (held !== undefined) refuse("parameter_held", held[1].until);
  const { heldUntil } = controlOf(tier, parameter, subject);
  if (world.time < heldUntil) refuse("change_too_soon", heldUntil, world.time);
  if (tier.holds.size >= MAX_HOLDS) refuse("hold_capacity_reached", MAX_HOLDS);

  wrapping(() => changeParameter(world, tier, parameter, subject, value));
  const until = world.time + command.duration;
  const hold = { parameter, subject, before: previous, value, until };
  world.journal.put(tier.holds, freeSlot(tier), hold);
  amendControl(world, tier, parameter, subject, { heldUntil: until + HOLD_COOLDOWN });
  emit(world, "parameterChanged", subject, parameter.id, previous, value, CAUSE.breaker, until);
  return [previous, until];
}

/** Gives back what was held, where the time is over and nothing else has changed it since. */
export function lapseHolds(world: World, tier: Tier): void {
  for (let slot = 1; slot <= MAX_HOLDS; slot++) {
    const hold = tier.holds.get(slot);
    if (hold === undefined || hold.until > world.time) continue;
    const { parameter, subject } = hold;
    const current = valueOf(tier, parameter, subject);
    const restored = current === hold.value ? givenBack(tier, parameter, subject, hold.before) : current;
    world.journal.remove(tier.holds, slot);
    writeTerm(world, tier, parameter, subject, restored);
    emit(world, "holdLapsed", subject, parameter.id, current, restored);
  }
}

/** An initial weight never passes the maintenance weight, which may have come down. */
function givenBack(tier: Tier, { name }: Parameter, subject: number, before: bigint): bigint {
  if (name !== "collateralInitialWeight") return before;
  const limit = tier.collateral.get(subject)?.maintenanceWeight ?? before;
  return before < limit ? before : limit;
}

function namedBy(
  world: World,
  command: CommandNamed<"stewardSet" | "breakerSet">,
  role: number,
): [Tier, Parameter] {
  const tier = tierOf(world, command.tier);
  if (!tier.governance.isSealed) refuse("governance_not_sealed", tier.id);
  mustHave(tier.governance, command.member, role);
  const parameter = parameterFor(world, tier, command.market, command.parameter);
  valueMustBeInRange(tier, parameter, BigInt(command.value));
  return [tier, parameter];
}

function freeSlot({ holds }: Tier): number {
  let slot = 1;
  while (holds.has(slot)) slot += 1;
  return slot;
}
