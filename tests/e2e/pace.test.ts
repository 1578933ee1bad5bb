/**
 * The pages on a busy venue, briefly. Whether they are fast enough is measured by `npm run bench -- window` on a machine with nothing else to do;
 * here it is seen that they stand it at all: that they are told and show what happens, are not kept for long, and keep nothing.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BusyTraders, openBusyTraders } from "../../bench/lib/window/busyTraders.ts";
import { CELLS, SYMBOL, openBusyVenue } from "../../bench/lib/window/busyVenue.ts";
import type { NodeProcess } from "../../bench/lib/window/nodeProcess.ts";
import { tracePage } from "../../bench/lib/window/trace.ts";
import { putProbe, watchPage } from "../../bench/lib/window/watch.ts";
import { goTo, hindrance, openBrowser, openWindow } from "./harness.ts";

const TIMEOUT = 300_000;
const BIN = fileURLToPath(new URL("../../packages/cli/bin/bulkhead.js", import.meta.url));
const RATE = 700;
const WATCHED_MS = 10_000;
/** What even a machine with much else to do keeps to: of the processor's time for a task, of the heap, and of what the page was told. */
const [LONGEST_CPU_MS, HEAP_RATIO, LEAST_MESSAGES] = [250, 1.5, 20];
const TRACES = fileURLToPath(new URL("../../artefacts", import.meta.url));

describe.skipIf(hindrance !== undefined)("on a busy venue", () => {
  let node: NodeProcess;
  let traders: BusyTraders;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(TRACES, { recursive: true });
    [node, browser] = await Promise.all([openBusyVenue(BIN), openBrowser()]);
    traders = await openBusyTraders(node.url);
    traders.trade(RATE);
  }, TIMEOUT);
  afterAll(async () => {
    await browser?.close();
    await traders?.stop();
    await node?.stop();
  }, TIMEOUT);

  test(
    "ten thousand buckets have a cell each, and the page goes on",
    async () => {
      const { page, complaints, close } = await openWindow(browser, { isMoving: true });
      await putProbe(page);
      await goTo(page, node.url);
      const map = page.getByRole("figure", { name: /^[\d,]+ buckets, the unhealthiest first/ });
      const cells = await map.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas;
        const drawn = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
        return drawn.filter((value, index) => index % 4 === 3 && value > 0).length;
      });
      expect(cells).toBe(CELLS);
      const watching = await watchPage(page);
      const endTrace = await tracePage(browser, page, join(TRACES, "pace-venue.trace.json"));
      await page.waitForTimeout(WATCHED_MS);
      expect(await endTrace()).toBeLessThan(LONGEST_CPU_MS);
      const seen = await watching.seen();
      expect(seen.messages["ticker"]).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "the book is told and shown as it changes, and nothing of it is kept",
    async () => {
      const { page, complaints, close } = await openWindow(browser, { isMoving: true });
      await putProbe(page);
      await goTo(page, `${node.url}/trade/${SYMBOL}`);
      const watching = await watchPage(page);
      const before = await watching.kept();
      const shown = await page.locator("main tbody").first().textContent();
      const endTrace = await tracePage(browser, page, join(TRACES, "pace-trade.trace.json"));
      await page.waitForTimeout(WATCHED_MS);
      expect(await endTrace()).toBeLessThan(LONGEST_CPU_MS);
      const seen = await watching.seen();
      const after = await watching.kept();
      expect(seen.messages["book"]).toBeGreaterThan(LEAST_MESSAGES);
      expect(await page.locator("main tbody").first().textContent()).not.toBe(shown);
      expect(after.heapKb / before.heapKb).toBeLessThan(HEAP_RATIO);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );
});
