/** What happened to the venue, newest first, each with its evidence. */
import type { TimelineEntry } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useChoice } from "../live/address.ts";
import { useRoute } from "../live/route.ts";
import { Turner, useTurning } from "../records/Turner.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Select } from "../ui/Select.tsx";
import { Sign } from "../ui/Sign.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { When } from "../ui/When.tsx";
import styles from "./VenuePage.module.css";
import { tellingOf } from "./tellings.ts";

const KIND_TEXT = {
  all: "everything",
  breaker: "breakers",
  posture: "postures",
  layer: "layers that paid",
  haircut: "haircuts",
  "tear-up": "tear-ups",
  quarantine: "quarantines",
  proposal: "proposals",
  parameter: "parameters",
} as const satisfies Readonly<Record<TimelineEntry["kind"] | "all", string>>;
type Kind = keyof typeof KIND_TEXT;
const KINDS = Object.keys(KIND_TEXT) as readonly Kind[];
const ROWS = 50;

export function Timeline({ tiers }: { readonly tiers: ReadonlyMap<number, string> }): ReactNode {
  const [kind = "all", setKind] = useChoice("what", KINDS);
  const turning = useTurning();
  const { cursor } = turning;
  const { data, error, isLoading, isStale, again } = useRoute(
    "timeline",
    {
      query: {
        limit: ROWS,
        ...(kind !== "all" && { kind }),
        ...(cursor !== undefined && { cursor }),
      },
    },
    { everyMs: 2_000 },
  );
  const columns: readonly Column<TimelineEntry>[] = [
    {
      name: "time",
      title: "When",
      cell: ({ time }) => <When at={time} />,
      value: ({ time }) => new Date(time).toISOString(),
    },
    {
      name: "tier",
      title: "Where",
      cell: ({ tier }) => tiers.get(tier) ?? `tier ${tier}`,
      value: ({ tier }) => tier,
      isMinor: true,
    },
    {
      name: "what",
      title: "What",
      cell: (entry) => {
        const { tone, form, what } = tellingOf(entry);
        return (
          <Badge tone={tone}>
            <Sign form={form} />
            {what}
          </Badge>
        );
      },
      value: (entry) => tellingOf(entry).what,
    },
    {
      name: "evidence",
      title: "Evidence",
      cell: (entry) => tellingOf(entry).evidence,
      value: (entry) => tellingOf(entry).evidence,
    },
    {
      name: "sequence",
      title: "Command",
      align: "end",
      hint: "Number of the command in the log that it happened in",
      cell: ({ sequence }) => `#${sequence.toLocaleString("en-US")}`,
      value: ({ sequence }) => sequence,
      isMinor: true,
    },
  ];
  const choose = (next: Kind): void => {
    turning.newest();
    setKind(next);
  };
  return (
    <Panel
      title="Timeline"
      note={cursor === undefined ? "newest first" : "older entries"}
      isStale={isStale}
      isFlush
      actions={
        <div className={styles.choice}>
          <Select
            label="Shown"
            isLabelHidden
            value={kind}
            options={KINDS.map((value) => ({ value, text: KIND_TEXT[value] }))}
            onChange={choose}
          />
        </div>
      }
    >
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The timeline cannot be read" onAgain={again} />
      )}
      {isLoading ? (
        <Loading lines={6} />
      ) : (
        <Table
          label="Timeline"
          columns={columns}
          rows={data?.items ?? []}
          keyOf={({ id }) => id}
          maxHeight="440px"
          empty={
            <Empty title="Nothing has happened">
              Trips of breakers, postures that move, layers that pay, haircuts, tear-ups and changes of
              parameters are told here, each with the numbers that were the reason.
            </Empty>
          }
        />
      )}
      <Turner turning={turning} next={data?.next} />
    </Panel>
  );
}
