/** Who may send what: every command, by every kind of signer. */
import { FRAME_WORDS, LAYOUTS, type Layout } from "@bulkhead/engine";
import { AUTHORITY, SCOPE } from "@bulkhead/protocol";
import { Authority, Denied, Registry, type Session, type Signer } from "@bulkhead/server";
import { beforeAll, describe, expect, test } from "vitest";
import { MemoryDisk } from "./memoryDisk.ts";

const [OWNER, STRANGER, OPERATOR, REPORTER, MEMBER] = ["1", "2", "3", "4", "5"].map(
  (digit) => `0x${digit.repeat(40)}`,
) as [string, string, string, string, string];
const ACCOUNT = 1;

let authority: Authority;
beforeAll(async () => {
  const registry = await Registry.open(new MemoryDisk(), { genesis: new Uint8Array(32), clock: () => 1 });
  await registry.openAccount(OWNER, async () => ACCOUNT);
  authority = new Authority(registry, {
    operators: [OPERATOR],
    reporters: [{ tier: 1, reporter: 1, address: REPORTER }],
    members: [{ tier: 1, member: 1, address: MEMBER }],
  });
});

const wallet = (address: string): Signer => ({ kind: "wallet", address });
const session = (owner: string, scopes: number): Signer => ({
  kind: "session",
  session: { id: 9, owner, scopes, key: new Uint8Array(33), expires: 2 } satisfies Session,
});

/** A frame of this command for account, reporter and member 1 of tier 1. */
function frameOf({ code, fields, at }: Layout): Float64Array {
  const frame = new Float64Array(FRAME_WORDS);
  frame[0] = code;
  for (const field of Object.keys(fields)) frame[at[field] as number] = 1;
  return frame;
}

function answer(signer: Signer, frame: Float64Array): string {
  try {
    authority.expect(signer, frame);
    return "may";
  } catch (error) {
    if (error instanceof Denied) return error.denial;
    throw error;
  }
}

/** What a session of all scopes, the owner's wallet, a stranger's, the reporter's, the member's and an operator's are told. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "session:trade": ["may", "may", ...Array<string>(4).fill("account_not_owned")],
  "session:keep": ["may", "may", ...Array<string>(4).fill("account_not_owned")],
  "session:report": [
    "reporter_required",
    "reporter_required",
    "reporter_required",
    "may",
    "reporter_required",
    "reporter_required",
  ],
  wallet: ["wallet_required", "may", ...Array<string>(4).fill("account_not_owned")],
  member: [
    "wallet_required",
    "member_required",
    "member_required",
    "member_required",
    "may",
    "member_required",
  ],
  anyone: ["wallet_required", "may", "may", "may", "may", "may"],
  node: ["wallet_required", ...Array<string>(4).fill("operator_required"), "may"],
  operator: ["wallet_required", ...Array<string>(4).fill("operator_required"), "may"],
};

describe.each(LAYOUTS.map((layout) => [layout.name, layout] as const))("%s", (name, layout) => {
  const frame = frameOf(layout);

  test(`is for ${AUTHORITY[name]}`, () => {
    const signers = [
      session(OWNER, 15),
      ...[OWNER, STRANGER, REPORTER, MEMBER, OPERATOR].map((address) => wallet(address)),
    ];
    expect(signers.map((signer) => answer(signer, frame))).toEqual(EXPECTED[AUTHORITY[name]]);
  });

  test("needs its own scope of a session", () => {
    const [, scope] = AUTHORITY[name].split(":") as [string, keyof typeof SCOPE | undefined];
    const owner = scope === "report" ? REPORTER : OWNER;
    for (const [each, bit] of Object.entries(SCOPE)) {
      const expected = scope === undefined ? "wallet_required" : scope === each ? "may" : "scope_missing";
      expect(answer(session(owner, bit), frame)).toBe(expected);
    }
  });
});

test("another tier's reporter and member are nobody in this one", () => {
  for (const name of ["reportPrice", "propose", "executeProposal"]) {
    const layout = (LAYOUTS as readonly Layout[]).find((each) => each.name === name)!;
    const frame = frameOf(layout);
    frame[layout.at["tier"] as number] = 2;
    expect(answer(wallet(name === "reportPrice" ? REPORTER : MEMBER), frame)).toMatch(/_required$/);
  }
});
