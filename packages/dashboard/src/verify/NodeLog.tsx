/** What the node offers of its log, to be checked here or taken away. */
import type { LogSegments } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import type { Answer } from "../live/route.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Copy } from "../ui/Copy.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Columns } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stat } from "../ui/Stat.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { bytesText } from "./bytes.ts";
import styles from "./Verify.module.css";

type Segment = LogSegments["segments"][number];

export function NodeLog({
  answer: { data, error, isLoading, isStale, again },
  isBusy,
  onVerify,
  url,
}: {
  readonly answer: Answer<LogSegments>;
  readonly isBusy: boolean;
  readonly onVerify: () => void;
  readonly url: string;
}): ReactNode {
  if (data === undefined && isLoading)
    return (
      <Panel title="The node's log">
        <Loading />
      </Panel>
    );
  if (data === undefined)
    return (
      <Panel title="The node's log">
        {isAbsent(error) ? (
          <Empty title="This venue's log is not public">
            Whoever has been given segments of it can check them below.
          </Empty>
        ) : (
          <Fault error={error} what="The log cannot be read" onAgain={again} />
        )}
      </Panel>
    );
  const { genesis, first, last, segments } = data;
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return (
    <Panel
      title="The node's log"
      isStale={isStale}
      actions={
        <Button look="primary" onClick={onVerify} disabled={isBusy || first !== 1}>
          Verify {last.toLocaleString("en-US")} commands
        </Button>
      }
    >
      <Columns least={170}>
        <Stat label="Genesis" note="of engine and capacities">
          <Copy text={genesis} label="genesis" />
        </Stat>
        <Stat label="Commands kept">
          #{first.toLocaleString("en-US")} to #{last.toLocaleString("en-US")}
        </Stat>
        <Stat label="Size" note={`${segments.length} ${segments.length === 1 ? "segment" : "segments"}`}>
          {bytesText(bytes)}
        </Stat>
      </Columns>
      {first !== 1 && (
        <p className={styles.note}>
          The log no longer begins with the first command: it cannot be executed from its beginning, only its
          sums and links can be checked. Download the segments and drop them below.
        </p>
      )}
      <details className={styles.segments}>
        <summary>Segments, to download</summary>
        <Table
          label="Segments"
          columns={columnsAt(url)}
          rows={segments}
          keyOf={({ segment }) => segment}
          maxHeight="320px"
        />
      </details>
    </Panel>
  );
}

function columnsAt(url: string): readonly Column<Segment>[] {
  return [
    {
      name: "segment",
      title: "Segment",
      cell: ({ segment }) => (
        <a href={new URL(`/v1/log/${segment}`, url).href} download={segment}>
          ↓ {segment}
        </a>
      ),
      value: ({ segment }) => segment,
    },
    {
      name: "first",
      title: "First command",
      align: "end",
      cell: ({ first }) => `#${first.toLocaleString("en-US")}`,
      value: ({ first }) => first,
    },
    {
      name: "bytes",
      title: "Size",
      align: "end",
      cell: ({ bytes }) => bytesText(bytes),
      value: ({ bytes }) => bytes,
    },
    {
      name: "isWhole",
      title: "State",
      isMinor: true,
      cell: ({ isWhole }) => (
        <Badge tone={isWhole ? "calm" : "accent"}>{isWhole ? "whole" : "being written"}</Badge>
      ),
      value: ({ isWhole }) => (isWhole ? "whole" : "being written"),
    },
  ];
}

function isAbsent(error: unknown): boolean {
  return (error as { readonly problem?: { readonly status?: number } } | undefined)?.problem?.status === 404;
}
