/** The documents are valid, and tell of every route, channel and refusal there is. */
import { REFUSALS } from "@bulkhead/engine";
import specs from "@asyncapi/specs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { PROBLEM_KINDS } from "../problem.ts";
import { asyncApi } from "./asyncapi.ts";
import { CHANNELS, CHANNEL_NAMES, STREAM_REQUEST } from "./channels.ts";
import { openApi, templateOf } from "./openapi.ts";
import { ROUTES, ROUTE_NAMES, routeOf } from "./routes.ts";

type Tree = { readonly [key: string]: Tree } & readonly Tree[];

const openapi = JSON.parse(JSON.stringify(openApi("1.2.3"))) as Tree;
const asyncapi = JSON.parse(JSON.stringify(asyncApi("1.2.3"))) as Tree;

/** Every reference of a document, and every JSON Schema keyword in it. */
function walk(node: unknown, visit: (key: string, value: unknown) => void): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    visit(key, value);
    walk(value, visit);
  }
}

function resolve(document: unknown, reference: string): unknown {
  const [root, ...keys] = reference.split("/");
  expect(root).toBe("#");
  return keys.reduce<unknown>(
    (node, key) => (node as Readonly<Record<string, unknown>> | undefined)?.[key.replaceAll("~1", "/")],
    document,
  );
}

describe.each([
  ["OpenAPI", openapi],
  ["AsyncAPI", asyncapi],
])("the %s document", (_, document) => {
  test("refers to nothing that is not in it", () => {
    const references = new Set<string>();
    walk(document, (key, value) => {
      if (key === "$ref") references.add(value as string);
      expect(key).not.toBe("$defs");
      expect(key).not.toBe("$schema");
    });
    expect(references.size).toBeGreaterThan(5);
    for (const reference of references) expect(resolve(document, reference), reference).toBeDefined();
  });

  test("has no component that nothing refers to", () => {
    const references = new Set<string>();
    walk(document, (key, value) => {
      if (key === "$ref") references.add(value as string);
    });
    const unused = Object.keys(document["components"]!["schemas"]!).filter(
      (name) => !references.has(`#/components/schemas/${name}`),
    );
    expect(unused).toEqual([]);
  });
});

describe("the OpenAPI document", () => {
  test("is valid", async () => {
    const validator = new Validator();
    expect(await validator.validate(openApi("1.2.3"))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
    expect(
      await new Validator().validate({ ...openApi("1.2.3"), paths: { "/x": { get: { responses: 1 } } } }),
    ).toMatchObject({ valid: false });
  });

  test("has an operation for each route, and no other", () => {
    const operations = Object.entries(openapi["paths"]!).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId }]) => `${String(operationId)} ${method} ${path}`),
    );
    const expected = ROUTE_NAMES.map((name) => {
      const { method, path } = routeOf(name);
      return `${name} ${method.toLowerCase()} ${templateOf(path)}`;
    });
    expect(operations.toSorted()).toEqual(expected.toSorted());
  });

  test("names a parameter for each place in a path, and only those", () => {
    for (const name of ROUTE_NAMES) {
      const { path, params } = routeOf(name);
      const places = [...path.matchAll(/:(\w+)/g)].map(([, place]) => place);
      expect(Object.keys(params?.shape ?? {}), name).toEqual(places);
    }
  });

  test("keeps to what every operation must have", () => {
    expect(openapi["openapi"]).toBe("3.1.0");
    expect(openapi["info"]).toMatchObject({ title: "Bulkhead", version: "1.2.3" });
    const declared = Object.keys(openapi["components"]!["securitySchemes"]!);
    for (const item of Object.values(openapi["paths"]!))
      for (const operation of Object.values(item)) {
        const { operationId, responses, security = [], parameters = [], tags } = operation;
        expect(
          Object.keys(responses!).some((status) => status.startsWith("2")),
          String(operationId),
        ).toBe(true);
        expect(responses).toHaveProperty("400");
        for (const response of Object.values(responses!))
          expect(response).toMatchObject({ description: expect.any(String), content: expect.any(Object) });
        for (const scheme of (security as readonly Tree[]).flatMap(Object.keys))
          expect(declared).toContain(scheme);
        for (const parameter of parameters as readonly Tree[])
          expect(parameter).toMatchObject({ name: expect.any(String), schema: expect.any(Object) });
        expect(openapi["tags"]).toContainEqual(
          expect.objectContaining({ name: (tags as unknown as readonly string[])[0] }),
        );
      }
  });

  test("requires of a query what has no default", () => {
    const depth = (
      openapi["paths"]!["/v1/markets/{symbol}/book"]!["get"]!["parameters"] as readonly Tree[]
    ).map(({ name, required, schema }) => ({ name, required, type: schema!["type"] }));
    expect(depth).toEqual([
      { name: "symbol", required: true, type: "string" },
      { name: "depth", required: false, type: "integer" },
    ]);
  });

  test("lists every refusal's code and name", () => {
    const { properties } = openapi["components"]!["schemas"]!["Refusal"]!;
    const codes = Object.values(REFUSALS).map(({ code }) => code);
    expect(properties!["code"]!["enum"]).toEqual(codes);
    const named = (properties!["refusal"]!["oneOf"] as readonly Tree[]).map((one) => one["const"]);
    expect(named).toEqual(Object.keys(REFUSALS));
  });

  test("has a schema of every command", () => {
    const { oneOf } = openapi["components"]!["schemas"]!["Command"]!;
    expect(oneOf).toContainEqual({ $ref: "#/components/schemas/RequestWithdrawal" });
    expect(openapi["components"]!["schemas"]!["RequestWithdrawal"]).toMatchObject({
      type: "object",
      additionalProperties: false,
      required: ["kind", "account", "asset", "amount"],
    });
  });

  test("knows each kind of problem", () => {
    const told = JSON.stringify(openapi["paths"]);
    for (const kind of PROBLEM_KINDS.filter((each) => each !== "method-not-allowed" && each !== "conflict"))
      expect(told, kind).toContain(`${kind}: `);
  });
});

