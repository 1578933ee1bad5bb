/** Who takes part in a drill. */
export interface Party {
  readonly name: string;
  readonly account: number;
  /** Tier it trades in, 0 = it only keeps money in the vault, -1 = in all of them. */
  readonly home: number;
  readonly isHonest: boolean;
}
