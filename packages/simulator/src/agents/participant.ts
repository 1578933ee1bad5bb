/** Somebody at the market: acts on what the screen shows, through ordinary commands. */
import type { Screen } from "./screen.ts";

export interface Participant {
  /** Called after each index update of the market shown. */
  act(screen: Screen): void;
}
