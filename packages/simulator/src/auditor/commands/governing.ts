/** Governance's own commands: appointing, sealing, proposing, approving, executing, cancelling. */
import {
  APPROVAL_LIFE,
  EXECUTION_WINDOW,
  LISTING_DELAY,
  LOOSENING_INTERVAL,
  ROLE,
  amendControl,
  appoint,
  basisOf,
  baselineOf,
  contentOf,
  controlOf,
  governanceOf,
  holdOn,
  isWithin,
  loosest,
  mustHave,
  neededApprovals,
  rolesOf,
  thresholdMustFit,
  validApprovals,
  valueOf,
} from "../governance.ts";
import { PARAMETERS, type Parameter, isTighter } from "../parameters.ts";
import { APPOINT_MEMBER, type Form, formOf } from "../payload.ts";
import { refuse, wrapping } from "../refusal.ts";
import { uncoveredLoss } from "../stress.ts";
import { STATUS } from "../terms.ts";
import type { Governance, Proposal } from "../governanceBook.ts";
import type { Market, Tier, World } from "../venue.ts";
import { takeBreaker, takePosture } from "./breakers.ts";
import { takeFundTerms } from "./funds.ts";
import { takeBackstop } from "./layers.ts";
import { takeFeed, takeRedemption, takeReporter } from "./prices.ts";
import { type CommandNamed, emit, tierOf } from "../world.ts";
import {
  addAsset,
  addCollateral,
  addMarket,
  addTier,
  changeBracket,
  changeParameter,
  mustBeInSetUp,
  parameterFor,
  valueMustBeInRange,
} from "./listing.ts";

type Facts = readonly (number | bigint)[];

const CAUSE_PROPOSAL = 1;

export function appointMember(world: World, command: CommandNamed<"appointMember">): Facts {
  const { tier, member, roles } = command;
  const governance = governanceOf(world, tier);
  mustBeInSetUp(governance, tier);
  const before = appoint(world, governance, member, roles);
  emit(world, "memberAppointed", tier, member, roles);
  return [before];
}

export function changeThreshold(world: World, { tier }: CommandNamed<"changeThreshold">): Facts {
  mustBeSealed(governanceOf(world, tier), tier);
  return refuse("governance_required", tier);
}

export function sealGovernance(world: World, command: CommandNamed<"sealGovernance">): Facts {
  const { tier, threshold, timelock } = command;
  const governance = governanceOf(world, tier);
  if (governance.isSealed) refuse("governance_sealed", tier);
  const signers = thresholdMustFit(governance, threshold);
  if (tier !== 0) everythingMustLieInTheEnvelope(world, tierOf(world, tier));
  world.journal.set(governance, "isSealed", true);
  setRules(world, governance, tier, threshold, timelock);
  return [signers];
}

function setRules(
  world: World,
  governance: Governance,
  tier: number,
  threshold: number,
  timelock: number,
): void {
  world.journal.set(governance, "threshold", threshold);
  world.journal.set(governance, "timelock", timelock);
  emit(world, "governanceSet", tier, threshold, timelock);
}

function everythingMustLieInTheEnvelope(world: World, tier: Tier): void {
  subjectMustLieInTheEnvelope(tier, "tier", 0);
  for (const market of tier.markets) marketMustLieInTheEnvelope(market);
  for (const { id } of world.venue.assets) {
    if (tier.collateral.has(id)) subjectMustLieInTheEnvelope(tier, "collateral", id);
  }
}

function marketMustLieInTheEnvelope({ tier, id, terms }: Market): void {
  if (terms.status !== STATUS.settled) subjectMustLieInTheEnvelope(tier, "market", id);
}

function subjectMustLieInTheEnvelope(tier: Tier, level: Parameter["level"], subject: number): void {
  for (const parameter of PARAMETERS.filter((each) => each.level === level)) {
    const value = valueOf(tier, parameter, subject);
    const [lowest, highest] = parameter.envelope;
    if (value < lowest || value > highest) refuse("envelope_breached", subject, parameter.id, value);
  }
}

// ------------------------------------------------------------------------------------------------------------ proposals

