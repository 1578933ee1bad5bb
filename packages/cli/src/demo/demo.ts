/**
 * Who takes part in the demo besides the node: each a process of its own, over the public interface. One that ends is begun again, as a service
 * manager would.
 */
import { type ChildProcess, fork } from "node:child_process";
import type { Sink } from "../shell.ts";
import { openHouse } from "./house.ts";
import { GUEST, demoKey } from "./keys.ts";
import { DEMO_REPORTERS } from "./venue.ts";
import { CRASH_AT_MS } from "./world.ts";

export interface Demo {
  readonly leave: () => Promise<void>;
}

const AGAIN_MS = 2_000;
const LEAVE_MS = 5_000;
const MINUTE = 60_000;

/** Sets up the house, and lets everybody take part. */
export async function joinDemo(url: string, stdout: Sink): Promise<Demo> {
  const began = Date.now();
  const children = new Map<string, ChildProcess>();
  let isLeaving = false;
  const begin = (name: string, args: readonly string[]): void => {
    const child = fork(
      process.argv[1] as string,
      ["take-part", ...args, "--url", url, "--began", String(began)],
      {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      },
    );
    children.set(name, child);
    child.on("exit", () => {
      if (!isLeaving) setTimeout(() => isLeaving || begin(name, args), AGAIN_MS).unref();
    });
  };
  for (let number = 1; number <= DEMO_REPORTERS.length; number++)
    begin(`reporter ${number}`, ["reporter", "--number", String(number)]);
  await openHouse(url);
  begin("keeper", ["keeper"]);
  begin("backstop", ["backstop"]);
  begin("crowd", ["crowd"]);
  stdout.write(
    [
      `  taking part: ${[...children.keys()].join(", ")}; prices are calm for ${CRASH_AT_MS / MINUTE} minutes, then they crash`,
      `  trade with the guest's wallet: npx tsx examples/placeOrder.ts --url ${url} --key ${demoKey(GUEST)}`,
      "  stop with Ctrl-C; started again, it goes on from there\n",
    ].join("\n"),
  );
  return {
    leave: async () => {
      isLeaving = true;
      await Promise.all([...children.values()].map(end));
    },
  };
}

/** Asks a process to end, and ends it if it does not. */
function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill("SIGKILL"), LEAVE_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
