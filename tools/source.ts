/** TypeScript files as the tidy rules see them: where they lie, what they import, what their tree holds. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { type Comment, type Node, parseSync, visitorKeys } from "oxc-parser";

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Whole-statement `import type`; a lone inline `type` still loads the module at run time. */
  readonly typeOnly: boolean;
}

export interface Module {
  readonly path: string; // relative to the repository, with forward slashes
  readonly imports: readonly Import[];
  readonly comments: readonly Comment[];
  readonly nodes: readonly Node[];
  readonly lineOf: (offset: number) => number;
}

/** Reads every module below the given folders; a folder that does not exist yet holds none. */
export function readModules(root: string, folders: readonly string[]): readonly Module[] {
  return folders
    .filter((folder) => existsSync(posix.join(root, folder)))
    .flatMap((folder) => pathsBelow(root, folder))
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path))
    .map((path) => moduleOf(path, readFileSync(posix.join(root, path), "utf8")));
}

export function moduleOf(path: string, text: string): Module {
  const { program, comments, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const nodes = [...nodesBelow(program)];
  const imports = nodes.flatMap((node) => {
    const found = importOf(node);
    return found === undefined ? [] : [{ ...found, line: lineOf(node.start) }];
  });
  return { path, imports, comments, nodes, lineOf };
}

/** Path of the module a relative import names, as written: nothing is guessed. */
export function targetOf(module: Module, specifier: string): string {
  return posix.join(posix.dirname(module.path), specifier);
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith(".");
}

/** Whatever is never shipped: tests beside the file, and everything outside the packages. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || !path.startsWith("packages/");
}

function pathsBelow(root: string, folder: string): readonly string[] {
  const entries = readdirSync(posix.join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name === "node_modules" || entry.name === "dist" ? [] : pathsBelow(root, path);
  });
}

function* nodesBelow(node: Node): Generator<Node> {
  yield node;
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, Node | readonly (Node | null)[] | null>)[key];
    for (const next of [child ?? []].flat()) if (next !== null) yield* nodesBelow(next);
  }
}

function importOf(node: Node): Pick<Import, "specifier" | "typeOnly"> | undefined {
  switch (node.type) {
    case "ImportDeclaration":
      return { specifier: node.source.value, typeOnly: node.importKind === "type" };
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      if (!node.source) return undefined; // exports its own
      return { specifier: node.source.value, typeOnly: node.exportKind === "type" };
    case "ImportExpression":
      return { specifier: node.source.type === "Literal" ? String(node.source.value) : "?", typeOnly: false };
    case "TSImportType":
      return { specifier: node.source.value, typeOnly: true };
    default:
      return undefined;
  }
}
