/** The flow on nodejs-order-book 10.1.1, through its direct calls `limit` and `cancel`, journal off. */
import { OrderBook, Side as BookSide } from "nodejs-order-book";
import { CANCEL, type Flow } from "./flow.ts";
import { BUY } from "./referenceBook.ts";
import { addTrade, noTrades, type Trades } from "./trades.ts";

/** Its order ids are strings: made before the clock starts, since the naming is ours and not its work. */
export function nameOrders(flow: Flow): readonly string[] {
  return Array.from(flow.kind, (_, command) => `o${command}`);
}

export function createNodejsOrderBook(): OrderBook {
  return new OrderBook();
}

/** Counts fills and lots only, as a timed run should. */
export function replayOnNodejsOrderBook(flow: Flow, ids: readonly string[], book: OrderBook): Trades {
  const trades = noTrades();
  replay(flow, ids, book, (_price, lots) => {
    trades.fills += 1;
    trades.volume += lots;
  });
  return trades;
}

/** Also digests each trade with the command that added its maker; not for timing. */
export function auditNodejsOrderBook(flow: Flow): Trades {
  const ids = nameOrders(flow);
  const commandOf = new Map(ids.map((id, command) => [id, command]));
  const trades = noTrades();
  replay(flow, ids, createNodejsOrderBook(), (price, lots, maker) => {
    addTrade(trades, price, lots, commandOf.get(maker)!);
  });
  return trades;
}

type OnFill = (price: number, lots: number, maker: string) => void;

function replay(flow: Flow, ids: readonly string[], book: OrderBook, onFill: OnFill): void {
  const { kind, side, price, lots, target } = flow;
  for (let command = 0; command < kind.length; command += 1) {
    if (kind[command] === CANCEL) {
      if (book.cancel(ids[target[command]!]!) === undefined)
        throw new Error(`command ${command} cancels nothing`);
      continue;
    }
    const id = ids[command]!;
    const placed = book.limit({
      id,
      side: side[command] === BUY ? BookSide.BUY : BookSide.SELL,
      size: lots[command]!,
      price: price[command]!,
    });
    if (placed.err !== null) throw placed.err;
    readFills(placed, id, onFill);
  }
}

type Placed = ReturnType<OrderBook["limit"]>;

/**
 * `done` lists the makers filled whole and, when it too is filled, the taker; `partial` is the maker filled in
 * part or, when it rests, the taker. A fill is a maker met.
 */
function readFills({ done, partial, partialQuantityProcessed }: Placed, taker: string, onFill: OnFill): void {
  for (const order of done) {
    if (order.id !== taker && "price" in order) onFill(order.price, order.size, order.id);
  }
  if (partial !== null && partial.id !== taker) onFill(partial.price, partialQuantityProcessed, partial.id);
}
