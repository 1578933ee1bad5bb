// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Empty } from "./Empty.tsx";
import { type Column, Table } from "./Table.tsx";

interface Row {
  readonly id: number;
  readonly name: string;
  readonly amount: string | null;
}

const COLUMNS: readonly Column<Row>[] = [
  { name: "name", title: "Name", cell: ({ name }) => name, value: ({ name }) => name },
  {
    name: "amount",
    title: "Amount, USD",
    align: "end",
    cell: ({ amount }) => amount,
    value: ({ amount }) => amount,
  },
  { name: "act", title: "", cell: () => "…" },
];
const ROWS: readonly Row[] = [
  { id: 1, name: "b", amount: "9.5" },
  { id: 2, name: "a", amount: "10" },
  { id: 3, name: "c", amount: null },
];

afterEach(cleanup);

const names = (): (string | null | undefined)[] =>
  within(screen.getByRole("table"))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.querySelector("td")?.textContent);

test("rows stand as they come until a column is chosen; decimals are sorted by size, what is missing first", () => {
  render(<Table label="Things" columns={COLUMNS} rows={ROWS} keyOf={({ id }) => id} />);
  expect(names()).toEqual(["b", "a", "c"]);
  fireEvent.click(screen.getByRole("button", { name: "Amount, USD" }));
  expect(names()).toEqual(["a", "b", "c"]);
  expect(screen.getByRole("columnheader", { name: "Amount, USD" }).getAttribute("aria-sort")).toBe(
    "descending",
  );
  fireEvent.click(screen.getByRole("button", { name: "Amount, USD" }));
  expect(names()).toEqual(["c", "b", "a"]);
  fireEvent.click(screen.getByRole("button", { name: "Name" }));
  expect(names()).toEqual(["a", "b", "c"]);
});

test("no rows are said so", () => {
  render(
    <Table
      label="Things"
      columns={COLUMNS}
      rows={[]}
      keyOf={({ id }) => id}
      empty={<Empty title="No things" />}
    />,
  );
  expect(screen.getByText("No things")).toBeTruthy();
});
