/**
 * Bar files: CSV, plain or gzipped, with a header that names at least `time,open,high,low,close` in any order. `time` is the opening time
 * in milliseconds since the epoch, prices are decimal numbers in USD. Other columns are not looked at, the volume neither: the venue's
 * trading is its participants' own.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { unitsOf, widthOf } from "./decimal.ts";
import type { PriceSeries } from "./priceSeries.ts";

/** A file that is not one of bars: where, and what was found. */
export class BarFileError extends Error {
  readonly file: string;
  /** Counted from 1; 0 = the file as a whole. */
  readonly line: number;

  constructor(file: string, line: number, problem: string, options?: ErrorOptions) {
    super(line === 0 ? `${file}: ${problem}` : `${file}:${line}: ${problem}`, options);
    this.name = "BarFileError";
    this.file = file;
    this.line = line;
  }
}

const COLUMNS = ["time", "open", "high", "low", "close"] as const;
type Column = (typeof COLUMNS)[number];
type PriceColumn = Exclude<Column, "time">;
const PRICES: readonly PriceColumn[] = ["open", "high", "low", "close"];

/** Significant digits that always fit a price. */
const MOST_DIGITS = 15;
const LATEST_TIME = 8.64e15;

/** The lines of a file after its header, and where in them the columns are. */
interface Sheet {
  readonly file: string;
  readonly lines: readonly string[];
  readonly width: number;
  readonly at: Readonly<Record<Column, number>>;
}

/** @throws {BarFileError} */
export function readBarFile(file: string): PriceSeries {
  const sheet = sheetOf(file, textOf(file));
  const bars = sheet.lines.length;
  const series: PriceSeries = {
    name: instrumentOf(file),
    decimals: decimalsOf(sheet),
    time: new Float64Array(bars),
    open: new Float64Array(bars),
    high: new Float64Array(bars),
    low: new Float64Array(bars),
    close: new Float64Array(bars),
  };
  for (let bar = 0; bar < bars; bar++) {
    const fields = fieldsOf(sheet, bar);
    series.time[bar] = timeOf(sheet, bar, fields);
    for (const column of PRICES) series[column][bar] = priceOf(sheet, bar, fields, column, series.decimals);
    checkOrder(sheet, bar, series);
  }
  return series;
}

/** The instrument a file name speaks of, such as `BTCUSDT` in `2022-05_BTCUSDT_1m.csv.gz`; without one, the name itself. */
export function instrumentOf(file: string): string {
  const stem = basename(file).replace(/\.csv(?:\.gz)?$/, "");
  const found = /(?:^|[^A-Z0-9])([A-Z0-9]{2,12}(?:USDT|USDC|USD|PERP))(?![A-Z0-9])/.exec(stem);
  return found?.[1] ?? stem.slice(0, LONGEST_NAME);
}

const LONGEST_NAME = 20;

function textOf(file: string): string {
  try {
    const bytes = readFileSync(file);
    const isGzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return new TextDecoder("utf-8", { fatal: true }).decode(isGzipped ? gunzipSync(bytes) : bytes);
  } catch (cause) {
    throw new BarFileError(file, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause ? String(cause.code) : "";
  const known: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a directory",
    EACCES: "access is denied",
    ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8 text",
  };
  return known[code] ?? cause.message;
}

function sheetOf(file: string, text: string): Sheet {
  const lines = text.split("\n");
  while (lines.at(-1)?.trim() === "") lines.pop();
  const header = lines.shift();
  if (header === undefined)
    throw new BarFileError(file, 0, "is empty; a header with time,open,high,low,close is required");
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new BarFileError(file, 1, `the header lacks ${missing.join(", ")}; found "${excerpt(header)}"`);
  }
  if (lines.length === 0) throw new BarFileError(file, 1, "no bar follows the header");
  const at = Object.fromEntries(COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<
    Column,
    number
  >;
  return { file, lines, width: names.length, at };
}

function fieldsOf(sheet: Sheet, bar: number): readonly string[] {
  const content = sheet.lines[bar] ?? "";
  const fields = content.split(",");
  if (fields.length !== sheet.width) {
    throw fault(
      sheet,
      bar,
      `the header names ${sheet.width} fields; found ${fields.length} in "${excerpt(content)}"`,
    );
  }
  return fields;
}

function textIn(sheet: Sheet, fields: readonly string[], column: Column): string {
  return (fields[sheet.at[column]] ?? "").trim();
}

/** As many decimals as the finest price has, and the largest leaves room for. */
function decimalsOf(sheet: Sheet): number {
  let whole = 0;
  let fraction = 0;
  for (let bar = 0; bar < sheet.lines.length; bar++) {
    const fields = fieldsOf(sheet, bar);
    for (const column of PRICES) {
      const text = textIn(sheet, fields, column);
      const width = widthOf(text);
      if (width === undefined) throw notAPrice(sheet, bar, column, text);
      whole = Math.max(whole, width.whole);
      fraction = Math.max(fraction, width.fraction);
    }
  }
  return Math.max(0, Math.min(fraction, MOST_DIGITS - whole));
}

function timeOf(sheet: Sheet, bar: number, fields: readonly string[]): number {
  const text = textIn(sheet, fields, "time");
  const time = /^\d+$/.test(text) ? unitsOf(text, 0) : undefined;
  if (time === undefined || time > LATEST_TIME) {
    throw fault(sheet, bar, `time is milliseconds since the epoch; found "${excerpt(text)}"`);
  }
  return time;
}

function priceOf(
  sheet: Sheet,
  bar: number,
  fields: readonly string[],
  column: PriceColumn,
  decimals: number,
): number {
  const text = textIn(sheet, fields, column);
  const price = unitsOf(text, decimals);
  if (price === undefined || price < 1) throw notAPrice(sheet, bar, column, text);
  return price;
}

function checkOrder(sheet: Sheet, bar: number, series: PriceSeries): void {
  const [open, high, low, close] = PRICES.map((column) => series[column][bar] as number) as [
    number,
    number,
    number,
    number,
  ];
  if (high < Math.max(open, close)) throw fault(sheet, bar, "the high is below the open or the close");
  if (low > Math.min(open, close)) throw fault(sheet, bar, "the low is above the open or the close");
  const time = series.time[bar] as number;
  const previous = bar === 0 ? -1 : (series.time[bar - 1] as number);
  if (time <= previous)
    throw fault(sheet, bar, `bars follow one another in time; found ${time} after ${previous}`);
}

function notAPrice(sheet: Sheet, bar: number, column: PriceColumn, found: string): BarFileError {
  return fault(
    sheet,
    bar,
    `${column} is a decimal number above 0 and below 10^15; found "${excerpt(found)}"`,
  );
}

function fault(sheet: Sheet, bar: number, problem: string): BarFileError {
  return new BarFileError(sheet.file, bar + LINES_BEFORE, problem);
}

/** A file's first bar is on line 2. */
const LINES_BEFORE = 2;

function excerpt(text: string): string {
  const line = text.trimEnd();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
