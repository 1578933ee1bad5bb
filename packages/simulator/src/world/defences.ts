/** Arms the replay's tier: liquidation, the layers of its waterfall, and a backstop, all paid in by the house through ordinary commands. */
import { PARAMETERS, type ParameterName } from "@bulkhead/engine";
import type { Exchange } from "../agents/exchange.ts";
import type { Terms } from "../agents/screen.ts";
import { DOLLARS } from "../agents/seat.ts";
import { TIER } from "./listing.ts";

const USD = 1_000_000;

/** What the house puts in per participant, micro-dollars. */
const LAYERS = [
  { layer: 1, tier: TIER, each: 500 * USD },
  { layer: 2, tier: TIER, each: 2_500 * USD },
  { layer: 4, tier: 0, each: 500 * USD },
  { layer: 5, tier: 0, each: 5_000 * USD },
];
const BACKSTOP_EACH = 10_000 * USD;
/** Value of the positions the backstop may hold per market and participant, micro-dollars. */
const INVENTORY_EACH = 10_000 * USD;

const TIER_RULES: readonly (readonly [ParameterName, number])[] = [
  ["auctionStart", 2_000],
  ["auctionSpan", 60_000],
  ["liquidationBuffer", 150_000],
];
const MARKET_RULES: readonly (readonly [ParameterName, number])[] = [
  ["liquidationFee", 5_000],
  ["liquidationStep", 200_000],
  ["liquidationMinimum", 1_000 * USD],
];

/** @param prices - first price of each market, ticks */
export function arm(
  exchange: Exchange,
  terms: readonly Terms[],
  prices: readonly number[],
  participants: number,
): void {
  const { time } = exchange;
  exchange.send({ kind: "openAccount", time });
  const account = exchange.facts[0] as number;
  for (const { layer, tier, each } of LAYERS) {
    const amount = each * participants;
    exchange.deposit(account, DOLLARS, amount);
    exchange.send({ kind: "fundLayer", time, account, tier, layer, amount });
  }
  const stake = BACKSTOP_EACH * participants;
  exchange.deposit(account, DOLLARS, stake);
  exchange.send({ kind: "allocate", time, account, tier: TIER, mode: 0, asset: DOLLARS, amount: stake });
  exchange.send({ kind: "appointBackstop", time, tier: TIER, account });
  terms.forEach(({ market, notional }, index) => {
    const lotValue = (prices[index] as number) * notional;
    for (const [name, value] of MARKET_RULES) set(exchange, market, name, value);
    set(exchange, market, "backstopCap", Math.floor((INVENTORY_EACH * participants) / lotValue));
  });
  for (const [name, value] of TIER_RULES) set(exchange, 0, name, value);
}

function set(exchange: Exchange, market: number, name: ParameterName, value: number): void {
  const { time } = exchange;
  exchange.send({ kind: "setParameter", time, tier: TIER, market, parameter: PARAMETERS[name].id, value });
}
