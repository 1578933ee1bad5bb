/** Everything by keys alone: every dialog is entered, keeps focus, ends with Escape, and gives focus back to whoever opened it. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { furnish, goTo, hindrance, openWindow } from "./harness.ts";
import { openStage } from "./stage.ts";

const TIMEOUT = 240_000;
const WAIT = { timeout: 30_000 } as const;
/** More stops than any page has before what is looked for. */
const MOST_STOPS = 150;

/** What has focus, as it is called. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    if (element === null || element === document.body || element === document.documentElement)
      return "nothing";
    const label =
      element.getAttribute("aria-label") ?? (element as HTMLInputElement).labels?.[0]?.textContent;
    return (label ?? element.textContent ?? "").trim() || element.id;
  });
}

/** Goes from stop to stop until it is at what is called so. */
async function reach(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    const here = await focused(page);
    if (name.test(here)) return;
    passed.push(here);
    await page.keyboard.press(key);
  }
  throw new Error(`${String(name)} was not reached by ${key}; stops: ${passed.join(" | ")}`);
}

function inDialog(page: Page): Promise<boolean> {
  return page.evaluate(
    () => document.querySelector("dialog[open]")?.contains(document.activeElement) ?? false,
  );
}

/** What has focus behind a dialog, in so many words; undefined if nothing has that. */
function strayed(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const { activeElement: element, body, documentElement } = document;
    const isNowhere = element === null || element === body || element === documentElement;
    if (isNowhere || document.querySelector("dialog[open]")?.contains(element)) return undefined;
    return element.outerHTML.slice(0, 200);
  });
}

/** A dialog is open, has focus, and lets nothing behind it have any. @param first - what has focus at once */
async function expectCaught(page: Page, name: string | RegExp, first: RegExp): Promise<void> {
  await page.getByRole("dialog", { name }).waitFor();
  await expect.poll(() => focused(page), WAIT).toMatch(first);
  for (const key of ["Tab", "Shift+Tab"])
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press(key);
      // Beyond its last stop is the browser itself, and then its first one.
      expect(await strayed(page), `${String(name)} after ${key}`).toBeUndefined();
    }
  for (let presses = 0; presses < 12 && !(await inDialog(page)); presses++) await page.keyboard.press("Tab");
}

/** Ends it by Escape: focus is where it was. */
async function expectBack(page: Page, opener: RegExp): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await expect.poll(() => focused(page), WAIT).toMatch(opener);
}

/** Whether what has focus shows it: by a ring of two pixels or more, in the colour that says so. */
function ring(page: Page): Promise<{ readonly width: number; readonly style: string }> {
  return page.evaluate(() => {
    const { outlineWidth, outlineStyle } = getComputedStyle(document.activeElement ?? document.body);
    return { width: Number.parseFloat(outlineWidth), style: outlineStyle };
  });
}

