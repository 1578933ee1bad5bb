/**
 * Who stands behind the demo's venue: pays in the layers of the waterfall and the backstops, and hands the venue over to its governance. It is
 * an owner with an account like any other; the deposits are confirmed by the demo's operator, for no chain is there to do it.
 */
import { type Client, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { GUEST, demoKey } from "./keys.ts";

const USD = 1_000_000;
const ASSET = 1;
const THOUSAND = 1_000 * USD;
/**
 * What goes into each tier, by its number: first tranche, insurance fund, backstop. Of a size that the crash is seen in: the largest tier's
 * first tranche pays for those whom the fall left with less than nothing, and what it lacks its fund pays.
 */
const BEHIND_TIERS = [
  { tier: 1, tranche: 50 * THOUSAND, insurance: 500 * THOUSAND, backstop: 2_000 * THOUSAND },
  { tier: 2, tranche: 25 * THOUSAND, insurance: 250 * THOUSAND, backstop: 1_000 * THOUSAND },
  { tier: 3, tranche: 10 * THOUSAND, insurance: 100 * THOUSAND, backstop: 500 * THOUSAND },
] as const;
const BEHIND_VENUE = { tranche: 100 * THOUSAND, mutual: 1_000 * THOUSAND } as const;
/** What the guest finds in each tier. */
const GUEST_STAKE = 10_000 * USD;
const [SIGNATURES, TIMELOCK] = [2, 172_800_000];
const DAY = 86_400_000;
const FUND_TERMS = { cooldown: 7 * DAY, window: 2 * DAY, minimum: 0 } as const;
/** How long the house waits for the first prices, and how often it looks. */
const [PATIENCE_MS, LOOK_MS] = [30_000, 250];

/** Sets the house up if it is not. */
export async function openHouse(url: string): Promise<void> {
  const operator = await connect(url, { wallet: localWallet(demoKey("operator")) });
  const house = await connect(url, { wallet: localWallet(demoKey("house")) });
  if (house.session.accounts.length > 0) return;
  const account = await openAccount(house);
  const total = BEHIND_TIERS.reduce(
    (sum, { tranche, insurance, backstop }) => sum + tranche + insurance + backstop,
    BEHIND_VENUE.tranche + BEHIND_VENUE.mutual,
  );
  await faucet(operator, account, total);
  const fund = (tier: number, layer: number, amount: number) =>
    house.sign({ kind: "fundLayer", account, tier, layer, amount });
  for (const { tier, tranche, insurance, backstop } of BEHIND_TIERS) {
    await fund(tier, 1, tranche);
    await fund(tier, 2, insurance);
    await operator.sign({ kind: "setFundTerms", tier, fund: 2, ...FUND_TERMS, target: insurance });
    await house.sign({ kind: "allocate", account, tier, mode: 0, asset: ASSET, amount: backstop });
    await operator.sign({ kind: "appointBackstop", tier, account });
  }
  await fund(0, 4, BEHIND_VENUE.tranche);
  await fund(0, 5, BEHIND_VENUE.mutual);
  await welcomeGuest(url, operator);
  // Only now, for whoever looks first sees a tier of which nothing is known: without a price and with empty funds it would begin as a careful one.
  await pricesOf(operator);
  for (const { tier, insurance } of BEHIND_TIERS)
    await operator.sign({
      kind: "configurePosture",
      tier,
      enabled: 1,
      baseline: 0,
      insuranceTarget: insurance,
    });
  for (const tier of [1, 2, 3, 0])
    await operator.sign({ kind: "sealGovernance", tier, threshold: SIGNATURES, timelock: TIMELOCK });
  operator.close();
  house.close();
}

/** Waits until every market has a price that one may open positions at, but not for ever. */
async function pricesOf(client: Client): Promise<void> {
  const until = client.clock.now() + PATIENCE_MS;
  while (client.clock.now() < until) {
    const markets = await client.call("markets", { query: {} });
    if (markets.every(({ forbids }) => forbids.length === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Whoever looks at the demo has a wallet with money in every tier. */
async function welcomeGuest(url: string, operator: Client): Promise<void> {
  const guest = await connect(url, { wallet: localWallet(demoKey(GUEST)) });
  const account = await openAccount(guest);
  await faucet(operator, account, BEHIND_TIERS.length * GUEST_STAKE);
  for (const { tier } of BEHIND_TIERS)
    await guest.sign({ kind: "allocate", account, tier, mode: 0, asset: ASSET, amount: GUEST_STAKE });
  guest.close();
}

/** Confirms a deposit, micro-dollars. References of deposits rise; time does. */
export async function faucet(operator: Client, account: number, amount: number): Promise<void> {
  const reference = operator.clock.now() * MANY + (made++ % MANY);
  await operator.sign({ kind: "confirmDeposit", account, asset: ASSET, amount, reference });
}

const MANY = 1_000;
let made = 0;
