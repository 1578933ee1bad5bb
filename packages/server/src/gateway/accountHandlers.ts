/** What an owner may see of his accounts. What is now is read from the engine, what was from the views. */
import { DecodeError, balancesView, bucketView, withdrawalView } from "@bulkhead/engine";
import { type LedgerEntry, type Order, instrumentNamed, orderNameOf } from "@bulkhead/protocol";
import { accountMeant, bucketsOf } from "./accounts.ts";
import { csvOf } from "./csv.ts";
import { sessionOf } from "./caller.ts";
import type { Caller, Desk, Handlers } from "./handlers.ts";
import { marketOf, paging, settled, span, tellPage } from "./pages.ts";
import type { LedgerRow, OrderRow, Page } from "./ports.ts";
import { problem } from "./problems.ts";
import { tellBucket, tellPositions } from "../telling/standing.ts";
import { tellEntry, tellFillRow, tellOrderRow, tellWithdrawalRow } from "./tell.ts";

const CSV_ROWS = 1_000;
/** Rows of one table that is told whole. */
const MOST_CSV_ROWS = 200_000;

export const ACCOUNT_HANDLERS: Handlers<
  | "accounts"
  | "account"
  | "balances"
  | "positions"
  | "openOrders"
  | "orderHistory"
  | "fills"
  | "ledger"
  | "ledgerCsv"
  | "withdrawals"
  | "order"
> = {
  accounts: ({ access }, _, caller) =>
    access.registry.accountsOf(sessionOf(caller).owner).map((account) => tellAccount(access, account)),

  account: (desk, { params }, caller) => tellAccount(desk.access, own(desk, caller, params.account)),

  balances: (desk, { params }, caller) => {
    const account = own(desk, caller, params.account);
    const { core, labels } = desk;
    return core.read(({ venue, sequence }) => ({
      account,
      vault: balancesView(venue, account).map((each) => labels.holding(each)),
      buckets: bucketsOf(venue, account).map(({ tier, bucket }) =>
        tellBucket(labels, tier, bucketView(venue, tier, bucket)),
      ),
      sequence,
    }));
  },

  positions: (desk, { params, query }, caller) => {
    const account = own(desk, caller, params.account);
    const { core, directory, labels } = desk;
    const { symbol } = query;
    if (symbol !== undefined) instrumentNamed(directory, symbol, "query.symbol");
    return core.read(({ venue, sequence }) =>
      bucketsOf(venue, account)
        .flatMap(({ tier, bucket }) => tellPositions(venue, labels, tier, bucketView(venue, tier, bucket)))
        .filter(({ position }) => symbol === undefined || position.symbol === symbol)
        .map(({ position }) => ({ ...position, sequence })),
    );
  },

  openOrders: (desk, { params, query }, caller) => orders(desk, caller, params.account, query, true),
  orderHistory: (desk, { params, query }, caller) => orders(desk, caller, params.account, query, false),

  order: async (desk, { params, query }, caller) => {
    const { access, history, labels } = desk;
    const { tier, by, value } = orderNameOf(params.id, "params.id");
    const account = accountMeant(access, sessionOf(caller).owner, query.account, "query.account");
    const unknown = problem("not-found", `no order ${params.id}`);
    await settled(desk.core, history);
    const row =
      by === "client"
        ? await orderOfClient(desk, account, tier, value)
        : await history.ask("order", by === "order" ? { tier, order: value } : { sequence: value });
    if (row === undefined || row.account !== account || row.tier !== tier) throw unknown;
    return tellOrderRow(desk.core.engine.venue, labels, row);
  },

  fills: async (desk, { params, query }, caller) => {
    const account = own(desk, caller, params.account);
    await settled(desk.core, desk.history);
    const { directory, history, labels } = desk;
    const { symbol, ...page } = query;
    const of = { account, ...paging(page), ...marketOf(directory, symbol) };
    return tellPage(await history.ask("fills", of), (row) => tellFillRow(labels, row));
  },

  ledger: async (desk, { params, query }, caller) => {
    const account = own(desk, caller, params.account);
    await settled(desk.core, desk.history);
    const { since, until, ...page } = query;
    const of = { account, ...paging(page), ...span(since, until) };
    return tellPage(await desk.history.ask("ledger", of), (row) => tellEntry(desk.labels, row));
  },

  ledgerCsv: async (desk, { params, query }, caller) => {
    const account = own(desk, caller, params.account);
    await settled(desk.core, desk.history);
    const of = { account, limit: CSV_ROWS, isAscending: true, ...span(query.since, query.until) };
    const entries: LedgerEntry[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<LedgerRow> = await desk.history.ask("ledger", {
        ...of,
        ...(cursor !== undefined && { cursor }),
      });
      entries.push(...page.rows.map((row) => tellEntry(desk.labels, row)));
      cursor = page.next;
      if (entries.length > MOST_CSV_ROWS)
        throw new DecodeError(
          "query",
          `more than ${MOST_CSV_ROWS} entries: name a shorter time`,
          entries.length,
        );
    } while (cursor !== undefined);
    return csvOf(
      ["sequence", "time", "kind", "asset", "amount", "balance", "symbol", "tier", "bucket", "id"],
      entries,
    );
  },

  withdrawals: async (desk, { params, query }, caller) => {
    const account = own(desk, caller, params.account);
    await settled(desk.core, desk.history);
    const page = await desk.history.ask("withdrawals", { account, ...paging(query) });
    const waits = await desk.core.read(
      ({ venue }) =>
        new Map(page.rows.map(({ withdrawal }) => [withdrawal, withdrawalView(venue, withdrawal)])),
    );
    return tellPage(page, (row) => tellWithdrawalRow(desk.labels, row, waits.get(row.withdrawal)?.worstWait));
  },
};

/** An account, once it is known to be the caller's. @throws {Denied} */
function own({ access }: Desk, caller: Caller, account: number): number {
  access.authority.expectOwner(sessionOf(caller).owner, account);
  return account;
}

async function orders(
  desk: Desk,
  caller: Caller,
  named: number,
  query: {
    readonly symbol?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
  isOpen: boolean,
): Promise<{ items: Order[]; next: string | null }> {
  const account = own(desk, caller, named);
  const { core, directory, history, labels } = desk;
  await settled(core, history);
  const { symbol, ...page } = query;
  const of = { account, isOpen, ...paging(page), ...marketOf(directory, symbol) };
  return tellPage(await history.ask("orders", of), (row) => tellOrderRow(core.engine.venue, labels, row));
}

/** An account's open order by the client's own number; of those that are done the number may name several. */
async function orderOfClient(
  { history }: Desk,
  account: number,
  tier: number,
  clientId: number,
): Promise<OrderRow | undefined> {
  let cursor: string | undefined;
  do {
    const page: Page<OrderRow> = await history.ask("orders", {
      account,
      tier,
      isOpen: true,
      limit: CSV_ROWS,
      ...(cursor !== undefined && { cursor }),
    });
    const found = page.rows.find((row) => row.clientId === clientId);
    if (found !== undefined) return found;
    cursor = page.next;
  } while (cursor !== undefined);
  return undefined;
}

function tellAccount({ registry }: Desk["access"], account: number) {
  return {
    account,
    owner: registry.ownerOf(account) as string,
    openedAt: registry.openedAt(account) ?? null,
    cancelAfter: registry.switches.get(account) ?? null,
  };
}
