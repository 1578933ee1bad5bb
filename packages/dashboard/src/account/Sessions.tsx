/** Keys that may act for the owner, each to be ended at once. */
import type { Session } from "@bulkhead/protocol";
import { SCOPE } from "@bulkhead/sdk";
import { type ReactNode, useMemo, useState } from "react";
import { useRoute } from "../live/route.ts";
import { useWallet } from "../live/useWallet.ts";
import { useClient } from "../live/venue.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Copy } from "../ui/Copy.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { useToast } from "../ui/Toast.tsx";
import { When } from "../ui/When.tsx";

export function Sessions(): ReactNode {
  const client = useClient();
  const { address, logOut } = useWallet();
  const own = address === undefined ? undefined : client?.session.session;
  const { data, error, isStale, again } = useRoute("sessions", {}, { everyMs: 5_000 });
  const toast = useToast();
  const [busy, setBusy] = useState<number>();
  const columns = useMemo<readonly Column<Session>[]>(() => {
    const end = async (session: number): Promise<void> => {
      setBusy(session);
      try {
        if (session === own) await logOut();
        else await client?.call("endSession", { params: { session } });
        toast({ tone: "calm", title: `Session ${session} has ended` });
        again();
      } catch (thrown) {
        toast({ tone: "alarm", title: "The session was not ended", detail: (thrown as Error).message });
      } finally {
        setBusy(undefined);
      }
    };
    return [
      {
        name: "session",
        title: "Session",
        cell: ({ session }) => (
          <>
            {session} {session === own && <Badge tone="accent">this one</Badge>}
          </>
        ),
        value: ({ session }) => session,
      },
      {
        name: "scopes",
        title: "May",
        cell: ({ scopes }) => scopeText(scopes),
        value: ({ scopes }) => scopeText(scopes),
      },
      {
        name: "expires",
        title: "Ends",
        cell: ({ expires }) => <When at={expires} />,
        value: ({ expires }) => expires,
      },
      {
        name: "key",
        title: "Key",
        cell: ({ key }) => <Copy text={key} label="key" />,
        value: ({ key }) => key,
        isMinor: true,
      },
      {
        name: "act",
        title: "",
        align: "end",
        isFixed: true,
        cell: ({ session }) => (
          <Button
            size="small"
            look="danger"
            isBusy={busy === session}
            onClick={() => void end(session)}
            aria-label={`${session === own ? "Log out, ending" : "End"} session ${session}`}
          >
            {session === own ? "Log out" : "End"}
          </Button>
        ),
      },
    ];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the rest stays as it is
  }, [client, own, busy]);
  if (error !== undefined && data === undefined)
    return <Fault error={error} what="The sessions cannot be read" onAgain={again} />;
  if (data === undefined) return <Loading lines={4} />;
  return (
    <Panel
      title="Sessions"
      note="keys that your wallet has let act for you; none of them can move money out"
      isFlush
      isStale={isStale}
    >
      <Table
        label="Sessions"
        columns={columns}
        rows={data}
        keyOf={({ session }) => session}
        isExported={false}
        empty={<Empty title="No sessions" />}
      />
    </Panel>
  );
}

const SCOPE_TEXTS: Readonly<Record<keyof typeof SCOPE, string>> = {
  read: "read",
  trade: "trade",
  keep: "bid in liquidations",
  report: "report prices",
};

function scopeText(scopes: number): string {
  return (Object.keys(SCOPE) as (keyof typeof SCOPE)[])
    .filter((scope) => (scopes & SCOPE[scope]) !== 0)
    .map((scope) => SCOPE_TEXTS[scope])
    .join(", ");
}
