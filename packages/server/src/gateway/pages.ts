/** Pages of stories: what a request wants of one, and how one is told. */
import { type Directory, type Instrument, instrumentNamed } from "@bulkhead/protocol";
import type { Core, History, Page } from "./ports.ts";
import { problem } from "./problems.ts";

/** How long an answer waits for the views, ms. */
const PATIENCE = 1_000;

/** Waits a little for the views, so that whoever has just been answered finds there what he did. */
export async function settled(core: Core, history: History): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE)));
  await Promise.race([history.reached(core.log.last), late]);
  clearTimeout(timer);
}

export function paging({ limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) {
  return { limit, ...(cursor !== undefined && { cursor }) };
}

export function span(since: number | undefined, until: number | undefined) {
  return { ...(since !== undefined && { from: since }), ...(until !== undefined && { until }) };
}

/** @throws {ProblemError} if no market of the venue has this symbol */
export function named(directory: Directory, symbol: string): Instrument {
  try {
    return instrumentNamed(directory, symbol, "params.symbol");
  } catch {
    throw problem("not-found", `no market is called ${symbol.slice(0, 32)}`);
  }
}

export function marketOf(directory: Directory, symbol: string | undefined) {
  if (symbol === undefined) return {};
  const { tier, market } = instrumentNamed(directory, symbol, "query.symbol");
  return { tier, market };
}

export function tellPage<Row, Told>(
  { rows, next }: Page<Row>,
  tell: (row: Row) => Told,
): { items: Told[]; next: string | null } {
  return { items: rows.map(tell), next: next ?? null };
}
