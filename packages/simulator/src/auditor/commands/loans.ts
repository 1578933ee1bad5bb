/** What moves money between tiers' insurance funds. */
import { least } from "../arithmetic.ts";
import { askedBy, draw, isUnconcerned, lend, lendableBy, lentBy, openAsk, owedBy } from "../loans.ts";
import { refuse } from "../refusal.ts";
import type { World } from "../venue.ts";
import { type CommandNamed, tierOf } from "../world.ts";

type Facts = readonly (number | bigint)[];

const STRICTEST = 1;

export function lendInsurance(world: World, command: CommandNamed<"lendInsurance">): Facts {
  const { venue } = world;
  const lender = tierOf(world, command.tier);
  const borrower = tierOf(world, command.borrower);
  const { posture } = lender.controller;
  if (posture > STRICTEST) refuse("lender_strained", posture, STRICTEST);
  const asked = lender === borrower ? 0n : openAsk(world, borrower.id);
  if (asked === 0n) refuse("loan_not_asked", borrower.id, askedBy(venue, borrower.id).at);
  const { excess, left, room } = lendableBy(world, lender);
  const amount = least(asked, least(excess, least(left, room)));
  if (amount === 0n) refuse("nothing_to_lend", excess, left, room);
  lend(world, lender, borrower.id, amount);
  return [amount, lentBy(venue, lender.id)];
}

export function drawInsurance(world: World, command: CommandNamed<"drawInsurance">): Facts {
  const tier = tierOf(world, command.tier);
  if (isUnconcerned(world, tier))
    refuse("loan_not_needed", tier.insurance, tier.fund.target, owedBy(world.venue, tier.id));
  const { drawn, lacking } = draw(world, tier);
  return [drawn, lacking];
}