describe("the AsyncAPI document", () => {
  test("is valid", () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
    const isValid = ajv.compile(specs.schemasWithoutId["3.0.0"] as object);
    expect(isValid(asyncapi), JSON.stringify(isValid.errors?.slice(0, 3))).toBe(true);
    expect(isValid({ ...asyncApi("1.2.3"), channels: { stream: { address: 1 } } })).toBe(false);
  });

  test("has a message for each channel, told on the stream", () => {
    expect(asyncapi["asyncapi"]).toBe("3.0.0");
    const told = (asyncapi["operations"]!["tell"]!["messages"] as readonly Tree[]).map(({ $ref }) =>
      String($ref),
    );
    expect(told).toEqual(["reply", ...CHANNEL_NAMES].map((name) => `#/channels/stream/messages/${name}`));
    for (const name of CHANNEL_NAMES)
      expect(asyncapi["components"]!["messages"]![name]).toMatchObject({ payload: expect.any(Object) });
  });

  test("is of channels whose messages name them", () => {
    for (const name of CHANNEL_NAMES)
      expect(JSON.stringify(asyncapi["components"]!["messages"]![name]), name).toContain(`"const":"${name}"`);
  });
});

describe("what a client says on the stream", () => {
  test("names all that its channel is of", () => {
    const sample = { symbol: "BTC-PERP", tier: 1, account: 7, interval: "1h" };
    for (const channel of CHANNEL_NAMES) {
      const of = Object.fromEntries(
        Object.keys(CHANNELS[channel].of.shape).map((key) => [key, sample[key as keyof typeof sample]]),
      );
      for (const op of ["subscribe", "unsubscribe"])
        expect(STREAM_REQUEST.safeParse({ op, channel, ...of, id: 4 }).success, channel).toBe(true);
      expect(STREAM_REQUEST.safeParse({ op: "subscribe", channel }).success, channel).toBe(false);
    }
    expect(
      STREAM_REQUEST.safeParse({ op: "subscribe", channel: "weather", symbol: "BTC-PERP" }).success,
    ).toBe(false);
    expect(STREAM_REQUEST.safeParse({ op: "ping" }).success).toBe(true);
  });
});

describe("a route", () => {
  test("stands at a path of its own", () => {
    const places = ROUTE_NAMES.map(
      (name) => `${routeOf(name).method} ${routeOf(name).path.replaceAll(/:\w+/g, ":")}`,
    );
    expect(new Set(places).size).toBe(places.length);
  });

  test("that changes anything asks who it is", () => {
    for (const name of ROUTE_NAMES) {
      const { method, auth } = routeOf(name);
      if (method !== "GET" && name !== "challenge") expect(auth, name).not.toBe("none");
    }
    expect(ROUTES.placeOrder.auth).toBe("trade");
  });
});
