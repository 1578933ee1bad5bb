/** The registry: who owns what and which keys act for whom, told again by its journal after any crash. */
import { randomBytes } from "node:crypto";
import { Denied, LogError, Registry, type RegistryOptions, type Session } from "@bulkhead/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryDisk } from "./memoryDisk.ts";

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const genesis = new Uint8Array(32).fill(7);
const [ALICE, BOB] = [`0x${"a1".repeat(20)}`, `0x${"b0".repeat(20)}`] as const;
const key = () => Uint8Array.of(2, ...randomBytes(32));

interface Place {
  readonly disk: MemoryDisk;
  readonly clock: { now: number };
  readonly open: (more?: Partial<RegistryOptions>) => Promise<Registry>;
}

function place(): Place {
  const disk = new MemoryDisk();
  const clock = { now: NOW };
  const open = (more: Partial<RegistryOptions> = {}): Promise<Registry> =>
    Registry.open(disk, { genesis, clock: () => clock.now, segmentBytes: 16 * 4_096, ...more });
  return { disk, clock, open };
}

const wish = (owner: string = ALICE, expires = NOW + DAY) => ({ owner, key: key(), scopes: 3, expires });
const denial = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => "none",
    (error) => (error instanceof Denied ? error.denial : String(error)),
  );
const denialOf = (act: () => unknown): Promise<string> => denial(Promise.resolve().then(act));

describe("a session", () => {
  test("is there again after a restart, with its key, scopes and token", async () => {
    const { open } = place();
    const registry = await open();
    const wished = wish();
    const { session, token } = await registry.openSession(wished);
    expect(session).toEqual({ id: 1, ...wished });
    await registry.close();
    const back = await open();
    expect(back.session(1)).toMatchObject(session);
    expect(back.sessionOfToken(token)).toMatchObject(session);
    expect(await denialOf(() => back.sessionOfToken(`${token}x`))).toBe("token_unknown");
  });

  test("is not acknowledged unless it is durable", async () => {
    const { disk, open } = place();
    const registry = await open();
    disk.fault = () => {
      throw new Error("EIO");
    };
    await expect(registry.openSession(wish())).rejects.toThrow(LogError);
    expect(await denialOf(() => registry.session(1))).toBe("session_unknown");
    expect(registry.condition).toBe("failed");
  });

  test("keeps no token that could be stolen from its disk", async () => {
    const { disk, open } = place();
    const { token } = await (await open()).openSession(wish());
    const written = [...disk.files.values()]
      .map(({ durable }) => Buffer.from(durable).toString("latin1"))
      .join();
    expect(written).toContain('"kind":"session"');
    expect(written).not.toContain(token);
    expect(written).not.toContain(Buffer.from(token, "base64url").toString("hex"));
  });

  test("ends when it expires or is revoked, and its number is never given again", async () => {
    const { clock, open } = place();
    const registry = await open();
    const first = await registry.openSession(wish());
    const second = await registry.openSession(wish());
    await registry.revoke(second.session.id);
    expect(await denialOf(() => registry.session(2))).toBe("session_unknown");
    expect(await denialOf(() => registry.sessionOfToken(second.token))).toBe("token_unknown");
    clock.now += DAY;
    expect(await denialOf(() => registry.session(1))).toBe("session_expired");
    registry.forgetExpired();
    expect(await denialOf(() => registry.sessionOfToken(first.token))).toBe("token_unknown");
    await registry.close();
    const back = await open();
    expect((await back.openSession(wish(BOB, clock.now + DAY))).session.id).toBe(3);
  });

  test("is one of so many of an address, also for who asks for many at once", async () => {
    const { open } = place();
    const registry = await open({ sessionsPerAddress: 3 });
    const asked = await Promise.all(Array.from({ length: 5 }, () => denial(registry.openSession(wish()))));
    expect(asked).toEqual(["none", "none", "none", "sessions_too_many", "sessions_too_many"]);
    expect(await denial(registry.openSession(wish(BOB)))).toBe("none");
    await registry.revoke(1);
    expect(await denial(registry.openSession(wish()))).toBe("none");
  });

  test("does not live for ever", async () => {
    const registry = await place().open({ sessionLife: DAY });
    expect(await denial(registry.openSession(wish(ALICE, NOW + DAY + 1)))).toBe("expiry_too_late");
    expect(await denial(registry.openSession(wish(ALICE, NOW)))).toBe("session_expired");
  });
});

