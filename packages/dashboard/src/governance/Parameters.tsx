/** Every parameter in force, of tiers and of markets: to be searched, sorted, and taken along. */
import { type Market, type Tier, parameterMeaning } from "@bulkhead/protocol";
import { type ReactNode, useMemo } from "react";
import { useChoice, useParameter } from "../live/address.ts";
import { useRoute } from "../live/route.ts";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Field } from "../ui/Field.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Select } from "../ui/Select.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { grouped, worded } from "../ui/text.ts";
import styles from "./GovernancePage.module.css";
import { rawText, valueText } from "./values.ts";

interface Row {
  readonly subject: string;
  readonly tier: number;
  readonly name: string;
  readonly value: number;
}

const EVERY_MS = 5_000;
const COLUMNS: readonly Column<Row>[] = [
  { name: "subject", title: "Of", cell: ({ subject }) => subject, value: ({ subject }) => subject },
  {
    name: "name",
    title: "Parameter",
    cell: ({ name }) => (
      <>
        {worded(name)} <code className={styles.code}>{name}</code>
      </>
    ),
    value: ({ name }) => name,
  },
  {
    name: "value",
    title: "In force",
    align: "end",
    cell: ({ name, value }) => <span title={rawText(name, value)}>{valueText(name, value)}</span>,
    value: ({ value }) => value,
  },
  {
    name: "raw",
    title: "As the engine has it",
    align: "end",
    cell: ({ value }) => grouped(String(value)),
    value: ({ value }) => value,
    isMinor: true,
  },
  {
    name: "unit",
    title: "In",
    cell: ({ name }) => <span className={styles.faint}>{parameterMeaning(name)?.unit ?? "–"}</span>,
    value: ({ name }) => parameterMeaning(name)?.unit,
    isMinor: true,
  },
  {
    name: "safer",
    title: "Safer",
    cell: ({ name }) => parameterMeaning(name)?.safer ?? "–",
    value: ({ name }) => parameterMeaning(name)?.safer,
    isMinor: true,
  },
];

export function Parameters(): ReactNode {
  const markets = useRoute("markets", { query: {} }, { everyMs: EVERY_MS });
  const tiers = useRoute("tiers", {}, { everyMs: EVERY_MS });
  const rows = useMemo(() => rowsOf(tiers.data ?? [], markets.data ?? []), [tiers.data, markets.data]);
  const subjects = useMemo(() => ["all", ...new Set(rows.map(({ subject }) => subject))], [rows]);
  const [subject = "all", choose] = useChoice("of", subjects);
  const [sought, seek] = useParameter("search");
  const shown = useMemo(
    () => rows.filter((row) => (subject === "all" || row.subject === subject) && isFound(row, sought)),
    [rows, subject, sought],
  );
  const error = markets.error ?? tiers.error;
  return (
    <Panel
      title="Parameters in force"
      note={`${shown.length} of ${rows.length}`}
      isFlush
      isStale={markets.isStale || tiers.isStale}
      sequence={markets.data?.[0]?.sequence}
    >
      {error !== undefined && rows.length === 0 && (
        <Fault error={error} what="The parameters cannot be read" onAgain={markets.again} />
      )}
      <div className={styles.filters}>
        <Field
          label="Search"
          type="search"
          placeholder="margin, fee, lots …"
          value={sought}
          onChange={seek}
        />
        <Select
          label="Of"
          value={subject}
          options={subjects.map((value) => ({
            value,
            text: value === "all" ? "all tiers and markets" : value,
          }))}
          onChange={choose}
        />
      </div>
      {markets.isLoading || tiers.isLoading ? (
        <Loading lines={10} />
      ) : (
        <Table
          label="Parameters in force"
          columns={COLUMNS}
          rows={shown}
          keyOf={({ subject: of, name }) => `${of} ${name}`}
          maxHeight="70vh"
          empty={
            <Empty title={sought === "" ? "Nothing is listed" : `No parameter is called “${sought}”`}>
              Names of parameters, their units, and the tiers and markets they are of are searched: try
              margin, fee or lots.
            </Empty>
          }
        />
      )}
    </Panel>
  );
}

function rowsOf(tiers: readonly Tier[], markets: readonly Market[]): readonly Row[] {
  return [
    ...tiers.flatMap(({ tier, name, parameters }) => rowsFor(worded(name), tier, parameters)),
    ...markets.flatMap(({ tier, symbol, parameters }) => rowsFor(symbol, tier, parameters)),
  ];
}

function rowsFor(
  subject: string,
  tier: number,
  parameters: Readonly<Record<string, number>>,
): readonly Row[] {
  return Object.entries(parameters).map(([name, value]) => ({ subject, tier, name, value }));
}

/** Whether all words are somewhere in its name, its unit, or what it is of. */
function isFound({ subject, name }: Row, sought: string): boolean {
  const text = `${subject} ${name} ${worded(name)} ${parameterMeaning(name)?.unit ?? ""}`.toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
