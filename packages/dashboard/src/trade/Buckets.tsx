/** Equity and margin of each compartment one has money in. */
import { type ReactNode, useMemo } from "react";
import { useClient } from "../live/venue.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { toneOf } from "../ui/states.ts";
import { type Column, Table } from "../ui/Table.tsx";
import { worded } from "../ui/text.ts";
import { type OwnBucket, useBuckets } from "./own.ts";

const money = (
  name: string,
  title: string,
  value: (bucket: OwnBucket) => string,
  hint?: string,
): Column<OwnBucket> => ({
  name,
  title: `${title}, USD`,
  align: "end",
  cell: (bucket) => <Amount value={value(bucket)} unit="USD" places={2} isUnitHidden />,
  value,
  ...(hint !== undefined && { hint }),
});

export function Buckets(): ReactNode {
  const { items } = useBuckets();
  const tiers = useClient()?.venue.names.tiers;
  const columns = useMemo<readonly Column<OwnBucket>[]>(() => {
    const nameOf = ({ tier, symbol }: OwnBucket): string =>
      `${worded(tiers?.find((each) => each.tier === tier)?.name ?? `tier ${tier}`)}, ${symbol ?? "cross"}`;
    return [
      { name: "bucket", title: "Bucket", cell: nameOf, value: nameOf },
      money("equity", "Equity", ({ equity }) => equity),
      money("initial", "Initial margin", ({ initialMargin }) => initialMargin),
      money("maintenance", "Maintenance margin", ({ maintenanceMargin }) => maintenanceMargin),
      money(
        "distance",
        "Above liquidation",
        ({ distance }) => distance,
        "Equity less maintenance margin: below 0 the bucket is liquidated",
      ),
      money(
        "withdrawable",
        "Free",
        ({ withdrawable }) => withdrawable,
        "What could be taken back to the vault now",
      ),
      {
        name: "state",
        title: "State",
        cell: ({ distress }) => <Badge tone={toneOf(distress)}>{worded(distress)}</Badge>,
        value: ({ distress }) => distress,
      },
    ];
  }, [tiers]);
  if (items === undefined) return <Loading lines={3} />;
  return (
    <Table
      label="Margin"
      columns={columns}
      rows={items}
      keyOf={({ tier, bucket }) => `${tier}-${bucket}`}
      empty={<Empty title="No money in any compartment">Allocate some to a tier to trade there.</Empty>}
    />
  );
}
