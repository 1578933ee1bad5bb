/** The walls a test guards. Each rule is a pure function from modules to breaches, one line of text each. */
import type { Node } from "oxc-parser";
import { isRelative, isTest, type Module, targetOf } from "./source.ts";

type Rule = (modules: readonly Module[]) => readonly string[];

/** A breach is a cycle of imports, types included: a circle of words is as hard to read as a circle of calls. */
export const cycles: Rule = (modules) => {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const closed = new Set<string>();
  const found: string[] = [];

  function walk(path: string, trail: readonly string[]): void {
    const module = byPath.get(path);
    if (module === undefined || closed.has(path)) return;
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    for (const { specifier } of module.imports) {
      if (isRelative(specifier)) walk(targetOf(module, specifier), [...trail, path]);
    }
    closed.add(path);
  }

  for (const path of byPath.keys()) walk(path, []);
  return found;
};

/** Escape hatches of the type system. */
export const anys: Rule = eachNode((node) => (node.type === "TSAnyKeyword" ? "any" : undefined));

/** One name per thing, the same at home and abroad. */
export const defaultExports: Rule = eachNode((node) =>
  node.type === "ExportDefaultDeclaration" ? "default export" : undefined,
);

export const silencedErrors: Rule = eachComment(/@ts-(?:ignore|expect-error|nocheck)/);

export const leftovers: Rule = eachComment(/\b(?:TODO|FIXME|XXX)\b/);

/** Relative imports name the file itself, so that Node runs the sources bare. */
export const bareSuffixes: Rule = (modules) =>
  modules.flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier }) => isRelative(specifier) && !/\.(?:tsx?|json|css)$/.test(specifier))
      .map(({ specifier, line }) => `${path}:${line}: "${specifier}" lacks its .ts suffix`),
  );

/** One barrel per package, and it is the public one. */
export const barrels: Rule = (modules) =>
  modules
    .filter(({ path }) => path.endsWith("/index.ts") && !/^packages\/[^/]+\/src\/index\.ts$/.test(path))
    .map(({ path }) => `${path}: only a package's src root has an index.ts`);

/** A number becomes a quantity in the kernel or where bytes are decoded: nowhere else is `as MicroUsd` honest. */
export const rawCasts: Rule = (modules) => {
  const units = unitsDeclaredIn(modules);
  const castsIn = eachNode((node) => {
    if (node.type !== "TSAsExpression" && node.type !== "TSTypeAssertion") return undefined;
    const name = nameOf(node.typeAnnotation);
    return name !== undefined && units.has(name) ? `raw cast to ${name}` : undefined;
  });
  return castsIn(modules.filter(({ path }) => !isTest(path) && !MAY_CAST.test(path)));
};

const MAY_CAST = /^packages\/engine\/src\/(?:kernel|domain)\//;

/** Names of the branded numbers: `number & brand`, and the aliases of such a type. */
export function unitsDeclaredIn(modules: readonly Module[]): ReadonlySet<string> {
  const aliases = modules.flatMap(({ nodes }) =>
    nodes.filter((node) => node.type === "TSTypeAliasDeclaration"),
  );
  const isBrand = ({ typeAnnotation: type }: (typeof aliases)[number]): boolean =>
    type.type === "TSIntersectionType" && type.types.some((part) => part.type === "TSNumberKeyword");
  const brands = new Set(aliases.filter(isBrand).map((alias) => alias.id.name));
  const units = aliases.filter((alias) => brands.has(nameOf(alias.typeAnnotation) ?? ""));
  return new Set([...brands, ...units.map((alias) => alias.id.name)]);
}

/** The engine runs on nothing but the language. */
export function runtimeDependencies(manifest: Readonly<Record<string, unknown>>): readonly string[] {
  return ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}).map((name) => `${kind}: ${name}`),
  );
}

function eachNode(judge: (node: Node) => string | undefined): Rule {
  return (modules) =>
    modules.flatMap(({ path, nodes, lineOf }) =>
      nodes.flatMap((node) => {
        const breach = judge(node);
        return breach === undefined ? [] : [`${path}:${lineOf(node.start)}: ${breach}`];
      }),
    );
}

function eachComment(pattern: RegExp): Rule {
  return (modules) =>
    modules.flatMap(({ path, comments, lineOf }) =>
      comments.flatMap(({ value, start }) => {
        const match = pattern.exec(value);
        return match === null ? [] : [`${path}:${lineOf(start + match.index)}: ${match[0]}`];
      }),
    );
}

/** Name of a type reference, looking through arrays. */
function nameOf(type: Node): string | undefined {
  if (type.type === "TSArrayType") return nameOf(type.elementType);
  if (type.type !== "TSTypeReference") return undefined;
  return type.typeName.type === "Identifier" ? type.typeName.name : undefined;
}
