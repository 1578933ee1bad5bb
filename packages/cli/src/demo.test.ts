/**
 * The demo as whoever clones the project meets it: a process of the build, traded on over the public interface, stopped by Ctrl-C, and begun
 * again with everything still there.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, ProblemError, connect, localWallet } from "@bulkhead/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GUEST, demoKey } from "./demo/keys.ts";

const BIN = fileURLToPath(new URL("../bin/bulkhead.js", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SYMBOL = "BTC-PERP";
const TIMEOUT = 240_000;
const TRY_MS = 250;

let folder = "";
const begun: ChildProcess[] = [];

beforeAll(async () => {
  // What is run is what lies there now.
  const { status } = spawnSync(process.execPath, ["--import", "tsx", "tools/build.ts"], {
    cwd: ROOT,
    env: { ...process.env, PATH: `${join(ROOT, "node_modules/.bin")}:${process.env["PATH"]}` },
    stdio: "inherit",
  });
  expect(status).toBe(0);
  folder = await mkdtemp(join(tmpdir(), "bulkhead-demo-"));
}, TIMEOUT);

afterAll(async () => {
  for (const child of begun) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

interface Demo {
  readonly url: string;
  readonly said: () => string;
  /** As Ctrl-C does. @returns the exit code */
  readonly interrupt: () => Promise<number | null>;
}

/** Begins the demo. Resolves once everybody takes part. */
async function demo(): Promise<Demo> {
  const child = spawn(
    process.execPath,
    [BIN, "start", "--demo", "--port", "0", "--data", folder, "--quiet"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  begun.push(child);
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await expect.poll(() => said, { timeout: TIMEOUT / 2 }).toContain("stop with Ctrl-C");
  return {
    url: / on (http:\S+)/.exec(said)?.[1] ?? "",
    said: () => said,
    interrupt: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}

const guestOf = (url: string): Promise<Client> => connect(url, { wallet: localWallet(demoKey(GUEST)) });

/** Buys, as soon as there are a price and an offer. */
async function buy(client: Client): Promise<string> {
  for (;;) {
    try {
      const order = { symbol: SYMBOL, side: "buy", type: "market", amount: "0.01" } as const;
      const { filled } = await client.placeOrder(order);
      if (Number(filled) > 0) return filled;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.refusal === undefined) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
}

/** What prices do not change. */
async function holdingsOf(client: Client): Promise<object> {
  const [{ vault, buckets }, positions, orders] = await Promise.all([
    client.balances(),
    client.positions(),
    client.openOrders(),
  ]);
  return {
    vault,
    untouched: buckets.filter(({ tier }) => tier !== 1).map(({ tier, cash }) => ({ tier, cash })),
    positions: positions.map(({ symbol, side, amount }) => ({ symbol, side, amount })),
    orders: orders.items.map(({ id, symbol, price, remaining }) => ({ id, symbol, price, remaining })),
  };
}

test(
  "the demo is traded on, stopped, and begun again with balances, positions and orders as they were",
  async () => {
    const first = await demo();
    const guest = await guestOf(first.url);
    const fills: { readonly amount: string; readonly side: string }[] = [];
    const stream = guest.stream();
    await stream.subscribe("fills", { account: guest.account }, ({ items }) => fills.push(...items)).ready;
    const filled = await buy(guest);
    await expect.poll(() => fills).toMatchObject([{ symbol: SYMBOL, side: "buy" }]);
    const { id } = await guest.placeOrder({
      symbol: SYMBOL,
      side: "buy",
      type: "limit",
      amount: "0.02",
      price: "60000.0",
    });
    await expect
      .poll(() => holdingsOf(guest), { timeout: TIMEOUT / 4 })
      .toMatchObject({
        positions: [{ symbol: SYMBOL, side: "long", amount: filled }],
        orders: [{ id, price: "60000.0" }],
      });
    const before = await holdingsOf(guest);
    guest.close();
    expect(await first.interrupt()).toBe(0);
    const last = /stopped after command (\d+)/.exec(first.said())?.[1];
    expect(last).toBeDefined();

    const second = await demo();
    expect(second.said()).toContain(`goes on after command ${last}`);
    const again = await guestOf(second.url);
    expect(again.account).toBe(guest.account);
    await expect.poll(() => holdingsOf(again), { timeout: TIMEOUT / 4 }).toEqual(before);
    again.close();
    expect(await second.interrupt()).toBe(0);
  },
  TIMEOUT,
);