describe.skipIf(hindrance !== undefined)("by keys alone", () => {
  const scene = furnish(openStage);

  test(
    "one logs in, moves money, trades, changes one's mind, and is never lost in a dialog",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      const press = (...keys: readonly string[]): Promise<void> =>
        keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
      await goTo(page, `${scene.node.url}/account`);

      await reach(page, /^Log in$/);
      await press("Enter");
      await expectCaught(page, "Log in", /^Demo key/);
      await expectBack(page, /^Log in$/);
      await press("Enter");
      await expect.poll(() => focused(page), WAIT).toMatch(/^Demo key/);
      await press("Enter");
      await page.getByRole("button", { name: /^0x/ }).waitFor();
      await expect.poll(() => focused(page), WAIT).toMatch(/^0x/);
      await press("Enter");
      await expectCaught(page, "Logged in", /./);
      await expectBack(page, /^0x/);

      await reach(page, /^Deposit play money$/);
      await press("Enter");
      await page.getByText("10,000.000000").waitFor();
      await reach(page, /^Balances$/, "Shift+Tab");
      await press("ArrowRight");
      await page.waitForURL("**/account/move");
      await reach(page, /^Amount$/);
      await page.keyboard.type("5000");
      await press("Enter");
      await page.getByText("5,000 USD allocated").waitFor();

      await reach(page, /shortcuts$/);
      await press("g", "t");
      await page.waitForURL("**/trade");
      await page.getByRole("button", { name: /Choose another market/ }).waitFor();
      await expect.poll(() => focused(page), WAIT).not.toBe("nothing");
      await press("m");
      await expectCaught(page, "Markets", /^Find a market$/);
      await expectBack(page, /./);
      await press("?");
      await expectCaught(page, "Keyboard shortcuts", /./);
      await expectBack(page, /./);

      await press("b");
      await reach(page, /^Price$/);
      await page.keyboard.type("50000");
      await reach(page, /^Amount$/);
      await page.keyboard.type("0.001");
      await press("Enter");
      await expectCaught(page, "Buy BTC-PERP?", /^Place the order$/);
      // Keys of the page do nothing behind a question.
      await press("s", "m", "?");
      expect(await page.locator("dialog[open]").count()).toBe(1);
      await expectBack(page, /^Amount$/);
      await press("Enter");
      await expect.poll(() => focused(page)).toMatch(/^Place the order$/);
      await press("Enter");
      await page.getByRole("tab", { name: "Orders 1" }).waitFor();

      await reach(page, /^Buy BTC-PERP$|^More$/);
      await press("o");
      await expect.poll(() => focused(page)).toMatch(/^Cancel order/);
      await reach(page, /^Change order/, "Shift+Tab");
      await press("Enter");
      await expectCaught(page, /^Change/, /^Price$/);
      await reach(page, /^Back$/);
      await press("Enter");
      await page.locator("dialog[open]").waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toMatch(/^Change order/);
      await reach(page, /^Cancel all/);
      await press("Enter");
      await expectCaught(page, "Cancel all orders?", /^Cancel all$/);
      await expectBack(page, /^Cancel all/);
      await press("Enter");
      await expect.poll(() => focused(page)).toMatch(/^Cancel all$/);
      await press("Enter");
      await page.getByText("No open orders").waitFor();
      await expect.poll(() => focused(page)).not.toBe("nothing");

      await scene.node.offer();
      await press("b");
      await reach(page, /^Price$/);
      await press("Control+a");
      await page.keyboard.type("65000");
      await reach(page, /^Amount$/);
      await press("Control+a");
      await page.keyboard.type("0.01");
      await press("Enter");
      await expect.poll(() => focused(page), WAIT).toMatch(/^Place the order$/);
      await press("Enter");
      await page.getByRole("tab", { name: "Positions 1" }).waitFor();
      await reach(page, /^Orders/, "Shift+Tab");
      await press("ArrowLeft");
      await reach(page, /^Close BTC-PERP$/);
      await press("Enter");
      await expectCaught(page, /^Close/, /./);
      await expectBack(page, /^Close BTC-PERP$/);

      await press("g", "v");
      await page.waitForURL(`${scene.node.url}/`);
      await reach(page, /asset by asset/);
      await press("Enter");
      await expectCaught(page, /^What is in custody/, /./);
      await expectBack(page, /asset by asset/);

      await reach(page, /^0x/, "Shift+Tab");
      await press("Enter");
      await reach(page, /^Log out$/);
      await press("Enter");
      await page.getByRole("button", { name: "Log in" }).waitFor();
      await expect.poll(() => focused(page)).toBe("Log in");
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test.each(["dark", "light"] as const)(
    "one sees where one is, in the %s theme, and need not go through what every page has",
    async (theme) => {
      const { page, close } = await openWindow(scene.browser, { theme });
      page.setDefaultTimeout(WAIT.timeout);
      await goTo(page, `${scene.node.url}/trade/BTC-PERP`);
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "To the content" });
      await expect.poll(async () => (await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
      const seen = new Set<string>();
      for (let stops = 0; stops < 60; stops++) {
        await page.keyboard.press("Tab");
        const name = await focused(page);
        if (name === "nothing") break;
        seen.add(name);
        const { width, style } = await ring(page);
        const isHidden = await page.evaluate(() =>
          document.activeElement?.classList.contains("visually-hidden"),
        );
        // What is hidden, such as the radio of a side, is framed by what stands for it.
        if (isHidden !== true)
          expect({ name, isRinged: style !== "none" && width >= 1 }).toEqual({ name, isRinged: true });
      }
      expect(seen.size).toBeGreaterThan(15);
      await close();
    },
    TIMEOUT,
  );
});
