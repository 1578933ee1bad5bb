/**
 * Plays a diary of a clearing house on a fresh venue and tells it again as it really went: `retell(text)` is `text` itself when all went
 * as written, so a failing story shows as a difference between two texts.
 */
import { balanceView, bookView, bucketIdOf, bucketView, marketView, tierView } from "@bulkhead/engine";
import { Desk, type Instruction } from "../engine/venue.ts";
import { Names, readEntry } from "./entry.ts";
import { HOUSE_ENTRIES } from "./houseEntries.ts";
import { dollars, tellOutcome, tellRefusal } from "./tellings.ts";
import { TRADER_ENTRIES } from "./traderEntries.ts";

/** An entry begins in the first column; what came of it may follow on lines of its own. */
const ENTRY = /^[^\s#].*(?:\n[ \t]+->.*)*/gm;

export function retell(text: string): string {
  const diary = new Diary();
  const story = text.replaceAll(ENTRY, (entry) => diary.tell(entry));
  const findings = diary.desk.engine.audit();
  return findings.length === 0 ? story : `${story}\n# AUDIT ${JSON.stringify(findings)}\n`;
}

class Diary {
  readonly desk: Desk = new Desk();
  private readonly names = new Names();
  private references = 0;

  constructor() {
    this.desk.listQuote();
    this.desk.listTier();
  }

  /** An entry as it went; letter by letter the one written, if it went like that. */
  tell(entry: string): string {
    const [head = "", ...written] = entry.split("->").map((part) => part.trim().replaceAll(/\s+/g, " "));
    const { verb, subject } = readEntry(head);
    if (verb === "expect")
      return entry.replaceAll(/(\S+)=\S+/g, (_, key: string) => `${key}=${this.figure(subject, key)}`);
    if (verb === "book")
      return entry.replace(/(book\s+\S+).*/, (_, start: string) => `${start}  ${this.book(subject)}`);
    const happened = this.perform(head, written[0]?.includes("=") ?? false);
    if (happened.join("\n") === written.join("\n")) return entry;
    const start = entry.split("->")[0]?.trimEnd() ?? "";
    return happened.length === 1 ? `${start}  -> ${happened[0]}` : [start, ...happened].join("\n        -> ");
  }

  /** Does what an entry says; what came of it, in words. `withFacts`: the numbers of a refusal, too. */
  private perform(head: string, withFacts: boolean): string[] {
    const { desk, names } = this;
    const entry = readEntry(head);
    const { verb, subject, options } = entry;
    const reader = HOUSE_ENTRIES[verb] ?? TRADER_ENTRIES[verb];
    if (reader === undefined) throw new SyntaxError(`nobody knows how to ${verb}`);
    if (verb === "time") desk.now = Number(subject);
    if (verb === "market") names.markets.push(subject);
    if (verb === "asset") names.assets.push(subject);
    if (verb === "deposit" && !names.accounts.includes(subject)) names.accounts[desk.openAccount()] = subject;
    const bucket = names.accounts.includes(subject.split("/")[0] ?? "") ? this.bucketOf(subject) : 0;
    const instruction = reader(entry, names, bucket);
    const receipt = desk.send(
      verb === "deposit" ? ({ ...instruction, reference: ++this.references } as Instruction) : instruction,
    );
    const { id } = options;
    if (id !== undefined) names.orders.set(`${subject}:${id}`, receipt.facts["order"] ?? 0);
    if (receipt.outcome !== "accepted") return [tellRefusal(receipt, withFacts)];
    return tellOutcome(receipt, (each) => this.ownerOf(each));
  }

  /** A figure of a trader, a market or the house, by the name the diary gives it. */
  private figure(subject: string, key: string): string {
    const { venue } = this.desk.engine;
    const { names } = this;
    if (subject === "house") return dollars(tierView(venue, 1).fees);
    if (names.markets.includes(subject)) {
      const market = marketView(venue, 1, names.markets.indexOf(subject));
      const money = { pool: market.pool, unpaidFees: 0 - market.feeCost, funding: market.fundingCost };
      return key in money
        ? dollars(money[key as keyof typeof money])
        : String(market[key as keyof typeof market]);
    }
    if (key === "vault") return dollars(balanceView(venue, names.account(subject), 1));
    const bucket = bucketView(venue, 1, this.bucketOf(subject));
    const {
      cash,
      equity,
      initialMargin: margin,
      maintenanceMargin: maintenance,
      withdrawable: free,
    } = bucket;
    const money = { cash, equity, margin, maintenance, free };
    if (key in money) return dollars(money[key as keyof typeof money]);
    const [name = "", column] = key.split(".");
    const position = bucket.positions.find(({ market }) => market === names.markets.indexOf(name));
    if (column === undefined) return signed(position?.lots ?? 0);
    if (column === "liquidation") return String(position?.liquidationPrice ?? 0);
    return dollars(column === "cost" ? position?.cost : position?.unrealised);
  }

  /** Bids, then asks, best first. */
  private book(subject: string): string {
    const { bids, asks } = bookView(this.desk.engine.venue, 1, this.names.markets.indexOf(subject));
    const [left, right] = [bids, asks].map(
      (side) => side.map(({ lots, price }) => `${lots} @ ${price}`).join(", ") || "none",
    );
    return `${left} | ${right}`;
  }

  private bucketOf(subject: string): number {
    const { names } = this;
    return bucketIdOf(this.desk.engine.venue, 1, names.account(subject), names.mode(subject));
  }

  private ownerOf(bucket = 0): string {
    const { account, mode } = bucketView(this.desk.engine.venue, 1, bucket);
    return this.names.ownerOf(account, mode);
  }
}

const signed = (lots: number): string => (lots > 0 ? `+${lots}` : String(lots));
