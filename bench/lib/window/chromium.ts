/** Debian's Chromium, and windows of it: for whoever looks at pages, to test them or to measure them. */
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";

/** Where the browser is; `CHROMIUM_PATH` names another one. */
export const CHROMIUM: string = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** @throws if the browser cannot be started */
export function openBrowser(): Promise<Browser> {
  // In a container without user namespaces Chromium's own sandbox cannot be set up; the pages are our own.
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
}

export interface Window {
  readonly page: Page;
  /** What the page complained of: errors, violations of its policy, failed requests. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

export const SIZES = {
  desk: { width: 1440, height: 900 },
  phone: { width: 360, height: 740 },
} as const;

export interface WindowOptions {
  readonly theme?: "dark" | "light";
  readonly size?: keyof typeof SIZES;
  /** Whether what moves is shown moving; false if not told. */
  readonly isMoving?: boolean;
}

/** A window of its own, with nothing kept from others: its cache is empty. */
export async function openWindow(
  browser: Browser,
  { theme = "dark", size = "desk", isMoving = false }: WindowOptions = {},
): Promise<Window> {
  const options: BrowserContextOptions = {
    viewport: SIZES[size],
    colorScheme: theme,
    reducedMotion: isMoving ? "no-preference" : "reduce",
  };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`${error.message}\n${error.stack ?? ""}`));
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy/.test(message.text()))
      complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

/** Goes to a path and waits until the page is live. */
export async function goTo(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('[data-phase="live"]').waitFor();
  await whole(page);
}

/** Until then something is on its way, or awaits its turn to be drawn: every page says so by the same signs. */
export async function whole(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('main [aria-label="Loading"], main [data-awaits-turn]') === null,
  );
}
