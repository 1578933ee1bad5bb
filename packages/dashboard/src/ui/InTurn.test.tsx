// @vitest-environment happy-dom
import { act, cleanup, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InTurn } from "./InTurn.tsx";

/** Frames come when the test says so, and time passes when somebody works. */
let frames: (() => void)[] = [];
let now = 0;
const frame = (): void => {
  const due = frames;
  frames = [];
  act(() => due.forEach((each) => each()));
};

beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (work: () => void) => frames.push(work));
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function Work({ ms, children }: { readonly ms: number; readonly children: string }): ReactNode {
  now += ms;
  return children;
}

const panels = (...named: readonly [string, number][]): ReactNode =>
  named.map(([name, ms]) => (
    <InTurn key={name}>
      <Work ms={ms}>{name}</Work>
    </InTurn>
  ));

test("panels are drawn in their order, as many a frame as there is time for, and one that takes long alone", () => {
  const { container } = render(panels(["a", 1], ["b", 2], ["c", 40], ["d", 1], ["e", 20]));
  const seen = [container.textContent];
  for (let count = 0; count < 3; count++) {
    frame();
    seen.push(container.textContent);
  }
  expect(seen).toEqual(["", "abc", "abcde", "abcde"]);
  expect(frames).toEqual([]);
  expect(container.querySelector("[data-awaits-turn]")).toBeNull();
});

test("whoever has gone before his turn takes none of it", () => {
  const { container, rerender } = render(panels(["a", 40], ["b", 40], ["c", 40]));
  frame();
  expect(container.querySelectorAll("[data-awaits-turn]")).toHaveLength(2);
  rerender(panels(["a", 40], ["c", 40]));
  frame();
  expect([container.textContent, container.querySelector("[data-awaits-turn]")]).toEqual(["ac", null]);
});

test("a page that nobody sees is drawn all the same", () => {
  vi.useFakeTimers();
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const { container } = render(panels(["a", 40], ["b", 40]));
  act(() => void vi.runAllTimers());
  expect([container.textContent, frames.length]).toEqual(["ab", 0]);
  vi.useRealTimers();
});
