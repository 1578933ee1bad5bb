/** Keys of the demo's participants, made of their names: anybody can make them, so they are worth nothing anywhere else. */
import { createHash } from "node:crypto";
import { addressOf, privateKeyOf, publicKeyOf } from "@bulkhead/protocol";
import { DEMO_REPORTERS, type DemoParties } from "./venue.ts";

/** Whoever looks at the demo. */
export const GUEST = "guest";

export function demoKey(name: string): string {
  return `0x${createHash("sha256").update(`bulkhead demo ${name}`).digest("hex")}`;
}

function demoAddress(name: string): string {
  return addressOf(publicKeyOf(privateKeyOf(demoKey(name), name)));
}

export const DEMO_PARTIES: DemoParties = {
  operator: demoAddress("operator"),
  reporters: DEMO_REPORTERS.map(demoAddress),
  members: ["member-1", "member-2", "member-3"].map(demoAddress),
};
