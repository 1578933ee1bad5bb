/** Entries of the house: listings, prices and money. Amounts are dollars, or smallest units of an asset that is named. */
import { PARAMETERS, type ParameterName, STATUS } from "@bulkhead/engine";
import { type Fields, type Instruction, PLAIN_MARKET, usd } from "../engine/venue.ts";
import { type Entry, type Names, ppb, ppm } from "./entry.ts";

type Reader = (entry: Entry, names: Names, bucket: number) => Instruction;

const tier = 1;

export const HOUSE_ENTRIES: Readonly<Record<string, Reader>> = {
  market: ({ options }) => ({ kind: "listMarket", ...PLAIN_MARKET, ...marketTerms(options) }),
  asset: ({ words }) => ({ kind: "listAsset", scale: Number(words[0]) }),
  accept: ({ subject, options: { initial, maintenance, cap } }, names) => ({
    kind: "acceptCollateral",
    tier,
    asset: names.asset(subject),
    initialWeight: ppm(initial),
    maintenanceWeight: ppm(maintenance),
    cap: Number(cap),
  }),

  deposit: (entry, names) => ({
    kind: "confirmDeposit",
    account: names.account(entry.subject),
    ...sumOf(entry, names),
    reference: 0, // the diary numbers its deposits
  }),
  withdraw: (entry, names) => ({
    kind: "requestWithdrawal",
    account: names.account(entry.subject),
    ...sumOf(entry, names),
  }),
  allocate: (entry, names) => ({ kind: "allocate", ...bucketOf(entry, names), ...sumOf(entry, names) }),
  deallocate: (entry, names) => ({ kind: "deallocate", ...bucketOf(entry, names), ...sumOf(entry, names) }),

  mark: ({ subject, words: [price] }, names) => ({
    kind: "updateIndexPrice",
    tier,
    market: names.market(subject),
    price: Number(price),
  }),
  price: ({ subject, words: [price] }, names) => ({
    kind: "updateCollateralPrice",
    tier,
    asset: names.asset(subject),
    price: usd(Number(price)),
  }),
  funding: ({ subject, words: [rate] }, names) => ({
    kind: "accrueFunding",
    tier,
    market: names.market(subject),
    rate: ppb(rate),
  }),
  time: ({ subject }) => ({ kind: "clockTick", tier, time: Number(subject) }),

  set: ({ subject, words: [parameter = "", value = ""] }, names) => ({
    kind: "setParameter",
    tier,
    market: subject === "house" ? 0 : names.market(subject),
    parameter: PARAMETERS[parameter as ParameterName].id,
    value: value in STATUS ? STATUS[value as keyof typeof STATUS] : Number(value),
  }),
  clear: ({ subject }, names) => ({ kind: "massCancel", tier, market: names.market(subject) }),
  expire: ({ subject, words: [price] }, names) => ({
    kind: "expireMarket",
    tier,
    market: names.market(subject),
    price: Number(price),
  }),
  settle: ({ subject }, names) => ({
    kind: "settleExpired",
    tier,
    market: names.market(subject),
    bucket: 1,
    count: 256,
  }),
  residual: ({ words: [market] }, names, bucket) => ({
    kind: "settleResidual",
    tier,
    bucket,
    market: names.market(market),
  }),
};

const RATES = {
  margin: "initialMargin",
  maintenance: "maintenanceRatio",
  taker: "takerFee",
  maker: "makerFee",
  band: "band",
} as const;

function marketTerms(options: Entry["options"]): Partial<Fields<"listMarket">> {
  const rates = Object.entries(RATES).flatMap(([word, field]) =>
    word in options ? [[field, ppm(options[word])] as const] : [],
  );
  const expiry = Number(options["expiry"] ?? 0);
  const maxOpenInterestLots = Number(options["interest"] ?? PLAIN_MARKET.maxOpenInterestLots);
  return { ...Object.fromEntries(rates), expiry, contract: expiry === 0 ? 0 : 1, maxOpenInterestLots };
}

function bucketOf({ subject }: Entry, names: Names): Pick<Fields<"allocate">, "account" | "tier" | "mode"> {
  return { account: names.account(subject), tier, mode: names.mode(subject) };
}

function sumOf(
  { words: [amount, asset] }: Entry,
  names: Names,
): Pick<Fields<"allocate">, "asset" | "amount"> {
  if (asset === undefined) return { asset: 1, amount: usd(Number(amount)) };
  return { asset: names.asset(asset), amount: Number(amount) };
}
