import { expect, test } from "vitest";
import { rampOf } from "./ramp.ts";

const lightness = (colour: number): number =>
  0.2126 * (colour & 255) + 0.7152 * ((colour >> 8) & 255) + 0.0722 * ((colour >> 16) & 255);

test.each([
  ["danger", "dark", 1],
  ["danger", "light", -1],
  ["amount", "dark", 1],
  ["amount", "light", -1],
] as const)("%s on %s can be read by its lightness alone", (ramp, theme, direction) => {
  const steps = [...rampOf(ramp, theme)].map(lightness);
  expect(steps).toHaveLength(256);
  for (let index = 16; index < 256; index++)
    expect(direction * ((steps[index] as number) - (steps[index - 16] as number))).toBeGreaterThan(0);
});
