import fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test("numbers stay numbers, and formulas become text", () => {
  expect(csvOf([["a", "-1.5", "=1+1", "-x", 'say "hi", you']])).toBe(
    `a,-1.5,'=1+1,'-x,"say ""hi"", you"\r\n`,
  );
});

test("no cell begins as a formula does", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const [, first = ""] = /^"?(.)/s.exec(csvOf([[text]])) ?? [];
      if (/^-?\d+(?:\.\d+)?$/.test(text)) return;
      expect("=+-@\t".includes(first)).toBe(false);
    }),
  );
});
