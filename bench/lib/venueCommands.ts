/** The commands that venues of benchmarks are made with, and how they are sent. Everything happens in tier 1. */
import { createHash } from "node:crypto";
import {
  type Command,
  type Engine,
  FRAME_WORDS,
  ORDER_TYPE,
  TIME_IN_FORCE,
  encodeCommand,
} from "@bulkhead/engine";

export type Submit = (command: Command) => void;

/** Applies commands, none of which may be refused. */
export function submitter(engine: Engine): Submit {
  const frame = new Float64Array(FRAME_WORDS);
  return (command) => {
    encodeCommand(command, frame);
    const outcome = engine.apply(frame);
    if (outcome !== 0)
      throw new Error(`${command.kind} was refused: ${outcome} ${engine.venue.facts.join(" ")}`);
  };
}

type Fields<Kind extends Command["kind"]> = Omit<Extract<Command, { kind: Kind }>, "kind" | "tier">;

/** A good-till-cancelled limit order. */
export function limitOrder(
  terms: Pick<Fields<"placeOrder">, "time" | "account" | "bucket" | "market" | "side" | "price" | "lots">,
): Command {
  return {
    kind: "placeOrder",
    tier: 1,
    type: ORDER_TYPE.limit,
    timeInForce: TIME_IN_FORCE.goodTillCancelled,
    trigger: 0,
    expiry: 0,
    clientId: 0,
    flags: 0,
    selfTrade: 0,
    ...terms,
  };
}

/** Notional, price range and margin of every market: maintenance is 60 % of 5 %. */
export const PERPETUAL = {
  contract: 0,
  expiry: 0,
  notional: 100,
  rangeBits: 16,
  initialMargin: 50_000,
  maintenanceRatio: 600_000,
  oiLower: 0,
  oiUpper: 0,
  maxPositionLots: 100_000_000,
  maxOpenInterestLots: 1_000_000_000,
  fundingCap: 1_000_000,
} as const;

export function listPerpetual(
  terms: Pick<Fields<"listMarket">, "time" | "scaleBase" | "band" | "takerFee" | "makerFee">,
): Command {
  return { kind: "listMarket", tier: 1, ...PERPETUAL, ...terms };
}

/** The platform's SHA-256, as a node would pass it. */
export function platformHash(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
