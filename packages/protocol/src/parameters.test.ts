import { PARAMETERS, VENUE_PARAMETERS } from "@bulkhead/engine";
import { expect, test } from "vitest";
import { parameterMeaning } from "./parameters.ts";

test("every parameter has a unit, and one that is not known has none", () => {
  for (const name of [...Object.keys(PARAMETERS), ...Object.keys(VENUE_PARAMETERS)])
    expect(parameterMeaning(name)?.unit, name).not.toBe("");
  expect(parameterMeaning("initialMargin")).toEqual({ unit: "ppm", safer: "higher" });
  expect(parameterMeaning("band")).toEqual({ unit: "ppm of mark", safer: "lower" });
  expect(parameterMeaning("wishes")).toBeUndefined();
});
