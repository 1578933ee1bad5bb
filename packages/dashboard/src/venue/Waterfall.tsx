/** What bears a loss in a tier, live, against what it ought to hold; and what each layer paid last. */
import type { RiskTier, TimelineEntry } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Bars } from "../charts/Bars.tsx";
import { useChannel } from "../live/channel.ts";
import { useRoute } from "../live/route.ts";
import { Amount } from "../ui/Amount.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { compact } from "../ui/text.ts";
import { When } from "../ui/When.tsx";
import { LAYER_TEXT } from "./words.ts";

type Paid = Extract<TimelineEntry, { readonly kind: "layer" }>;

const COLUMNS: readonly Column<Paid>[] = [
  { name: "time", title: "When", cell: ({ time }) => <When at={time} />, value: ({ time }) => time },
  {
    name: "layer",
    title: "Layer",
    cell: ({ layer }) => LAYER_TEXT[layer],
    value: ({ layer }) => layer,
  },
  {
    name: "amount",
    title: "Paid, USD",
    align: "end",
    hint: "Below zero it got so much back",
    cell: ({ amount }) => <Amount value={amount} unit="USD" places={2} isUnitHidden />,
    value: ({ amount }) => amount,
  },
  {
    name: "remaining",
    title: "Left to bear, USD",
    align: "end",
    cell: ({ remaining }) => <Amount value={remaining} unit="USD" places={2} isUnitHidden />,
    value: ({ remaining }) => remaining,
  },
  {
    name: "default",
    title: "Default",
    align: "end",
    cell: (row) => `no. ${row.default}`,
    value: (row) => row.default,
    isMinor: true,
  },
];

export function Waterfall({ tier: { tier, layers } }: { readonly tier: RiskTier }): ReactNode {
  const funds = useChannel("funds", { tier }, (told) => ({ layers: told.layers }));
  const paid = useRoute("timeline", { query: { tier, kind: "layer", limit: 50 } }, { everyMs: 3_000 });
  return (
    <Panel
      title="Waterfall"
      note="what bears a loss, in order, USD"
      isStale={funds.isStale}
      sequence={funds.sequence}
    >
      {funds.problem !== undefined && <Fault error={funds.problem} what="The funds are not told" />}
      <Bars
        caption={`What bears a loss in tier ${tier}, in order, USD`}
        isCaptionHidden
        bars={layers.map(({ layer, balance, target, drawable }, index) => {
          const live = funds.data?.layers?.find((each) => each.layer === layer)?.balance ?? balance;
          const mark = target ?? drawable;
          const markText = `${target === null ? "next default takes at most" : "target"} ${compact(Number(mark))} USD`;
          return {
            name: `${index + 2}  ${LAYER_TEXT[layer]}`,
            value: Number(live),
            text: `${compact(Number(live))} USD`,
            token: layer === "mutual" || layer === "secondTranche" ? "--series-3" : "--series-1",
            ...(Number(mark) > 0 && { mark: Number(mark), markText }),
          };
        })}
      />
      {paid.error !== undefined && paid.data === undefined ? (
        <Fault error={paid.error} what="What layers paid cannot be read" onAgain={paid.again} />
      ) : (
        <Table
          label={`What layers of tier ${tier} paid`}
          columns={COLUMNS}
          rows={(paid.data?.items ?? []).filter((entry): entry is Paid => entry.kind === "layer")}
          keyOf={({ id }) => id}
          maxHeight="180px"
          empty={
            <Empty title="No layer has paid yet">
              When a bucket falls below zero and its positions are closed, its deficit goes down these layers
              until one holds it.
            </Empty>
          }
        />
      )}
    </Panel>
  );
}
