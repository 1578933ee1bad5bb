/** What the numbers of a refusal count, by its name and theirs: the node tells them in the engine's units, people read them in theirs. */
import { type Asset, type Instrument, assetText, priceText, amountText, usdText } from "@bulkhead/protocol";
import { grouped, momentText, worded } from "../ui/text.ts";

type Counts = "usd" | "price" | "amount" | "asset" | "time" | "count" | "hidden";

const COUNTS: Readonly<Record<string, Counts>> = {
  equity: "usd",
  required: "usd",
  maintenance: "usd",
  value: "usd",
  price: "price",
  best: "price",
  trigger: "price",
  mark: "price",
  filled: "amount",
  lots: "amount",
  exposure: "amount",
  balance: "asset",
  held: "asset",
  amount: "asset",
  cap: "asset",
  expiry: "time",
  time: "time",
  // Numbers of choices: what is chosen stands in the form already.
  type: "hidden",
  timeInForce: "hidden",
  flags: "hidden",
  status: "hidden",
  level: "hidden",
  quality: "hidden",
  forbids: "hidden",
  market: "hidden",
};

/** A bound counts what it bounds. */
const LIMITS: Readonly<Record<string, Counts>> = {
  price_outside_range: "price",
  price_outside_band: "price",
  position_limit: "amount",
  bucket_exposure_cap: "usd",
};

export interface Units {
  /** Of the market it is about. */
  readonly instrument?: Instrument | undefined;
  /** Of the asset it is about; the quote currency if not told. */
  readonly asset?: Asset | undefined;
}

export interface FactText {
  readonly name: string;
  readonly text: string;
}

/** The numbers of a refusal as people read them, each with its unit. */
export function factTexts(
  refusal: string,
  facts: Readonly<Record<string, number>>,
  units: Units = {},
): readonly FactText[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    const counts = (name === "limit" ? LIMITS[refusal] : COUNTS[name]) ?? "count";
    return counts === "hidden" ? [] : [{ name: worded(name), text: textOfFact(counts, value, units) }];
  });
}

function textOfFact(counts: Counts, value: number, { instrument, asset }: Units): string {
  if (counts === "usd") return `${grouped(usdText(value), 2)} USD`;
  if (counts === "time") return momentText(value);
  if (counts === "asset")
    return asset === undefined
      ? `${grouped(usdText(value), 2)} USD`
      : `${grouped(assetText(asset, value))} ${asset.symbol}`;
  if (instrument !== undefined && counts === "price")
    return `${grouped(priceText(instrument, value))} ${instrument.quote}`;
  if (instrument !== undefined && counts === "amount")
    return `${grouped(amountText(instrument, value))} ${instrument.base}`;
  return grouped(String(value));
}
