/** How far a proposal is on its way. */
import type { Proposal } from "@bulkhead/protocol";
import { duration } from "../ui/text.ts";

export type Stage = "waits" | "ready" | "unapproved" | "lapsed";

export interface Countdown {
  readonly stage: Stage;
  /** ms until the next thing happens to it by itself; 0 = nothing more will. */
  readonly left: number;
  readonly text: string;
}

type Timed = Pick<Proposal, "eta" | "lapse" | "approvals" | "needed">;

/** @param now - ms, by the node's clock */
export function countdownOf({ eta, lapse, approvals, needed }: Timed, now: number): Countdown {
  if (now > lapse) return { stage: "lapsed", left: 0, text: "lapsed: nobody carried it out in time" };
  if (now < eta)
    return { stage: "waits", left: eta - now, text: `can be carried out in ${duration(eta - now)}` };
  const left = lapse - now;
  return needed !== null && approvals < needed
    ? {
        stage: "unapproved",
        left,
        text: `lapses in ${duration(left)} unless ${needed - approvals} more approve`,
      }
    : { stage: "ready", left, text: `anyone can carry it out now; it lapses in ${duration(left)}` };
}
