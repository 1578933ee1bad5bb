/** A venue's first commands: all of them are taken by the engine, and a configuration that cannot be used says where. */
import { Engine, encodeCommand, FRAME_WORDS, marketView, refusalOf, venueView } from "@bulkhead/engine";
import { ConfigError, bootstrap, capacitiesOf, parseConfig, sealing } from "@bulkhead/server";
import { describe, expect, test } from "vitest";
import { demoConfig } from "../../packages/cli/src/demo/venue.ts";

const address = (digit: number) => `0x${String(digit).repeat(40)}`;
const PARTIES = {
  operator: address(9),
  reporters: [1, 2, 3].map(address),
  members: [4, 5, 6].map(address),
};
const NOW = Date.UTC(2026, 0, 5);
const demo = () => demoConfig(PARTIES, NOW) as Record<string, unknown>;

function built(config: ReturnType<typeof parseConfig>, instructions = bootstrap(config)): Engine {
  const engine = new Engine({ capacities: capacitiesOf(config) });
  const frame = new Float64Array(FRAME_WORDS);
  for (const instruction of instructions) {
    encodeCommand({ ...instruction, time: NOW }, frame);
    const outcome = refusalOf(engine.apply(frame));
    if (outcome !== "accepted")
      throw new Error(`${JSON.stringify(instruction)}: ${outcome} ${engine.venue.facts.join(" ")}`);
  }
  return engine;
}

describe("bootstrap", () => {
  test("sets up every tier of the demo", () => {
    const config = parseConfig(demo());
    const engine = built(config);
    expect(venueView(engine.venue)).toMatchObject({ assets: 2, tiers: 3 });
    expect(marketView(engine.venue, 1, 3)).toMatchObject({ contract: 1 });
    expect(engine.audit()).toEqual([]);
  });

  test("seals every tier and the vault, if it is to", () => {
    const config = parseConfig({
      ...demo(),
      governance: { ...(demo()["governance"] as object), seal: { threshold: 2 } },
    });
    const engine = built(config, [...bootstrap(config), ...sealing(config)]);
    encodeCommand({ kind: "listAsset", scale: 10, time: NOW }, new Float64Array(FRAME_WORDS));
    expect(engine.submit({ kind: "listAsset", scale: 10, time: NOW }).outcome).toBe("governance_required");
  });

  test("has the smallest configuration: one asset, one tier, one market without reporters", () => {
    const market = { symbol: "X-PERP", base: "X", tickSize: "0.01", lotSize: "1", feed: false };
    const engine = built(
      parseConfig({
        name: "small",
        assets: [{ symbol: "USD", decimals: 6 }],
        tiers: [{ name: "only", markets: [market] }],
      }),
    );
    expect(venueView(engine.venue)).toMatchObject({ assets: 1, tiers: 1 });
  });
});

describe("a configuration", () => {
  const market = { symbol: "X-PERP", base: "X", tickSize: "0.01", lotSize: "1", feed: false };
  const small = (change: object = {}, of: object = {}) => ({
    name: "small",
    assets: [{ symbol: "USD", decimals: 6 }],
    tiers: [{ name: "only", markets: [{ ...market, ...of }] }],
    ...change,
  });

  test.each([
    [{}, { colour: "blue" }, /tiers\[0\]\.markets\[0\].*colour/],
    [{}, { tickSize: 0.5 }, /tiers\[0\]\.markets\[0\]\.tickSize: /],
    [{}, { feed: {} }, /tiers\[0\]\.markets\[0\]\.feed: the tier has no reporters/],
    [{}, { contract: "future" }, /expiry: a future needs one/],
    [{}, { parameters: { liquidationFoo: 1 } }, /parameters.*liquidationFoo/],
    [{ assets: [{ symbol: "USD", decimals: 2 }] }, {}, /assets\[0\]\.decimals: the first asset/],
    [{ operators: ["0x12"] }, {}, /operators\[0\]: must be an address/],
    [{ governance: { seal: { threshold: 1 } } }, {}, /governance\.seal\.threshold: there are 0 signers/],
    [{ port: 99_999 }, {}, /port: /],
  ])("that is wrong names the place: %j %j", (change, of, message) => {
    expect(() => parseConfig(small(change, of))).toThrow(ConfigError);
    expect(() => parseConfig(small(change, of))).toThrow(message);
  });

  test("that names one thing twice, or what there is not, is refused", () => {
    const twice = parseConfig(small({ tiers: [{ name: "only", markets: [market, market] }] }));
    expect(() => bootstrap(twice)).toThrow(/instruments\.1\.symbol: named before/);
    const collateral = [{ asset: "ETH", initialWeight: 1, maintenanceWeight: 2, cap: "1", feed: false }];
    const unknown = parseConfig(small({ tiers: [{ name: "only", markets: [market], collateral }] }));
    expect(() => bootstrap(unknown)).toThrow(/tiers\[0\]\.collateral\[0\]: .*no such asset; found ETH/);
  });

  test("whose tick and lot are no whole number of micro-dollars is refused, with both", () => {
    const config = parseConfig(small({}, { tickSize: "0.0001", lotSize: "0.001" }));
    expect(() => bootstrap(config)).toThrow(
      /tiers\[0\]\.markets\[0\]: .*tick times lot is no whole number of micro-dollars; found 0\.0001 × 0\.001/,
    );
  });
});
