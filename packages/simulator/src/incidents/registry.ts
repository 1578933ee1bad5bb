/** All incidents, in the order of their numbers. */
import type { Incident } from "./incident.ts";
import { BEANSTALK } from "./stories/beanstalk.ts";
import { BITMEX } from "./stories/bitmex.ts";
import { BLACK_THURSDAY } from "./stories/blackThursday.ts";
import { BRIDGE } from "./stories/bridge.ts";
import { BYBIT } from "./stories/bybit.ts";
import { CASCADE } from "./stories/cascade.ts";
import { DAI } from "./stories/dai.ts";
import { DRIFT } from "./stories/drift.ts";
import { JELLY } from "./stories/jelly.ts";
import { KILOEX } from "./stories/kiloex.ts";
import { LUNA } from "./stories/luna.ts";
import { MANGO } from "./stories/mango.ts";
import { NICKEL } from "./stories/nickel.ts";
import { NORDIC_SPREAD } from "./stories/nordicSpread.ts";
import { OKEX } from "./stories/okex.ts";
import { POPCAT } from "./stories/popcat.ts";
import { REENTRANCY } from "./stories/reentrancy.ts";
import { RESTART } from "./stories/restart.ts";
import { STABLECOIN } from "./stories/stablecoin.ts";
import { WHALE } from "./stories/whale.ts";
import { YEARN } from "./stories/yearn.ts";

export const INCIDENTS: readonly Incident[] = [
  MANGO,
  BLACK_THURSDAY,
  YEARN,
  WHALE,
  JELLY,
  POPCAT,
  CASCADE,
  STABLECOIN,
  RESTART,
  DRIFT,
  REENTRANCY,
  LUNA,
  DAI,
  BEANSTALK,
  BYBIT,
  KILOEX,
  NORDIC_SPREAD,
  OKEX,
  BITMEX,
  NICKEL,
  BRIDGE,
];
