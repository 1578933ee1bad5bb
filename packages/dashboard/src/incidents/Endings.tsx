/** In the end: what was to hold, on both sides, and what each came to. */
import type { Ending, Step } from "@bulkhead/simulator/stories";
import type { ReactNode } from "react";
import { Badge } from "../ui/Badge.tsx";
import { Copy } from "../ui/Copy.tsx";
import { Columns } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { grouped, worded } from "../ui/text.ts";

interface AssertRow {
  readonly text: string;
  readonly defended: Verdict | undefined;
  readonly undefended: Verdict | undefined;
}
type Verdict = Pick<Ending["asserts"][number], "held" | "measured">;

interface TotalRow {
  readonly name: string;
  readonly title: string;
  readonly defended: unknown;
  readonly undefended: unknown;
}

const TITLES: Readonly<Record<string, string>> = {
  lossUsd: "Lost by others, USD",
  badDebtUsd: "Bad debt, USD",
  attackerGainUsd: "Attacker's gain, USD",
  outflowUsd: "Withdrawn by attackers, USD",
  haircutUsd: "Given up by winners, USD",
  fundsUsd: "Paid by funds, USD",
  otherTiersTouchedUsd: "Taken from other tiers, USD",
  boundUsd: "Bound computed before, USD",
  commands: "Commands",
  auditFindings: "Invariants broken at the end",
  principalPayable: "All principal payable",
  stoppedBy: "Stopped by",
  held: "Held",
  stateHash: "State hash",
};

export function Endings({
  defended,
  undefended,
}: {
  readonly defended: Step | undefined;
  readonly undefended: Step | undefined;
}): ReactNode {
  const [one, other] = [defended?.ending, undefended?.ending];
  if (one === undefined || other === undefined) return null;
  return (
    <div data-endings style={{ marginTop: 12 }}>
      <Columns least={420}>
        <Panel title="What was to hold" note="the same claims, measured on both sides" isFlush>
          <Table label="Asserts" columns={ASSERTS} rows={assertsOf(one, other)} keyOf={({ text }) => text} />
        </Panel>
        <Panel
          title="What it came to"
          note="as bulkhead incidents --json and bulkhead drill --json tell it"
          isFlush
        >
          <Table label="Totals" columns={TOTALS} rows={totalsOf(one, other)} keyOf={({ name }) => name} />
        </Panel>
      </Columns>
    </div>
  );
}

const ASSERTS: readonly Column<AssertRow>[] = [
  {
    name: "text",
    title: "Claim",
    cell: ({ text }) => <span style={{ whiteSpace: "normal" }}>{text}</span>,
    value: ({ text }) => text,
  },
  verdictColumn("defended", "Defended"),
  verdictColumn("undefended", "Undefended"),
];

function verdictColumn(side: "defended" | "undefended", title: string): Column<AssertRow> {
  return {
    name: side,
    title,
    cell: (row) => {
      const verdict = row[side];
      if (verdict === undefined) return "–";
      return (
        <span style={{ whiteSpace: "normal" }}>
          <Badge tone={verdict.held ? "calm" : "alarm"}>{verdict.held ? "✓ held" : "✗ not held"}</Badge>{" "}
          {verdict.measured}
        </span>
      );
    },
    value: (row) => row[side] && `${row[side].held ? "held" : "not held"}: ${row[side].measured}`,
  };
}

const TOTALS: readonly Column<TotalRow>[] = [
  { name: "name", title: "Total", cell: ({ title }) => title, value: ({ name }) => name },
  totalColumn("defended", "Defended"),
  totalColumn("undefended", "Undefended"),
];

function totalColumn(side: "defended" | "undefended", title: string): Column<TotalRow> {
  return {
    name: side,
    title,
    align: "end",
    cell: (row) => (
      <span data-total={`${row.name}.${side}`} data-value={JSON.stringify(row[side])}>
        {shown(row.name, row[side])}
      </span>
    ),
    value: (row) => (typeof row[side] === "number" ? row[side] : JSON.stringify(row[side])),
  };
}

function shown(name: string, value: unknown): ReactNode {
  if (name === "stateHash" && typeof value === "string") return <Copy text={value} label="state hash" />;
  if (typeof value === "number") return grouped(String(Math.round(value * 1e6) / 1e6));
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === undefined ? "–" : worded(typeof value === "string" ? value : JSON.stringify(value));
}

function assertsOf(one: Ending, other: Ending): readonly AssertRow[] {
  return one.asserts.map((assert) => ({
    text: assert.text,
    defended: assert,
    undefended: other.asserts.find(({ text }) => text === assert.text),
  }));
}

/** Refusals are told beside the sides; what both plays share by nature is left out. */
const APART: ReadonlySet<string> = new Set(["refusals", "layer", "behaviour"]);

function totalsOf(one: Ending, other: Ending): readonly TotalRow[] {
  const [left, right] = [one.totals, other.totals] as unknown as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  return Object.keys(left)
    .filter((name) => !APART.has(name))
    .map((name) => ({
      name,
      title: TITLES[name] ?? worded(name),
      defended: left[name],
      undefended: right[name],
    }));
}
