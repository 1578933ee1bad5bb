/**
 * The dashboard on a busy venue: a node, traders who change a book some hundred times a second, and a browser, each a process of its own. How
 * often the pages draw, what keeps them, whether they grow, and how soon somebody who comes to them can use them.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync } from "node:fs";
import { once } from "node:events";
import { setPriority } from "node:os";
import { parseArgs } from "node:util";
import { folder as site } from "@bulkhead/dashboard";
import type { Browser, Page } from "playwright-core";
import { print, watchConditions } from "./lib/report.ts";
import { type Arrival, type Awaited, arriveAt, scriptKb } from "./lib/window/arrival.ts";
import { type Bound, LIMITS, atLeast, atMost, paceBounds, settledOf } from "./lib/window/bounds.ts";
import { type Busyness, openBusyTraders } from "./lib/window/busyTraders.ts";
import { CELLS, SYMBOL, openBusyVenue } from "./lib/window/busyVenue.ts";
import { goTo, openBrowser, openWindow, whole } from "./lib/window/chromium.ts";
import type { NodeProcess } from "./lib/window/nodeProcess.ts";
import { tracePage } from "./lib/window/trace.ts";
import { type Kept, type Seen, putProbe, slopeOf, watchPage } from "./lib/window/watch.ts";

const { values } = parseArgs({
  options: {
    /** How long each page is watched. */
    minutes: { type: "string", default: "10" },
    seconds: { type: "string" },
    /** Commands a second that change the book. */
    rate: { type: "string", default: "700" },
    /** Only some of venue, trade, switching and arrival, between commas. */
    only: { type: "string", default: "venue,trade,switching,arrival" },
    arrivals: { type: "string", default: "9" },
    /** Leaves what the pages' main threads did in artefacts/, for the browser's own tools; it slows them. */
    trace: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    /** Be the traders of a node. */
    traders: { type: "string" },
  },
});

const BIN = "packages/cli/bin/bulkhead.js";
const LOOK_MS = 30_000;
const STAY_MS = 4_000;
const FILL_MS = 5_000;
/** Of the node, the traders and this process: elsewhere the browser has a machine of its own, so on this one they give way to it. */
const GIVING_WAY = 19;
/** For a machine with much else to do. */
const PATIENCE_MS = 120_000;
const LINKS = ["Trade", "Oracle", "Account", "Governance", "Venue", "Verify", "Incidents"] as const;
/** Where what is kept is looked at. */
const HOME = "Venue";
const HEALTH = `main section:has(> header > h2:text-is("Health of buckets"))`;

/** What is on a page when it is of use. */
const AWAITED: Readonly<Record<"venue" | "trade", Awaited & { readonly path: string }>> = {
  venue: { path: "/", selector: "main h1", least: 1, cells: CELLS },
  trade: { path: `/trade/${SYMBOL}`, selector: "main tbody button", least: 16 },
};

if (values.traders !== undefined) await beTraders(values.traders);
else await measure();

/** One page that was watched. */
interface Run {
  readonly name: string;
  readonly seen: Seen;
  readonly kept: readonly Kept[];
  readonly busy: { readonly tasks: number; readonly scripts: number };
  /** CPU time of the node over the time of the run. */
  readonly nodeCpu: number;
  /** Levels of the book that changed, and messages that told of them, a second. */
  readonly levels: number;
  readonly messages: number;
  readonly complaints: readonly string[];
  /** Of the heat map; 0 where there is none. */
  readonly cells: number;
  /** Of the processor, for the longest task, ms; known where a trace was kept. */
  readonly longestCpu: number | undefined;
}