export function propose(world: World, command: CommandNamed<"propose">): Facts {
  const { tier, member } = command;
  const governance = governanceOf(world, tier);
  mustBeSealed(governance, tier);
  mustHave(governance, member, ROLE.signer);
  const form = formOf(command.command, tier) ?? refuse("command_not_proposable", command.command);
  const words = FIELDS.map((field) => command[field]);
  payloadMustMakeSense(form, words);
  const last = governance.proposals.get(member);
  if (last !== undefined) {
    if (world.time < last.lapse) refuse("proposal_pending", last.nonce, last.lapse);
    emit(world, "proposalLapsed", tier, member, last.nonce);
  }

  const nonce = governance.nonce + 1;
  const delay = form.isLong ? Math.max(LISTING_DELAY, governance.timelock) : governance.timelock;
  const eta = world.time + delay;
  const lapse = eta + EXECUTION_WINDOW;
  const content = contentOf(tier, member, nonce, form.code, words);
  world.journal.set(governance, "nonce", nonce);
  world.journal.put(governance.proposals, member, {
    nonce,
    command: form.code,
    words,
    eta,
    lapse,
    content,
    approvals: new Set<number>(),
    basis: 0n,
    contested: false,
  });
  emit(world, "proposalMade", tier, member, nonce, form.code, content, eta, lapse);
  return [nonce, content, eta];
}

const FIELDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map(
  (number) => `word${number}` as "word1",
);

/** Fields in their ranges, words beyond them 0; a listing begins with the smallest limit. */
function payloadMustMakeSense({ kind, fields }: Form, words: readonly number[]): void {
  for (const [index, word] of words.entries()) {
    const [, min, max] = fields[index] ?? ["", 0, 0];
    if (word < min || word > max) refuse("payload_out_of_range", index + 1, word);
  }
  const [limit, allowed] =
    kind === "acceptCollateral" ? [words[3], 0] : kind === "listMarket" ? [words[13], 1] : [0, 0];
  if (limit !== undefined && limit !== allowed) refuse("listing_too_open", limit, allowed);
}

export function approve(world: World, command: CommandNamed<"approve">): Facts {
  const { tier, member, proposal: proposer, nonce, expiry } = command;
  const governance = governanceOf(world, tier);
  const proposal = proposalOf(governance, tier, proposer, nonce);
  mustNotHaveLapsed(world, proposal);
  mustHave(governance, member, ROLE.signer);
  const since = governance.members.get(member)?.since ?? 0;
  if (since >= nonce) refuse("member_too_new", since, nonce);
  if (BigInt(command.content) !== proposal.content)
    refuse("content_differs", command.content, proposal.content);
  const basis = basisOf(world, tier, proposal.command);
  if (BigInt(command.parameters) !== basis) refuse("parameters_differ", command.parameters, basis);
  if (expiry < world.time) refuse("approval_expired", expiry, world.time);
  const latest = world.time + APPROVAL_LIFE;
  if (expiry > latest) refuse("approval_outlives", expiry, latest);

  const standing = proposal.basis === basis ? proposal.approvals : [];
  const approved = { ...proposal, basis, approvals: new Set([...standing, member]) };
  world.journal.put(governance.proposals, proposer, approved);
  const count = validApprovals(world, tier, approved);
  emit(world, "proposalApproved", tier, proposer, nonce, member, count);
  return [count, neededApprovals(governance, approved)];
}

export function cancelProposal(world: World, command: CommandNamed<"cancelProposal">): Facts {
  const { tier, member, proposal: proposer, nonce } = command;
  const governance = governanceOf(world, tier);
  const proposal = proposalOf(governance, tier, proposer, nonce);
  const roles = rolesOf(governance, member);
  const isProposer = member === proposer;
  if (!isProposer && (roles & ROLE.guardian) === 0) refuse("not_cancellable", member, roles);
  if (!isProposer && dismissesGuardian(governance, proposal)) {
    world.journal.put(governance.proposals, proposer, { ...proposal, contested: true });
    emit(world, "proposalContested", tier, proposer, nonce, member);
    return [1];
  }
  world.journal.remove(governance.proposals, proposer);
  emit(world, "proposalCancelled", tier, proposer, nonce, member);
  return [0];
}

