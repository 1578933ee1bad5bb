/** Governance as docs/spec/governance.md tells it: members, proposals and approvals; controls and holds of a tier's parameters. */
import { floorDivide, greatest, least } from "./arithmetic.ts";
import type { Journal } from "./journal.ts";
import { PARAMETERS, type Parameter } from "./parameters.ts";
import { refuse } from "./refusal.ts";
import { digestOf } from "./sha256.ts";
import { MAX_INTEGER, MILLION, QUOTE } from "./terms.ts";
import type { Control, Governance, Hold, Proposal } from "./governanceBook.ts";
import type { Market, MarketTerms, Tier, TierParameter, World } from "./venue.ts";
import { marketOf, tierOf } from "./world.ts";

const HOUR = 3_600_000;
export const LISTING_DELAY = 72 * HOUR;
export const EXECUTION_WINDOW = 72 * HOUR;
export const APPROVAL_LIFE = HOUR;
export const LOOSENING_INTERVAL = 7 * 24 * HOUR;
export const RELAX_DELAY = 24 * HOUR;
export const HOLD_COOLDOWN = 24 * HOUR;
export const MAX_HOLDS = 64;
export const MEMBERS = 16;
export const ROLE = { signer: 1, steward: 2, guardian: 4, breaker: 8 } as const;

/** The governance of the vault (0) or of a listed tier. */
export function governanceOf(world: World, tier: number): Governance {
  return tier === 0 ? world.venue.governance : tierOf(world, tier).governance;
}

// -------------------------------------------------------------------------------------------------------------- members

export function rolesOf({ members }: Governance, member: number): number {
  return members.get(member)?.roles ?? 0;
}

export function mustHave(governance: Governance, member: number, role: number): void {
  const roles = rolesOf(governance, member);
  if ((roles & role) === 0) refuse("member_lacks_role", member, roles);
}

export function thresholdMustFit({ members }: Governance, threshold: number): number {
  const signers = [...members.values()].filter(({ roles }) => (roles & ROLE.signer) !== 0).length;
  if (threshold > signers || threshold * 2 <= signers) refuse("threshold_bounds", threshold, signers);
  return signers;
}

export function appoint(world: World, governance: Governance, member: number, roles: number): number {
  const before = rolesOf(governance, member);
  world.journal.set(governance, "nonce", governance.nonce + 1);
  world.journal.put(governance.members, member, { roles, since: governance.nonce });
  return before;
}

// ------------------------------------------------------------------------------------------------------------ proposals

/** Appointments and thresholds are decided on who governs alone. */
const CONSTITUTIONAL: ReadonlySet<number> = new Set([65, 73]);

export function contentOf(
  tier: number,
  proposer: number,
  nonce: number,
  command: number,
  words: readonly number[],
): bigint {
  return digestOf([tier, proposer, nonce, command, ...words]);
}

export function basisOf(world: World, tierId: number, command: number): bigint {
  const { threshold, timelock, members } = governanceOf(world, tierId);
  const values: (number | bigint)[] = [threshold, timelock];
  for (let member = 1; member <= MEMBERS; member++) {
    const { roles, since } = members.get(member) ?? { roles: 0, since: 0 };
    values.push(roles, since);
  }
  if (tierId !== 0 && !CONSTITUTIONAL.has(command)) values.push(...parametersOf(tierOf(world, tierId)));
  return digestOf(values);
}

function parametersOf(tier: Tier): (number | bigint)[] {
  const values: (number | bigint)[] = [...levelOf(tier, "tier", 0)];
  for (const market of tier.markets) {
    values.push(...levelOf(tier, "market", market.id), market.brackets.size);
    for (let number = 1; number <= market.brackets.size; number++) {
      const bracket = market.brackets.get(number);
      if (bracket !== undefined) values.push(bracket.lower, bracket.rate);
    }
  }
  const assets = [...tier.collateral.keys()];
  assets.sort((a, b) => a - b);
  for (const asset of assets) values.push(asset, ...levelOf(tier, "collateral", asset));
  return values;
}

function levelOf(tier: Tier, level: Parameter["level"], subject: number): bigint[] {
  return PARAMETERS.filter((each) => each.level === level).map((each) => valueOf(tier, each, subject));
}

/** Signers who were so before the proposal was made. */
export function votersOn({ members }: Governance, { nonce }: Proposal): number[] {
  return [...members]
    .filter(([, { roles, since }]) => (roles & ROLE.signer) !== 0 && since < nonce)
    .map(([member]) => member);
}

export function validApprovals(world: World, tierId: number, proposal: Proposal): number {
  if (proposal.basis !== basisOf(world, tierId, proposal.command)) return 0;
  const voters = votersOn(governanceOf(world, tierId), proposal);
  return voters.filter((member) => proposal.approvals.has(member)).length;
}

