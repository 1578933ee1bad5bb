/** What stands around every page, in a browser on a node as `npm start` runs it. */
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

const TIMEOUT = 180_000;
const PATHS = ["/", "/trade", "/account", "/oracle", "/governance", "/incidents", "/verify"] as const;

describe.skipIf(hindrance !== undefined)("the dashboard", () => {
  const scene = furnish(startDemo);

  test(
    "shows a venue that is live, with the command it reflects",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, scene.node.url);
      expect(await page.title()).toBe("Venue · Bulkhead demo");
      const sequence = async (): Promise<number> => {
        const text = await page.locator("[data-phase]").first().textContent();
        return Number(/#([\d,]+)/.exec(text ?? "")?.[1]?.replaceAll(",", ""));
      };
      const first = await sequence();
      expect(first).toBeGreaterThan(0);
      await expect.poll(sequence, { timeout: 10_000 }).toBeGreaterThan(first);
      await page.getByRole("link", { name: "BTC-PERP" }).waitFor();
      await shoot(page, "venue-dark");
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test.each(PATHS)(
    "has nothing at %s that keeps somebody out, in both themes and on a phone",
    async (path) => {
      for (const theme of ["dark", "light"] as const) {
        const { page, complaints, close } = await openWindow(scene.browser, { theme });
        await goTo(page, scene.node.url + path);
        const violations = await seriousViolations(page);
        const name = path === "/" ? "venue" : path.slice(1);
        await shoot(page, `${name}-${theme}`);
        await page.setViewportSize(SIZES.phone);
        await page.waitForTimeout(200);
        await shoot(page, `${name}-${theme}-phone`);
        const wide = [await tooWide(page), await tooWide(page, true)];
        expect(violations, `${path} ${theme}`).toEqual([]);
        expect(wide, `${path} ${theme} as it is, and with long figures`).toEqual([[], []]);
        expect(complaints).toEqual([]);
        await close();
      }
    },
    TIMEOUT,
  );

  test(
    "changes its theme, and keeps the choice",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      await goTo(page, scene.node.url);
      const theme = (): Promise<string | undefined> =>
        page.evaluate(() => document.documentElement.dataset["theme"]);
      expect(await theme()).toBe("dark");
      await page.getByRole("button", { name: /^Theme: system/ }).click();
      await page.getByRole("button", { name: /^Theme: dark/ }).click();
      expect(await theme()).toBe("light");
      await page.reload();
      expect(await theme()).toBe("light");
      await close();
    },
    TIMEOUT,
  );

  test(
    "is reached by keys alone",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      await goTo(page, scene.node.url);
      await page.keyboard.press("Tab");
      const focused = (): Promise<string> =>
        page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
      expect(await focused()).toBe("To the content");
      const names: string[] = [];
      for (let presses = 0; presses < 9; presses++) {
        await page.keyboard.press("Tab");
        names.push(await focused());
      }
      expect(names).toEqual(
        expect.arrayContaining(["Venue", "Trade", "Account", "Oracle", "Governance", "Incidents", "Verify"]),
      );
      await page.keyboard.press("g");
      await page.keyboard.press("t");
      await page.waitForURL("**/trade");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor({ state: "hidden" });
      await close();
    },
    TIMEOUT,
  );

  test(
    "lets somebody in with a key of his own, keeps him over a reload, and lets him out",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, `${scene.node.url}/account`);
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("button", { name: /Demo key/ }).click();
      const own = page.getByRole("button", { name: /^0x[0-9a-f]{4}…/ });
      await own.waitFor();
      await page.getByRole("heading", { name: "Vault" }).waitFor();
      await shoot(page, "account-own-dark");
      await page.reload();
      await own.waitFor();
      await own.click();
      await shoot(page, "account-dialog-dark");
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByRole("button", { name: "Log in" }).waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "says so when the venue is not there any more",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      await goTo(page, scene.node.url);
      await page.context().setOffline(true);
      await page.locator('[data-phase="lost"]').waitFor({ timeout: 20_000 });
      await page.getByRole("alert").filter({ hasText: "may not be now" }).waitFor();
      await shoot(page, "venue-lost-dark");
      await page.context().setOffline(false);
      await page.locator('[data-phase="live"]').waitFor({ timeout: 30_000 });
      await close();
    },
    TIMEOUT,
  );
});
