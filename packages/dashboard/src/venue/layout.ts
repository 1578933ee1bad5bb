/** Where the parts of the venue's picture lie, in CSS pixels: compartments side by side where there is room, else one below the other. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface HullLayout {
  readonly width: number;
  readonly height: number;
  readonly isStacked: boolean;
  /** Of the tiers, in their order. */
  readonly compartments: readonly Box[];
  /** What all tiers share: below their compartments. */
  readonly keel: Box;
  readonly vault: Box;
}

/** Thickness of the hull and of the walls between compartments. */
export const WALL = 12;
/** Where, from a compartment's left, the hatch is through which a loss leaves it: downwards. */
export const HATCH = 34;
/** Room inside a compartment. */
export const PAD = 14;
export const HEAD = 78;
export const MARKET_ROW = 28;
export const DECK = 46;
export const DECK_GAP = 6;
/** Decks of a compartment: bucket margin, first tranche, insurance fund, cover. */
export const OWN_DECKS = 4;
/** Decks of the keel: second tranche, mutual fund, winners. */
export const SHARED_DECKS = 3;
export const TITLE = 26;
const VAULT = 104;
const VAULT_STACKED = 148;
/** Narrower than this a compartment does not say what it has to. */
const LEAST = 300;

/**
 * @param width - of the room there is, > 0
 * @param markets - how many each tier has
 */
export function layoutOf(width: number, markets: readonly number[]): HullLayout {
  const count = Math.max(1, markets.length);
  const inside = width - 2 * WALL;
  const each = (inside - WALL * (count - 1)) / count;
  const isStacked = each < LEAST;
  const most = Math.max(0, ...markets);
  const tall = (rows: number): number =>
    HEAD + rows * MARKET_ROW + TITLE + OWN_DECKS * (DECK + DECK_GAP) + PAD;
  let y = WALL;
  const compartments = markets.map((rows, index): Box => {
    if (!isStacked)
      return { x: WALL + index * (each + WALL), y: WALL, width: each, height: tall(Math.max(1, most)) };
    const box = { x: WALL, y, width: inside, height: tall(Math.max(1, rows)) };
    y += box.height + WALL;
    return box;
  });
  const last = compartments.at(-1);
  const below = last === undefined ? WALL : last.y + last.height + WALL;
  const rows = isStacked ? SHARED_DECKS : 1;
  const keel = {
    x: WALL,
    y: below,
    width: inside,
    height: TITLE + rows * (DECK + DECK_GAP) + PAD,
  };
  const vault = {
    x: WALL,
    y: keel.y + keel.height + WALL,
    width: inside,
    height: isStacked ? VAULT_STACKED : VAULT,
  };
  return { width, height: vault.y + vault.height + WALL, isStacked, compartments, keel, vault };
}
