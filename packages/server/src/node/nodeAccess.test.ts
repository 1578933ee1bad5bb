/** What a venue calls itself to wallets. */
import { expect, test } from "vitest";
import { originOf } from "./nodeAccess.ts";

test.each([
  ["where it listens, without more said", { host: "127.0.0.1", port: 8_642 }, "http://127.0.0.1:8642"],
  ["this machine, where it listens everywhere", { host: "0.0.0.0", port: 80 }, "http://localhost:80"],
  [
    "where browsers find it, behind a proxy",
    { host: "127.0.0.1", port: 8_642, origin: "https://venue.example/" },
    "https://venue.example",
  ],
])("a venue is %s", (_, { host, port, ...more }, expected) => {
  expect(originOf({ host, port, origin: undefined, ...more })).toBe(expected);
});