function dismissesGuardian(governance: Governance, { command, words }: Proposal): boolean {
  const [member = 0, roles = 0] = words;
  const isAppointment = command === APPOINT_MEMBER.code;
  return (
    isAppointment && (rolesOf(governance, member) & ROLE.guardian) !== 0 && (roles & ROLE.guardian) === 0
  );
}

export function executeProposal(world: World, command: CommandNamed<"executeProposal">): Facts {
  const { tier, proposal: proposer, nonce } = command;
  const governance = governanceOf(world, tier);
  const proposal = proposalOf(governance, tier, proposer, nonce);
  mustNotHaveLapsed(world, proposal);
  if (world.time < proposal.eta) refuse("timelock_running", proposal.eta, world.time);
  const approvals = validApprovals(world, tier, proposal);
  const needed = neededApprovals(governance, proposal);
  if (approvals < needed) refuse("approvals_missing", approvals, needed);

  world.journal.remove(governance.proposals, proposer);
  const result = carryOut(world, governance, tier, proposal);
  emit(world, "proposalExecuted", tier, proposer, nonce, proposal.command);
  return [proposal.command, result];
}

function proposalOf(governance: Governance, tier: number, proposer: number, nonce: number): Proposal {
  mustBeSealed(governance, tier);
  const proposal = governance.proposals.get(proposer) ?? refuse("proposal_unknown", proposer);
  if (proposal.nonce !== nonce) refuse("nonce_used", nonce, proposal.nonce);
  return proposal;
}

function mustNotHaveLapsed(world: World, { lapse }: Proposal): void {
  if (world.time >= lapse) refuse("proposal_lapsed", lapse, world.time);
}

function mustBeSealed({ isSealed }: Governance, tier: number): void {
  if (!isSealed) refuse("governance_not_sealed", tier);
}

// ------------------------------------------------------------------------------------------------------------ execution

/** What a proposal stands for, with its fields by name. */
type Proposed = CommandNamed<
  | "listAsset"
  | "listTier"
  | "listMarket"
  | "acceptCollateral"
  | "setParameter"
  | "setMarginBracket"
  | "registerReporter"
  | "configureFeed"
  | "configureRedemption"
  | "configureBreaker"
  | "configurePosture"
  | "appointBackstop"
  | "setFundTerms"
  | "appointMember"
  | "changeThreshold"
>;

/** The first fact of what was carried out. */
function carryOut(world: World, governance: Governance, tierId: number, proposal: Proposal): number | bigint {
  const { kind, fields } = formOf(proposal.command, tierId) as Form;
  const values = fields.map(([name], index) => [name, proposal.words[index] ?? 0]);
  const command = { kind, time: world.time, tier: tierId, ...Object.fromEntries(values) } as Proposed;
  switch (command.kind) {
    case "listAsset":
      return first(wrapping(() => addAsset(world, command)));
    case "listTier":
      return first(wrapping(() => addTier(world, command)));
    case "appointMember": {
      const before = appoint(world, governance, command.member, command.roles);
      wrapping(() => thresholdMustFit(governance, governance.threshold));
      emit(world, "memberAppointed", tierId, command.member, command.roles);
      return before;
    }
    case "changeThreshold": {
      const before = governance.threshold;
      wrapping(() => thresholdMustFit(governance, command.threshold));
      setRules(world, governance, tierId, command.threshold, command.timelock);
      return before;
    }
    case "listMarket":
      return list(world, tierOf(world, tierId), command);
    case "acceptCollateral": {
      const tier = tierOf(world, tierId);
      if (tier.collateral.has(command.asset)) refuse("collateral_listed", command.asset);
      return first(wrapping(() => addCollateral(world, tier, command)));
    }
    case "setMarginBracket":
      return bracket(world, tierOf(world, tierId), command);
    case "registerReporter":
      return first(wrapping(() => takeReporter(world, command)));
    case "configureFeed":
      return first(wrapping(() => takeFeed(world, command)));
    case "configureRedemption":
      return first(wrapping(() => takeRedemption(world, command)));
    case "configureBreaker":
      return first(wrapping(() => takeBreaker(world, command)));
    case "configurePosture":
      return first(wrapping(() => takePosture(world, command)));
    case "appointBackstop":
      return first(wrapping(() => takeBackstop(world, command)));
    case "setFundTerms":
      return first(wrapping(() => takeFundTerms(world, command)));
    default:
      return set(world, tierOf(world, tierId), command);
  }
}

