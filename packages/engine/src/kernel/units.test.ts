import { describe, expectTypeOf, test } from "vitest";
import { plus } from "./checked.ts";
import type { Lots, MicroUsd, Ppb, Ppm, Quantity, Ticks } from "./units.ts";

describe("units", () => {
  test("a quantity is a number, a number is no quantity", () => {
    expectTypeOf<MicroUsd>().toExtend<number>();
    expectTypeOf<number>().not.toExtend<MicroUsd>();
  });

  test("no unit passes for another", () => {
    expectTypeOf<Lots>().not.toExtend<MicroUsd>();
    expectTypeOf<Ticks>().not.toExtend<Lots>();
    expectTypeOf<Ppb>().not.toExtend<Ppm>();
    expectTypeOf<Quantity<string>>().not.toExtend<Lots>();
  });

  test("a sum keeps the unit of its terms", () => {
    expectTypeOf(plus<"Lots">).parameters.toEqualTypeOf<[Lots, Lots]>();
    expectTypeOf(plus<"Lots">).returns.toEqualTypeOf<Lots>();
  });
});
