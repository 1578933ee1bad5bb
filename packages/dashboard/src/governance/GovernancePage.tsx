/** What is proposed to be changed, in which direction, and from when. */
import type { Proposal } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { Badge } from "../ui/Badge.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { PageHead } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { When } from "../ui/When.tsx";
import { worded } from "../ui/text.ts";

const COLUMNS: readonly Column<Proposal>[] = [
  {
    name: "what",
    title: "Change",
    cell: ({ change, command }) =>
      change === null
        ? worded(command?.kind ?? "unknown")
        : `${change.parameter}: ${change.before} → ${change.after} (${change.direction})`,
    value: ({ change, command }) => change?.parameter ?? command?.kind,
  },
  {
    name: "status",
    title: "Status",
    cell: ({ status }) => <Badge tone={status === "pending" ? "accent" : "plain"}>{status}</Badge>,
    value: ({ status }) => status,
  },
  {
    name: "approvals",
    title: "Approvals",
    align: "end",
    cell: ({ approvals, needed }) => `${approvals}${needed === null ? "" : ` of ${needed}`}`,
    value: ({ approvals }) => approvals,
  },
  { name: "eta", title: "Can be executed", cell: ({ eta }) => <When at={eta} />, value: ({ eta }) => eta },
  {
    name: "tier",
    title: "Shard",
    align: "end",
    cell: ({ tier }) => (tier === 0 ? "vault" : `tier ${tier}`),
    value: ({ tier }) => tier,
  },
];

export function GovernancePage(): ReactNode {
  const { data, error, isLoading, isStale, again } = useRoute("proposals", { query: {} }, { everyMs: 5_000 });
  return (
    <>
      <PageHead title="Governance">Whatever loosens a rule waits; whatever tightens one need not.</PageHead>
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The proposals cannot be read" onAgain={again} />
      )}
      <Panel title="Proposals" note="newest first" isFlush isStale={isStale}>
        {isLoading ? (
          <Loading />
        ) : (
          <Table
            label="Proposals"
            columns={COLUMNS}
            rows={data?.items ?? []}
            keyOf={({ tier, proposal, nonce }) => `${tier}-${proposal}-${nonce}`}
            empty={
              <Empty title="Nothing was ever proposed">
                Members propose changes; they are shown here with what they would do.
              </Empty>
            }
          />
        )}
      </Panel>
    </>
  );
}
