/** Wallets of browsers: found, asked, declining, changing under the page's feet; and sessions that end elsewhere. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { WALLET_NAME, giveWallet } from "./browserWallet.ts";
import { furnish, goTo, hindrance, openWindow, seriousViolations, shoot } from "./harness.ts";
import { openStage } from "./stage.ts";

const TIMEOUT = 240_000;
const WAIT = { timeout: 30_000 } as const;

const own = (page: Page) => page.getByRole("button", { name: /^0x[0-9a-f]{4}…/ });
const ask = async (page: Page, name: string): Promise<void> => {
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("dialog", { name: "Log in" }).getByRole("button", { name }).click();
};

const logIn = async (page: Page, name: string): Promise<void> => {
  await ask(page, name);
  await own(page).waitFor();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
};

describe.skipIf(hindrance !== undefined)("a wallet in the browser", () => {
  const scene = furnish(openStage);

  test(
    "logs in by a text that people can read, may decline, moves money, and trades without being asked again",
    async () => {
      const { page, complaints, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      const wallet = await giveWallet(page, 0x31);
      await goTo(page, `${scene.node.url}/account`);

      wallet.decline(true);
      await ask(page, WALLET_NAME);
      const dialog = page.getByRole("dialog", { name: "Log in" });
      await dialog.getByRole("alert").filter({ hasText: "it was declined in the wallet" }).waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await shoot(page, "wallet-declined-dark");
      wallet.decline(false);
      await dialog.getByRole("button", { name: WALLET_NAME }).click();
      await own(page).waitFor();
      expect(wallet.texts.at(-1)).toMatch(/^127\.0\.0\.1:\d+ wants you to sign in/);
      expect(wallet.asked).not.toContain("eth_signTypedData_v4");

      wallet.decline(true);
      await page.getByRole("button", { name: "Open an account" }).click();
      await page.getByRole("alert").filter({ hasText: "declined" }).waitFor();
      wallet.decline(false);
      await page.getByRole("button", { name: "Open an account" }).click();
      await page.getByRole("button", { name: "Deposit play money" }).click();
      await page.getByText("10,000.000000").waitFor();

      await page.getByRole("tab", { name: "Move money" }).click();
      const between = page.getByRole("form", { name: "Between vault and compartments" });
      const amount = between.getByRole("textbox", { name: "Amount" });
      await amount.fill("5000");
      wallet.decline(true);
      await between.getByRole("button", { name: "Sign and allocate" }).click();
      await between.getByText("declined").waitFor();
      expect(await amount.inputValue()).toBe("5000");
      wallet.decline(false);
      await between.getByRole("button", { name: "Sign and allocate" }).click();
      await page.getByText("5,000 USD allocated").waitFor();

      await goTo(page, `${scene.node.url}/trade/BTC-PERP`);
      await own(page).waitFor();
      const signed = (): number => wallet.asked.filter((method) => /sign/i.test(method)).length;
      const before = signed();
      await page.getByRole("textbox", { name: "Price" }).fill("50000");
      await page.getByRole("textbox", { name: "Amount" }).fill("0.001");
      await page.getByRole("button", { name: "Buy BTC-PERP" }).click();
      await page.getByRole("button", { name: "Place the order" }).click();
      await page.getByRole("tab", { name: "Orders 1" }).waitFor();
      await page.reload();
      await page.getByRole("tab", { name: "Orders 1" }).waitFor();
      expect(signed(), "neither an order nor a page that is loaded again takes a signature").toBe(before);
      expect(complaints).toEqual([]);
      await close();
    },
    TIMEOUT,
  );

  test(
    "has several accounts, of which one is meant",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      await giveWallet(page, 0x41);
      await goTo(page, `${scene.node.url}/account`);
      await logIn(page, WALLET_NAME);
      await page.getByRole("button", { name: "Open an account" }).click();
      await page.getByRole("button", { name: "Deposit play money" }).click();
      await page.getByText("10,000.000000").waitFor();
      await own(page).click();
      await page.getByRole("button", { name: "Open another account" }).click();
      const choice = page.getByRole("dialog").getByRole("combobox", { name: "Account" });
      await choice.waitFor();
      const accounts = await choice.getByRole("option").allTextContents();
      expect(accounts).toHaveLength(2);
      // The new one is meant, and has nothing.
      expect(await choice.inputValue()).toBe(accounts[1]);
      await page.keyboard.press("Escape");
      await page.getByText("Nothing in the vault").waitFor();
      expect(await page.getByText("10,000.000000").count()).toBe(0);
      await own(page).click();
      await choice.selectOption(accounts[0] as string);
      await page.keyboard.press("Escape");
      await page.getByText("10,000.000000").waitFor();
      await close();
    },
    TIMEOUT,
  );

  test(
    "changes its account, and whoever was logged in is so no more, and says why",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      const wallet = await giveWallet(page, 0x51);
      await goTo(page, `${scene.node.url}/account`);
      await logIn(page, WALLET_NAME);
      await page.getByRole("button", { name: "Open an account" }).click();
      await page.getByRole("button", { name: "Deposit play money" }).click();
      await page.getByText("10,000.000000").waitFor();

      await wallet.lock(true);
      await page.getByText("The wallet is locked, or disconnected from this page").waitFor();
      await page.getByRole("tab", { name: "Move money" }).click();
      await page.getByText("The wallet that owns this account is not here").waitFor();
      await wallet.lock(false);
      await page.getByText("The wallet that owns this account is not here").waitFor({ state: "detached" });

      await page.getByRole("tab", { name: "Balances" }).click();
      await page.getByText("10,000.000000").waitFor();
      await wallet.change();
      await page.getByText("Logged out: the wallet has changed to another address").waitFor();
      await page.getByRole("button", { name: "Log in" }).waitFor();
      // Nothing of his is left on the page, nor kept.
      expect(await page.getByText("10,000.000000").count()).toBe(0);
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
      await close();
    },
    TIMEOUT,
  );

  test(
    "that is on another chain logs in all the same; asked for more, it changes, or is told which chain it would take",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      const wallet = await giveWallet(page, 0x61);
      wallet.standOn(10, false);
      await goTo(page, `${scene.node.url}/account`);
      await logIn(page, WALLET_NAME);
      await page.getByRole("button", { name: "Open an account" }).click();
      await page
        .getByRole("alert")
        .filter({ hasText: /signatures are for chain \d+, and the wallet is on chain 10/ })
        .waitFor();
      wallet.standOn(10, true);
      await page.getByRole("button", { name: "Open an account" }).click();
      await page.getByRole("button", { name: "Deposit play money" }).waitFor();
      expect(wallet.asked).toContain("wallet_switchEthereumChain");
      await close();
    },
    TIMEOUT,
  );

  test(
    "that announces nothing is found at window.ethereum",
    async () => {
      const { page, close } = await openWindow(scene.browser);
      page.setDefaultTimeout(WAIT.timeout);
      const wallet = await giveWallet(page, 0x71, "window");
      await goTo(page, scene.node.url);
      await logIn(page, "Browser wallet");
      await own(page).click();
      const dialog = page.getByRole("dialog", { name: "Logged in" });
      await dialog.getByText(wallet.address().slice(0, 6)).waitFor();
      await dialog.getByRole("button", { name: "Log out" }).click();
      await page.getByRole("button", { name: "Log in" }).waitFor();
      await close();
    },
    TIMEOUT,
  );

  test(
    "whose session is ended elsewhere is told so",
    async () => {
      const key = `0x${"5c".repeat(32)}`;
      const windows = await Promise.all([openWindow(scene.browser), openWindow(scene.browser)]);
      const [one, other] = windows.map(({ page }) => page) as [Page, Page];
      for (const page of [one, other]) {
        page.setDefaultTimeout(WAIT.timeout);
        await page.addInitScript((mine) => localStorage.setItem("bulkhead.demoKey", mine), key);
        await goTo(page, `${scene.node.url}/account/sessions`);
        await page.getByRole("button", { name: "Use a demo key" }).click();
        await own(page).waitFor();
      }
      const ended = other.getByRole("button", { name: /^End session/ });
      await expect.poll(() => ended.count(), WAIT).toBe(1);
      await ended.click();
      await one.getByText("The node knows it no more").waitFor();
      await one.getByRole("button", { name: "Log in" }).waitFor();
      expect(await own(other).count()).toBe(1);
      for (const { close } of windows) await close();
    },
    TIMEOUT,
  );
});
