/**
 * How the tables of a venue are written down: what each row holds, in which unit. Ids and links are integers; money, lots and time are
 * exact doubles. Integer columns count words from the row, number columns count doubles; a row's first word doubles as the link of the
 * free list where rows are given back.
 */
import type { IntColumn, NumColumn } from "../../kernel/arena.ts";

export type Int<Table extends string, Value extends number = number> = IntColumn<Table, Value>;
export type Num<Table extends string, Value extends number = number> = NumColumn<Table, Value>;
