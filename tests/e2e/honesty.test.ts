/** Nothing is shown as true that may not be: a node that hangs, and comes back; an address that leads nowhere. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { furnish, goTo, hindrance, openWindow, shoot, startDemo, whole } from "./harness.ts";

const TIMEOUT = 240_000;
const WAIT = { timeout: 60_000 } as const;

/** Titles of panels that show something, and say neither that it may not be true any more nor that nothing could be told. */
function confident(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("main section:has(> header > h2)")]
      .filter((panel) => !(panel instanceof HTMLElement && panel.dataset["stale"] !== undefined))
      .filter((panel) => panel.querySelector('[aria-label="Loading"], [role="alert"]') === null)
      .map((panel) => panel.querySelector("h2")?.textContent ?? ""),
  );
}

describe.skipIf(hindrance !== undefined)("what is shown", () => {
  const scene = furnish(startDemo);

  test.each(["/", "/trade/SOL-PERP", "/account/withdrawals", "/oracle", "/governance"])(
    "at %s says that it may not be true while the node hangs, and is true again when it goes on",
    async (path) => {
      const { page, complaints, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      await page.addInitScript(
        (mine) => localStorage.setItem("bulkhead.demoKey", mine),
        /--key (0x[0-9a-f]{64})/.exec(scene.node.output())?.[1] ?? "",
      );
      await goTo(page, scene.node.url + path);
      await page.getByRole("button", { name: "Log in" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^Demo key/ })
        .click();
      await page.getByRole("button", { name: /^0x/ }).waitFor();
      await whole(page);
      try {
        scene.node.hang(true);
        await page.locator('header [data-phase="stale"], header [data-phase="lost"]').waitFor();
        await page
          .getByRole("alert")
          .filter({ hasText: /was true after command #[\d,]+/ })
          .waitFor();
        await expect.poll(() => confident(page), WAIT).toEqual([]);
        await shoot(page, `hang-${path.replaceAll(/\W+/g, "") || "venue"}-dark`, true);
      } finally {
        scene.node.hang(false);
      }
      await page.locator('header [data-phase="live"]').waitFor();
      await expect.poll(() => page.locator("main [data-stale]").count(), WAIT).toBe(0);
      expect(complaints.filter((each) => !/Failed to load resource|WebSocket/.test(each))).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "at an address that leads nowhere is that it does, and where to go",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      await page.goto(`${scene.node.url}/no/such/page`);
      await page.getByRole("heading", { name: "Not found" }).waitFor();
      await page.goto(`${scene.node.url}/trade/NO-PERP`);
      await page.getByText("There is no market NO-PERP").waitFor();
      await page.goto(`${scene.node.url}/incidents/Z99`);
      await page
        .getByText(/There is no (?:incident|story)|no .*Z99/i)
        .first()
        .waitFor();
      await close();
    },
    TIMEOUT,
  );
});
