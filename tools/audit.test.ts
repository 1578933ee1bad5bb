import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judge } from "./audit.ts";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));

test("a registry that knows of something fails, one that knows of nothing does not", () => {
  const weak = {
    vulnerabilities: {
      fastify: { severity: "high", range: "<5.13.0", via: [{ title: "a body that is no body" }, "pino"] },
    },
  };
  expect(judge(JSON.stringify(weak))).toEqual({
    verdict: "weak",
    text: "high: fastify <5.13.0: a body that is no body; by pino",
  });
  expect(judge(JSON.stringify({ vulnerabilities: {} })).verdict).toBe("clean");
});

test.each([
  JSON.stringify({ message: "405 Method Not Allowed", statusCode: 405 }),
  "<html>not here</html>",
  "",
])("one that cannot be asked is told from one that knows of nothing: %s", (answer) => {
  const { verdict, text } = judge(answer);
  expect([verdict, text]).toEqual(["unasked", expect.stringMatching(/^!!! .+: .+/)]);
});

test("what is installed at run time is of exactly one version, and locked with its hash", () => {
  const packages = ["engine", "protocol", "server", "sdk", "simulator", "cli", "dashboard"];
  for (const name of packages) {
    const { dependencies = {} } = read(`packages/${name}/package.json`) as {
      dependencies?: Readonly<Record<string, string>>;
    };
    for (const [dependency, version] of Object.entries(dependencies))
      expect([name, dependency, version]).toEqual([
        name,
        dependency,
        expect.stringMatching(/^\d+\.\d+\.\d+$/),
      ]);
  }
  const { packages: locked } = read("package-lock.json") as { packages: Readonly<Record<string, Locked>> };
  const installed = Object.entries(locked).filter(
    ([path, { link, dev }]) => path.includes("node_modules/") && link !== true && dev !== true,
  );
  expect(installed.length).toBeGreaterThan(50);
  expect(installed.filter(([, { integrity }]) => integrity?.startsWith("sha512-") !== true)).toEqual([]);
});
