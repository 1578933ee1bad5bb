/** Reads an entry of a diary: who or what it is about, what is done, and the words that follow. README.md has the grammar. */

export interface Entry {
  readonly verb: string;
  /** A trader, a market, an asset or a time. */
  readonly subject: string;
  readonly words: readonly string[];
  /** Words of the form `key=value`. */
  readonly options: Readonly<Record<string, string>>;
}

/** A trader stands before the deed, everything else after. */
const DEEDS: ReadonlySet<string> = new Set(["buys", "sells", "amends", "cancels"]);

export function readEntry(text: string): Entry {
  const all = text.trim().split(/\s+/);
  const options: Record<string, string> = {};
  for (const [key = "", value = ""] of all
    .filter((word) => word.includes("="))
    .map((word) => word.split("="))) {
    options[key] = value;
  }
  const [first = "", second = "", ...words] = all.filter((word) => !word.includes("="));
  return DEEDS.has(second)
    ? { verb: second, subject: first, words, options }
    : { verb: first, subject: second, words, options };
}

/** What a diary has named so far: the number of a name is its place in the list. */
export class Names {
  readonly accounts: string[] = [""];
  readonly markets: string[] = [""];
  readonly assets: string[] = ["", "USD"];
  /** Ids of orders by `owner:client id`. */
  readonly orders: Map<string, number> = new Map();

  account(subject: string): number {
    return numberOf(this.accounts, subject.split("/")[0]);
  }

  /** `alice` is her cross bucket, `alice/BTC` the one isolated to that market. */
  mode(subject: string): number {
    return numberOf(this.markets, subject.split("/")[1]);
  }

  market(name: string | undefined): number {
    return numberOf(this.markets, name);
  }

  asset(name: string | undefined): number {
    return numberOf(this.assets, name);
  }

  ownerOf(account: number, mode: number): string {
    return `${this.accounts[account]}${mode === 0 ? "" : `/${this.markets[mode]}`}`;
  }
}

function numberOf(names: readonly string[], name = ""): number {
  const number = names.indexOf(name);
  if (number === -1) throw new SyntaxError(`nobody knows ${name}`);
  return number;
}

/** `10%` in parts per million. */
export function ppm(percent = ""): number {
  return Math.round(Number.parseFloat(percent) * 10_000);
}

/** `0.01%` in parts per billion. */
export function ppb(percent = ""): number {
  return Math.round(Number.parseFloat(percent) * 10_000_000);
}
