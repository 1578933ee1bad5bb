/** CRC-32 (IEEE 802.3), four bytes at a time: byte k of a word is looked up in the table of what k bytes more make of it. */

const POLYNOMIAL = 0xedb88320;
const TABLES = tables();

/** @param before - CRC of the bytes in front of these; 0 if there are none @returns unsigned */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [last, third, second, first] = TABLES;
  const whole = bytes.length - (bytes.length % 4);
  let rest = ~before;
  let at = 0;
  for (; at < whole; at += 4) {
    rest ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    rest =
      (first[rest & 0xff] as number) ^
      (second[(rest >>> 8) & 0xff] as number) ^
      (third[(rest >>> 16) & 0xff] as number) ^
      (last[rest >>> 24] as number);
  }
  for (; at < bytes.length; at++)
    rest = (last[(rest ^ (bytes[at] as number)) & 0xff] as number) ^ (rest >>> 8);
  return ~rest >>> 0;
}

function tables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const one = Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? POLYNOMIAL ^ (rest >>> 1) : rest >>> 1;
    return rest;
  });
  const after = (table: Int32Array): Int32Array =>
    table.map((rest) => (one[rest & 0xff] as number) ^ (rest >>> 8));
  const two = after(one);
  const three = after(two);
  return [one, two, three, after(three)];
}
