/** The incident room and the Verify page: the engine itself in a browser, against what the command line says. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { batchBytes } from "@bulkhead/protocol/log";
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

const TIMEOUT = 240_000;
const BIN = fileURLToPath(new URL("../../packages/cli/bin/bulkhead.js", import.meta.url));
const STORY = "A11";

interface Totals {
  readonly [name: string]: unknown;
}

describe.skipIf(hindrance !== undefined)("the rooms in which the engine runs in the page", () => {
  const scene = furnish(startDemo);

  const wholeRoom = async (page: Page, address: string): Promise<void> => {
    await goTo(page, `${scene.node.url}/incidents/${address}`);
    await page.getByText("both sides computed in").waitFor({ timeout: 90_000 });
  };

  test(
    "show every incident and drill, and find one by words and layer",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, `${scene.node.url}/incidents`);
      await page.getByRole("heading", { name: /^Incidents What happened/ }).waitFor();
      expect(await page.getByRole("region", { name: "Incidents" }).getByRole("listitem").count()).toBe(21);
      const all = await page
        .getByRole("listitem")
        .filter({ has: page.getByRole("link") })
        .count();
      await page.getByLabel("Search").fill("mango");
      await expect
        .poll(() => page.getByRole("region", { name: "Incidents" }).getByRole("listitem").count())
        .toBe(1);
      expect(page.url()).toContain("q=mango");
      await page.getByLabel("Search").fill("");
      await page.getByLabel("Layer attacked").selectOption("vault");
      await expect.poll(() => page.locator("main li").count()).toBeLessThan(all);
      expect(page.url()).toContain("layer=vault");
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "play an incident to its end on both sides, to the totals that the command line tells",
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        BIN,
        "incidents",
        "--id",
        STORY,
        "--json",
      ]);
      const [report] = JSON.parse(stdout) as { readonly defended: Totals; readonly undefended: Totals }[];
      const { page, complaints, close } = await openWindow(scene.browser);
      await wholeRoom(page, `${STORY}?speed=8`);
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.getByText("What it came to").waitFor({ timeout: 60_000 });
      for (const side of ["defended", "undefended"] as const)
        for (const [name, value] of Object.entries(report?.[side] ?? {})) {
          if (name === "refusals") continue;
          const shown = await page.locator(`[data-total="${name}.${side}"]`).getAttribute("data-value");
          expect(JSON.parse(shown ?? "null"), `${name} ${side}`).toEqual(value);
        }
      expect(Object.keys(report?.defended ?? {}).length).toBeGreaterThan(5);
      expect(await page.getByText("✗ not held").count()).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "are moved by keys, keep both sides at one step, and are linked to by step and speed",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await wholeRoom(page, `${STORY}?step=7&speed=4`);
      const slider = page.getByRole("slider", { name: "Step" });
      await expect.poll(() => slider.inputValue()).toBe("7");
      expect(await page.getByLabel("Speed").inputValue()).toBe("4");
      await page.locator("main").focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowLeft");
      await expect.poll(() => slider.inputValue()).toBe("8");
      expect(page.url()).toMatch(/step=8&speed=4$/);
      await page.keyboard.press("Space");
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.keyboard.press("Space");
      await page.keyboard.press("Home");
      await expect.poll(() => slider.inputValue()).toBe("1");
      const captions = await page.locator("[data-caption]").allTextContents();
      expect(captions).toHaveLength(2);
      expect(captions[0]).toBe(captions[1]); // both begin alike
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "verify a live node's log, look at a command, and find a byte that was changed in a downloaded segment",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      await goTo(page, `${scene.node.url}/verify`);
      await page.getByRole("button", { name: /^Verify [\d,]+ commands/ }).click();
      await page.locator("[data-verdict]").waitFor({ timeout: 120_000 });
      expect(await page.locator("[data-verdict]").getAttribute("data-verdict")).toBe("stands");
      await shoot(page, "verify-done-dark", true);
      await page.getByLabel("From command").fill("5");
      await page.getByRole("button", { name: /^Show/ }).click();
      await page.locator("[data-entries] li").first().waitFor({ timeout: 60_000 });
      expect(await page.locator("[data-entries] li").first().textContent()).toContain("#5");

      await page.getByLabel("From command").fill("999999999");
      await page.getByRole("button", { name: /^Show/ }).click();
      await page.getByText(/^The log ends with command #/).waitFor({ timeout: 60_000 });

      const { segments } = (await (await fetch(`${scene.node.url}/v1/log`)).json()) as {
        readonly segments: readonly { readonly segment: string }[];
      };
      const name = segments[0]?.segment ?? "";
      const bytes = Buffer.from(await (await fetch(`${scene.node.url}/v1/log/${name}`)).arrayBuffer());
      const input = page.locator('input[type="file"]');
      await input.setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
      await expect
        .poll(() => page.locator("[data-verdict]").getAttribute("data-verdict"), { timeout: 120_000 })
        .toBe("stands");
      const damagedAt = 4_096 + 100;
      bytes[damagedAt] = (bytes[damagedAt] ?? 0) ^ 1;
      await input.setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
      await expect.poll(() => page.locator('[data-verdict="falls"]').count(), { timeout: 60_000 }).toBe(1);
      // Of a segment that is being written the salt is not told, and with it the sums: the next batch shows that it links to another.
      const next = 4_096 + batchBytes(bytes.readUInt32LE(4_096 + 4));
      const place = Number((await page.locator("[data-at]").textContent())?.replaceAll(",", ""));
      expect([4_096, next]).toContain(place);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test.each([
    ["incidents", "/incidents"],
    ["room", `/incidents/A1?step=40`],
    ["verify", "/verify"],
  ])(
    "keep nobody out at %s, in both themes and on a phone",
    async (name, path) => {
      for (const theme of ["dark", "light"] as const) {
        const { page, complaints, close } = await openWindow(scene.browser, { theme });
        await goTo(page, scene.node.url + path);
        if (name === "room") await page.getByText("both sides computed in").waitFor({ timeout: 90_000 });
        expect(await seriousViolations(page), `${path} ${theme}`).toEqual([]);
        await shoot(page, `${name}-${theme}`, true);
        await page.setViewportSize(SIZES.phone);
        await page.waitForTimeout(300);
        expect(await tooWide(page), `${path} ${theme}`).toEqual([]);
        expect(await tooWide(page, true), `${path} ${theme} with long figures`).toEqual([]);
        await shoot(page, `${name}-${theme}-phone`, true);
        expect(complaints).toEqual([]);
        await close();
      }
    },
    TIMEOUT,
  );
});
