/** What somebody has: in the vault, and in each bucket with the margin it needs. */
import type { Bucket } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { useWallet } from "../live/useWallet.ts";
import { Amount } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { PageHead, Stack } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Stat } from "../ui/Stat.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { toneOf } from "../ui/states.ts";

const money = (name: string, title: string, value: (bucket: Bucket) => string): Column<Bucket> => ({
  name,
  title,
  align: "end",
  cell: (bucket) => <Amount value={value(bucket)} unit="USD" places={2} isUnitHidden />,
  value,
});

const COLUMNS: readonly Column<Bucket>[] = [
  {
    name: "bucket",
    title: "Bucket",
    cell: ({ tier, marginMode, symbol }) => `Tier ${tier}, ${symbol ?? marginMode}`,
    value: ({ tier, symbol, marginMode }) => `${tier} ${symbol ?? marginMode}`,
  },
  money("equity", "Equity, USD", ({ equity }) => equity),
  money("initial", "Initial margin, USD", ({ initialMargin }) => initialMargin),
  money("maintenance", "Maintenance margin, USD", ({ maintenanceMargin }) => maintenanceMargin),
  {
    name: "state",
    title: "State",
    cell: ({ distress }) => <Badge tone={toneOf(distress)}>{distress}</Badge>,
    value: ({ distress }) => distress,
  },
];

export function AccountPage(): ReactNode {
  const { account } = useWallet();
  const { data, error, isStale, sequence, again } = useRoute(
    "balances",
    { params: { account: account ?? 0 } },
    { everyMs: 2_000, isWanted: account !== undefined },
  );
  return (
    <>
      <PageHead title="Account">
        What is yours: outside all compartments in the vault, and in each bucket with what it must hold.
      </PageHead>
      {account === undefined ? (
        <Panel title="Nobody is logged in">
          <Empty title="Log in to see your account">
            The button at the top right asks a wallet of this browser.
          </Empty>
        </Panel>
      ) : (
        <Stack>
          {error !== undefined && <Fault error={error} what="The balances cannot be read" onAgain={again} />}
          <Panel title="Vault" note={`account ${account}`} isStale={isStale} sequence={sequence}>
            {data?.vault.length === 0 && <Empty title="Nothing in the vault" />}
            {data?.vault.map(({ asset, amount }) => (
              <Stat key={asset} label={asset} size="large">
                <Amount value={amount} unit={asset} />
              </Stat>
            ))}
          </Panel>
          <Panel title="Buckets" isFlush isStale={isStale} sequence={sequence}>
            <Table
              label="Buckets"
              columns={COLUMNS}
              rows={data?.buckets ?? []}
              keyOf={({ tier, bucket }) => `${tier}-${bucket}`}
              empty={
                <Empty title="No buckets">Allocate money from the vault to a tier to trade there.</Empty>
              }
            />
          </Panel>
        </Stack>
      )}
    </>
  );
}
