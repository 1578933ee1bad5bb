/** Every proposal there was, newest first. */
import type { Proposal } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { Turner, useTurning } from "../records/Turner.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StateBadge } from "../ui/Sign.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { When } from "../ui/When.tsx";
import { subjectOf } from "./Change.tsx";
import { useShardNames } from "./shards.ts";
import { rawText, valueText } from "./values.ts";

export function History(): ReactNode {
  const nameOf = useShardNames();
  const turning = useTurning();
  const { cursor } = turning;
  const { data, error, isLoading, isStale, again } = useRoute(
    "proposals",
    { query: { limit: 100, ...(cursor !== undefined && { cursor }) } },
    { everyMs: 5_000 },
  );
  const columns: readonly Column<Proposal>[] = [
    {
      name: "made",
      title: "Made",
      cell: ({ createdAt }) => <When at={createdAt} />,
      value: ({ createdAt }) => new Date(createdAt).toISOString(),
    },
    { name: "shard", title: "Of", cell: ({ tier }) => nameOf(tier), value: ({ tier }) => tier },
    { name: "what", title: "Change", cell: subjectOf, value: subjectOf },
    {
      name: "before",
      title: "Before",
      align: "end",
      cell: ({ change }) =>
        change === null ? (
          "–"
        ) : (
          <span title={rawText(change.parameter, change.before)}>
            {valueText(change.parameter, change.before)}
          </span>
        ),
      value: ({ change }) => change?.before,
      isMinor: true,
    },
    {
      name: "after",
      title: "After",
      align: "end",
      cell: ({ change }) =>
        change === null ? (
          "–"
        ) : (
          <span title={rawText(change.parameter, change.after)}>
            {valueText(change.parameter, change.after)}
          </span>
        ),
      value: ({ change }) => change?.after,
      isMinor: true,
    },
    {
      name: "direction",
      title: "Direction",
      cell: ({ change }) => (change === null ? "none" : <StateBadge state={change.direction} />),
      value: ({ change }) => change?.direction,
    },
    {
      name: "approvals",
      title: "Approvals",
      align: "end",
      cell: ({ approvals, needed }) => `${approvals}${needed === null ? "" : ` of ${needed}`}`,
      value: ({ approvals }) => approvals,
    },
    {
      name: "status",
      title: "Status",
      cell: ({ status }) => <StateBadge state={status} />,
      value: ({ status }) => status,
    },
    {
      name: "member",
      title: "Member",
      align: "end",
      cell: ({ proposal }) => proposal,
      value: ({ proposal }) => proposal,
      isMinor: true,
    },
    {
      name: "sequence",
      title: "Command",
      align: "end",
      cell: ({ sequence }) => `#${sequence.toLocaleString("en-US")}`,
      value: ({ sequence }) => sequence,
      isMinor: true,
    },
  ];
  return (
    <Panel title="Proposals" note="newest first" isFlush isStale={isStale}>
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The proposals cannot be read" onAgain={again} />
      )}
      {isLoading ? (
        <Loading />
      ) : (
        <Table
          label="Proposals"
          columns={columns}
          rows={data?.items ?? []}
          keyOf={({ tier, proposal, nonce }) => `${tier}-${proposal}-${nonce}`}
          empty={
            <Empty title="Nothing was ever proposed">
              Members propose changes; each stays here with what became of it.
            </Empty>
          }
        />
      )}
      <Turner turning={turning} next={data?.next} />
    </Panel>
  );
}
