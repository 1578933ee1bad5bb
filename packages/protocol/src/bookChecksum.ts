/**
 * The checksum that goes with a book: whoever follows its changes knows by it that he has the levels the node has. It needs nothing but this
 * file, in a browser too.
 *
 *     text = bid1 price ":" bid1 size ":" ask1 price ":" ask1 size ":" bid2 price … of the ten best levels of each side
 *     checksum = CRC-32 (IEEE 802.3) of the text in ASCII, as an unsigned number
 *
 * Prices and sizes are the strings of the messages, character by character. A side with fewer levels is left out where it has none.
 */

/** Levels of each side that a checksum is over. */
export const CHECKSUM_LEVELS = 10;

/** A level as it stands in a message: price and size, decimal strings. */
export type BookLevelText = readonly [price: string, size: string];

const POLYNOMIAL = 0xedb88320;
const TABLE: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? POLYNOMIAL ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** Checksum of a book; only its ten best levels are looked at. @param bids - best first; @param asks - best first */
export function bookChecksum(bids: readonly BookLevelText[], asks: readonly BookLevelText[]): number {
  const fields: string[] = [];
  for (let at = 0; at < CHECKSUM_LEVELS; at++) {
    const [bid, ask] = [bids[at], asks[at]];
    if (bid !== undefined) fields.push(bid[0], bid[1]);
    if (ask !== undefined) fields.push(ask[0], ask[1]);
  }
  return crc32(fields.join(":"));
}

function crc32(text: string): number {
  let rest = -1;
  for (let at = 0; at < text.length; at++)
    rest = (TABLE[(rest ^ text.charCodeAt(at)) & 0xff] as number) ^ (rest >>> 8);
  return ~rest >>> 0;
}
