/**
 * Pages for people, beside the interface for programs: a folder of built files, read once and served from memory. Only what was found there is ever
 * served, so that no path leads out of it.
 */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export interface Site {
  /**
   * What to answer, or undefined where the site has nothing.
   * @param path - of the request, without its query
   */
  readonly answer: (path: string, asked: Asked) => SiteAnswer | undefined;
}

/** What of a request's headers counts. */
export interface Asked {
  readonly accept: string | undefined;
  readonly acceptEncoding: string | string[] | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly host: string | undefined;
}

export interface SiteAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

interface File {
  readonly type: string;
  readonly cache: string;
  readonly tag: string;
  /** The bytes by the name of their encoding. */
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
}

type Encoding = "br" | "gzip" | "identity";

const INDEX = "/index.html";
/** Files there carry a digest of their content in their name. */
const ASSETS = "/assets/";
const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const IS_DENSE = /^(?:font|image\/(?!svg))/;
const QUALITY = 7;

const [brotliOf, gzipOf] = [promisify(brotliCompress), promisify(gzip)];

/** Reads a folder with an `index.html`. @throws if there is none */
export async function readSite(folder: string): Promise<Site> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = new Map<string, File>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const whole = join(entry.parentPath, entry.name);
    const path = `/${whole.slice(join(folder, "/").length).replaceAll("\\", "/")}`;
    files.set(path, await fileOf(path, await readFile(whole)));
  }
  const index = files.get(INDEX);
  if (index === undefined) throw new Error(`${folder} has no index.html`);
  return {
    answer: (path, asked) => {
      const file = files.get(path) ?? (isPage(path, asked) ? index : undefined);
      return file && answerOf(file, asked);
    },
  };
}

/** Addresses within the pages are theirs to understand; a file that is not there is not. */
function isPage(path: string, { accept }: Asked): boolean {
  return path === "/" || (!path.startsWith(ASSETS) && accept?.includes("text/html") === true);
}

async function fileOf(path: string, content: Buffer): Promise<File> {
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  const isDense = IS_DENSE.test(type);
  return {
    type,
    cache: path.startsWith(ASSETS) ? FOREVER : ASK_AGAIN,
    tag: `W/"${createHash("sha256").update(content).digest("hex").slice(0, 24)}"`,
    bodies: {
      identity: content,
      br: isDense
        ? content
        : await brotliOf(content, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }),
      gzip: isDense ? content : await gzipOf(content),
    },
  };
}

function answerOf({ type, cache, tag, bodies }: File, asked: Asked): SiteAnswer {
  const headers = {
    "content-type": type,
    "cache-control": cache,
    etag: tag,
    vary: "accept-encoding, host",
    "content-security-policy": policyFor(asked.host),
  };
  if (asked.ifNoneMatch?.split(",").some((each) => each.trim() === tag) === true)
    return { status: 304, headers, body: undefined };
  const encoding = encodingFor(asked.acceptEncoding);
  const body = bodies[encoding];
  const isPlain = encoding === "identity" || body === bodies.identity;
  return { status: 200, headers: isPlain ? headers : { ...headers, "content-encoding": encoding }, body };
}

function encodingFor(accepted: Asked["acceptEncoding"]): Encoding {
  const names = String(accepted ?? "")
    .split(",")
    .filter((each) => !/;\s*q=0(?:\.0*)?\s*$/.test(each))
    .map((each) => each.split(";")[0]?.trim());
  return names.includes("br") ? "br" : names.includes("gzip") ? "gzip" : "identity";
}

/**
 * What a page may do: run its own files, speak with the node it came from, and nothing else. WebAssembly is allowed because the engine, run in a page
 * to check the node, has one inner loop in it. Wallets' icons are data, and so are files that a page makes to be saved.
 */
function policyFor(host: string | undefined): string {
  const sockets = host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host) ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