describe("an account", () => {
  test("is its owner's once the engine has opened it and the link is durable", async () => {
    const { open } = place();
    const registry = await open({ accountsPerAddress: 2 });
    await registry.openAccount(ALICE, async () => 1);
    await registry.openAccount(BOB, async () => undefined);
    await registry.openAccount(ALICE, async () => 5);
    expect(await denial(registry.openAccount(ALICE, async () => 6))).toBe("accounts_too_many");
    await registry.close();
    const back = await open();
    expect([back.ownerOf(1), back.ownerOf(5), back.ownerOf(2)]).toEqual([ALICE, ALICE, undefined]);
    expect([back.accountsOf(ALICE), back.accountsOf(BOB)]).toEqual([[1, 5], []]);
  });

  test("keeps its switch across a restart", async () => {
    const { open } = place();
    const registry = await open();
    await registry.setSwitch(1, 5_000);
    await registry.setSwitch(2, 7_000);
    await registry.setSwitch(2, 0);
    await registry.close();
    expect([...(await open()).switches]).toEqual([[1, 5_000]]);
  });
});

const deed = fc.oneof(
  fc.record({ kind: fc.constant("session" as const), owner: fc.nat(3) }),
  fc.record({ kind: fc.constant("account" as const), owner: fc.nat(3) }),
  fc.record({ kind: fc.constant("revoke" as const), id: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    kind: fc.constant("switch" as const),
    account: fc.integer({ min: 1, max: 5 }),
    timeout: fc.nat(2),
  }),
);

test("what was acknowledged is there after any crash, and nothing else of what was not asked", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { maxLength: 40, size: "max" }),
      fc.nat(30),
      fc.infiniteStream(fc.boolean()),
      async (deeds, faultAt, coin) => {
        const { disk, open } = place();
        const registry = await open();
        let operations = 0;
        disk.fault = (operation, bytes) => {
          if (operations++ !== faultAt) return undefined;
          if (operation === "sync") throw new Error("EIO");
          return bytes >> 1;
        };
        const sessions = new Map<number, Session>();
        const accounts = new Map<number, string>();
        const switches = new Map<number, number>();
        let nextAccount = 1;
        /** The session whose revocation was not acknowledged, if any. */
        let unsure = 0;
        for (const each of deeds) {
          const doing = (async () => {
            const owner = `0x${"owner" in each ? each.owner : 0}${"0".repeat(39)}`;
            if (each.kind === "session") {
              const { session } = await registry.openSession(wish(owner));
              sessions.set(session.id, session);
            } else if (each.kind === "account") {
              const account = nextAccount++;
              await registry.openAccount(owner, async () => account);
              accounts.set(account, owner);
            } else if (each.kind === "switch") {
              await registry.setSwitch(each.account, each.timeout);
              if (each.timeout === 0) switches.delete(each.account);
              else switches.set(each.account, each.timeout);
            } else {
              await registry.revoke(each.id);
              sessions.delete(each.id);
            }
          })();
          await doing.catch((error) => {
            if (each.kind === "revoke" && error instanceof LogError) unsure = each.id;
          });
          if (registry.condition !== "open") break;
        }
        const wasWhole = registry.condition === "open";
        disk.crash(() => coin.next().value!);
        const back = await open();
        for (const [id, session] of sessions)
          if (id !== unsure) expect(back.session(id)).toMatchObject(session);
        for (const [account, owner] of accounts) expect(back.ownerOf(account)).toBe(owner);
        if (wasWhole) expect(Object.fromEntries(back.switches)).toEqual(Object.fromEntries(switches));
        await back.close();
      },
    ),
    { numRuns: 40 },
  );
});

test("the journal is written anew when most of it is past, and says the same", async () => {
  const { disk, clock, open } = place();
  const registry = await open();
  await registry.openAccount(ALICE, async () => 1);
  const { session } = await registry.openSession(wish(ALICE, NOW + 20 * DAY));
  for (let each = 0; each < 5_000; each += 50)
    await Promise.all(Array.from({ length: 50 }, (_, index) => registry.setSwitch(1, 1 + each + index)));
  await registry.close();
  const before = disk.files.size;
  clock.now += DAY;
  const rewritten = await open();
  await rewritten.close();
  expect(disk.files.size).toBeLessThan(before);
  const back = await open();
  expect(back.session(session.id)).toMatchObject(session);
  expect([back.ownerOf(1), [...back.switches]]).toEqual([ALICE, [[1, 5_000]]]);
  expect(back.durableUntil).toBe(NOW);
  expect((await back.openSession(wish(ALICE, NOW + 2 * DAY))).session.id).toBe(2);
});
