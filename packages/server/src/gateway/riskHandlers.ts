/** How safe the venue is, and the means to check it. */
import type { Handlers } from "./handlers.ts";
import { problem } from "./problems.ts";

const untold = (): never => {
  throw problem("not-found", "this node does not tell it yet");
};

export const RISK_HANDLERS: Handlers<
  | "risk"
  | "riskHealth"
  | "riskLiquidations"
  | "oracle"
  | "timeline"
  | "fundHistory"
  | "log"
  | "logCapacities"
  | "logSegment"
  | "demoDeposit"
> = {
  risk: untold,
  riskHealth: untold,
  riskLiquidations: untold,
  oracle: untold,
  timeline: untold,
  fundHistory: untold,
  log: untold,
  logCapacities: untold,
  logSegment: untold,
  demoDeposit: untold,
};