async function measure(): Promise<void> {
  const conditions = watchConditions();
  mkdirSync("artefacts", { recursive: true });
  const wanted = new Set(values.only.split(","));
  const seconds = values.seconds === undefined ? Number(values.minutes) * 60 : Number(values.seconds);
  say("a venue is filled");
  const browser = await openBrowser();
  // Whatever begins from here on has it from this process.
  setPriority(GIVING_WAY);
  const node = await openBusyVenue(BIN);
  const traders = fork(process.argv[1] as string, ["--traders", node.url]);
  try {
    await ask(traders);
    // The book fills, and rests while people arrive.
    traders.send(Number(values.rate));
    await new Promise((resolve) => setTimeout(resolve, FILL_MS));
    traders.send(0);
    const arrivals = wanted.has("arrival") ? await arriveAll(browser, node.url) : [];
    traders.send(Number(values.rate));
    const runs: Run[] = [];
    for (const name of ["venue", "trade", "switching"] as const)
      if (wanted.has(name)) runs.push(await watch(name, { browser, node, traders, seconds }));
    const bounds = [...runs.flatMap(boundsOf), ...arrivals.flatMap(({ bounds: each }) => each)];
    print({
      title: `The dashboard on a busy venue: ${CELLS.toLocaleString("en-US")} buckets, each page watched for ${seconds} s`,
      rows: [...arrivals.map(({ row }) => row), ...runs.map(rowOf)],
      ratios: {},
      notes: [
        ...bounds.map(({ name, value, least, most, held }) => {
          const bound = least === undefined ? `≤ ${most}` : `≥ ${least}`;
          return `${held ? "held  " : "MISSED"} ${name}: ${round(value)} (${bound})`;
        }),
        "Arrivals: the venue is full, its book rests, and prices are reported every second.",
        "Node, traders and this process share the machine with the browser, and give way to it. Frames and tasks while garbage is collected by order do not count.",
      ],
      conditions: conditions(),
      extra: { held: bounds.every(({ held }) => held), bounds, runs, arrivals },
    });
    if (!bounds.every(({ held }) => held)) process.exitCode = 1;
  } finally {
    await browser.close();
    traders.kill();
    await node.stop();
  }
}

interface Scene {
  readonly browser: Browser;
  readonly node: NodeProcess;
  readonly traders: ChildProcess;
  readonly seconds: number;
}

async function watch(name: "venue" | "trade" | "switching", scene: Scene): Promise<Run> {
  const { browser, node, traders, seconds } = scene;
  const { page, complaints, close } = await openWindow(browser, { isMoving: true });
  page.setDefaultTimeout(PATIENCE_MS);
  await putProbe(page);
  await goTo(page, node.url + AWAITED[name === "trade" ? "trade" : "venue"].path);
  let cells = 0;
  if (name === "venue") {
    await page.locator(`${HEALTH} canvas`).scrollIntoViewIfNeeded();
    cells = Number(
      (await page.locator(`${HEALTH} figcaption`).first().textContent())?.replaceAll(/ buckets.*|\D/g, ""),
    );
  }
  // Whoever switches has been on every page once, and begins where he is looked at: what is loaded then is not what is watched.
  if (name === "switching") for (const link of [...LINKS, HOME]) await follow(page, link);
  const endTrace = values.trace
    ? await tracePage(browser, page, `artefacts/window-${name}.trace.json`)
    : undefined;
  const watching = await watchPage(page);
  const before = await ask(traders);
  const [cpu, started] = [node.cpuSeconds(), performance.now()];
  const kept = [await watching.kept()];
  const elapsed = (): number => performance.now() - started;
  for (let look = 1, stop = 0; elapsed() < seconds * 1_000;) {
    const due = name === "switching" ? STAY_MS : LOOK_MS;
    await page.waitForTimeout(Math.max(0, Math.min(due, seconds * 1_000 - elapsed())));
    if (name === "switching") await follow(page, LINKS[stop++ % LINKS.length] as (typeof LINKS)[number]);
    // What is kept is compared on the same page.
    const isHome = name !== "switching" || stop % LINKS.length === LINKS.indexOf(HOME) + 1;
    if (!isHome || (elapsed() < look * LOOK_MS && elapsed() < seconds * 1_000)) continue;
    look = Math.floor(elapsed() / LOOK_MS) + 1;
    kept.push(await watching.kept());
    const { fps, longest } = await watching.seen();
    say(
      `${name}: ${Math.round(elapsed() / 1_000)} of ${seconds} s, ${round(fps)} frames/s, longest task ${round(longest)} ms, heap ${kept.at(-1)?.heapKb} kB`,
    );
  }
  const seen = await watching.seen();
  const after = await ask(traders);
  const busy = await watching.busy();
  const nodeCpu = ((node.cpuSeconds() - cpu) * 1_000) / elapsed();
  const passed = after.seconds - before.seconds;
  const levels = (after.levels - before.levels) / passed;
  const messages = (after.bookMessages - before.bookMessages) / passed;
  const longestCpu = await endTrace?.();
  await close();
  return { name, seen, kept, busy, nodeCpu, levels, messages, complaints, cells, longestCpu };
}

