/** What breakers and posture controllers look at, and what they are told. */
import { isWatching, renewBand, statusOf } from "../breaker.ts";
import { beginAnew } from "../breakerSamples.ts";
import { control } from "../posture.ts";
import { refuse } from "../refusal.ts";
import { STATUS } from "../terms.ts";
import type { BreakerConfig } from "../breakerBook.ts";
import type { World } from "../venue.ts";
import { type CommandNamed, marketOf, tierOf } from "../world.ts";
import { mustBeInSetUp } from "./listing.ts";

export function configureBreaker(world: World, command: CommandNamed<"configureBreaker">): readonly number[] {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return takeBreaker(world, command);
}

export function takeBreaker(world: World, command: CommandNamed<"configureBreaker">): readonly number[] {
  const { journal, time } = world;
  const market = marketOf(tierOf(world, command.tier), command.market);
  if (market.terms.status === STATUS.settled) refuse("market_is_settled", market.id);
  if (command.softZ > command.hardZ) refuse("breaker_thresholds", command.softZ, command.hardZ);
  if (command.softMove > command.hardMove) refuse("breaker_thresholds", command.softMove, command.hardMove);

  const { breaker } = market;
  const { kind: _kind, time: _time, tier: _tier, market: _market, ...fields } = command;
  const config = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, BigInt(value)]));
  journal.set(breaker, "config", config as BreakerConfig);
  const watches = isWatching(breaker);
  if (watches && !breaker.on) {
    journal.set(breaker, "streaks", new Map());
    beginAnew(world, market);
    if (statusOf(market) === STATUS.halted) journal.set(breaker, "pausedFrom", time);
  }
  journal.set(breaker, "on", watches);
  renewBand(world, market);
  return [breaker.level];
}

export function configurePosture(world: World, command: CommandNamed<"configurePosture">): readonly number[] {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return takePosture(world, command);
}

export function takePosture(world: World, command: CommandNamed<"configurePosture">): readonly number[] {
  const { journal } = world;
  const tier = tierOf(world, command.tier);
  const { controller } = tier;
  journal.set(controller, "enabled", command.enabled === 1);
  journal.set(controller, "baseline", command.baseline);
  journal.set(controller, "insuranceTarget", BigInt(command.insuranceTarget));
  control(world, tier);
  return [controller.posture];
}

export function reportRisk(world: World, command: CommandNamed<"reportRisk">): readonly number[] {
  const { journal, time } = world;
  const tier = tierOf(world, command.tier);
  if (command.expiry <= time) refuse("report_expired", command.expiry, time);
  const { controller } = tier;
  const { expectedShortfall, ruin, branching, spike, cover2 } = command;
  const fields = Object.entries({ expectedShortfall, ruin, branching, spike, cover2 });
  journal.set(
    controller,
    "reported",
    Object.fromEntries(fields.map(([name, value]) => [name, BigInt(value)])),
  );
  journal.set(controller, "freshUntil", command.expiry);
  control(world, tier);
  return [controller.posture];
}
