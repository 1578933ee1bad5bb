/** Layers of the waterfall and funds: who pays in, what they bear, what they get back, and what is lent between them. */
import { layerKey } from "../world.ts";
import { type Moment, eventAt, tell, touch } from "./moment.ts";

const INSURANCE = 2;
const BACKSTOP = 7;
/** Layers from here on are the venue's. */
const FIRST_OF_VENUE = 4;
/** How money of a loan came back: received by the lender. */
const RECEIVED = 3;

/** The tier a layer's money is told of; 0 = the venue. The backstop is a tier's. */
function homeOf(tier: number, layer: number): number {
  return layer >= FIRST_OF_VENUE && layer !== BACKSTOP ? 0 : tier;
}

/** A layer gains an amount, or loses it. */
export function moveLayer(
  moment: Moment,
  tier: number,
  layer: number,
  amount: number,
  cause: string,
  account = 0,
): void {
  if (amount === 0) return;
  const home = homeOf(tier, layer);
  const held = moment.world.layers.get(layerKey(home, layer))?.balance ?? 0;
  setLayer(moment, home, layer, amount, held + amount, cause, account);
}

function setLayer(
  moment: Moment,
  tier: number,
  layer: number,
  amount: number,
  balance: number,
  cause: string,
  account = 0,
): void {
  const { layers } = moment.world;
  const key = layerKey(tier, layer);
  let row = layers.get(key);
  if (row === undefined) layers.set(key, (row = { tier, layer, balance: 0 }));
  row.balance = balance;
  touch(moment, "layers", row);
  tell(moment, "funds", { tier, layer, cause, account, amount, balance });
}

/** Takes in an event about a fund, if it is one. */
export function moveFunds(moment: Moment, index: number): void {
  const { tier } = moment;
  const funded = eventAt(moment, "layerFunded", index);
  if (funded !== undefined) {
    const { layer, account, amount, balance } = funded;
    return setLayer(moment, homeOf(tier, layer), layer, amount, balance, "funded", account);
  }
  const minted = eventAt(moment, "stakeMinted", index);
  if (minted !== undefined) {
    const { fund, account, amount, balance } = minted;
    return setLayer(moment, homeOf(tier, fund), fund, amount, balance, "staked", account);
  }
  const redeemed = eventAt(moment, "stakeRedeemed", index);
  if (redeemed !== undefined) {
    const { fund, account, amount, balance } = redeemed;
    return setLayer(moment, homeOf(tier, fund), fund, 0 - amount, balance, "unstaked", account);
  }
  const swept = eventAt(moment, "feesSwept", index);
  if (swept !== undefined) {
    if (swept.insured === 0) return;
    return setLayer(moment, tier, INSURANCE, swept.insured, swept.balance, "fees");
  }
  const lent = eventAt(moment, "insuranceLent", index);
  if (lent !== undefined) return moveLayer(moment, lent.lender, INSURANCE, -lent.amount, "lent");
  const drawn = eventAt(moment, "insuranceDrawn", index);
  if (drawn !== undefined) return moveLayer(moment, drawn.borrower, INSURANCE, drawn.amount, "borrowed");
  const returned = eventAt(moment, "loanReturned", index);
  if (returned !== undefined) {
    if (returned.how !== RECEIVED) return;
    return moveLayer(moment, returned.lender, INSURANCE, returned.amount, "loan_returned");
  }
  const recovered = eventAt(moment, "lossRecovered", index);
  if (recovered !== undefined) {
    const { default: id, layer, amount, short: remaining } = recovered;
    tell(moment, "losses", { tier, default: id, layer, bucket: 0, account: 0, amount: -amount, remaining });
    // Providers of cover and winners are paid themselves.
    if (layer === 3 || layer === 6) return;
    return moveLayer(moment, tier, layer, amount, "recovered");
  }
  const cover = eventAt(moment, "coverRegistered", index);
  if (cover !== undefined) return moveLayer(moment, tier, 3, cover.escrow, "cover_registered", cover.account);
  const released = eventAt(moment, "coverReleased", index);
  if (released !== undefined)
    moveLayer(moment, tier, 3, -released.amount, "cover_released", released.account);
}
