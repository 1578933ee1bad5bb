/** What everybody can check this venue by: its genesis, which every signature and every command stands on. */
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { Copy } from "../ui/Copy.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Columns, PageHead } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stat } from "../ui/Stat.tsx";
import { When } from "../ui/When.tsx";

export function VerifyPage(): ReactNode {
  const { data, error, isStale, sequence, again } = useRoute("venue", {}, { everyMs: 2_000 });
  return (
    <>
      <PageHead title="Verify">
        The same commands give the same bytes on every machine: whoever has the log can execute it, and
        compare.
      </PageHead>
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The venue cannot be read" onAgain={again} />
      )}
      <Panel title="The venue's log" isStale={isStale} sequence={sequence}>
        {data === undefined ? (
          <Loading />
        ) : (
          <Columns least={200}>
            <Stat label="Genesis">
              <Copy text={data.signing.salt} label="genesis" />
            </Stat>
            <Stat label="Last command">#{data.sequence.toLocaleString("en-US")}</Stat>
            <Stat label="Its time">
              <When at={data.time} as="moment" />
            </Stat>
            <Stat label="Accounts">{data.accounts.toLocaleString("en-US")}</Stat>
            <Stat label="Chain of its signatures">{data.signing.chainId}</Stat>
          </Columns>
        )}
      </Panel>
    </>
  );
}
