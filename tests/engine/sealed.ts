/** Desks where governance has taken over. */
import { type Council, seatCouncil } from "./council.ts";
import { type Desk, openDesk, smallTier, smallVenue } from "./venue.ts";

/** A desk whose second tier of two is sealed. */
export function sealedTier(): Desk {
  const desk = openDesk({}, { capacities: smallVenue({ tiers: [smallTier(), smallTier()] }) });
  desk.listAsset();
  desk.listTier();
  seatCouncil(desk, 2);
  return desk;
}

/** A desk whose vault is sealed. */
export function sealedVault(): Desk {
  const desk = openDesk();
  seatCouncil(desk, 0);
  return desk;
}

/** A desk whose second tier is sealed, after whatever set-up, with a market in each; the council is the second's. */
export function twoTiers(...setUp: readonly ((desk: Desk) => unknown)[]): [Desk, Council] {
  const tiers = [smallTier(), smallTier({ holdings: 64 })];
  const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
  desk.listTier();
  desk.listMarket({ tier: 2 });
  for (const each of setUp) each(desk);
  return [desk, seatCouncil(desk, 2)];
}
