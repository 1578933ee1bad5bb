/** What a price's quality means and forbids, and why a source does not count, in words. docs/spec/oracle.md has the rules. */

export const QUALITY_TEXT: Readonly<Record<string, string>> = {
  valid: "Enough reporters agree, and lately: the price may be used for everything.",
  wide: "Reporters are less sure than usual or the price has run away from its average: opening takes a quarter more margin.",
  stale: "The reports that the quorum rests on are old: nothing new is opened on them.",
  divergent:
    "The price stands far from its five-minute average or from what most say: it waits to be confirmed.",
  dead: "There is no quorum: there is no price to trust, and what there was grows old.",
};

export const FORBIDDEN_TEXT: Readonly<Record<string, string>> = {
  open: "opening or enlarging positions",
  reduce: "reducing positions",
  withdraw: "taking money out of buckets with a position or an order in it",
  liquidate: "liquidating anybody",
  fund: "accruing funding",
  take: "taking from the book: what reduces must rest",
};

export const SOURCE_TEXT: Readonly<Record<string, string>> = {
  counted: "it counted the last time",
  held: "its price jumped; it waits until two other operators say the same",
  aged: "its last report is too old",
  frozen: "it repeats itself while others move",
  outlier: "it stands too far from the others",
  silent: "it has not reported yet",
};

/** What a quality forbids now, as a sentence. */
export function forbidsText(forbids: readonly string[]): string {
  if (forbids.length === 0) return "It forbids nothing.";
  const words = forbids.map((each) => FORBIDDEN_TEXT[each] ?? each);
  const [last, ...before] = words.toReversed();
  const listed = before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
  return `It forbids ${listed}. Cancelling is always allowed.`;
}
