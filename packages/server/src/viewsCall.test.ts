import { DecodeError } from "@bulkhead/engine";
import { expect, test } from "vitest";
import { describeError, errorFrom } from "./viewsCall.ts";

test("of a statement that failed is told which it was and why, not its values", () => {
  const cause = new Error("could not extend file: No space left on device");
  const failed = new Error(`Failed query: insert into "orders" values ${"1,".repeat(100_000)}`, { cause });
  const told = describeError(failed);
  expect(told.message).toMatch(
    /^Failed query: insert into "orders" .{1,200} …: could not extend file: No space/,
  );
  expect(told.stack).toContain("viewsCall.test.ts");
  const error = errorFrom(told);
  expect(error).toMatchObject({ name: "ViewsError", message: `Error: ${told.message}` });
  expect(error.message.length + String(error.stack).length).toBeLessThan(4_000);
});

test("what is short is told whole, and what is wrong with a question stays a question's", () => {
  expect(describeError(new Error("gone")).message).toBe("gone");
  expect(describeError({ errno: 51 })).toEqual({ name: "Error", message: "{ errno: 51 }" });
  const wrong = new DecodeError("query.limit", "at most 500", "501");
  expect(errorFrom(describeError(wrong))).toEqual(wrong);
});
