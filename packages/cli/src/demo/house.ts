/**
 * Who stands behind the demo's venue: pays in the layers of the waterfall and the backstops, and hands the venue over to its governance. It is
 * an owner with an account like any other; the deposits are confirmed by the demo's operator, for no chain is there to do it.
 */
import { type Client, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { GUEST, demoKey } from "./keys.ts";

const USD = 1_000_000;
const ASSET = 1;
const MILLION = 1_000_000 * USD;
/** What goes into each tier, by its number: first tranche, insurance fund, backstop. */
const BEHIND_TIERS = [
  { tier: 1, tranche: 2 * MILLION, insurance: 10 * MILLION, backstop: 20 * MILLION },
  { tier: 2, tranche: MILLION, insurance: 4 * MILLION, backstop: 8 * MILLION },
  { tier: 3, tranche: MILLION / 2, insurance: 2 * MILLION, backstop: 4 * MILLION },
] as const;
const BEHIND_VENUE = { tranche: 2 * MILLION, mutual: 20 * MILLION } as const;
/** What the guest finds in each tier. */
const GUEST_STAKE = 10_000 * USD;
const [SIGNATURES, TIMELOCK] = [2, 172_800_000];

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
    await house.sign({ kind: "allocate", account, tier, mode: 0, asset: ASSET, amount: backstop });
    await operator.sign({ kind: "appointBackstop", tier, account });
  }
  await fund(0, 4, BEHIND_VENUE.tranche);
  await fund(0, 5, BEHIND_VENUE.mutual);
  await welcomeGuest(url, operator);
  for (const tier of [1, 2, 3, 0])
    await operator.sign({ kind: "sealGovernance", tier, threshold: SIGNATURES, timelock: TIMELOCK });
  operator.close();
  house.close();
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
