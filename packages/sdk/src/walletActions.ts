/**
 * What a wallet signs itself: opening accounts, moving money, staking, governing. Each is one command with decimals in place of units; the
 * wallet shows every field of it.
 */
import { DecodeError, LAYOUTS, type Layout } from "@bulkhead/engine";
import {
  type CommandInput,
  FUND_NAMES,
  type Proposal,
  type Receipt,
  assetNamed,
  frameOf,
  instrumentNamed,
  unitsOf,
} from "@bulkhead/protocol";
import type { Client } from "./client.ts";

/** An amount of an asset, for an account. */
export interface Sum {
  /** The owner's first if not told. */
  readonly account?: number;
  /** Symbol. */
  readonly asset: string;
  /** Exact decimal. */
  readonly amount: string;
}

/** Which bucket: the cross one of a tier, or the isolated one of a market. */
export type Place = { readonly tier: number } | { readonly isolated: string };

const FRAME_HEADER = 2;

/** Opens an account for the wallet's address. @returns its number */
export async function openAccount(client: Client): Promise<number> {
  const { facts } = await client.sign({ kind: "openAccount" });
  return facts["account"] as number;
}

/** Moves money from the vault into a bucket: what can be lost there. */
export function allocate(client: Client, sum: Sum, place: Place): Promise<Receipt> {
  return client.sign({ kind: "allocate", ...unitsIn(client, sum), ...bucketIn(client, place) });
}

/** Moves money from a bucket back to the vault. */
export function deallocate(client: Client, sum: Sum, place: Place): Promise<Receipt> {
  return client.sign({ kind: "deallocate", ...unitsIn(client, sum), ...bucketIn(client, place) });
}

/** Asks for money to be paid out of the vault. `queued` of the facts is what has to wait. */
export function withdraw(client: Client, sum: Sum): Promise<Receipt> {
  return client.sign({ kind: "requestWithdrawal", ...unitsIn(client, sum) });
}

/** Takes back what of a withdrawal is still queued. */
export function cancelWithdrawal(client: Client, withdrawal: number, account?: number): Promise<Receipt> {
  return client.sign({ kind: "cancelWithdrawal", account: account ?? client.account, withdrawal });
}

/** Buys shares of a fund. @param tier - 0 = the venue's mutual fund */
export function stake(
  client: Client,
  sum: Sum,
  fund: keyof typeof FUND_NAMES,
  tier: number,
): Promise<Receipt> {
  const { account, amount } = unitsIn(client, sum);
  return client.sign({ kind: "stakeFund", account, tier, fund: FUND_NAMES[fund], amount });
}

/**
 * Proposes a command to the shard it is for.
 * @param tier - of the shard, 0 = the vault
 * @param member - the wallet's number among its members
 * @throws {DecodeError} if the command cannot be proposed there
 */
export function propose(
  client: Client,
  tier: number,
  member: number,
  proposed: CommandInput,
): Promise<Receipt> {
  const { code, fields, at } = (LAYOUTS as readonly Layout[]).find(
    ({ name }) => name === proposed.kind,
  ) as Layout;
  const frame = frameOf(proposed);
  const ofTier = (at["tier"] ?? 0) >= FRAME_HEADER ? frame[at["tier"] as number] : tier;
  if (ofTier !== tier) throw new DecodeError("proposed.tier", `${tier} is required: the shard's own`, ofTier);
  const names = Object.keys(fields).filter((name) => name !== "tier");
  const words = Array.from({ length: 15 }, (_, index) => {
    const word = at[names[index] ?? ""];
    return [`word${index + 1}`, word === undefined ? 0 : frame[word]];
  });
  return client.sign({
    kind: "propose",
    tier,
    member,
    command: code,
    ...Object.fromEntries(words),
  } as CommandInput);
}

/** Approves a proposal as it stands, under the parameters in force: should either change, it is refused. @param expiry - ms since the epoch */
export function approve(
  client: Client,
  proposal: Proposal,
  member: number,
  expiry: number,
): Promise<Receipt> {
  const { tier, proposal: number, nonce, content, parameters } = proposal;
  if (parameters === null)
    throw new DecodeError("proposal.status", "a pending proposal is required", proposal.status);
  return client.sign({ kind: "approve", tier, member, proposal: number, nonce, content, parameters, expiry });
}

/** Has a proposal carried out, once its time has come. */
export function execute(client: Client, { tier, proposal, nonce }: Proposal): Promise<Receipt> {
  return client.sign({ kind: "executeProposal", tier, proposal, nonce });
}

function unitsIn(
  client: Client,
  { account, asset, amount }: Sum,
): { readonly account: number; readonly asset: number; readonly amount: number } {
  const named = assetNamed(client.directory, asset, "asset");
  return { account: account ?? client.account, asset: named.asset, amount: unitsOf(named, amount) };
}

function bucketIn(client: Client, place: Place): { readonly tier: number; readonly mode: number } {
  if ("tier" in place) return { tier: place.tier, mode: 0 };
  const { tier, market } = instrumentNamed(client.directory, place.isolated, "isolated");
  return { tier, mode: market };
}
