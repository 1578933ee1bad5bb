/** What the views have of an account's open orders: how large they were, what of them was filled, when they were placed. */
import type { History, OrderRow } from "../gateway/ports.ts";

const ROWS = 1_000;

/** The account's open orders once the views have taken in a command. */
export async function pastOrders(history: History, account: number, sequence: number): Promise<OrderRow[]> {
  await history.reached(sequence);
  const found: OrderRow[] = [];
  for (let cursor: string | undefined; ;) {
    const of = { account, isOpen: true, limit: ROWS, ...(cursor !== undefined && { cursor }) };
    const page = await history.ask("orders", of);
    found.push(...page.rows);
    if (page.next === undefined) return found;
    cursor = page.next;
  }
}