function first([fact = 0]: Facts): number | bigint {
  return fact;
}

function list(world: World, tier: Tier, command: CommandNamed<"listMarket">): number {
  wrapping(() => {
    addMarket(world, tier, command);
    marketMustLieInTheEnvelope(tier.markets.at(-1) as Market);
  });
  const market = tier.markets.at(-1) as Market;
  world.journal.set(market.terms, "status", STATUS.reduceOnly);
  return market.id;
}

function set(world: World, tier: Tier, command: CommandNamed<"setParameter">): bigint {
  const { market: subject } = command;
  const value = BigInt(command.value);
  const parameter = wrapping(() => {
    const found = parameterFor(world, tier, subject, command.parameter);
    valueMustBeInRange(tier, found, value);
    return found;
  });
  const baseline = baselineOf(tier, parameter, subject);
  const previous = valueOf(tier, parameter, subject);
  if (value !== baseline && !isTighter(parameter, baseline, value)) {
    aWeekMustHavePassed(world, tier, parameter, subject);
    const bound = loosest(world, tier, parameter, subject, baseline, value);
    if (!isWithin(parameter, baseline, value, bound)) refuse("change_too_large", value, bound);
    amendControl(world, tier, parameter, subject, { loosenedAt: world.time });
  }
  const isSafe = value === previous || isTighter(parameter, previous, value);
  stressed(world, tier, isSafe, () => changeParameter(world, tier, parameter, subject, value));

  const held = holdOn(tier, parameter, subject);
  if (held !== undefined) world.journal.remove(tier.holds, held[0]);
  if (controlOf(tier, parameter, subject).baseline !== undefined)
    amendControl(world, tier, parameter, subject, { baseline: value });
  emit(world, "parameterChanged", subject, parameter.id, previous, value, CAUSE_PROPOSAL, 0);
  return previous;
}

function bracket(world: World, tier: Tier, command: CommandNamed<"setMarginBracket">): number {
  const market = tier.markets[command.market - 1];
  const present = market?.brackets.get(command.bracket);
  const change = (): Facts => changeBracket(world, tier, command);
  if (market === undefined || present === undefined) {
    stressed(world, tier, true, change);
    return 0;
  }
  const { lower, rate } = { lower: BigInt(command.lower), rate: BigInt(command.rate) };
  if (rate !== 0n && lower <= present.lower && rate >= present.rate) {
    stressed(world, tier, true, change);
    return 0;
  }
  const control = { id: 60 + command.bracket, level: "market" } as const;
  aWeekMustHavePassed(world, tier, control, market.id);
  const below = market.brackets.get(command.bracket - 1)?.rate ?? market.terms.initialMargin;
  const [toLower, toRate] = rate === 0n ? [present.lower, below] : [lower, rate];
  const fits = toLower * 2n <= present.lower * 3n && toRate * 5n >= present.rate * 4n;
  if (!fits) refuse("change_too_large", rate, present.rate);
  amendControl(world, tier, control, market.id, { loosenedAt: world.time });
  stressed(world, tier, false, change);
  return 0;
}

function aWeekMustHavePassed(
  world: World,
  tier: Tier,
  control: Pick<Parameter, "id" | "level">,
  subject: number,
): void {
  const { loosenedAt } = controlOf(tier, control, subject);
  const earliest = loosenedAt === 0 ? 0 : loosenedAt + LOOSENING_INTERVAL;
  if (world.time < earliest) refuse("change_too_soon", earliest, world.time);
}

/** Makes a change; one that is not safe must leave no more uncovered than before. */
function stressed(world: World, tier: Tier, isSafe: boolean, change: () => unknown): void {
  const before = isSafe ? 0n : uncoveredLoss(world, tier);
  wrapping(change);
  const after = isSafe ? 0n : uncoveredLoss(world, tier);
  if (after > before) refuse("stress_worsens", before, after);
}
