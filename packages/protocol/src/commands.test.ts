/** A command in JSON is the command; anything else is an error with a path. */
import { type CommandName, LAYOUTS, type Layout, commandOf } from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AUTHORITY, SCOPE, hasScope, scopeFor } from "./authority.ts";
import { COMMAND_SCHEMAS, decodeCommand, frameOf } from "./commands.ts";

const layouts = LAYOUTS as readonly Layout[];

/** A command of a layout, its fields anywhere in their ranges, often at the ends. */
const inputOf = ({ name, fields }: Layout): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(fields).map(([field, { min, max }]) => [
          field,
          fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max })),
        ]),
      ),
    )
    .map((values) => ({ kind: name, ...values }));

describe("a command in JSON", () => {
  test.each(layouts.map((layout): [string, Layout] => [layout.name, layout]))("%s", (_, layout) => {
    fc.assert(
      fc.property(inputOf(layout), (input) => {
        const json: unknown = JSON.parse(JSON.stringify(input));
        expect(commandOf(decodeCommand(json))).toEqual({ ...input, time: 0 });
      }),
      { numRuns: 20 },
    );
  });

  test.each(layouts.map((layout): [string, Layout] => [layout.name, layout]))(
    "%s with one field wrong is a decode error at that field",
    (name, layout) => {
      const fields = Object.entries(layout.fields);
      fc.assert(
        fc.property(
          inputOf(layout),
          fc.constantFrom(...fields, ["extra", { unit: "", min: 0, max: 0 }] as const),
          fc.nat(4),
          (input, [field, { min, max }], fault) => {
            const wrong: unknown[] = [min - 1.5, max + 1.5, String(min), null, undefined];
            const value = wrong[fault];
            if (field === "extra" && value === undefined) return;
            expect(() => decodeCommand({ ...input, [field]: value }, "body")).toThrow(
              expect.objectContaining({
                name: "DecodeError",
                path: field === "extra" ? "body" : `body.${field}`,
              }),
            );
          },
        ),
        { numRuns: 20 },
      );
      expect(COMMAND_SCHEMAS[name as CommandName]).toBeDefined();
    },
  );

  test.each([null, 1, "x", [], {}, { kind: "steal" }, { kind: "clockTick", tier: 1, time: 5 }])(
    "is not %j",
    (value) => {
      expect(() => decodeCommand(value)).toThrow(expect.objectContaining({ name: "DecodeError" }));
    },
  );

  test("with −0 in it is none: two clients would sign different bytes for one number", () => {
    expect(() => decodeCommand(JSON.parse('{"kind":"listTier","minInitialMargin":-0}'))).toThrow(/found -0/);
  });

  test("becomes the same frame as its object", () => {
    const command = { kind: "requestWithdrawal", account: 7, asset: 1, amount: 5 } as const;
    expect(decodeCommand(command)).toEqual(frameOf(command));
  });
});

describe("authority", () => {
  test("is told of every command, and of nothing else", () => {
    expect(Object.keys(AUTHORITY).toSorted()).toEqual(layouts.map(({ name }) => name).toSorted());
  });

  test("has somebody to look for in every command: an account, a reporter, a member", () => {
    const subject = { wallet: "account", member: "member", "session:report": "reporter" } as const;
    for (const { name, fields } of layouts) {
      const authority = AUTHORITY[name as CommandName];
      if (authority === "session:trade" || authority === "session:keep")
        expect(fields, name).toHaveProperty("account");
      else if (authority in subject && name !== "executeProposal")
        expect(fields, name).toHaveProperty(subject[authority as keyof typeof subject]);
    }
  });

  test("lets no session key move money out", () => {
    for (const command of ["requestWithdrawal", "deallocate", "withdrawStake", "payCover"] as const)
      expect(scopeFor(command)).toBeUndefined();
    expect(scopeFor("placeOrder")).toBe("trade");
    expect(scopeFor("bidLiquidation")).toBe("keep");
    expect(hasScope(SCOPE.read + SCOPE.trade, "keep")).toBe(false);
    expect(hasScope(SCOPE.read + SCOPE.trade, "trade")).toBe(true);
  });
});
