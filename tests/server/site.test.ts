/** Pages beside the interface: served from a folder, and only from there. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestNode, openNode } from "./venueNode.ts";

const PAGE = "<!doctype html><title>pages</title>";
const SCRIPT = "export const answer = 42;\n".repeat(40);
const AS_BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

let folder = "";
let node: TestNode;
let bare: TestNode;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-"));
  await mkdir(join(folder, "site/assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "site/index.html"), PAGE);
  await writeFile(join(folder, "site/mark.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(join(folder, "site/assets/index-abc123.js"), SCRIPT);
  [node, bare] = await Promise.all([openNode({ gateway: { site: join(folder, "site") } }), openNode()]);
});
afterAll(async () => {
  await Promise.all([node.close(), bare.close()]);
  await rm(folder, { recursive: true });
});

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As it stands: `fetch` would tidy the path. */
function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(node.url);
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("pages", () => {
  test.each(["/", "/trade", "/trade/BTC-PERP?x=1", "/incidents/7"])("are at %s", async (path) => {
    const { status, headers, body } = await ask(path, AS_BROWSER);
    expect([status, body.toString()]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
    });
  });

  test("allow their own files and their own node, and nothing else", async () => {
    const { headers } = await ask("/", { ...AS_BROWSER, host: "venue.example:8642" });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("connect-src 'self' ws://venue.example:8642 wss://venue.example:8642;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|upgrade-insecure/);
    const strange = await ask("/", { ...AS_BROWSER, host: "x;script-src *" });
    expect(String(strange.headers["content-security-policy"] ?? "")).not.toContain("script-src *");
  });

  test("have files that may be kept for ever, and come compressed", async () => {
    const { status, headers, body } = await ask("/assets/index-abc123.js", { "accept-encoding": "gzip, br" });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "content-encoding": "br",
      "x-content-type-options": "nosniff",
    });
    expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
    expect((await ask("/assets/index-abc123.js", { "accept-encoding": "br;q=0" })).body.toString()).toBe(
      SCRIPT,
    );
  });

  test("are not sent again to who has them", async () => {
    const { headers } = await ask("/", AS_BROWSER);
    const again = await ask("/", { ...AS_BROWSER, "if-none-match": String(headers["etag"]) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  test("answer HEAD without a body", async () => {
    const { status, headers, body } = await ask("/mark.svg", {}, "HEAD");
    expect([status, body.length, headers["content-type"]]).toEqual([200, 0, "image/svg+xml"]);
  });

  test.each([
    ["/../secret.txt", AS_BROWSER],
    ["/%2e%2e/secret.txt", AS_BROWSER],
    ["/assets/../../secret.txt", {}],
    ["/assets/%2e%2e%2f%2e%2e%2fsecret.txt", {}],
    ["/..%5csecret.txt", {}],
    [`/${"../".repeat(12)}etc/passwd`, {}],
  ])("never lead out of their folder: %s", async (path, headers) => {
    const { body } = await ask(path, headers);
    expect(body.toString()).not.toMatch(/^secret|root:/);
  });

  test.each([
    ["/assets/none-123.js", AS_BROWSER, "GET", 404],
    ["/favicon.ico", { accept: "image/*" }, "GET", 404],
    ["/v1/none", AS_BROWSER, "GET", 404],
    ["/v1", AS_BROWSER, "GET", 404],
    ["/v1/orders", AS_BROWSER, "GET", 405],
    ["/trade", AS_BROWSER, "POST", 404],
  ])("are not at %s", async (path, headers, method, status) => {
    const answer = await ask(path, headers, method);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toMatch(/problem\+json/);
  });

  test("do not stand before the interface", async () => {
    const { headers } = await ask("/health", AS_BROWSER);
    expect(headers["content-type"]).toMatch(/^application\/json/);
  });

  test("are left out where there is no folder, and one without pages is said at once", async () => {
    expect((await fetch(bare.url, { headers: AS_BROWSER })).status).toBe(404);
    await expect(openNode({ gateway: { site: folder } })).rejects.toThrow("has no index.html");
  });
});
