/** Orders: from the words of traders to commands, and what came of them back. */
import { type Engine, FRAME_WORDS, type OrderView, REFUSALS, bucketView, orderView } from "@bulkhead/engine";
import {
  type CommandInput,
  type Instrument,
  type OperationResult,
  type OrderName,
  type OrderOperation,
  type OrderRequest,
  SIDES,
  amountText,
  averageText,
  frameOf,
  instrumentNamed,
  instrumentOf,
  lotsOf,
  nameOf,
  notionalOf,
  orderFrame,
  orderNameOf,
  placeOrderOf,
  priceText,
  refusalProblem,
  ticksOf,
  usdText,
  factUnitsOf,
} from "@bulkhead/protocol";
import { accountMeant, bucketFor, bucketsOf } from "./accounts.ts";
import { cancelAllOf } from "./cancelling.ts";
import type { Caller, Desk, Handlers } from "./handlers.ts";
import { ProblemError, problem, problemFor } from "./problems.ts";
import { type Done, cancelReceiptOf, doneAt, expectAccepted, orderReceiptOf } from "./receipts.ts";
import { sessionOf } from "./caller.ts";

/** A command that is ready, and how its outcome is told. */
interface Prepared {
  readonly op: OrderOperation["op"];
  readonly account: number;
  readonly frame: Float64Array;
  readonly tell: (done: Done) => OperationResult;
}

export const ORDER_HANDLERS: Handlers<
  "placeOrder" | "amendOrder" | "cancelOrder" | "cancelOrders" | "batchOrders" | "preview" | "cancelAfter"
> = {
  placeOrder: async (desk, { body }, caller) =>
    receiptFrom(await one(desk, caller, place(desk, caller, body))),

  amendOrder: async (desk, { params, body }, caller) =>
    receiptFrom(
      await one(desk, caller, amend(desk, caller, { op: "amend", id: params.id, ...body }, "body")),
    ),

  cancelOrder: async (desk, { params, query }, caller) => {
    const operation = { op: "cancel", id: params.id, ...query } as const;
    const result = await one(desk, caller, cancel(desk, caller, operation, "query"));
    if (!("receipt" in result) || result.op !== "cancel")
      throw new Error("a cancel was told as something else");
    return result.receipt;
  },

  cancelOrders: async (desk, { query }, caller) => {
    const { core, access, directory } = desk;
    const account = accountMeant(access, sessionOf(caller).owner, query.account, "query.account");
    charge(desk, caller, account, 1, 0);
    const { symbol, marginMode } = query;
    const instrument = symbol === undefined ? undefined : instrumentNamed(directory, symbol, "query.symbol");
    return cancelAllOf(core, account, ({ tier, mode }) => {
      if (
        instrument !== undefined &&
        (instrument.tier !== tier || (mode !== 0 && mode !== instrument.market))
      )
        return undefined;
      if (marginMode !== undefined && (marginMode === "cross") !== (mode === 0)) return undefined;
      return instrument?.market ?? 0;
    });
  },

  batchOrders: async (desk, { body }, caller) => {
    const prepared = body.operations.map((operation, index) => {
      const where = `body.operations.${index}`;
      try {
        return prepare(desk, caller, operation, where);
      } catch (error) {
        // What cannot be read ends the request; what is only not there has its own outcome.
        if (error instanceof ProblemError) return { op: operation.op, problem: error.problem } as const;
        throw error;
      }
    });
    const ready = prepared.filter((each): each is Prepared => "frame" in each);
    const done = await submit(desk, caller, ready);
    let next = 0;
    const results = prepared.map((each): OperationResult => {
      if (!("frame" in each)) return each;
      try {
        return each.tell(expectAccepted(done[next++] as Done));
      } catch (error) {
        return { op: each.op, problem: problemFor(error) };
      }
    });
    return { results };
  },

  preview: (desk, { body }, caller) => {
    const { core, access, directory } = desk;
    const account = accountMeant(access, sessionOf(caller).owner, body.account, "body.account");
    const instrument = instrumentNamed(directory, body.symbol, "body.symbol");
    return core.read((engine) => {
      const bucket = bucketMeant(engine, instrument, account, body);
      const order = {
        ...placeOrderOf(body, instrument, account, bucket),
        time: Math.max(access.clock(), engine.time),
      };
      // Ranges are looked at as if it were sent.
      frameOf(placeOrderOf(body, instrument, account, bucket));
      const { outcome, facts, filled, tickLots, fees, resting, before, after } = engine.preview(order);
      const tell = standing(instrument);
      return {
        outcome,
        facts: { ...facts },
        units: factUnitsOf(outcome),
        filled: amountText(instrument, filled),
        cost: usdText(tickLots * notionalOf(instrument)),
        average: filled === 0 ? null : averageText(instrument, tickLots, filled),
        fees: usdText(fees),
        resting: amountText(instrument, resting),
        before: before === undefined ? null : tell(before),
        after: after === undefined ? null : tell(after),
        sequence: engine.sequence,
      };
    });
  },

  cancelAfter: async ({ access, deadMan }, { body }, caller) => {
    const account = accountMeant(access, sessionOf(caller).owner, body.account, "body.account");
    const at = await deadMan.set(account, body.timeout);
    return { account, timeout: body.timeout, at };
  },
};

function prepare(desk: Desk, caller: Caller, operation: OrderOperation, where: string): Prepared {
  if (operation.op === "place") return place(desk, caller, operation.order, `${where}.order`);
  if (operation.op === "amend") return amend(desk, caller, operation, where);
  return cancel(desk, caller, operation, where);
}

