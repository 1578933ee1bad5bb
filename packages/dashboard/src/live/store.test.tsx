// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { inFrame } from "./frames.ts";
import { createStore, isAlike, useStore } from "./store.ts";

afterEach(cleanup);

test("a component is drawn again only when its part has changed", () => {
  const store = createStore({ mark: "1", index: "1" });
  let drawn = 0;
  function Mark() {
    const { mark } = useStore(store, (all) => ({ mark: all.mark }));
    drawn += 1;
    return <p>{mark}</p>;
  }
  render(<Mark />);
  act(() => store.set({ mark: "1", index: "2" }));
  expect(drawn).toBe(1);
  act(() => store.set({ mark: "3", index: "2" }));
  expect([drawn, screen.getByText("3").textContent]).toEqual([2, "3"]);
});

test("work that is asked for often is done once a frame, and what fails does not keep the rest", async () => {
  const [fails, works] = [vi.fn(() => expect.unreachable()), vi.fn()];
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  for (let times = 0; times < 100; times++) [fails, works].forEach(inFrame);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([fails.mock.calls.length, works.mock.calls.length, reported.mock.calls.length]).toEqual([1, 1, 1]);
  vi.unstubAllGlobals();
});

test("values are alike field by field, one deep", () => {
  expect(isAlike({ a: 1, b: "x" }, { b: "x", a: 1 })).toBe(true);
  expect(isAlike({ a: undefined }, { b: undefined })).toBe(false);
  expect(isAlike([1, 2], { 0: 1, 1: 2 })).toBe(false);
  expect(isAlike({ a: {} }, { a: {} })).toBe(false);
  expect(isAlike(null, {})).toBe(false);
});
