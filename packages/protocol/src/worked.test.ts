/** The bytes in docs/spec/wire.md are those that this code makes. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AUTHORITY } from "./authority.ts";
import { encodeBatch, encodeRecords } from "./binary.ts";
import { hexOf } from "./bytes.ts";
import { frameOf } from "./commands.ts";
import { addressOf, privateKeyOf, publicKeyOf, sign, signRecoverable } from "./signatures.ts";
import { batchDigest, commandDigest, contentHash, requestDigest } from "./signing.ts";
import { signingDomain } from "./typedData.ts";

const page = readFileSync(new URL("../../../docs/spec/wire.md", import.meta.url), "utf8");

test("the worked example", () => {
  const key = privateKeyOf(`0x${"42".repeat(32)}`);
  const domain = signingDomain(31_337, `0x${"07".repeat(32)}`);
  const nonce = 1_800_000_000_000;
  const order = { side: 0, type: 0, timeInForce: 0, price: 128_001, lots: 250, trigger: 0, expiry: 0 };
  const records = encodeRecords(
    frameOf({
      kind: "placeOrder",
      account: 7,
      tier: 1,
      bucket: 3,
      market: 2,
      ...order,
      clientId: 42,
      flags: 1,
      selfTrade: 0,
    }),
  );
  const batch = batchDigest(domain, { session: 9, nonce, records: contentHash(records) });
  const signature = sign(batch, key);
  const body = contentHash(new TextEncoder().encode('{"account":7,"timeout":5000}'));
  const request = requestDigest(domain, { method: "POST", target: "/v1/cancel-after", body, nonce });
  const withdrawal = commandDigest(
    domain,
    frameOf({ kind: "requestWithdrawal", account: 7, asset: 1, amount: 2_500_000 }),
    nonce,
  );
  const made = {
    "public key": hexOf(publicKeyOf(key)),
    address: addressOf(publicKeyOf(key)),
    "domain separator": hexOf(domain.separator),
    record: hexOf(records),
    "records hash": hexOf(contentHash(records)),
    "batch digest": hexOf(batch),
    "batch signature": hexOf(signature),
    "batch message": hexOf(encodeBatch({ request: 1, session: 9, nonce, signature, count: 1, records })),
    "body hash": hexOf(body),
    "request digest": hexOf(request),
    "request signature": hexOf(sign(request, key)),
    "withdrawal digest": hexOf(withdrawal),
    "withdrawal signature": hexOf(signRecoverable(withdrawal, key)),
  };
  const told = [...page.matchAll(/^([a-z ]+?) +(0x[0-9a-f]+)$/gm)].map(([, name, bytes]) => [name, bytes]);
  expect(Object.fromEntries(told)).toEqual(made);
});

test("the table of authority tells whose signature each command needs", () => {
  const table = page.slice(
    page.indexOf("Whose signature a command needs"),
    page.indexOf("Where a session will do"),
  );
  for (const [command, authority] of Object.entries(AUTHORITY))
    expect(table.includes(command), command).toBe(authority !== "operator");
});
