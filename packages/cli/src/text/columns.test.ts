import fc from "fast-check";
import { expect, test } from "vitest";
import { besideEachOther, wrap } from "./columns.ts";

test("text is broken at spaces", () => {
  expect(wrap("the price goes up", 9, "  ", "+ ")).toEqual(["+ the", "  price", "  goes up"]);
  expect(wrap("incontrovertible proof", 5)).toEqual(["incontrovertible", "proof"]);
});

test("no line is too long but for a word that is, and no word is lost", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
  const indents = fc.constantFrom("", "  ", "    ");
  fc.assert(
    fc.property(words, indents, fc.integer({ min: 16, max: 60 }), (all, indent, width) => {
      const lines = wrap(all.join(" "), width, indent, indent);
      expect(lines.every((line) => line.length <= width && line.startsWith(indent))).toBe(true);
      expect(
        lines
          .map((line) => line.trim())
          .join(" ")
          .split(" "),
      ).toEqual(all);
    }),
  );
});

test("columns of different lengths stand beside each other", () => {
  expect(besideEachOther(["a", "bb"], ["x"], 3)).toEqual(["a   │ x", "bb  │"]);
});
