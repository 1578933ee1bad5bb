/** Every route of the HTTP interface, in one table: the node serves it, the client calls it, the document is made of it. */
import type { z } from "zod";
import { PRIVATE_ROUTES } from "./privateRoutes.ts";
import { PUBLIC_ROUTES } from "./publicRoutes.ts";
import { RISK_ROUTES } from "./riskRoutes.ts";
import type { Route } from "./route.ts";

export const ROUTES = { ...PUBLIC_ROUTES, ...RISK_ROUTES, ...PRIVATE_ROUTES } as const;

export type RouteName = keyof typeof ROUTES;

type Part<R, Key extends string, Direction extends "input" | "output"> =
  R extends Readonly<Record<Key, infer Schema extends z.ZodType>>
    ? Readonly<Record<Key, Direction extends "input" ? z.input<Schema> : z.output<Schema>>>
    : unknown;

/** What a caller gives: those of `params`, `query` and `body` that the route has. */
export type RouteInput<Name extends RouteName> = Part<(typeof ROUTES)[Name], "params", "input"> &
  Part<(typeof ROUTES)[Name], "query", "input"> &
  Part<(typeof ROUTES)[Name], "body", "input">;

/** The same, once it has been decoded. */
export type RouteRequest<Name extends RouteName> = Part<(typeof ROUTES)[Name], "params", "output"> &
  Part<(typeof ROUTES)[Name], "query", "output"> &
  Part<(typeof ROUTES)[Name], "body", "output">;

/** What it is answered. */
export type RouteResponse<Name extends RouteName> = z.output<(typeof ROUTES)[Name]["response"]>;

export const ROUTE_NAMES = Object.keys(ROUTES) as readonly RouteName[];

/** A route by its name, as one of all. */
export function routeOf(name: RouteName): Route {
  return ROUTES[name];
}