export function neededApprovals(governance: Governance, proposal: Proposal): number {
  if (!proposal.contested) return governance.threshold;
  return Math.max(governance.threshold, votersOn(governance, proposal).length);
}

// ----------------------------------------------------------------------------------------------------------- parameters

type CollateralField = "initialWeight" | "maintenanceWeight" | "cap";
const COLLATERAL_FIELD: Readonly<Record<number, CollateralField>> = {
  58: "initialWeight",
  59: "maintenanceWeight",
  60: "cap",
};

export function valueOf(tier: Tier, { id, name, level }: Parameter, subject: number): bigint {
  if (name === "insuranceFees") return tier.fund.feeShare;
  if (level === "tier") return tier[name as TierParameter];
  if (level === "market") return (tier.markets[subject - 1] as Market).terms[name as keyof MarketTerms];
  return tier.collateral.get(subject)?.[COLLATERAL_FIELD[id] as CollateralField] ?? 0n;
}

export function writeValue(
  journal: Journal,
  tier: Tier,
  { id, name, level }: Parameter,
  subject: number,
  value: bigint,
): void {
  if (name === "insuranceFees") journal.set(tier.fund, "feeShare", value);
  else if (level === "tier") journal.set(tier, name as TierParameter, value);
  else if (level === "market") journal.set(marketOf(tier, subject).terms, name as keyof MarketTerms, value);
  else {
    const terms = tier.collateral.get(subject) ?? refuse("collateral_not_accepted", subject);
    journal.set(terms, COLLATERAL_FIELD[id] as CollateralField, value);
  }
}

const keyOf = (id: number, level: string, subject: number): string => `${id} ${level} ${subject}`;

const UNTOUCHED: Control = { baseline: undefined, changedAt: 0, loosenedAt: 0, heldUntil: 0 };

export function controlOf(
  tier: Tier,
  { id, level }: Pick<Parameter, "id" | "level">,
  subject: number,
): Control {
  return tier.controls.get(keyOf(id, level, subject)) ?? UNTOUCHED;
}

export function amendControl(
  world: World,
  tier: Tier,
  parameter: Pick<Parameter, "id" | "level">,
  subject: number,
  changes: Partial<Control>,
): void {
  const control = { ...controlOf(tier, parameter, subject), ...changes };
  world.journal.put(tier.controls, keyOf(parameter.id, parameter.level, subject), control);
}

export function holdOn(tier: Tier, parameter: Parameter, subject: number): [number, Hold] | undefined {
  return [...tier.holds].find(([, hold]) => hold.parameter === parameter && hold.subject === subject);
}

/** What governance set. */
export function baselineOf(tier: Tier, parameter: Parameter, subject: number): bigint {
  const { baseline } = controlOf(tier, parameter, subject);
  return baseline ?? holdOn(tier, parameter, subject)?.[1].before ?? valueOf(tier, parameter, subject);
}

/** The loosest a proposal may go from the baseline, on the side of `value`. */
export function loosest(
  world: World,
  tier: Tier,
  { step, zeroIsOff }: Parameter,
  subject: number,
  baseline: bigint,
  value: bigint,
): bigint {
  if (step === "free") return 0n;
  if (typeof step === "bigint") return value > baseline ? baseline + step : baseline - step;
  if (zeroIsOff && baseline === 0n) return 0n;
  if (step === "fifth") return (baseline * 4n + 4n) / 5n;
  const raised = greatest((baseline * 3n) / 2n, foothold(world, tier, step, subject));
  return least(MAX_INTEGER, raised);
}

/** A hundredth of the tier's quote currency, in the parameter's unit. */
function foothold(world: World, tier: Tier, step: Step, subject: number): bigint {
  const custody = world.venue.assets[QUOTE - 1]?.custody.get(tier.id) ?? 0n;
  const worth = floorDivide(custody * 10_000n, MILLION);
  if (step === "usd") return worth;
  if (step === "lots") {
    const { mark, quantum } = marketOf(tier, subject);
    return mark === 0 ? 0n : worth / (BigInt(mark) * quantum);
  }
  if (step !== "units") return 0n;
  const price = tier.collateral.get(subject)?.price ?? 0n;
  const scale = world.venue.assets[subject - 1]?.scale ?? 1n;
  return price === 0n ? 0n : least(MAX_INTEGER, (worth * scale) / price);
}

type Step = Parameter["step"];

/** True when a loosening from the baseline stays within the loosest value. */
export function isWithin(
  { safe, zeroIsOff }: Parameter,
  baseline: bigint,
  value: bigint,
  bound: bigint,
): boolean {
  if (safe === 0) return value > baseline ? value <= bound : value >= bound;
  if (zeroIsOff) return bound === 0n || (value !== 0n && value <= bound);
  return safe === 1 ? value >= bound : value <= bound;
}
