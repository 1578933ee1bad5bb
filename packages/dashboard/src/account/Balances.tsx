/** What there is: in the vault, and in each bucket with the margin it needs. */
import type { Bucket } from "@bulkhead/protocol";
import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";
import { useRoute } from "../live/route.ts";
import { useClient } from "../live/venue.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Meter } from "../ui/Meter.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stat } from "../ui/Stat.tsx";
import { toneOf } from "../ui/states.ts";
import { type Column, Table } from "../ui/Table.tsx";
import { grouped, worded } from "../ui/text.ts";
import styles from "./account.module.css";
import { DemoDeposit } from "./DemoDeposit.tsx";

export function Balances({ account }: { readonly account: number }): ReactNode {
  const { data, error, isStale, sequence, isLoading, again } = useRoute(
    "balances",
    { params: { account } },
    { everyMs: 2_000 },
  );
  const tiers = useClient()?.venue.names.tiers;
  const columns = useMemo(
    () => columnsOf((tier) => tiers?.find((each) => each.tier === tier)?.name),
    [tiers],
  );
  if (error !== undefined && data === undefined)
    return <Fault error={error} what="The balances cannot be read" onAgain={again} />;
  if (isLoading || data === undefined) return <Loading lines={6} />;
  return (
    <>
      <Panel
        title="Vault"
        note="outside all compartments: free to be withdrawn or allocated"
        isStale={isStale}
        sequence={sequence}
        actions={<DemoDeposit account={account} onDone={again} />}
      >
        {data.vault.length === 0 ? (
          <Empty title="Nothing in the vault" />
        ) : (
          <div className={styles.stats}>
            {data.vault.map(({ asset, amount }) => (
              <Stat key={asset} label={asset} size="large">
                <Amount value={amount} unit={asset} />
              </Stat>
            ))}
          </div>
        )}
      </Panel>
      <Panel
        title="Buckets"
        note="what can be lost in a compartment is what is in it"
        isFlush
        isStale={isStale}
        sequence={sequence}
        actions={<Link href="/account/move">Move money</Link>}
      >
        <Table
          label="Buckets"
          columns={columns}
          rows={data.buckets}
          keyOf={({ tier, bucket }) => `${tier}-${bucket}`}
          empty={<Empty title="No buckets">Allocate money from the vault to a tier to trade there.</Empty>}
        />
      </Panel>
    </>
  );
}

const money = (
  name: string,
  title: string,
  value: (bucket: Bucket) => string,
  more: Partial<Column<Bucket>> = {},
): Column<Bucket> => ({
  name,
  title: `${title}, USD`,
  align: "end",
  cell: (bucket) => <Amount value={value(bucket)} unit="USD" places={2} isUnitHidden />,
  value,
  ...more,
});

function columnsOf(nameOf: (tier: number) => string | undefined): readonly Column<Bucket>[] {
  const called = ({ tier, symbol, marginMode }: Bucket): string =>
    `${worded(nameOf(tier) ?? `tier ${tier}`)}, ${symbol === null ? marginMode : `isolated ${symbol}`}`;
  return [
    { name: "bucket", title: "Bucket", cell: called, value: called },
    money("equity", "Equity", ({ equity }) => equity),
    money("initial", "Initial margin", ({ initialMargin }) => initialMargin, {
      hint: "Of positions and open orders",
    }),
    money("maintenance", "Maintenance margin", ({ maintenanceMargin }) => maintenanceMargin),
    {
      name: "used",
      title: "Equity held by maintenance",
      cell: ({ maintenanceMargin, maintenanceEquity }) => (
        <span className={styles.meter}>
          <Meter
            label="Maintenance margin"
            value={Number(maintenanceMargin)}
            max={Number(maintenanceEquity)}
            text={`${grouped(maintenanceMargin, 2)} of ${grouped(maintenanceEquity, 2)} USD`}
          />
        </span>
      ),
      isMinor: true,
    },
    money("free", "Free", ({ withdrawable }) => withdrawable, {
      hint: "What could be taken back to the vault now",
    }),
    {
      name: "holdings",
      title: "Collateral",
      cell: ({ holdings }) =>
        holdings.length === 0
          ? "–"
          : holdings.map(({ asset, amount }) => <Amount key={asset} value={amount} unit={asset} />),
      value: ({ holdings }) => holdings.map(({ asset, amount }) => `${amount} ${asset}`).join(" "),
      isMinor: true,
    },
    {
      name: "state",
      title: "State",
      cell: ({ distress }) => <Badge tone={toneOf(distress)}>{worded(distress)}</Badge>,
      value: ({ distress }) => distress,
    },
  ];
}
