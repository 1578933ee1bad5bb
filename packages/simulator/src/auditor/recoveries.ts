/**
 * Purchased cover, and recoveries: who bore a default, and how money that comes back flows up the waterfall again.
 *
 * @see docs/spec/funds.md, "Cover" and "Recoveries"
 */
import { greatest, least } from "./arithmetic.ts";
import { shareOut } from "./haircuts.ts";
import { MUTUAL, type Place, SKIN, TRANSIT, assetOf, custody, move, owner } from "./ledger.ts";
import type { Cover, DefaultLoss, Shortfall } from "./lossBook.ts";
import { LAYER, MAX_COVERS, MAX_LOSSES, QUOTE } from "./terms.ts";
import type { Tier, World } from "./venue.ts";
import { emit } from "./world.ts";

/** Bucket number that stands for the house. */
const HOUSE = 0;

/** Policies of a tier by number. */
export function coversOf({ covers }: Tier): [number, Cover][] {
  const sorted = [...covers];
  sorted.sort(([a], [b]) => a - b);
  return sorted;
}

/** The record of the default under way, which is the tier's latest. */
export function openLoss(world: World, tier: Tier): DefaultLoss {
  const loss: DefaultLoss = { id: tier.defaults, layers: new Map(), covers: new Map(), shortfalls: [] };
  world.journal.set(tier, "losses", [...tier.losses, loss].slice(-MAX_LOSSES));
  return loss;
}

/** Forgets the oldest defaults while there are more winners to remember than there is room for. */
export function forgetOldest(world: World, tier: Tier): void {
  const rows = tier.losses.map(
    ({ shortfalls }) => shortfalls.filter(({ bucket }) => bucket !== HOUSE).length,
  );
  let total = rows.reduce((all, count) => all + count, 0);
  let first = 0;
  for (; total > world.capacities.positions; first += 1) total -= rows[first] ?? 0;
  if (first > 0) world.journal.set(tier, "losses", tier.losses.slice(first));
}

/** What each policy in force bears of a default of which so much remains, and what of that it pays at once. */
export function partsOfCovers(
  world: World,
  tier: Tier,
  deficit: bigint,
  remaining: bigint,
): { readonly number: number; readonly borne: bigint; readonly paid: bigint }[] {
  let left = remaining;
  return coversOf(tier)
    .filter(([, { expiry }]) => world.time < expiry)
    .map(([number, { attachment, limit, escrow }]) => {
      const borne = least(left, least(limit, greatest(0n, deficit - attachment)));
      const paid = least(borne, escrow);
      left -= paid;
      return { number, borne, paid };
    });
}

/** What a layer is short of. */
export function shortOf({ layers, covers, shortfalls }: DefaultLoss, layer: number): bigint {
  if (layer === LAYER.cover) return sum([...covers.values()].map(({ paid }) => paid));
  if (layer === LAYER.winners) return sum(shortfalls.map(({ amount }) => amount));
  return layers.get(layer) ?? 0n;
}

const BACKWARDS = [6, 5, 4, 3, 2, 1] as const;

export function shortDownTo(loss: DefaultLoss, lowest: number): bigint {
  return sum(BACKWARDS.filter((layer) => layer >= lowest).map((layer) => shortOf(loss, layer)));
}

/** Money of an account goes to those who are short, the last layer first, down to `lowest`. */
export function repay(
  world: World,
  tier: Tier,
  loss: DefaultLoss,
  payer: number,
  amount: bigint,
  lowest: number,
): void {
  const { journal } = world;
  const quote = assetOf(world, QUOTE);
  let left = amount;
  const parts = new Map<number, bigint>();
  for (const layer of BACKWARDS) {
    const part = layer < lowest ? 0n : least(left, shortOf(loss, layer));
    if (part > 0n) parts.set(layer, part);
    left -= part;
  }
  const toTier = sum([6, 2, 1].map((layer) => parts.get(layer) ?? 0n));
  if (toTier > 0n) {
    move(world, quote, toTier, owner(payer), TRANSIT);
    move(world, quote, toTier, TRANSIT, custody(tier.id));
  }
  const toVenue = (layer: number, part: bigint, place: Place): void => {
    journal.put(loss.layers, layer, shortOf(loss, layer) - part);
    move(world, quote, part, owner(payer), place);
  };
  for (const [layer, part] of parts) {
    if (layer === LAYER.winners) repayWinners(world, tier, loss, part);
    if (layer === LAYER.mutual) toVenue(layer, part, MUTUAL);
    if (layer === LAYER.secondTranche) toVenue(layer, part, SKIN);
    if (layer === LAYER.cover) repayProviders(world, loss, payer, part);
    if (layer === LAYER.insurance || layer === LAYER.firstTranche) {
      const fund = layer === LAYER.insurance ? "insurance" : "skin";
      journal.put(loss.layers, layer, shortOf(loss, layer) - part);
      journal.set(tier, fund, tier[fund] + part);
    }
    emit(world, "lossRecovered", loss.id, layer, part, shortOf(loss, layer));
  }
}

/** Everybody who gave up profit in proportion to what he is short of; the house only when they are whole. */
function repayWinners(world: World, tier: Tier, loss: DefaultLoss, amount: bigint): void {
  const { journal } = world;
  const winners = loss.shortfalls.filter(({ bucket }) => bucket !== HOUSE);
  const ofWinners = least(amount, sum(winners.map((each) => each.amount)));
  const shares = shareOut(
    ofWinners,
    winners.map((each) => ({ weight: each.amount, limit: each.amount })),
  );
  const cuts = new Map<Shortfall, bigint>(winners.map((each, index) => [each, shares[index] ?? 0n]));
  for (const [{ bucket: id }, share] of cuts) {
    const bucket = tier.buckets[id - 1];
    if (bucket === undefined || share === 0n) continue;
    journal.set(bucket, "cash", bucket.cash + share);
    emit(world, "profitRepaid", loss.id, id, share);
  }
  let toHouse = amount - ofWinners;
  if (toHouse > 0n) {
    journal.set(tier, "fees", tier.fees + toHouse);
    emit(world, "profitRepaid", loss.id, HOUSE, toHouse);
  }
  const rest = loss.shortfalls.map((each) => {
    if (each.bucket !== HOUSE) return { ...each, amount: each.amount - (cuts.get(each) ?? 0n) };
    const share = least(toHouse, each.amount);
    toHouse -= share;
    return { ...each, amount: each.amount - share };
  });
  journal.set(loss, "shortfalls", rest);
}

function repayProviders(world: World, loss: DefaultLoss, payer: number, amount: bigint): void {
  const numbers = Array.from({ length: MAX_COVERS }, (_, index) => index + 1);
  const paid = numbers.map((number) => loss.covers.get(number)?.paid ?? 0n);
  const shares = shareOut(
    amount,
    paid.map((each) => ({ weight: each, limit: each })),
  );
  for (const [index, share] of shares.entries()) {
    const part = loss.covers.get(index + 1);
    if (part === undefined || share === 0n) continue;
    world.journal.put(loss.covers, index + 1, { ...part, paid: part.paid - share });
    move(world, assetOf(world, QUOTE), share, owner(payer), owner(part.account));
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
