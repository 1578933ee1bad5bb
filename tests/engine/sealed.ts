/** Desks where governance has taken over. */
import { seatCouncil } from "./council.ts";
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
