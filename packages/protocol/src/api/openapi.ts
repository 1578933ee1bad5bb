/** The HTTP interface as an OpenAPI 3.1 document, made of the table of routes. */
import { REFUSALS, type RefusalName } from "@bulkhead/engine";
import type { z } from "zod";
import { PROBLEM, type ProblemKind, statusOf, titleOf } from "../problem.ts";
import { type Route, problemsOf } from "./route.ts";
import { ROUTE_NAMES, routeOf } from "./routes.ts";
import { type Components, type Json, jsonSchema } from "./schemas.ts";

/** What routes are about. */
export const TAGS = {
  venue: "What everybody may see",
  risk: "How safe the venue is, and how to check it",
  account: "What an owner may see of his accounts, and commands",
  orders: "Orders",
  access: "Sessions",
  node: "The node itself",
} as const;

/** @param version - of the node that serves it; @param origin - under which it is reached, left out where no node is meant */
export function openApi(version: string, origin?: string): Json {
  const components: Components = {};
  components["Problem"] = jsonSchema(PROBLEM, components);
  components["Refusal"] = refusalSchema();
  const paths: Record<string, Record<string, Json>> = {};
  for (const name of ROUTE_NAMES) {
    const route = routeOf(name);
    const path = (paths[templateOf(route.path)] ??= {});
    path[route.method.toLowerCase()] = operation(name, route, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Bulkhead",
      version,
      description:
        "Prices and amounts are exact decimal strings, times are milliseconds since the epoch. How requests are signed is told in docs/spec/wire.md.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    ...(origin !== undefined && { servers: [{ url: origin }] }),
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "Token of a session; for reading" },
        session: header("bulkhead-session", "Number of the session"),
        nonce: header("bulkhead-nonce", "ms since the epoch, above the session's last"),
        signature: header(
          "bulkhead-signature",
          "Session key's signature over the EIP-712 struct Request: r and s, hex",
        ),
      },
    },
  };
}

/** A path as OpenAPI writes it. */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}

function operation(name: string, route: Route, components: Components): Json {
  const {
    summary,
    tag,
    params,
    query,
    body,
    response,
    contentType = "application/json",
    status = 200,
  } = route;
  const parameters = [
    ...parametersIn("path", params, components),
    ...parametersIn("query", query, components),
  ];
  return {
    operationId: name,
    summary,
    tags: [tag],
    ...securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: jsonSchema(body, components) } },
      },
    }),
    responses: {
      [status]: {
        description: summary,
        content: { [contentType]: { schema: jsonSchema(response, components) } },
      },
      ...problemResponses(problemsOf(route)),
    },
  };
}

function securityOf({ auth }: Route): Json {
  const signed = { session: [], nonce: [], signature: [] };
  if (auth === "none" || auth === "wallet") return {};
  if (auth === "read") return { security: [{ bearer: [] }, signed] };
  return { security: auth === "command" ? [{}, signed] : [signed] };
}

function parametersIn(
  place: "path" | "query",
  schema: z.ZodObject | undefined,
  components: Components,
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, member]) => {
    const { description, ...own } = jsonSchema(member as z.ZodType, components);
    const isRequired = place === "path" || !(member as z.ZodType).safeParse(undefined).success;
    return {
      name,
      in: place,
      required: isRequired,
      ...(description !== undefined && { description }),
      schema: own,
    };
  });
}

/** Problems by status: several kinds may have one. */
function problemResponses(kinds: readonly ProblemKind[]): Record<string, Json> {
  const responses: Record<string, Json> = {};
  for (const status of new Set(kinds.map(statusOf))) {
    const titles = kinds
      .filter((kind) => statusOf(kind) === status)
      .map((kind) => `${kind}: ${titleOf(kind)}`);
    const name = status === statusOf("refused") ? "Refusal" : "Problem";
    responses[status] = {
      description: titles.join("; "),
      content: { "application/problem+json": { schema: { $ref: `#/components/schemas/${name}` } } },
    };
  }
  return responses;
}

/** A problem that is a refusal, with every code and name there is. */
function refusalSchema(): Json {
  const names = Object.keys(REFUSALS) as RefusalName[];
  return {
    description: "The venue refused the command",
    allOf: [{ $ref: "#/components/schemas/Problem" }],
    properties: {
      code: { enum: names.map((name) => REFUSALS[name].code) },
      refusal: {
        oneOf: names.map((name) => ({
          const: name,
          description: `${REFUSALS[name].code}: ${REFUSALS[name].meaning}`,
        })),
      },
    },
    required: ["code", "refusal", "facts"],
  };
}

function header(name: string, description: string): Json {
  return { type: "apiKey", in: "header", name, description };
}
