/** Whoever comes to a venue can see who may change what of it, how soon and how far. */
import { PARAMETERS, VENUE_PARAMETERS, governanceLimits } from "@bulkhead/engine";
import { type Governance, type GovernedParameter } from "@bulkhead/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestNode, call, openNode } from "./venueNode.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const ADDRESS = `0x${"ab".repeat(20)}`;
const { MIN_TIMELOCK, MAX_HOLD } = governanceLimits;

let node: TestNode;
beforeAll(async () => {
  const members = [{ tier: 1, member: 1, address: ADDRESS }];
  node = await openNode({ access: { offices: { operators: [], reporters: [], members } } });
});
afterAll(async () => {
  expect(node.logged.filter((line) => /answer_malformed|request_failed/.test(line))).toEqual([]);
  await node.close();
});

async function ask<Body>(path: string): Promise<Body> {
  const { status, body } = await call(node.url + path, "GET");
  expect([path, status]).toEqual([path, 200]);
  return body as unknown as Body;
}
const shards = (): Promise<Governance[]> => ask("/v1/governance");
const parameters = (query: string): Promise<GovernedParameter[]> => ask(`/v1/governance/parameters?${query}`);

test("until it is sealed operators change everything, and nothing else can", async () => {
  expect(await shards()).toMatchObject([
    { tier: 0, sealed: false, members: [], signers: 0 },
    { tier: 1, sealed: false, members: [], signers: 0 },
  ]);
  const all = await parameters("tier=1");
  expect(all.every(({ ways }) => ways.join() === "operator")).toBe(true);
  const levels = Object.values(PARAMETERS).map(({ level }) => level);
  expect(all.filter(({ level }) => level === "market")).toHaveLength(
    levels.filter((level) => level === "market").length,
  );
  const venue = await parameters("tier=0");
  expect(venue.map(({ parameter }) => parameter)).toEqual(Object.keys(VENUE_PARAMETERS));
  await node.execute({ kind: "setParameter", tier: 0, market: 0, parameter: 55, value: 5_000_000 });
  expect((await parameters("tier=0")).find(({ parameter }) => parameter === "laneUser")).toMatchObject({
    level: "venue",
    subject: null,
    value: 5_000_000,
    baseline: 5_000_000,
    ways: ["operator"],
    range: { lowest: 0, highest: VENUE_PARAMETERS.laneUser.max },
  });
});

test("once it is, each parameter tells who can change it, how far, and what holds it", async () => {
  const roles = [1 + 2, 1 + 4, 1 + 8];
  for (const [index, sum] of roles.entries())
    for (const tier of [1, 0])
      await node.execute({ kind: "appointMember", tier, member: index + 1, roles: sum });
  for (const tier of [1, 0])
    await node.execute({ kind: "sealGovernance", tier, threshold: 2, timelock: 2 * DAY });
  const [vault, tier] = await shards();
  expect(vault).toMatchObject({ tier: 0, sealed: true, threshold: 2, signers: 3 });
  expect(tier).toMatchObject({
    tier: 1,
    sealed: true,
    threshold: 2,
    signers: 3,
    timelock: 2 * DAY,
    bounds: { timelock: { least: MIN_TIMELOCK }, hold: { most: MAX_HOLD }, foothold: "0.010000" },
    members: [
      { member: 1, address: ADDRESS, roles: ["signer", "steward"] },
      { member: 2, address: null, roles: ["signer", "guardian"] },
      { member: 3, address: null, roles: ["signer", "breaker"] },
    ],
  });
  // Of the venue nothing can be changed any more.
  expect((await parameters("tier=0")).every(({ ways }) => ways.length === 0)).toBe(true);

  const { maxOpenInterestLots: spec } = PARAMETERS;
  const of = "tier=1&level=market&subject=BTC-PERP";
  const before = (await parameters(of)).find(({ parameter }) => parameter === "maxOpenInterestLots");
  expect(before).toMatchObject({
    ways: ["proposal", "steward", "breaker"],
    envelope: { lowest: spec.envelope[0], highest: spec.envelope[1] },
    loosening: "lots",
    steward: { share: "0.200000", delay: 3_600_000 },
    safer: "lower",
    unit: "lots",
    held: null,
  });
  const value = before?.value as number;
  const change = { tier: 1, market: 1, parameter: spec.id, value: value - 1 };
  const until = node.runner.engine.time + HOUR;
  await node.execute({ kind: "breakerSet", member: 3, ...change, duration: HOUR });
  const after = (await parameters(of)).find(({ parameter }) => parameter === "maxOpenInterestLots");
  expect(after).toMatchObject({ value: value - 1, baseline: value, held: { before: value } });
  expect(after?.held?.until).toBeGreaterThanOrEqual(until);
  expect((await parameters(of)).find(({ parameter }) => parameter === "initialMargin")).toMatchObject({
    ways: ["proposal", "steward"],
    loosening: "fifth",
    safer: "higher",
  });
});

test("what is not there is not found, and what is no shard cannot be asked for", async () => {
  expect((await call(`${node.url}/v1/governance/parameters?tier=2`, "GET")).status).toBe(404);
  expect((await call(`${node.url}/v1/governance/parameters`, "GET")).status).toBe(400);
  expect((await call(`${node.url}/v1/governance/parameters?tier=1&level=moon`, "GET")).status).toBe(400);
  expect(await parameters("tier=1&subject=NONE-PERP")).toEqual([]);
});
