/**
 * The player of a story: where it stands, whether it goes on by itself and how fast. One position serves both sides, so that they are always
 * shown at the same moment; a side that has ended before the other stays at its end. Pure: time comes in as `tick`.
 */

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** How long a moment is shown at speed 1, ms: enough to read a caption. */
export const MOMENT_MS = 2_400;

export interface Player {
  /** The moment that is shown, from 0. */
  readonly at: number;
  readonly isPlaying: boolean;
  readonly speed: Speed;
  /** Moments that both sides have told. */
  readonly told: number;
  /** Whether there will be no more. */
  readonly isWhole: boolean;
  /** A moment that is to be shown as soon as it is told: from the page's address. */
  readonly wanted: number | undefined;
}

export type Move =
  | { readonly move: "play" | "pause" | "toggle" | "tick" | "first" | "last" }
  | { readonly move: "step"; readonly by: 1 | -1 }
  | { readonly move: "scrub"; readonly to: number }
  | { readonly move: "speed"; readonly speed: Speed }
  /** More has been told. */
  | { readonly move: "told"; readonly told: number; readonly isWhole: boolean };

export function newPlayer(wanted?: number, speed: Speed = 1): Player {
  return { at: 0, isPlaying: false, speed, told: 0, isWhole: false, wanted };
}

export function moved(player: Player, move: Move): Player {
  switch (move.move) {
    case "play":
      return played(player);
    case "pause":
      return { ...player, isPlaying: false };
    case "toggle":
      return player.isPlaying ? { ...player, isPlaying: false } : played(player);
    case "tick":
      return ticked(player);
    case "first":
      return stopped(player, 0);
    case "last":
      return stopped(player, player.told - 1);
    case "step":
      return stopped(player, player.at + move.by);
    case "scrub":
      return stopped(player, move.to);
    case "speed":
      return { ...player, speed: move.speed };
    default:
      return grown(player, move.told, move.isWhole);
  }
}

/** How long the present moment is shown while it plays, ms. */
export function momentMs({ speed }: Player): number {
  return MOMENT_MS / speed;
}

/** Which step of a side belongs to a moment. @param steps - it has told, ≥ 1 */
export function stepAt(moment: number, steps: number): number {
  return Math.min(moment, steps - 1);
}

/**
 * How many moments can be shown: as many as both sides have told. One that is over waits at its end for the other.
 */
export function momentsTold(
  one: { readonly steps: number; readonly isOver: boolean },
  other: { readonly steps: number; readonly isOver: boolean },
): number {
  if (one.steps === 0 || other.steps === 0) return 0;
  if (one.isOver && other.isOver) return Math.max(one.steps, other.steps);
  if (one.isOver) return other.steps;
  if (other.isOver) return one.steps;
  return Math.min(one.steps, other.steps);
}

/** A speed as an address or a list has it; 1 if it is none. */
export function speedIn(text: string | null): Speed {
  return SPEEDS.find((speed) => String(speed) === text) ?? 1;
}

/** Plays on; from the beginning if the end is shown. */
function played(player: Player): Player {
  const isAtEnd = player.isWhole && player.at >= player.told - 1;
  return { ...player, isPlaying: true, at: isAtEnd ? 0 : player.at, wanted: undefined };
}

/** At the end it stops; where the next moment is still being computed it waits. */
function ticked(player: Player): Player {
  if (!player.isPlaying) return player;
  if (player.at + 1 < player.told) return { ...player, at: player.at + 1 };
  return player.isWhole ? { ...player, isPlaying: false } : player;
}

function stopped(player: Player, to: number): Player {
  const at = Math.max(0, Math.min(Math.round(to), player.told - 1));
  return { ...player, at, isPlaying: false, wanted: undefined };
}

function grown(player: Player, told: number, isWhole: boolean): Player {
  const { wanted } = player;
  if (wanted === undefined) return { ...player, told, isWhole };
  if (wanted < told) return { ...player, told, isWhole, at: wanted, wanted: undefined };
  // It will never be told: what is nearest to it.
  if (isWhole) return { ...player, told, isWhole, at: Math.max(0, told - 1), wanted: undefined };
  return { ...player, told, isWhole };
}
