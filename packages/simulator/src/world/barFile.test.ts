import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { BarFileError, instrumentOf, readBarFile } from "./barFile.ts";

const HEADER = "time,open,high,low,close,volume";
const folder = mkdtempSync(join(tmpdir(), "bars-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("a bar file", () => {
  const text = `${HEADER}\n1000,39684.1,39704.10,39600,39689.6,138.066\n61000,39689.6,39707.4,39685.2,39694,78\n`;
  const series = {
    name: "BTCUSDT",
    decimals: 1,
    time: Float64Array.of(1_000, 61_000),
    open: Float64Array.of(396_841, 396_896),
    high: Float64Array.of(397_041, 397_074),
    low: Float64Array.of(396_000, 396_852),
    close: Float64Array.of(396_896, 396_940),
  };

  test("is read digit by digit", () => {
    expect(readBarFile(fileOf("BTCUSDT_1m.csv", text))).toEqual(series);
  });

  test("may be gzipped, whatever its name", () => {
    expect(readBarFile(fileOf("BTCUSDT_1m.csv.gz", gzipSync(text)))).toEqual(series);
    expect(readBarFile(fileOf("BTCUSDT.csv", gzipSync(text)))).toEqual(series);
  });

  test("may have its columns in any order, others among them, and Windows line ends", () => {
    const shuffled = "close,junk,Low,HIGH,open,time\r\n3,?,1,4,2,0\r\n";
    expect(readBarFile(fileOf("x.csv", shuffled))).toEqual({
      name: "x",
      decimals: 0,
      time: Float64Array.of(0),
      open: Float64Array.of(2),
      high: Float64Array.of(4),
      low: Float64Array.of(1),
      close: Float64Array.of(3),
    });
  });

  test("keeps prices that range over many powers of ten, exponents too", () => {
    const { decimals, high, low } = readBarFile(
      fileOf("far.csv", `${HEADER}\n0,18.5,119.55,5e-05,1.2E-4,0\n`),
    );
    expect([decimals, high[0], low[0]]).toEqual([5, 11_955_000, 5]);
  });
});

describe("a file that is not one of bars is refused with the place and what was found", () => {
  const cases: readonly (readonly [
    why: string,
    content: string | Uint8Array,
    line: number,
    problem: RegExp,
  ])[] = [
    ["empty", "", 0, /is empty/],
    ["no header", "1,2,3,4,5,6\n", 1, /header lacks time, open, high, low, close; found "1,2,3,4,5,6"/],
    ["a column short", "time,open,high,close\n1,2,3,4\n", 1, /header lacks low; found/],
    ["no bars", `${HEADER}\n\n`, 1, /no bar follows/],
    ["a field short", `${HEADER}\n0,1,1,1,1,0\n1,2,2,2\n`, 3, /names 6 fields; found 4 in "1,2,2,2"/],
    ["a blank line", `${HEADER}\n0,1,1,1,1,0\n\n2,1,1,1,1,0\n`, 3, /found 1 in ""/],
    [
      "a word",
      `${HEADER}\n0,1,1,1,abc,0\n`,
      2,
      /close is a decimal number above 0 and below 10\^15; found "abc"/,
    ],
    ["no price", `${HEADER}\n0,,1,1,1,0\n`, 2, /open is a decimal number .* found ""/],
    ["a negative price", `${HEADER}\n0,1,1,-1,1,0\n`, 2, /low is a decimal number .* found "-1"/],
    ["a price of 0", `${HEADER}\n0,1,1,0,1,0\n`, 2, /low is a decimal number .* found "0"/],
    ["a price beyond all", `${HEADER}\n0,1,1e20,1,1,0\n`, 2, /high is a decimal number .* found "1e20"/],
    ["NaN", `${HEADER}\n0,NaN,1,1,1,0\n`, 2, /found "NaN"/],
    ["a date", `${HEADER}\n2022-05-05,1,1,1,1,0\n`, 2, /time is milliseconds .* found "2022-05-05"/],
    ["a high below", `${HEADER}\n0,2,2,1,3,0\n`, 2, /the high is below/],
    ["a low above", `${HEADER}\n0,2,3,3,3,0\n`, 2, /the low is above/],
    ["time standing still", `${HEADER}\n5,1,1,1,1,0\n5,1,1,1,1,0\n`, 3, /found 5 after 5/],
    ["a torn gzip", gzipSync(HEADER.repeat(9)).subarray(0, 30), 0, /cannot be read/],
    ["no text", Uint8Array.of(0xff, 0xfe, 0xfa), 0, /it is not UTF-8 text/],
  ];

  test.each(cases)("%s", (_, content, line, problem) => {
    const file = fileOf("bad.csv", content);
    const error = errorOf(file);
    expect(error.message).toMatch(problem);
    expect({ file: error.file, line: error.line }).toEqual({ file, line });
    expect(error.message.startsWith(line === 0 ? `${file}: ` : `${file}:${line}: `)).toBe(true);
  });

  test("one that is not there", () => {
    expect(errorOf(join(folder, "nowhere.csv")).message).toMatch(
      /nowhere.csv: cannot be read: there is no such file/,
    );
    expect(errorOf(folder).message).toMatch(/it is a directory/);
  });
});

function errorOf(file: string): BarFileError {
  try {
    readBarFile(file);
  } catch (error) {
    if (error instanceof BarFileError) return error;
    throw error;
  }
  throw new Error("the file was read");
}

test.each([
  ["2022-05-LUNA_BINANCE-PERP_BTCUSDT_1m.csv.gz", "BTCUSDT"],
  ["/some/where/BITSTAMP_ETHUSD_1h.csv", "ETHUSD"],
  ["BTC-USD.csv", "BTC-USD"],
  ["prices.csv", "prices"],
])("the instrument of %s is %s", (file, name) => {
  expect(instrumentOf(file)).toBe(name);
});
