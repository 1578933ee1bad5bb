/** What only the owner of an account may see, and how he lets a key act for him. */
import { z } from "zod";
import { COMMAND } from "../commands.ts";
import { ALL_SCOPES } from "../authority.ts";
import {
  account,
  address,
  asset,
  bucket,
  decimal,
  duration,
  facts,
  marginMode,
  nonce,
  publicKey,
  sequence,
  signature,
  symbol,
  tier,
  time,
} from "./values.ts";

const HOLDING = z.object({ asset, amount: decimal });

export const BUCKET = z
  .object({
    bucket,
    tier,
    marginMode,
    symbol: symbol.nullable().meta({ description: "Of an isolated one: its market" }),
    cash: decimal,
    holdings: z.array(HOLDING),
    equity: decimal,
    initialMargin: decimal.meta({ description: "Of positions and open orders" }),
    maintenanceEquity: decimal,
    maintenanceMargin: decimal,
    withdrawable: decimal.meta({ description: "What could be deallocated now, quote currency" }),
    distress: z.enum(["healthy", "queued", "liquidating"]),
    distressSince: time.nullable(),
  })
  .meta({ id: "Bucket" });

export const BALANCES = z
  .object({
    account,
    vault: z.array(HOLDING).meta({ description: "Outside all buckets: free to be withdrawn or allocated" }),
    buckets: z.array(BUCKET),
    sequence,
  })
  .meta({ id: "Balances" });

export const POSITION = z
  .object({
    account,
    bucket,
    symbol,
    marginMode,
    side: z.enum(["long", "short"]),
    amount: decimal,
    notional: decimal.meta({ description: "At the mark" }),
    entryPrice: decimal.meta({
      description: "Cost over size: profit that is not settled yet is in it, and so are fees and funding",
    }),
    markPrice: decimal,
    liquidationPrice: decimal.nullable(),
    unrealizedPnl: decimal,
    sequence,
  })
  .meta({ id: "Position" });

export const ACCOUNT = z
  .object({ account, owner: address, openedAt: time.nullable(), cancelAfter: duration.nullable() })
  .meta({ id: "Account" });

export const LEDGER_ENTRY = z
  .object({
    id: z.string(),
    account,
    tier: z.int().meta({ description: "Where the balance lies, 0 = in the vault" }),
    bucket: z.int().meta({ description: "0 = in the vault" }),
    asset,
    kind: z.string(),
    amount: decimal.meta({ description: "By which the balance changed" }),
    balance: decimal.meta({ description: "What it was then" }),
    symbol: symbol.nullable(),
    time,
    sequence,
  })
  .meta({ id: "LedgerEntry" });

export const WITHDRAWAL = z
  .object({
    withdrawal: z.int(),
    account,
    asset,
    amount: decimal,
    queued: decimal,
    released: decimal.meta({ description: "And not paid yet" }),
    paid: decimal,
    returned: decimal,
    cancelled: decimal,
    place: z.int().nullable().meta({ description: "In the queue, from 1" }),
    worstWait: duration
      .nullable()
      .meta({ description: "After how long, at worst, all of it can be released" }),
    requestedAt: time,
    updatedAt: time,
    sequence,
  })
  .meta({ id: "Withdrawal" });

export const CANCEL_AFTER_REQUEST = z.strictObject({
  account: account.optional(),
  timeout: duration.meta({
    description: "Orders are cancelled once nothing was heard of the account for so long, ms; 0 = never",
  }),
});

export const CANCEL_AFTER = z
  .object({
    account,
    timeout: duration,
    at: time.nullable().meta({ description: "When, if nothing is heard" }),
  })
  .meta({ id: "CancelAfter" });

/** A command and, if a wallet sends it, the wallet's signature over the struct of that command. */
export const COMMAND_REQUEST = z
  .strictObject({
    command: COMMAND,
    nonce: nonce.optional().meta({ description: "Of the wallet's signature" }),
    signature: signature
      .optional()
      .meta({ description: "Of the wallet; without it the session's signs for all" }),
  })
  .meta({ id: "CommandRequest" });

export const RECEIPT = z
  .object({
    sequence,
    time,
    command: z.string(),
    outcome: z.literal("accepted"),
    facts: facts.meta({ description: "What it returned; docs/reference/commands.md names them" }),
    events: z.array(z.object({ event: z.string(), values: facts })),
  })
  .meta({ id: "Receipt" });

const scopes = z
  .int()
  .min(1)
  .max(ALL_SCOPES)
  .meta({ description: "Sum of 1 read, 2 trade, 4 bid in liquidations, 8 report" });

export const CHALLENGE_REQUEST = z.strictObject({ address, key: publicKey, scopes, expires: time });
export const CHALLENGE = z
  .object({ message: z.string().meta({ description: "To be signed as it is (ERC-4361)" }), expires: time })
  .meta({ id: "Challenge" });
export const LOGIN = z.strictObject({ message: z.string().max(4_096), signature });
export const DELEGATION_REQUEST = z.strictObject({
  delegation: z.strictObject({ owner: address, key: publicKey, scopes, expires: time, nonce }),
  signature,
});
export const SESSION = z
  .object({ session: z.int(), owner: address, key: publicKey, scopes, expires: time })
  .meta({ id: "Session" });
export const NEW_SESSION = z
  .object({
    ...SESSION.shape,
    token: z.string().meta({ description: "Bearer token for reading; told this once" }),
    accounts: z.array(account),
  })
  .meta({ id: "NewSession" });

export const WARNING = z
  .object({
    account,
    bucket,
    tier,
    kind: z.enum(["margin", "liquidation-started", "liquidation-ended", "orders-cancelled"]),
    equity: decimal.nullable(),
    maintenanceMargin: decimal.nullable(),
    detail: z.string(),
    time,
    sequence,
  })
  .meta({ id: "Warning" });

export type Bucket = z.infer<typeof BUCKET>;
export type Balances = z.infer<typeof BALANCES>;
export type Position = z.infer<typeof POSITION>;
export type LedgerEntry = z.infer<typeof LEDGER_ENTRY>;
export type Withdrawal = z.infer<typeof WITHDRAWAL>;
export type Receipt = z.infer<typeof RECEIPT>;
export type Session = z.infer<typeof SESSION>;
export type NewSession = z.infer<typeof NEW_SESSION>;