async function follow(page: Page, link: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: link }).click();
  await whole(page);
}

function boundsOf({ name, seen, kept, levels, cells }: Run): readonly Bound[] {
  const told = name === "trade" ? seen.levels / seen.seconds : levels;
  return [
    atLeast(
      `${name}: levels of the book that changed a second${name === "trade" ? ", told to the page" : ""}`,
      told,
      LIMITS.updatesPerSecond,
    ),
    ...(cells === 0 ? [] : [atLeast(`${name}: cells of the heat map`, cells, LIMITS.cells)]),
    ...paceBounds(name, seen, kept),
  ];
}

function rowOf({ name, seen, kept, busy, nodeCpu, levels, messages, longestCpu }: Run) {
  const settled = settledOf(kept);
  const pageMessages = Object.values(seen.messages).reduce((sum, count) => sum + count, 0);
  return {
    name,
    fps: seen.fps,
    fpsLow: seen.fpsLow,
    longestMs: seen.longest,
    ...(longestCpu !== undefined && { longestCpuMs: longestCpu }),
    over50: seen.over50,
    over100: seen.over100,
    bookLevels: levels,
    bookMessages: messages,
    pageMessages: pageMessages / seen.seconds,
    mainThread: busy.tasks,
    nodeCpu,
    heapKb: settled.at(-1)?.heapKb,
    kbPerMinute: slopeOf(settled),
  };
}

async function arriveAll(browser: Browser, url: string) {
  const found = [];
  for (const name of ["venue", "trade"] as const) {
    const awaited = AWAITED[name];
    const arrivals: Arrival[] = [];
    for (let each = 0; each < Number(values.arrivals); each++) {
      arrivals.push(await arriveAt(browser, url + awaited.path, awaited));
      say(
        `${name}: arrived ${each + 1} of ${values.arrivals}, interactive after ${round(arrivals.at(-1)?.interactive ?? 0)} ms`,
      );
    }
    const of = (figure: (arrival: Arrival) => number): number => medianOf(arrivals.map(figure));
    const kb = of(({ scripts }) => scriptKb(site, scripts));
    const row = {
      name: `arriving at ${name}`,
      paintedMs: of(({ painted }) => painted),
      shownMs: of(({ shown }) => shown),
      interactiveMs: of(({ interactive }) => interactive),
      blockedMs: of(({ blocked }) => blocked),
      scriptKb: kb,
      allScriptKb: of(({ allScripts }) => scriptKb(site, allScripts)),
    };
    const bounds = [
      atMost(
        `${name}: interactive, ms, median of ${arrivals.length}`,
        row.interactiveMs,
        LIMITS.interactiveMs,
      ),
      atMost(`${name}: scripts until it is shown, kB by gzip`, kb, LIMITS.scriptKb),
    ];
    found.push({ row, bounds, arrivals });
  }
  return found;
}

async function beTraders(url: string): Promise<void> {
  const traders = await openBusyTraders(url);
  process.on("message", (message) => {
    if (typeof message === "number") traders.trade(message);
    else process.send?.(traders.figures());
  });
  process.once("disconnect", () => process.exit());
}

/** What the traders have done so far. */
async function ask(traders: ChildProcess): Promise<Busyness> {
  const gone = once(traders, "exit").then(([code]) => {
    throw new Error(`the traders have ended with ${String(code)}`);
  });
  traders.send("figures");
  const [figures] = (await Promise.race([once(traders, "message"), gone])) as [Busyness];
  gone.catch(() => undefined);
  return figures;
}

function medianOf(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function round(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });
}

function say(text: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
}
