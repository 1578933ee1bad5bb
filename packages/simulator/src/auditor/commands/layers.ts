/** Who stands behind a default: money put into a layer of the waterfall, and a tier's backstop. */
import { MUTUAL, type Place, SKIN, TRANSIT, custody, move, owner } from "../ledger.ts";
import { refuse } from "../refusal.ts";
import { LAYER, QUOTE } from "../terms.ts";
import type { Asset, Tier, World } from "../venue.ts";
import { type CommandNamed, accountMustBeOpen, bucketInMode, emit, tierOf } from "../world.ts";
import { mustBeInSetUp } from "./listing.ts";

type Facts = readonly (number | bigint)[];
type FundLayer = CommandNamed<"fundLayer">;

export function fundLayer(world: World, command: FundLayer): Facts {
  const { layer, account } = command;
  layerMustBeThere(command);
  const tier = command.tier === 0 ? undefined : tierOf(world, command.tier);
  accountMustBeOpen(world, account);
  const amount = BigInt(command.amount);
  const quote = quoteHeldBy(world, account, amount);

  const balance =
    tier === undefined
      ? fundVenueLayer(world, quote, account, layer, amount)
      : fundTierLayer(world, quote, account, tier, layer, amount);
  emit(world, "layerFunded", layer, account, amount, balance);
  return [balance];
}

export function appointBackstop(world: World, command: CommandNamed<"appointBackstop">): Facts {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return takeBackstop(world, command);
}

export function takeBackstop(world: World, command: CommandNamed<"appointBackstop">): Facts {
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, command.account);
  const { id } = bucketInMode(tier, command.account, 0) ?? refuse("bucket_unknown", 0);
  const { shares } = tier.backstopBook;
  if (tier.backstop !== id && shares > 0n) refuse("backstop_shared", tier.backstop, shares);
  if (tier.backstop !== id) {
    world.journal.set(tier, "backstopSince", 0);
    world.journal.set(tier, "backstopBase", 0n);
    world.journal.set(tier, "backstopTaken", 0n);
  }
  world.journal.set(tier, "backstop", id);
  return [id];
}

/** Tiers have the first two layers, the venue the fourth and fifth; cover is bought, not funded. */
function layerMustBeThere({ layer, tier }: FundLayer): void {
  const isOfTier = layer === LAYER.firstTranche || layer === LAYER.insurance;
  const isOfVenue = layer === LAYER.secondTranche || layer === LAYER.mutual;
  if (tier === 0 ? !isOfVenue : !isOfTier) refuse("layer_unknown", layer, tier);
}

/** The quote currency, of which the account must own so much. */
function quoteHeldBy({ venue }: World, account: number, amount: bigint): Asset {
  const quote = venue.assets[QUOTE - 1];
  const balance = quote?.owners.get(account) ?? 0n;
  if (quote === undefined || balance < amount) return refuse("balance_insufficient", balance, amount);
  return quote;
}

function fundVenueLayer(world: World, quote: Asset, account: number, layer: number, amount: bigint): bigint {
  const fund: Place = layer === LAYER.mutual ? MUTUAL : SKIN;
  move(world, quote, amount, owner(account), fund);
  return layer === LAYER.mutual ? quote.mutual : quote.skin;
}

function fundTierLayer(
  world: World,
  quote: Asset,
  account: number,
  tier: Tier,
  layer: number,
  amount: bigint,
): bigint {
  const fund = layer === LAYER.insurance ? "insurance" : "skin";
  move(world, quote, amount, owner(account), TRANSIT);
  world.journal.set(tier, fund, tier[fund] + amount);
  move(world, quote, amount, TRANSIT, custody(tier.id));
  return tier[fund];
}
