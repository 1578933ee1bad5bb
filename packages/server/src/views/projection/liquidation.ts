/** Liquidations: how positions in distress are closed, and what becomes of those who cannot pay (docs/spec/liquidation.md). */
import type { RowOf } from "../schema.ts";
import { type Bucket, type Tier, bucketAt, marketAt } from "../world.ts";
import { chargeCost, collectFees, moveCash, moveHolding, positionIn, transfer } from "./clearing.ts";
import { moveLayer } from "./funds.ts";
import { type EventOf, type Moment, eventAt, eventCount, tell, touch } from "./moment.ts";

/** Ways of closing, by the number in the event. */
const HOW: Readonly<Record<number, string>> = {
  1: "book",
  2: "backstop",
  3: "tear-up",
  4: "keepers",
  5: "auction",
};
const BACKSTOP = 2;
const TORN_UP = 3;
const KEEPERS = 4;
const OUTCOMES: Readonly<Record<number, string>> = { 0: "recovered", 1: "closed", 2: "defaulted" };
const INSURANCE = 2;
/** The last layer: the house's claims and winners' profits. */
const WINNERS = 6;
/** Where an event names a bucket. */
const HOUSE = 0;

/** Takes in an event of a liquidation or of the waterfall, if it is one. */
export function liquidate(moment: Moment, tier: Tier, index: number): void {
  const started = eventAt(moment, "liquidationStarted", index);
  if (started !== undefined) {
    const { equity, maintenance } = started;
    return tellDistress(moment, tier, started.bucket, "started", equity, maintenance);
  }
  const ended = eventAt(moment, "liquidationEnded", index);
  if (ended !== undefined)
    return tellDistress(moment, tier, ended.bucket, OUTCOMES[ended.outcome] ?? "closed", ended.equity, 0);
  const closed = eventAt(moment, "positionLiquidated", index);
  if (closed !== undefined) return closePosition(moment, tier, index, closed);
  const tornUp = eventAt(moment, "positionTornUp", index);
  if (tornUp !== undefined) return tearUp(moment, tier, index, tornUp);
  const bid = eventAt(moment, "bidFilled", index);
  if (bid !== undefined) {
    moveCash(moment, bucketAt(tier, bid.bucket), bid.reward, "keeper_reward", bid.market);
    return moveLayer(moment, tier.row.tier, INSURANCE, -bid.reward, "keeper_reward");
  }
  const sold = eventAt(moment, "collateralSold", index);
  if (sold !== undefined) return sellCollateral(moment, tier, sold);
  const absorbed = eventAt(moment, "lossAbsorbed", index);
  if (absorbed !== undefined) return absorb(moment, tier, index, absorbed);
  const haircut = eventAt(moment, "profitHaircut", index);
  if (haircut !== undefined) giveUp(moment, tier, haircut);
}

function tellDistress(
  moment: Moment,
  tier: Tier,
  bucket: number,
  phase: string,
  equity: number,
  maintenance: number,
): void {
  const { account } = bucketAt(tier, bucket).row;
  tell(moment, "distresses", { tier: tier.row.tier, bucket, account, phase, equity, maintenance });
}

function closePosition(
  moment: Moment,
  tier: Tier,
  index: number,
  closed: EventOf<"positionLiquidated">,
): void {
  const { market, bucket: id, lots, how, counterparty, price, penalty } = closed;
  const bucket = bucketAt(tier, id);
  const { account } = bucket.row;
  tell(moment, "liquidations", {
    tier: tier.row.tier,
    market,
    account,
    bucket: id,
    lots,
    how: HOW[how] ?? "book",
    price,
    penalty,
  });
  if (how === BACKSTOP)
    transfer(moment, tier, [bucket, bucketAt(tier, counterparty)], {
      index,
      market,
      lots,
      price,
      kind: "backstop",
    });
  if (how === KEEPERS) handToKeepers(moment, tier, index, closed);
  moveCash(moment, bucket, -penalty, "liquidation_penalty", market);
  moveLayer(moment, tier.row.tier, INSURANCE, penalty, "liquidation_penalty");
}

