/** A trader's day in a browser, on a node as `npm start` runs it: in, money, an order, a fill, a change of mind, out. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import {
  furnish,
  SIZES,
  goTo,
  hindrance,
  openWindow,
  seriousViolations,
  shoot,
  startDemo,
  tooWide,
} from "./harness.ts";

const TIMEOUT = 300_000;
const WAIT = { timeout: 60_000 } as const;

describe.skipIf(hindrance !== undefined)("trading", () => {
  const scene = furnish(startDemo);

  /** Logs in with the key of the demo's guest, who has money in every tier. */
  const enter = async (page: Page, path: string): Promise<void> => {
    const key = /--key (0x[0-9a-f]{64})/.exec(scene.node.output())?.[1] ?? "";
    await page.addInitScript((mine) => localStorage.setItem("bulkhead.demoKey", mine), key);
    await goTo(page, scene.node.url + path);
    await page.getByRole("button", { name: /demo key$/ }).click();
    await page.getByRole("button", { name: /^0x[0-9a-f]{4}…/ }).waitFor(WAIT);
  };

  test(
    "places an order that is filled, sees the margin change, cancels another by keys alone, and logs out",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      await enter(page, "/trade/BTC-PERP");
      await page.getByRole("button", { name: "ask", exact: true }).waitFor();

      // Bought at the ask: the preview says what will come of it.
      await page.getByRole("combobox", { name: "Type" }).selectOption("market");
      await page.getByRole("textbox", { name: "Amount" }).fill("0.02");
      const preview = page.getByRole("group", { name: "Preview" });
      await expect.poll(() => preview.textContent(), WAIT).toMatch(/Filled at once0\.020 BTC/);
      const margin = (column: number): Promise<number> =>
        preview
          .getByRole("row", { name: /^Initial margin/ })
          .getByRole("cell")
          .nth(column)
          .textContent()
          .then((text) => Number(text?.replaceAll(",", "")));
      expect(await margin(1)).toBeGreaterThan(await margin(0));
      await shoot(page, "trade-preview-dark");
      await page.getByRole("button", { name: "Buy BTC-PERP" }).click();
      await page.getByRole("button", { name: "Place the order" }).click();
      const position = page.getByRole("region", { name: "Positions" }).getByRole("row", { name: /BTC-PERP/ });
      await position.waitFor();
      expect(await position.textContent()).toContain("long0.020 BTC");
      await page.getByRole("tab", { name: "Margin" }).click();
      const majors = page.getByRole("region", { name: "Margin" }).getByRole("row", { name: /^majors/ });
      await expect
        .poll(async () => Number((await majors.getByRole("cell").nth(2).textContent())?.replaceAll(",", "")))
        .toBeGreaterThan(0);

      // Placed and cancelled without a mouse.
      await page.locator("main").focus();
      await page.keyboard.press("b");
      await page.getByRole("combobox", { name: "Type" }).selectOption("limit");
      await page.keyboard.press("Escape");
      await page.getByRole("textbox", { name: "Price" }).focus();
      await page.keyboard.type("50000");
      await page.keyboard.press("Tab");
      await page.keyboard.type("0.001");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Buy BTC-PERP?" }).waitFor();
      await page.waitForFunction(() => document.activeElement?.textContent === "Place the order");
      await page.keyboard.press("Enter");
      await page.getByRole("tab", { name: "Orders 1" }).waitFor();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press("o");
      await page.waitForFunction(() =>
        document.activeElement?.getAttribute("aria-label")?.startsWith("Cancel order"),
      );
      await shoot(page, "trade-own-dark");
      expect(await seriousViolations(page)).toEqual([]);
      await page.keyboard.press("Enter");
      await page.getByText("No open orders").waitFor();

      await page.getByRole("button", { name: /^0x/ }).click();
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByRole("button", { name: "Log in" }).waitFor();
      expect(await page.getByRole("region", { name: "Positions" }).count()).toBe(0);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "says in words and numbers what the venue would refuse, before anything is sent",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      await enter(page, "/trade/ETH-PERP");
      await page.getByRole("combobox", { name: "Type" }).selectOption("market");
      await page.getByRole("textbox", { name: "Amount" }).fill("0.005");
      await page.getByText("no multiple of the lot 0.01").waitFor();
      expect(await page.getByRole("button", { name: "Buy ETH-PERP" }).isDisabled()).toBe(true);
      await page.getByRole("combobox", { name: "Type" }).selectOption("limit");
      await page.getByRole("button", { name: "bid", exact: true }).click();
      await page.getByRole("textbox", { name: "Amount" }).fill("5000");
      const refusal = page.getByRole("status").filter({ hasText: "The venue would refuse this" });
      await refusal.waitFor();
      await expect
        .poll(() => refusal.textContent(), WAIT)
        .toMatch(/Equity would not cover initial margin.*required[\d,.]+ USD/);
      await shoot(page, "trade-refusal-dark");
      await page.getByRole("button", { name: /^50 %/ }).click();
      await refusal.waitFor({ state: "detached" });
      const half = Number(await page.getByRole("textbox", { name: "Amount" }).inputValue());
      expect(half).toBeGreaterThan(0);
      expect(half).toBeLessThan(5_000);
      await close();
    },
    TIMEOUT,
  );

  test(
    "gives play money to somebody new, who allocates it and takes some out",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      await goTo(page, `${scene.node.url}/account`);
      await page.getByRole("button", { name: "Use a demo key" }).click();
      await page.getByRole("button", { name: "Deposit play money" }).click();
      await page.getByText("10,000.000000").waitFor();
      await page.getByRole("tab", { name: "Move money" }).click();
      const between = page.getByRole("form", { name: "Between vault and compartments" });
      await between.getByRole("textbox", { name: "Amount" }).fill("250.5");
      await between.getByRole("button", { name: "Sign and allocate" }).click();
      await page.getByText("250.5 USD allocated").waitFor();
      const out = page.getByRole("form", { name: "Withdraw" });
      await out.getByRole("textbox", { name: "Amount" }).fill("10");
      await out.getByRole("button", { name: "Sign and withdraw" }).click();
      await page.getByRole("tab", { name: "Withdrawals" }).click();
      await page.getByRole("region", { name: "Withdrawals" }).getByText("10.000000").first().waitFor();
      await page.getByRole("tab", { name: "Balances" }).click();
      await page.getByRole("region", { name: "Buckets" }).getByText("250.50").first().waitFor();
      await shoot(page, "account-own-dark");
      await page.getByRole("tab", { name: "Ledger" }).click();
      await page.getByRole("region", { name: "Ledger" }).waitFor();
      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: /Statement, CSV/ }).click();
      expect((await saved).suggestedFilename()).toMatch(/^statement-\d+\.csv$/);
      await shoot(page, "account-ledger-dark");
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "keeps nobody out, in either theme and on a phone",
    async () => {
      for (const theme of ["dark", "light"] as const) {
        const { page, close } = await openWindow(scene.browser, { theme });
        page.setDefaultTimeout(WAIT.timeout);
        await enter(page, "/trade/BTC-PERP?view=depth");
        await page.getByRole("tab", { name: "Fills" }).click();
        expect(await seriousViolations(page), `trade ${theme}`).toEqual([]);
        await page.getByRole("tab", { name: "1m" }).click();
        await shoot(page, `trade-${theme}`);
        for (const part of ["", "/move", "/withdrawals", "/orders", "/fills", "/ledger", "/sessions"]) {
          await goTo(page, `${scene.node.url}/account${part}`);
          expect(await seriousViolations(page), `account${part} ${theme}`).toEqual([]);
          await shoot(page, `account${part.replace("/", "-")}-${theme}`);
        }
        await page.setViewportSize(SIZES.phone);
        await goTo(page, `${scene.node.url}/trade/BTC-PERP`);
        for (const name of ["Chart", "Book", "Trades", "Order", "Yours"]) {
          await page.getByRole("tab", { name, exact: true }).click();
          expect(await tooWide(page), `${name} ${theme}`).toEqual([]);
          expect(await tooWide(page, true), `${name} ${theme} with long figures`).toEqual([]);
          await shoot(page, `trade-${name.toLowerCase()}-${theme}-phone`);
        }
        expect(await seriousViolations(page), `trade on a phone ${theme}`).toEqual([]);
        await close();
      }
    },
    TIMEOUT,
  );
});
