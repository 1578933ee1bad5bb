/** Whatever the gateway notes is one of the node's coded events, with all of its facts. */
import { readFileSync, readdirSync } from "node:fs";
import { LOG_EVENTS, type Say } from "@bulkhead/server";
import { expect, test } from "vitest";
import { gatewayLog } from "../../packages/server/src/node/gatewayLog.ts";

const FOLDER = "packages/server/src/gateway/";
/** The codes that its sources hand to a log. */
const CODES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => [
    ...readFileSync(FOLDER + file, "utf8").matchAll(/log\.(?:info|warn|error)\([^;]*?"([a-z_]+)",?\s*\)/g),
  ])
  .map(([, code]) => code as string);

test("its sources are found to note something", () => {
  expect(CODES).toContain("request_refused");
  expect(CODES.length).toBeGreaterThan(7);
});

test.each(CODES)("%s is an event", (code) => {
  const said: [string, object][] = [];
  const say: Say = (name, facts) => void said.push([name, facts]);
  gatewayLog(say).info({ route: "/", status: 400, type: "x", account: 1, host: "h", port: 1 }, code);
  expect(said).toHaveLength(1);
  const [name, facts] = said[0]!;
  expect(Object.keys(facts).toSorted()).toEqual(
    [...LOG_EVENTS[name as keyof typeof LOG_EVENTS].fields].toSorted(),
  );
});

test("what has none is a fault of the program", () => {
  expect(() => gatewayLog(() => undefined).info({}, "no_such_code")).toThrow(/no_such_code has no event/);
});
