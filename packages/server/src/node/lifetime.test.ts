import { expect, test } from "vitest";
import { beginLifetime } from "./lifetime.ts";

test("what was begun last is ended first, once, and what comes after all comes last", async () => {
  const ended: string[] = [];
  const lifetime = beginLifetime();
  lifetime.atEnd(() => void ended.push("log"));
  lifetime.atEnd(async () => {
    await Promise.resolve();
    ended.push("doors");
  });
  lifetime.afterAll(() => void ended.push("farewell"));
  await Promise.all([lifetime.end(), lifetime.end()]);
  expect(ended).toEqual(["doors", "log", "farewell"]);
});

test("what cannot be ended does not keep the rest, and is told", async () => {
  const ended: string[] = [];
  const lifetime = beginLifetime();
  lifetime.atEnd(() => void ended.push("log"));
  lifetime.atEnd(() => Promise.reject(new Error("views")));
  lifetime.atEnd(() => {
    throw new Error("doors");
  });
  const fault = await lifetime.end().catch((error: unknown) => error);
  expect(ended).toEqual(["log"]);
  expect((fault as AggregateError).errors.map(String)).toEqual(["Error: doors", "Error: views"]);
});
