/** The examples do what they say, at a real node. */
import { addressOf, hexOf, privateKeyOf, publicKeyOf } from "@bulkhead/protocol";
import { allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type WholeNode, openWholeNode } from "./wholeNode.ts";

const KEY = hexOf(new Uint8Array(32).fill(0x42));
const OWNER = addressOf(publicKeyOf(privateKeyOf(KEY)));

let at: WholeNode;
let said: string[] = [];
const { argv } = process;

beforeEach(async () => {
  said = [];
  vi.spyOn(console, "log").mockImplementation((...words: unknown[]) => {
    said.push(words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" "));
  });
  at = await openWholeNode({
    access: {
      offices: {
        operators: [],
        reporters: [{ tier: 1, reporter: 1, address: OWNER }],
        members: [{ tier: 1, member: 1, address: OWNER }],
      },
    },
  });
});

afterEach(async () => {
  process.argv = argv;
  vi.restoreAllMocks();
  vi.resetModules();
  await at.close();
});

/** Runs an example to its end, as `npx tsx examples/<name>.ts` does. */
async function run(name: string, ...options: string[]): Promise<string> {
  process.argv = ["node", name, "--url", at.url, "--key", KEY, ...options];
  await import(`../../examples/${name}.ts`);
  return said.join("\n");
}

/** An account of the key with so many dollars in the tier. */
async function fund(dollars: number): Promise<number> {
  const client = await connect(at.url, { wallet: localWallet(KEY) });
  const account = await openAccount(client);
  await at.execute({
    kind: "confirmDeposit",
    account,
    asset: 1,
    amount: dollars * 1_000_000,
    reference: 5_000_000,
  });
  await allocate(client, { asset: "USD", amount: String(dollars) }, { tier: 1 });
  client.close();
  return account;
}

describe("an example", () => {
  test("opens an account for a newcomer, and says what he lacks for an order", async () => {
    const told = await run("placeOrder");
    expect(told).toMatch(/account 1 of 0x17c5185167401ed00cf5f5b2fc97d9bbfdb7d025/);
    expect(told).toMatch(/refused \(bucket_unknown\): .*\ndeposit to account 1, and allocate to tier 1/);
  });

  test("places a first order and takes it back", async () => {
    await fund(10_000);
    const told = await run("placeOrder");
    expect(told).toMatch(/it would be accepted with \S+ USD of margin/);
    expect(told).toMatch(/order 1-\d+: open, 1 at 99\norder 1-\d+: canceled/);
  });

  test("makes a market on both sides, and leaves nothing behind", async () => {
    await fund(100_000);
    const told = await run("marketMaker", "--seconds", "4", "--spread", "0.1", "--amount", "1");
    expect(told).toMatch(/mark 100, position 0, quotes 1-\d+ 1-\d+/);
    const { bids, asks } = (await (await fetch(`${at.url}/v1/markets/BTC-PERP/book`)).json()) as Record<
      string,
      unknown[]
    >;
    expect([bids, asks]).toEqual([[], []]);
  });

  test("watches for positions to bid for", async () => {
    await fund(1_000);
    expect(await run("keeper", "--seconds", "1")).toMatch(/watching tier 1/);
  });

  test("reports prices that the venue takes", async () => {
    await at.execute({ kind: "registerReporter", tier: 1, reporter: 1, operator: 1, weight: 1_000_000 });
    await at.execute({
      kind: "configureFeed",
      tier: 1,
      feedKind: 0,
      id: 1,
      reporters: 1,
      quorum: 1,
      sigma: 100_000,
      staleAfter: 10_000,
      deadAfter: 60_000,
      halfLife: 5_000,
      maxConfidence: 10_000,
      jump: 50_000,
      deviation: 10_000,
      divergence: 50_000,
      frozenAfter: 0,
      floor: 10,
    });
    const source = createServer((_, answer) => answer.end('{"price":"100.25"}'));
    await new Promise<void>((resolve) => source.listen(0, "127.0.0.1", resolve));
    const { port } = source.address() as AddressInfo;
    const told = await run("oracleReporter", "--seconds", "1", "--source", `http://127.0.0.1:${port}/`);
    source.close();
    expect(told).toMatch(/reported 100\.250 ± 0\.000: quality 0/);
  });

  test("watches margin", async () => {
    await fund(1_000);
    expect(await run("riskWatcher", "--seconds", "2")).toMatch(
      /bucket 1: equity 1000\.000000, maintenance margin 0\.000000/,
    );
  });

  test("proposes, and says why the venue does not take it", async () => {
    const told = await run(
      "governanceProposal",
      "--tier",
      "1",
      "--member",
      "1",
      "--parameter",
      "takerFee",
      "--value",
      "600",
    );
    expect(told).toMatch(/propose takerFee: refused \(\w+\)/);
  });
});
