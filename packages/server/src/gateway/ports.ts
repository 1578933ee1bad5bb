/** What the gateway asks of the rest of the node. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Runner } from "../runner/runner.ts";
import type { OrderRow } from "../telling/orders.ts";

export type { OrderRow };

/** The engine and its log. */
export type Core = Pick<Runner, "engine" | "log" | "waiting" | "submit" | "submitAll" | "read" | "listen">;

/** What of a story is wanted, the latest first. */
interface Paging {
  readonly limit?: number;
  readonly cursor?: string;
  /** ms, both included. */
  readonly from?: number;
  readonly until?: number;
  readonly isAscending?: boolean;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; absent at the end. */
  readonly next?: string;
}

interface OfAccount extends Paging {
  readonly account: number;
  readonly tier?: number;
  readonly market?: number;
}

interface OfMarket extends Paging {
  readonly tier: number;
  readonly market?: number;
}

interface Moment {
  readonly sequence: number;
  readonly ordinal: number;
  readonly time: number;
  readonly tier: number;
}

/** Quantities are in the engine's units. */
export interface FillRow extends Moment {
  /** Place, among its command's, of the event that tells of it; from 1. */
  readonly event: number;
  readonly market: number;
  readonly account: number;
  readonly bucket: number;
  readonly orderSequence: number;
  readonly order: number;
  readonly role: string;
  readonly kind: string;
  readonly side: number;
  readonly price: number;
  readonly lots: number;
  readonly fee: number;
  readonly realised: number;
}

export interface LedgerRow extends Moment {
  readonly account: number;
  readonly bucket: number;
  readonly asset: number;
  readonly kind: string;
  readonly amount: number;
  readonly balance: number;
  readonly market: number;
}

export interface WithdrawalRow {
  readonly sequence: number;
  readonly time: number;
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  readonly amount: number;
  readonly queued: number;
  readonly released: number;
  readonly paid: number;
  readonly returned: number;
  readonly cancelled: number;
  readonly place: number;
  readonly updatedAt: number;
}

export interface TradeRow extends Moment {
  /** As of a fill. */
  readonly event: number;
  readonly market: number;
  readonly price: number;
  readonly lots: number;
  readonly side: number;
  readonly kind: string;
}

export interface CandleRow {
  readonly start: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Decimal integers: lots, micro-dollars. */
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
}

export interface FundingRow extends Moment {
  readonly market: number;
  readonly rate: number;
  readonly premium: number;
  readonly samples: number;
}

export interface LiquidationRow extends Moment {
  readonly market: number;
  readonly account: number;
  readonly bucket: number;
  readonly lots: number;
  readonly how: string;
  readonly price: number;
  readonly penalty: number;
}

export interface ProposalRow {
  readonly sequence: number;
  readonly time: number;
  readonly tier: number;
  readonly proposal: number;
  readonly nonce: number;
  readonly command: number;
  /** Words of its fields without the tier, a JSON array. */
  readonly payload: string;
  readonly content: number;
  readonly eta: number;
  readonly lapse: number;
  readonly approvals: number;
  readonly status: string;
}

/** A layer or fund at the end of an interval, and what moved it within; micro-dollars. */
export interface FundPointRow {
  readonly start: number;
  readonly layer: number;
  readonly balance: number;
  readonly paidIn: number;
  readonly paidOut: number;
}

export interface TimelineRow extends Moment {
  readonly market: number;
  readonly kind: string;
  /** Numbers and words by name, a JSON object. */
  readonly facts: string;
}

/** Stories that are told from views; they follow the engine at a distance. */
export interface Questions {
  readonly orders: OfAccount & { readonly isOpen: boolean };
  readonly order: { readonly sequence: number } | { readonly tier: number; readonly order: number };
  readonly fills: OfAccount;
  readonly ledger: OfAccount;
  readonly withdrawals: Paging & { readonly account: number };
  readonly trades: OfMarket;
  readonly candles: {
    readonly tier: number;
    readonly market: number;
    readonly interval: "1m" | "5m" | "15m" | "1h" | "4h" | "1d";
    readonly from?: number;
    readonly until?: number;
    readonly limit?: number;
  };
  readonly fundingRates: OfMarket;
  readonly liquidations: Paging & { readonly tier?: number; readonly market?: number };
  readonly fundHistory: {
    readonly tier: number;
    readonly layer?: number;
    readonly interval: "1m" | "5m" | "15m" | "1h" | "4h" | "1d";
    readonly from?: number;
    readonly until?: number;
    readonly limit?: number;
  };
  readonly timeline: Paging & { readonly tier?: number; readonly kind?: string };
  readonly proposals: Paging & { readonly tier?: number; readonly isPending?: boolean };
}

export interface Answers {
  readonly orders: Page<OrderRow>;
  readonly order: OrderRow | undefined;
  readonly fills: Page<FillRow>;
  readonly ledger: Page<LedgerRow>;
  readonly withdrawals: Page<WithdrawalRow>;
  readonly trades: Page<TradeRow>;
  readonly candles: readonly CandleRow[];
  readonly fundingRates: Page<FundingRow>;
  readonly liquidations: Page<LiquidationRow>;
  readonly fundHistory: readonly FundPointRow[];
  readonly timeline: Page<TimelineRow>;
  readonly proposals: Page<ProposalRow>;
}

export interface History {
  /** Sequence of the last command they have taken in. */
  sequence(): Promise<number>;
  /** Resolves once they have taken in this one. */
  reached(sequence: number): Promise<void>;
  ask<Name extends keyof Questions>(name: Name, question: Questions[Name]): Promise<Answers[Name]>;
}

/** Who serves `/v1/stream`. */
export interface Streams {
  /** Takes over a socket whose client asked for it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every stream, with the code for a server that goes away. */
  close(): void;
}

/** Where events go: a code and facts, never prose, and nothing that is secret. */
export interface Log {
  info(facts: Readonly<Record<string, unknown>>, code: string): void;
  warn(facts: Readonly<Record<string, unknown>>, code: string): void;
  error(facts: Readonly<Record<string, unknown>>, code: string): void;
}
