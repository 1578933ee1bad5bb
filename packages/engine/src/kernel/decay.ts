/** What is left of something that halves in a given time: 2^(−time/halfLife), the same on every machine. */

/** round(1e9·2^(−k/32)) for k = 0 … 32; between two of them a straight line, at most 6e-5 of the value above the curve. */
const LEFT: readonly number[] = [
  1_000_000_000, 978_572_062, 957_603_281, 937_083_817, 917_004_043, 897_354_538, 878_126_080, 859_309_649,
  840_896_415, 822_877_739, 805_245_166, 787_990_423, 771_105_413, 754_582_214, 738_413_073, 722_590_403,
  707_106_781, 691_954_941, 677_127_773, 662_618_322, 648_419_777, 634_525_479, 620_928_906, 607_623_680,
  594_603_558, 581_862_429, 569_394_317, 557_193_371, 545_253_866, 533_570_200, 522_136_891, 510_948_574,
  500_000_000,
];
const STEPS = 32;
/** After so many half-lives less than a thousand-millionth is left. */
const HALVINGS = 30;

/**
 * What is left after `time`, in ppb, rounded down; time / halfLife = ln 2 · (time / τ), so a time constant τ is a half-life of τ·ln 2.
 *
 * @param time - ≥ 0, ms
 * @param halfLife - 1 … 86_400_000 ms
 */
export function decayed(time: number, halfLife: number): number {
  const halvings = Math.floor(time / halfLife);
  if (halvings >= HALVINGS) return 0;
  const position = (time - halvings * halfLife) * STEPS;
  const step = Math.floor(position / halfLife);
  const upper = LEFT[step] as number;
  const fall = (upper - (LEFT[step + 1] as number)) * (position - step * halfLife);
  return Math.floor((upper - Math.ceil(fall / halfLife)) / 2 ** halvings);
}
