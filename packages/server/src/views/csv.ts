/**
 * A history as CSV (RFC 4180), line by line: what an accountant or a tax office is given. Names and decimals instead of ids and units, every
 * figure exact, times in UTC. It is asked for a page at a time, the oldest first, so however long it is, little of it is held.
 */
import {
  type Directory,
  amountText,
  assetOf,
  assetText,
  instrumentOf,
  priceText,
  usdText,
} from "@bulkhead/protocol";
import { fillId } from "../telling/ids.ts";
import type { Page, Paging, Questions } from "./queries.ts";
import type { RowOf } from "./schema.ts";
import type { Views } from "./views.ts";

/** Whose history, and of when; ms, both included. */
export interface CsvRange {
  readonly account: number;
  readonly from?: number;
  readonly until?: number;
}

const PAGE_ROWS = 1_000;
const LEDGER_HEADER = "time,sequence,entry,account,place,asset,kind,amount,balance,instrument";
const FILLS_HEADER =
  "time,sequence,id,account,instrument,side,role,kind,amount,price,fee,realised,fee_asset,order";

/** Every entry of an account's ledger. The amounts of an asset in a place add up to its balance there. */
export function ledgerCsv(
  views: Pick<Views, "ask">,
  names: Directory,
  range: CsvRange,
): AsyncGenerator<string> {
  return linesOf(views, "ledger", LEDGER_HEADER, range, (row) => ledgerLine(names, row));
}

/** Every fill of an account, with fee and realised profit in US dollars. */
export function fillsCsv(
  views: Pick<Views, "ask">,
  names: Directory,
  range: CsvRange,
): AsyncGenerator<string> {
  return linesOf(views, "fills", FILLS_HEADER, range, (row) => fillLine(names, row));
}

async function* linesOf<Name extends "ledger" | "fills">(
  views: Pick<Views, "ask">,
  name: Name,
  header: string,
  range: CsvRange,
  lineOf: (row: RowOf<Name>) => string,
): AsyncGenerator<string> {
  yield `${header}\r\n`;
  let cursor: string | undefined;
  do {
    const question: Questions["ledger" | "fills"] & Paging = {
      ...range,
      limit: PAGE_ROWS,
      isAscending: true,
      ...(cursor !== undefined && { cursor }),
    };
    const page = (await views.ask(name, question)) as Page<RowOf<Name>>;
    yield page.rows.map((row) => `${lineOf(row)}\r\n`).join("");
    cursor = page.next;
  } while (cursor !== undefined);
}

function ledgerLine(names: Directory, row: RowOf<"ledger">): string {
  const { sequence, ordinal, account, tier, bucket, kind, amount, balance, market } = row;
  const asset = assetOf(names, row.asset);
  // What has no name is told in units, as the engine has it.
  const text = (units: number): string => (asset === undefined ? String(units) : assetText(asset, units));
  const place = bucket === 0 ? "vault" : `${tierName(names, tier)}/${bucket}`;
  const symbol = asset?.symbol ?? `asset ${row.asset}`;
  const instrument = market === 0 ? "" : symbolOf(names, tier, market);
  return line([
    timeText(row.time),
    sequence,
    ordinal,
    account,
    place,
    symbol,
    kind,
    text(amount),
    text(balance),
    instrument,
  ]);
}

function fillLine(names: Directory, row: RowOf<"fills">): string {
  const { sequence, account, tier, market, side, role, kind, lots, price, fee, realised } = row;
  const instrument = instrumentOf(names, tier, market);
  return line([
    timeText(row.time),
    sequence,
    fillId(row, role === "maker"),
    account,
    symbolOf(names, tier, market),
    side === 0 ? "buy" : "sell",
    role,
    kind,
    instrument === undefined ? lots : amountText(instrument, lots),
    instrument === undefined ? price : priceText(instrument, price),
    usdText(fee),
    usdText(realised),
    "USD",
    row.order === 0 ? "" : row.order,
  ]);
}

const timeText = (time: number): string => new Date(time).toISOString();

function symbolOf(names: Directory, tier: number, market: number): string {
  return instrumentOf(names, tier, market)?.symbol ?? `tier ${tier} market ${market}`;
}

function tierName({ tiers }: Directory, id: number): string {
  return tiers.find(({ tier }) => tier === id)?.name ?? `tier ${id}`;
}

function line(fields: readonly (string | number)[]): string {
  return fields.map((field) => quoted(String(field))).join(",");
}

/** A tier's name may hold anything; a cell that begins like a formula is none. */
function quoted(field: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
