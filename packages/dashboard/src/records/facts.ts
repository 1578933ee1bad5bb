/** The numbers of a refusal as people read them: the protocol says what each of them counts. */
import {
  type Asset,
  type Instrument,
  amountText,
  assetText,
  pointsText,
  priceText,
  factUnitsOf,
  usdText,
} from "@bulkhead/protocol";
import { grouped, momentText, worded } from "../ui/text.ts";

type Unit = ReturnType<typeof factUnitsOf>[string];

/** Numbers that name something, or stand for words: it stands in the form already, or tells people nothing. */
const HIDDEN: ReadonlySet<Unit> = new Set(["choice", "digest"]);
const PPM_PER_PERCENT = 10_000;

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
  const kinds = factUnitsOf(refusal);
  return Object.entries(facts).flatMap(([name, value]) => {
    const unit = kinds[name] ?? "any";
    const isTold = !HIDDEN.has(unit) && (name !== "market" || units.instrument === undefined);
    return isTold ? [{ name: worded(name), text: textOfFact(unit, value, units) }] : [];
  });
}

function textOfFact(unit: Unit, value: number, { instrument, asset }: Units): string {
  switch (unit) {
    case "microUsd":
      return `${grouped(usdText(value), 2)} USD`;
    case "assetUnits":
      return asset === undefined
        ? `${grouped(usdText(value), 2)} USD`
        : `${grouped(assetText(asset, value))} ${asset.symbol}`;
    case "time":
      return momentText(value);
    case "ms":
      return `${grouped(String(value / 1_000))} s`;
    case "ppm":
      return `${value / PPM_PER_PERCENT} %`;
    default:
      return inMarket(unit, value, instrument) ?? grouped(String(value));
  }
}

/** What counts in steps of a market. Of a command's own field it is its price: forms here send no others. */
function inMarket(unit: Unit, value: number, instrument: Instrument | undefined): string | undefined {
  if (instrument === undefined) return undefined;
  const { base, quote } = instrument;
  if (unit === "ticks" || unit === "field") return `${grouped(priceText(instrument, value))} ${quote}`;
  if (unit === "points") return `${grouped(pointsText(instrument, value))} ${quote}`;
  return unit === "lots" ? `${grouped(amountText(instrument, value))} ${base}` : undefined;
}