/** What keepers took over is told after the position was closed; the penalty was charged once all had taken their parts. */
function handToKeepers(
  moment: Moment,
  tier: Tier,
  index: number,
  { market, bucket, price }: EventOf<"positionLiquidated">,
): void {
  for (let next = index + 1; next < eventCount(moment); next++) {
    const bid = eventAt(moment, "bidFilled", next);
    if (bid === undefined || bid.target !== bucket || bid.market !== market) return;
    const sides = [bucketAt(tier, bucket), bucketAt(tier, bid.bucket)] as const;
    transfer(moment, tier, sides, { index: next, market, lots: bid.lots, price, kind: "keeper" });
  }
}

/** Whose position is torn up was told before, whom it is closed against now. */
function tearUp(moment: Moment, tier: Tier, index: number, tornUp: EventOf<"positionTornUp">): void {
  for (let before = index - 1; before >= 0; before--) {
    const closed = eventAt(moment, "positionLiquidated", before);
    if (closed === undefined || closed.how !== TORN_UP || closed.market !== tornUp.market) continue;
    const { market, bucket, lots, price } = tornUp;
    const other = bucketAt(tier, bucket);
    transfer(moment, tier, [bucketAt(tier, closed.bucket), other], {
      index,
      market,
      lots: -lots,
      price,
      kind: "tear-up",
    });
    tell(moment, "liquidations", {
      tier: tier.row.tier,
      market,
      account: other.row.account,
      bucket,
      lots,
      how: "torn-up",
      price,
      penalty: 0,
    });
    return;
  }
}

/** The backstop buys a holding. */
function sellCollateral(
  moment: Moment,
  tier: Tier,
  { bucket, asset, amount, value }: EventOf<"collateralSold">,
): void {
  const seller = bucketAt(tier, bucket);
  const buyer = bucketAt(tier, tier.row.backstop);
  moveHolding(moment, seller, asset, -amount, "collateral_sale");
  moveHolding(moment, buyer, asset, amount, "collateral_sale");
  moveCash(moment, buyer, -value, "collateral_sale");
  moveCash(moment, seller, value, "collateral_sale");
}

function absorb(moment: Moment, tier: Tier, index: number, absorbed: EventOf<"lossAbsorbed">): void {
  const { default: id, bucket, layer, amount, remaining } = absorbed;
  const bankrupt = bucketAt(tier, bucket);
  const { account } = bankrupt.row;
  tell(moment, "losses", { tier: tier.row.tier, default: id, layer, bucket, account, amount, remaining });
  let left = amount;
  for (const market of marketsInOrder(tier)) {
    const paid = Math.min(left, debtIn(moment, bankrupt, market, index));
    if (paid === 0) continue;
    left -= paid;
    const position = positionIn(bankrupt, market.market);
    position.cost -= paid;
    touch(moment, "positions", position);
    // What winners and the house give up lowers their claims; everything else is money.
    if (layer === WINNERS) continue;
    market.pool += paid;
    touch(moment, "markets", market);
    collectFees(moment, market);
  }
  if (layer === WINNERS) return;
  moveLayer(moment, tier.row.tier, layer, -amount, "default", account);
}

function marketsInOrder(tier: Tier): RowOf<"markets">[] {
  return [...tier.markets.values()].toSorted((a, b) => a.market - b.market);
}

/** What a bankrupt bucket has lost in a market and not paid. What it still has open is torn up at the mark later in the command. */
function debtIn(
  moment: Moment,
  bankrupt: Bucket,
  { market, notional }: RowOf<"markets">,
  index: number,
): number {
  const position = bankrupt.positions.get(market);
  if (position === undefined) return 0;
  let mark = 0;
  for (let next = index; position.lots !== 0 && next < eventCount(moment); next++) {
    const closed = eventAt(moment, "positionLiquidated", next);
    const isIt = closed?.how === TORN_UP && closed.bucket === bankrupt.row.bucket && closed.market === market;
    if (!isIt) continue;
    mark = closed.price;
    break;
  }
  return Math.max(0, position.cost - position.lots * mark * notional);
}

function giveUp(
  moment: Moment,
  tier: Tier,
  { default: id, market, bucket, amount }: EventOf<"profitHaircut">,
): void {
  let account = 0;
  if (bucket === HOUSE) {
    const row = marketAt(tier, market);
    row.feeCost += amount;
    touch(moment, "markets", row);
  } else {
    const winner = bucketAt(tier, bucket);
    ({ account } = winner.row);
    chargeCost(moment, winner, market, amount, "haircut");
  }
  tell(moment, "haircuts", { tier: tier.row.tier, default: id, bucket, account, amount });
}
