/** Orders as traders write and read them; the words are those of ccxt where it has them. */
import { z } from "zod";
import {
  ORDER_TYPES,
  REASONS,
  SELF_TRADES,
  TIMES_IN_FORCE,
  account,
  bucket,
  choiceOf,
  clientOrderId,
  decimal,
  facts,
  marginMode,
  orderId,
  sequence,
  side,
  symbol,
  time,
} from "./values.ts";
import { PROBLEM, UNITS } from "../problem.ts";

export const ORDER_STATUS = z.enum(["open", "closed", "canceled", "rejected"]);

export const ORDER_REQUEST = z
  .strictObject({
    account: account.optional().meta({ description: "Needed by an owner of several" }),
    symbol,
    side,
    type: choiceOf(ORDER_TYPES),
    amount: decimal.meta({ description: "In base currency, a multiple of the lot" }),
    price: decimal
      .optional()
      .meta({ description: "Limit; of a market order the worst price it takes. A multiple of the tick" }),
    triggerPrice: decimal
      .optional()
      .meta({ description: "Of the stop and take_profit types: the mark that wakes it" }),
    timeInForce: choiceOf(TIMES_IN_FORCE).optional().meta({
      description: "Without it GTC; GTD if expiresAt is given; IOC for types without a limit",
    }),
    expiresAt: time.optional().meta({ description: "Of GTD: when it ends" }),
    postOnly: z.boolean().optional(),
    reduceOnly: z.boolean().optional(),
    clientOrderId: clientOrderId.optional(),
    selfTradePrevention: choiceOf(SELF_TRADES).optional().meta({ description: "Without it cancelNewest" }),
    marginMode: marginMode.optional().meta({ description: "Without it cross" }),
  })
  .meta({ id: "OrderRequest" });

export const AMEND_REQUEST = z
  .strictObject({
    account: account.optional(),
    price: decimal.optional().meta({ description: "Without it as it is" }),
    amount: decimal.optional().meta({ description: "What is to be open of it; without it as it is" }),
  })
  .meta({ id: "AmendRequest" });

/** What came of an order, or of a change to one. */
export const ORDER_RECEIPT = z
  .object({
    id: orderId,
    clientOrderId: clientOrderId.nullable(),
    account,
    symbol,
    side,
    status: ORDER_STATUS,
    filled: decimal.meta({ description: "At once" }),
    remaining: decimal.meta({ description: "Rests, or waits for its trigger" }),
    cost: decimal.meta({ description: "Of what was filled, before fees" }),
    average: decimal.nullable().meta({ description: "To a thousandth of a tick, rounded down" }),
    fee: decimal.meta({ description: "Below 0 = rebate" }),
    reason: choiceOf(REASONS)
      .nullable()
      .meta({ description: "Why nothing of it rests, if it was not filled" }),
    sequence,
    time,
  })
  .meta({ id: "OrderReceipt" });

export const CANCEL_RECEIPT = z
  .object({
    id: orderId,
    account,
    status: z.literal("canceled"),
    remaining: decimal.meta({ description: "What was open of it" }),
    sequence,
    time,
  })
  .meta({ id: "CancelReceipt" });

export const ORDER = z
  .object({
    id: orderId,
    clientOrderId: clientOrderId.nullable(),
    account,
    bucket,
    symbol,
    side,
    type: choiceOf(ORDER_TYPES),
    timeInForce: choiceOf(TIMES_IN_FORCE),
    price: decimal.nullable(),
    triggerPrice: decimal.nullable(),
    amount: decimal,
    filled: decimal,
    remaining: decimal,
    cost: decimal,
    average: decimal.nullable(),
    fee: decimal,
    status: ORDER_STATUS,
    waiting: z.boolean().meta({ description: "For its trigger" }),
    postOnly: z.boolean(),
    reduceOnly: z.boolean(),
    marginMode,
    selfTradePrevention: choiceOf(SELF_TRADES),
    expiresAt: time.nullable(),
    reason: choiceOf(REASONS).nullable(),
    createdAt: time,
    updatedAt: time,
    sequence: sequence.meta({ description: "Of the command that changed it last" }),
  })
  .meta({ id: "Order" });

export const FILL = z
  .object({
    id: z.string().meta({
      description:
        "The trade's, and m or t for the side: the same in the stream, in histories and in exports",
    }),
    orderId: orderId.nullable(),
    account,
    bucket,
    symbol,
    side,
    takerOrMaker: z.enum(["taker", "maker"]),
    kind: z
      .enum(["trade", "liquidation", "auction", "backstop", "keeper", "tear-up", "settlement"])
      .meta({ description: "What closed or opened the lots" }),
    price: decimal,
    amount: decimal,
    cost: decimal,
    fee: decimal,
    realizedPnl: decimal,
    time,
    sequence,
  })
  .meta({ id: "Fill" });

/** One of several that are executed in a row. */
export const ORDER_OPERATION = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("place"), order: ORDER_REQUEST }),
  z.strictObject({ op: z.literal("amend"), id: orderId, ...AMEND_REQUEST.shape }),
  z.strictObject({ op: z.literal("cancel"), id: orderId, account: account.optional() }),
]);

/** What came of it: its receipt, or why there is none. */
export const OPERATION_RESULT = z.union([
  z.object({ op: z.literal("place"), receipt: ORDER_RECEIPT }),
  z.object({ op: z.literal("amend"), receipt: ORDER_RECEIPT }),
  z.object({ op: z.literal("cancel"), receipt: CANCEL_RECEIPT }),
  z.object({ op: z.enum(["place", "amend", "cancel"]), problem: PROBLEM }),
]);

const STANDING = z.object({
  position: decimal.meta({ description: "In the order's market, below 0 = short" }),
  equity: decimal,
  initialMargin: decimal,
  maintenanceEquity: decimal,
  maintenanceMargin: decimal,
  liquidationPrice: decimal
    .nullable()
    .meta({ description: "All else unchanged; null = none in the price range" }),
});

export const PREVIEW = z
  .object({
    outcome: z.string().meta({ description: '"accepted", or the name of the refusal' }),
    facts,
    units: UNITS,
    filled: decimal,
    cost: decimal,
    average: decimal.nullable(),
    fees: decimal,
    resting: decimal,
    before: STANDING.nullable(),
    after: STANDING.nullable(),
    sequence,
  })
  .meta({ id: "Preview" });

export type OrderRequest = z.infer<typeof ORDER_REQUEST>;
export type AmendRequest = z.infer<typeof AMEND_REQUEST>;
export type OrderReceipt = z.infer<typeof ORDER_RECEIPT>;
export type CancelReceipt = z.infer<typeof CANCEL_RECEIPT>;
export type Order = z.infer<typeof ORDER>;
export type OrderStatus = z.infer<typeof ORDER_STATUS>;
export type Fill = z.infer<typeof FILL>;
export type OrderOperation = z.infer<typeof ORDER_OPERATION>;
export type OperationResult = z.infer<typeof OPERATION_RESULT>;
export type Preview = z.infer<typeof PREVIEW>;
