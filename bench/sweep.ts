/**
 * Finding who is in distress among a million accounts: the ticks that endanger nobody, ticks of 64 markets under cross accounts, and a gap
 * of 10 %; against looking at everybody on every tick, as fast as this machine's memory lets one.
 */
import { parseArgs } from "node:util";
import { type Crowd, type Shape, createCrowd } from "./lib/crowd.ts";
import { checkIndex } from "./lib/crowdCheck.ts";
import { type Gap, prepareGap } from "./lib/gap.ts";
import { type Ratio, median } from "./lib/measure.ts";
import { print, watchConditions } from "./lib/report.ts";
import { answerRounds, cpuNsOf, playRounds, spreadOf } from "./lib/rounds.ts";
import { createTicks } from "./lib/ticks.ts";
import { forEachDoubtful } from "../packages/engine/src/security/sweepHealth.ts";
import { usedRows } from "../packages/engine/src/kernel/pool.ts";
import { HOME_WORDS, POSITION_WORDS } from "../packages/engine/src/domain/rows/bucket.ts";
import { TIER } from "../packages/engine/src/domain/rows/tier.ts";

const { values } = parseArgs({
  options: {
    accounts: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    /** Run as one subject, in its own process. */
    subject: { type: "string" },
  },
});

const accounts = Number(values.accounts);
const seed = Number(values.seed);
/** Ticks of one round: enough that each takes far longer than reading the clock. */
const TICKS = { isolated: 200_000, cross: 4_000 } as const;
/** Sweeps of one round, in turn with reads; their medians count. */
const SWEEPS = 7;
const GAP = "gap";

/** One round of a crowd, nanoseconds of CPU time. */
interface Round {
  readonly tick: number;
  /** Orders, fills and liquidations that the ticks brought about. */
  readonly events: number;
  readonly full: number;
  /** Reading as many bytes as the sweep reads, by the platform's fastest loop. */
  readonly read: number;
  readonly bytes: number;
  readonly doubtful: number;
}

if (values.subject === undefined) await compare();
else if (values.subject === GAP) answerRounds(prepareGap(accounts, seed));
else answerRounds(prepareCrowd(values.subject as Shape));

function prepareCrowd(shape: Shape): () => Round {
  const crowd = createCrowd(shape, accounts, seed);
  const ticks = createTicks(crowd, seed);
  const bytes = bytesOf(crowd);
  const rows = Buffer.alloc(bytes, 1);
  const tier = crowd.engine.venue.tiers[0]!;
  return () => {
    let doubtful = 0;
    const { events, ns } = ticks.play(TICKS[shape]);
    const full: number[] = [];
    const read: number[] = [];
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      doubtful = 0;
      full.push(cpuNsOf(() => forEachDoubtful(tier, () => doubtful++)));
      read.push(
        cpuNsOf(() => {
          if (rows.includes(0)) throw new Error("there is no zero");
        }),
      );
    }
    return { tick: ns / TICKS[shape], events, full: median(full), read: median(read), bytes, doubtful };
  };
}

/** Rows of buckets and of position slots: what the sweep has to read. */
function bytesOf({ engine }: Crowd): number {
  const tier = engine.venue.tiers[0]!;
  const { arena } = tier;
  const words = usedRows(arena, tier.buckets) * HOME_WORDS;
  return 4 * (words + arena.int(tier.row, TIER.blockSlots) * POSITION_WORDS);
}

interface SweepRow {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

function row(name: string, unit: string, { median: middle, least, most }: Ratio): SweepRow {
  return { name, unit, median: middle, least, most };
}

async function compare(): Promise<void> {
  const conditions = watchConditions();
  const checked = (["isolated", "cross"] as const).map((shape) => checkIndex(shape, seed));
  const shapes = await playRounds<Shape, Round>(["isolated", "cross"], Number(values.rounds));
  const gaps = (await playRounds<typeof GAP, Gap>([GAP], Number(values.rounds))).get(GAP)!;
  const isolated = shapes.get("isolated")!;
  const cross = shapes.get("cross")!;
  const [gap] = gaps as readonly [Gap];
  print({
    title: `Who is in distress among ${accounts} accounts, seed ${seed}`,
    rows: [
      row(
        "quiet tick, isolated",
        "µs",
        spreadOf(isolated, ({ tick }) => tick / 1e3),
      ),
      row(
        "full sweep, isolated",
        "ms",
        spreadOf(isolated, ({ full }) => full / 1e6),
      ),
      row(
        "tick of one of 64 markets, cross",
        "µs",
        spreadOf(cross, ({ tick }) => tick / 1e3),
      ),
      row(
        "full sweep, cross",
        "ms",
        spreadOf(cross, ({ full }) => full / 1e6),
      ),
      row(
        "reading as many bytes",
        "ms",
        spreadOf(cross, ({ read }) => read / 1e6),
      ),
      row(
        "full sweep, cross",
        "GB/s",
        spreadOf(cross, ({ full, bytes }) => bytes / full),
      ),
      row(
        "memory",
        "GB/s",
        spreadOf(cross, ({ read, bytes }) => bytes / read),
      ),
      row(
        "gap of 10 %: found, per account",
        "ns",
        spreadOf(gaps, ({ find, crossed }) => find / crossed),
      ),
      row(
        "liquidated, per account",
        "ns",
        spreadOf(gaps, ({ drain, crossed }) => drain / crossed),
      ),
    ],
    ratios: {
      quietIsolatedVsFull: spreadOf(isolated, ({ full, tick }) => full / tick),
      crossVsFull: spreadOf(cross, ({ full, tick }) => full / tick),
      fullVsBandwidth: spreadOf(cross, ({ read, full }) => read / full),
      fullIsolatedVsBandwidth: spreadOf(isolated, ({ read, full }) => read / full),
    },
    notes: [
      ...checked.map(
        ({ shape, ticks, accounts: crowd, unhealthy }) =>
          `Index against brute force, ${shape}: ${ticks} ticks over ${crowd} accounts, ${unhealthy} times somebody unhealthy, nobody missed.`,
      ),
      `Gap: ${gap.crossed} accounts below maintenance by brute force, the same found; ${gap.liquidated} liquidated, ${gap.defaults} of them in default, in ${gap.commands} commands.`,
      "Ticks are commands through apply: decoded, judged, journaled, receipted. The sweep is the audit's: certain for the healthy, exact for the rest.",
      "The bandwidth is that of searching as many bytes for one that is not there: vectorised, read only.",
      "CPU time; each subject in a process of its own, sweep and ticks interleaved.",
    ],
    conditions: conditions(),
    extra: { checked, gap },
  });
}
