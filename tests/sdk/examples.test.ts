/** The examples do what they say, at a real node. */
import { LAYOUTS, PARAMETERS, pendingProposals } from "@bulkhead/engine";
import { addressOf, createPrivateKey, hexOf, privateKeyOf, publicKeyOf } from "@bulkhead/protocol";
import { type Client, allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import type { History, Runner } from "@bulkhead/server";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DAY, MEMBERS, THRESHOLD } from "../engine/council.ts";
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
    history: pendingOf,
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

/** Somebody else, with an account that has so many dollars in the tier. */
async function stranger(dollars: number): Promise<Client> {
  const client = await connect(at.url, { wallet: localWallet(hexOf(createPrivateKey())) });
  const account = await openAccount(client);
  const amount = dollars * 1_000_000;
  await at.execute({ kind: "confirmDeposit", account, asset: 1, amount, reference: 6_000_000 + account });
  await allocate(client, { asset: "USD", amount: String(dollars) }, { tier: 1 });
  return client;
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

  test("bids for a position whose liquidation begins", async () => {
    const { auctionSpan, liquidationBuffer } = PARAMETERS;
    const ofTier = { kind: "setParameter", tier: 1, market: 0 } as const;
    await at.execute({ ...ofTier, parameter: liquidationBuffer.id, value: 150_000 });
    await at.execute({ ...ofTier, parameter: auctionSpan.id, value: 60_000 });
    await fund(100_000);
    const [victim, maker] = [await stranger(1_000), await stranger(100_000)];
    const order = { symbol: "BTC-PERP", type: "limit", amount: "90", price: "100" } as const;
    await maker.placeOrder({ ...order, side: "sell" });
    await victim.placeOrder({ ...order, side: "buy" });
    const keeping = run("keeper", "--seconds", "4", "--amount", "10");
    await vi.waitFor(() => expect(said.join()).toMatch(/watching tier 1/), { timeout: 3_000 });
    await at.execute({ kind: "updateIndexPrice", tier: 1, market: 1, price: 93 });
    await at.execute({ kind: "clockTick", tier: 1 });
    expect(await keeping).toMatch(/bid for BTC-PERP of bucket \d+/);
    victim.close();
    maker.close();
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

  test("proposes, approves as it stands, and says from when on it can be executed", async () => {
    for (const [index, roles] of MEMBERS.entries())
      await at.execute({ kind: "appointMember", tier: 1, member: index + 1, roles });
    await at.execute({ kind: "sealGovernance", tier: 1, threshold: THRESHOLD, timelock: DAY });
    const told = await run(
      "governanceProposal",
      "--member",
      "1",
      "--parameter",
      "takerFee",
      "--value",
      "100",
    );
    expect(told).toMatch(/propose takerFee: \{"nonce":8,/);
    expect(told).toMatch(/proposal 8 of member 1, takerFee from 0 to 100 \(\w+\): \d of \d approvals/);
    expect(told).toMatch(/approve 8: \{"approvals":\d,"needed":\d\}/);
    expect(told).toMatch(/it can be executed from 20\d\d-/);
  });
});

/** What waits in the engine, as views tell it. */
function pendingOf(runner: Runner): History {
  const rows = () =>
    runner.read(({ venue, time }) =>
      pendingProposals(venue, 1, time).map((view) => ({
        ...view,
        sequence: 1,
        time,
        tier: 1,
        command: LAYOUTS.find(({ name }) => name === view.command.kind)?.code ?? 0,
        payload: JSON.stringify(
          Object.entries(view.command).flatMap(([field, word]) =>
            ["kind", "time", "tier"].includes(field) ? [] : [word],
          ),
        ),
        status: "pending",
      })),
    );
  return {
    sequence: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
    reached: () => Promise.resolve(),
    ask: async (name) => (name === "proposals" ? { rows: await rows() } : { rows: [] }) as never,
  };
}

describe("an example that cannot begin", () => {
  const KEY_OF_ANOTHER_KIND = "0xdeadbeef";

  test.each([
    ["a key that is none", ["--key", KEY_OF_ANOTHER_KIND], /^key|privateKey/],
    ["an option that is not there", ["--colour", "red"], /--colour/],
    ["a node that is not there", ["--url", "http://127.0.0.1:1"], /not answered/],
  ])("says so in a sentence: %s", async (_, options, sentence) => {
    const told: unknown[][] = [];
    vi.spyOn(console, "error").mockImplementation((...words: unknown[]) => void told.push(words));
    vi.spyOn(process, "exit").mockImplementation((code) => {
      throw new Error(`ended with ${code}`);
    });
    process.argv = ["node", "placeOrder", "--url", at.url, "--key", KEY, ...options];
    await expect(import("../../examples/placeOrder.ts")).rejects.toThrow("ended with 2");
    expect(told).toEqual([[expect.stringMatching(sentence)]]);
    expect(String(told)).not.toContain("\n");
    expect(String(told)).not.toContain(KEY_OF_ANOTHER_KIND.slice(2));
  });
});