function place(desk: Desk, caller: Caller, request: OrderRequest, where = "body"): Prepared {
  const { core, access, directory } = desk;
  const account = accountMeant(access, sessionOf(caller).owner, request.account, `${where}.account`);
  const instrument = instrumentNamed(directory, request.symbol, `${where}.symbol`);
  const bucket = bucketMeant(core.engine, instrument, account, request);
  const { side } = request;
  const clientId = Number(request.clientOrderId ?? 0);
  return {
    op: "place",
    account,
    frame: orderFrame(request, instrument, account, bucket, where),
    tell: (done) => ({
      op: "place",
      receipt: orderReceiptOf(done, { instrument, account, bucket, side, clientId }),
    }),
  };
}

function amend(
  desk: Desk,
  caller: Caller,
  operation: Extract<OrderOperation, { op: "amend" }>,
  where: string,
): Prepared {
  const { core, access, directory } = desk;
  const account = accountMeant(access, sessionOf(caller).owner, operation.account, `${where}.account`);
  const name = orderNameOf(operation.id, `${where}.id`);
  const order = openOrder(core.engine, account, name, operation.id);
  const instrument = instrumentOf(directory, name.tier, order.market);
  if (instrument === undefined) throw problem("not-found", `the market of order ${operation.id} has no name`);
  const { price, amount } = operation;
  const command: CommandInput = {
    kind: "amendOrder",
    account,
    tier: name.tier,
    order: order.id,
    price: price === undefined ? order.price : ticksOf(instrument, price, `${where}.price`),
    lots: amount === undefined ? order.lots : lotsOf(instrument, amount, `${where}.amount`),
  };
  const side = nameOf(SIDES, order.side) ?? "buy";
  const { bucket, clientId } = order;
  return {
    op: "amend",
    account,
    frame: frameOf(command),
    tell: (done) => ({
      op: "amend",
      receipt: orderReceiptOf(done, { instrument, account, bucket, side, clientId }),
    }),
  };
}

function cancel(
  desk: Desk,
  caller: Caller,
  operation: Extract<OrderOperation, { op: "cancel" }>,
  where: string,
): Prepared {
  const { access, directory } = desk;
  const account = accountMeant(access, sessionOf(caller).owner, operation.account, `${where}.account`);
  const { tier, by, value } = orderNameOf(operation.id, `${where}.id`);
  if (by === "sequence") throw problem("not-found", `order ${operation.id} was done at once`);
  return {
    op: "cancel",
    account,
    frame: frameOf({
      kind: "cancelOrder",
      account,
      tier,
      order: by === "order" ? value : 0,
      clientId: by === "client" ? value : 0,
    }),
    tell: (done) => ({ op: "cancel", receipt: cancelReceiptOf(done, directory, tier, account) }),
  };
}

async function one(desk: Desk, caller: Caller, prepared: Prepared): Promise<OperationResult> {
  const [done] = await submit(desk, caller, [prepared]);
  return prepared.tell(expectAccepted(done as Done));
}

/** Executes what is ready, in a row. */
async function submit(desk: Desk, caller: Caller, ready: readonly Prepared[]): Promise<Done[]> {
  if (ready.length === 0) return [];
  const { core, access } = desk;
  const frames = new Float64Array(ready.length * FRAME_WORDS);
  const signer = { kind: "session", session: sessionOf(caller) } as const;
  for (const [index, { frame, op, account }] of ready.entries()) {
    frames.set(frame, index * FRAME_WORDS);
    access.authority.expect(signer, frame);
    charge(desk, caller, account, 1, op === "cancel" ? 0 : 1);
  }
  const { batch, index, count } = await core.submitAll(frames);
  return Array.from({ length: count }, (_, each) => doneAt(batch, index + each));
}

function charge({ access }: Desk, caller: Caller, account: number, commands: number, orders: number): void {
  access.gate.sessionCommand(sessionOf(caller).id, commands);
  access.gate.accountCommand(account, commands, orders);
}

function receiptFrom(result: OperationResult) {
  if (!("receipt" in result) || result.op === "cancel")
    throw new Error("an order was told as something else");
  return result.receipt;
}

/** @throws {ProblemError} if the account has none there: nothing was allocated to it */
function bucketMeant(
  { venue }: Engine,
  instrument: Instrument,
  account: number,
  { marginMode = "cross" }: Pick<OrderRequest, "marginMode">,
): number {
  const bucket = bucketFor(venue, instrument, account, marginMode);
  if (bucket === 0) throw new ProblemError(refusalProblem(REFUSALS.bucket_unknown.code, [0]));
  return bucket;
}

/** An account's own open order. @throws {ProblemError} if there is none, or it is another's */
function openOrder(
  { venue }: Engine,
  account: number,
  { tier, by, value }: OrderName,
  text: string,
): OrderView {
  const unknown = problem("not-found", `no open order ${text}`);
  if (by === "sequence") throw unknown;
  const own = bucketsOf(venue, account).filter((name) => name.tier === tier);
  if (by === "order") {
    const order = orderView(venue, tier, value);
    if (order === undefined || !own.some(({ bucket }) => bucket === order.bucket)) throw unknown;
    return order;
  }
  for (const { bucket } of own)
    for (const id of bucketView(venue, tier, bucket).orders) {
      const order = orderView(venue, tier, id);
      if (order?.clientId === value) return order;
    }
  throw unknown;
}

function standing(instrument: Instrument) {
  return (told: NonNullable<ReturnType<Engine["preview"]>["before"]>) => ({
    position: amountText(instrument, told.lots),
    equity: usdText(told.equity),
    initialMargin: usdText(told.initialMargin),
    maintenanceEquity: usdText(told.maintenanceEquity),
    maintenanceMargin: usdText(told.maintenanceMargin),
    liquidationPrice: told.liquidationPrice === 0 ? null : priceText(instrument, told.liquidationPrice),
  });
}
