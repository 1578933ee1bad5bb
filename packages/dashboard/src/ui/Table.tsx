/** Rows and columns: sorted by any column, its head always in sight, saved as a file as it is shown. */
import { Icon } from "./Icon.tsx";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "./Button.tsx";
import { csvOf, download } from "./csv.ts";
import styles from "./Table.module.css";

export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  /** What is shown. */
  readonly cell: (row: Row) => ReactNode;
  /** What it is sorted by and what the file has: a number or a text, exact and without grouping. */
  readonly value?: (row: Row) => string | number | null | undefined;
  readonly align?: "start" | "end";
  /** Explains the column, with its unit. */
  readonly hint?: string;
  /** May be left out where a page is narrow. */
  readonly isMinor?: boolean;
  /** Stays in sight at the right while the others scroll: what can be done with a row. */
  readonly isFixed?: boolean;
}

export interface TableProps<Row> {
  /** What the rows are, for screen readers and as the name of the file. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** Column by which it is sorted at first; as the rows come if not told. */
  readonly sortedBy?: string;
  readonly isDescending?: boolean;
  /** Shown instead of no rows. */
  readonly empty?: ReactNode;
  /** Height from which on it scrolls: any of CSS. */
  readonly maxHeight?: string;
  readonly onRow?: (row: Row) => void;
  /** Whether a file is offered; true if not told. */
  readonly isExported?: boolean;
}

interface Order {
  readonly by: string | undefined;
  readonly isDescending: boolean;
}

export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  sortedBy,
  isDescending = false,
  empty,
  maxHeight,
  onRow,
  isExported = true,
}: TableProps<Row>): ReactNode {
  const [order, setOrder] = useState<Order>({ by: sortedBy, isDescending });
  const shown = useMemo(() => sorted(rows, columns, order), [rows, columns, order]);
  if (rows.length === 0 && empty !== undefined) return empty;
  const save = (): void =>
    download(
      `${label.toLowerCase().replaceAll(/\W+/g, "-")}.csv`,
      csvOf([
        columns.map(({ title, name }) => title || name),
        ...shown.map((row) => columns.map(({ value }) => String(value?.(row) ?? ""))),
      ]),
    );
  return (
    <div className={styles.frame}>
      <div
        className={styles.scroll}
        style={maxHeight === undefined ? undefined : { maxHeight }}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <table className={styles.table}>
          <caption className="visually-hidden">{label}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Head key={column.name} column={column} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)} onClick={onRow && (() => onRow(row))} data-chosen={onRow && true}>
                {columns.map(({ name, cell, align, isMinor, isFixed }) => (
                  <td
                    key={name}
                    data-align={align}
                    data-minor={isMinor || undefined}
                    data-fixed={isFixed || undefined}
                  >
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isExported && (
        <div className={styles.foot}>
          <span>
            {rows.length.toLocaleString("en-US")} {rows.length === 1 ? "row" : "rows"}
          </span>
          <Button look="quiet" size="small" onClick={save} aria-label={`Save ${label} as CSV`}>
            <Icon name="save" size={13} />
            CSV
          </Button>
        </div>
      )}
    </div>
  );
}

function Head<Row>({
  column: { name, title, value, align, hint, isMinor, isFixed },
  order,
  onOrder,
}: {
  readonly column: Column<Row>;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}): ReactNode {
  const isBy = order.by === name;
  const direction = isBy ? (order.isDescending ? "descending" : "ascending") : undefined;
  return (
    <th
      scope="col"
      data-align={align}
      data-minor={isMinor || undefined}
      data-fixed={isFixed || undefined}
      aria-sort={direction}
      title={hint}
    >
      {value === undefined ? (
        title || <span className="visually-hidden">What can be done</span>
      ) : (
        <button
          type="button"
          className={styles.sort}
          onClick={() => onOrder({ by: name, isDescending: isBy ? !order.isDescending : align === "end" })}
        >
          {title}
          <span aria-hidden="true" className={styles.arrow}>
            {isBy && <Icon name={order.isDescending ? "down" : "up"} size={11} />}
          </span>
        </button>
      )}
    </th>
  );
}

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { by, isDescending }: Order,
): readonly Row[] {
  const value = columns.find(({ name }) => name === by)?.value;
  if (value === undefined) return rows;
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((one, other) => sign * compared(value(one), value(other)));
}

/** Numbers, exact decimals among them, by size; what is missing comes first; the rest by its letters. */
function compared(
  one: string | number | null | undefined,
  other: string | number | null | undefined,
): number {
  if (one === null || one === undefined || one === "")
    return other === null || other === undefined || other === "" ? 0 : -1;
  if (other === null || other === undefined || other === "") return 1;
  const difference = Number(one) - Number(other);
  if (!Number.isNaN(difference)) return difference;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}
