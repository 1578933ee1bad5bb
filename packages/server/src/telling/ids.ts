/**
 * What trades and fills are called, by whoever tells them: the number of the command, and the place of the event that tells of it among all of
 * that command's events. Both follow from the log alone, and stay as they are whatever else is told.
 */

/** An event by its command and its place in it, from 1. */
export interface EventPlace {
  readonly sequence: number;
  readonly event: number;
}

/** Of what everybody may see. */
export function tradeId({ sequence, event }: EventPlace): string {
  return `${sequence}-${event}`;
}

/** Of one side of it: both may be of accounts of one owner. */
export function fillId({ sequence, event }: EventPlace, isMaker: boolean): string {
  return `${sequence}-${event}${isMaker ? "m" : "t"}`;
}
