/** The pages about the venue as a whole, in a browser: its compartments, a crash that a layer pays for, prices down to their sources, governance. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { furnish, SIZES, goTo, hindrance, openWindow, seriousViolations, shoot, tooWide } from "./harness.ts";
import { openStage } from "./stage.ts";

const TIMEOUT = 240_000;
const SOON = 30_000;

describe.skipIf(hindrance !== undefined)("the venue's pages", () => {
  const scene = furnish(openStage);

  test(
    "draws every compartment, and shows one in full at a key",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, scene.node.url);
      const hull = page.getByRole("group", { name: /^The venue/ });
      await hull.waitFor();
      for (const tier of [0, 1, 2, 3])
        expect(await hull.locator(`[data-tier="${tier}"]`).count(), `tier ${tier}`).toBe(1);
      for (const layer of ["Insurance fund", "Venue's first tranche", "Cover that was bought"])
        expect(await hull.locator(`[data-layer="${layer}"]`).count()).toBe(3);
      expect(await hull.locator('[data-tier="1"] [data-layer="Insurance fund"]').textContent()).toContain(
        "500k USD",
      );
      const alts = page.getByRole("button", { name: /^Alts/ });
      await alts.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\?tier=2/);
      await page.getByRole("region", { name: "Details of alts" }).waitFor();
      await page.getByRole("region", { name: "Breakers of tier 2" }).getByText("SOL-PERP").waitFor();
      await page.getByRole("button", { name: /In custody over owed/ }).click();
      const dialog = page.getByRole("dialog", { name: /^What is in custody/ });
      await dialog.getByRole("cell", { name: "BTC", exact: true }).waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      await page.goto(`${scene.node.url}/?tier=3&what=posture`);
      await page.getByRole("region", { name: "Details of experimental" }).waitFor();
      expect(await page.getByLabel("Shown").inputValue()).toBe("posture");
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "keeps nobody out, in both themes and on a phone",
    async () => {
      for (const path of ["/", "/oracle", "/governance", "/governance?view=parameters"])
        for (const theme of ["dark", "light"] as const) {
          const { page, complaints, close } = await openWindow(scene.browser, { theme });
          await goTo(page, scene.node.url + path);
          expect(await seriousViolations(page), `${path} ${theme}`).toEqual([]);
          const name = path === "/" ? "venue" : path.slice(1).replace(/\W+/g, "-");
          await shoot(page, `${name}-whole-${theme}`, true);
          await page.setViewportSize(SIZES.phone);
          await page.waitForTimeout(500);
          expect(await tooWide(page), `${path} ${theme}`).toEqual([]);
          expect(await tooWide(page, true), `${path} ${theme} with long figures`).toEqual([]);
          await shoot(page, `${name}-whole-${theme}-phone`, true);
          expect(complaints).toEqual([]);
          await close();
        }
    },
    TIMEOUT,
  );

  test(
    "tells a price down to its sources",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, `${scene.node.url}/oracle?market=SOL-PERP`);
      const sources = page.getByRole("region", { name: "Sources of SOL-PERP" });
      await sources.waitFor();
      expect(await sources.getByText("counted").count()).toBe(3);
      await page.getByText("It forbids nothing.").waitFor();
      await page.getByRole("button", { name: "DOGE-PERP" }).click();
      await page.waitForURL(/market=DOGE-PERP/);
      await page.getByRole("region", { name: "Sources of DOGE-PERP" }).waitFor();
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "announces a change with its direction, and finds what is in force",
    async () => {
      await scene.node.propose("initialMargin", 60_000);
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, `${scene.node.url}/governance`);
      const card = page.locator("main section", { hasText: "initial margin" });
      await card.getByText("tightening").first().waitFor();
      const text = (await card.first().textContent()) ?? "";
      expect(text).toMatch(/5 %.*6 %/);
      expect(text).toMatch(/can be carried out in (?:1 d 23 h|2 d)/);
      expect(text).toContain("0 of 2");
      expect(text).toContain("may cancel it");
      expect(await seriousViolations(page)).toEqual([]);
      await shoot(page, "governance-pending-dark", true);
      await page.getByRole("tab", { name: "Parameters in force" }).click();
      await page.getByLabel("Search").fill("maintenance");
      await page.waitForURL(/search=maintenance/);
      const table = page.getByRole("region", { name: "Parameters in force" });
      await table.getByText("BTC-PERP").first().waitFor();
      expect(await table.getByText("taker fee").count()).toBe(0);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save Parameters in force as CSV" }).click(),
      ]);
      const csv = await readFile(await download.path(), "utf8");
      expect(csv.split("\r\n")[0]).toBe("Of,Parameter,In force,As the engine has it,In,Safer");
      expect(csv).toContain("BTC-PERP,maintenanceRatio,600000,600000,ppm of initial margin,higher");
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "shows a crash while it happens: the breaker trips, and a layer pays",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, scene.node.url);
      const majors = page.locator('[data-tier="1"]');
      const market = majors.getByRole("link").filter({ hasText: "BTC-PERP" });
      await market.filter({ hasText: "normal" }).waitFor();
      for (const share of [0.96, 0.9, 0.84, 0.84]) await scene.node.setPrices(share);
      const paying = majors.locator('[data-layer="Venue\'s first tranche"][data-paying]');
      await paying.waitFor({ timeout: SOON });
      expect(await paying.textContent()).toMatch(/paid [\d.,]+[kM]? USD/);
      await market.filter({ hasText: /caution|reduce only/ }).waitFor({ timeout: SOON });
      await shoot(page, "venue-crash-dark");
      const timeline = page.getByRole("region", { name: "Timeline" });
      await timeline
        .getByText(/BTC-PERP: breaker normal → (?:caution|reduce only)/)
        .first()
        .waitFor({ timeout: SOON });
      await timeline
        .getByText(/Venue's first tranche paid/)
        .first()
        .waitFor({ timeout: SOON });
      await page
        .getByRole("region", { name: "What layers of tier 1 paid" })
        .getByText("Venue's first tranche")
        .waitFor({ timeout: SOON });
      // The walls hold: what tier 1 has lost, tier 2 has not.
      expect(
        await page.locator('[data-tier="2"] [data-layer="Venue\'s first tranche"]').textContent(),
      ).toContain("25.0k USD");
      expect(await seriousViolations(page)).toEqual([]);
      await shoot(page, "venue-crash-whole-dark", true);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );
});
