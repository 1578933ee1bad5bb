/** A venue with the throttle on, and a diary of what it let out: the stage for the tests of the way out. */
import {
  type Capacities,
  type EngineOptions,
  VENUE_PARAMETERS,
  type Receipt,
  type ThrottleView,
  throttleView,
} from "@bulkhead/engine";
import { Desk, type Instruction, smallVenue, usd } from "./venue.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const SCALE = 1_000;

/** What docs/spec/vault.md recommends. */
export const RECOMMENDED = {
  throttleHour: 20_000,
  throttleDay: 150_000,
  throttleAssetHour: 20_000,
  throttleAssetDay: 150_000,
  laneUser: usd(1_000),
  laneTotal: 20_000,
} as const;
export type Terms = Partial<
  Record<keyof typeof RECOMMENDED | "throttleHourMinimum" | "throttleDayMinimum", number>
>;

/** One `withdrawalReleased`. */
export interface Release {
  readonly time: number;
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  readonly amount: number;
  /** Micro-dollars, rounded up, at the price of the moment. */
  readonly value: number;
  readonly way: number;
}

export class ExitDesk extends Desk {
  readonly releases: Release[] = [];
  private price = usd(2);

  /** Quote currency and a second asset of 1 000 units a whole, worth two dollars each. */
  constructor(capacities: Partial<Capacities> = {}, options: EngineOptions = {}) {
    super({ capacities: smallVenue(capacities), ...options });
    this.now = 1_700_000_000_000 - (1_700_000_000_000 % DAY);
    this.listQuote();
    this.listAsset(SCALE);
    this.expectAccepted({ kind: "updateVaultPrice", asset: 2, price: this.price });
  }

  override send(instruction: Instruction): Receipt {
    const receipt = super.send(instruction);
    if (instruction.kind === "updateVaultPrice" && instruction.asset === 2) this.price = instruction.price;
    for (const { event, values } of receipt.events) {
      if (event !== "withdrawalReleased") continue;
      const { withdrawal = 0, account = 0, asset = 0, amount = 0, way = 0 } = values;
      const value = asset === 1 ? amount : Math.ceil((amount * this.price) / SCALE);
      this.releases.push({ time: this.now, withdrawal, account, asset, amount, value, way });
    }
    return receipt;
  }

  throttleBy(terms: Terms): void {
    for (const [name, value] of Object.entries(terms)) {
      this.set(VENUE_PARAMETERS[name as keyof Terms].id, value, 0, 0);
    }
  }

  /** Opens an account for each amount, and waits until all deposits are old and all windows full. */
  settle(...dollars: readonly number[]): readonly number[] {
    const accounts = dollars.map((each) => {
      const account = this.openAccount();
      if (each > 0) this.deposit(account, usd(each));
      return account;
    });
    this.age();
    return accounts;
  }

  /** Three days, with the windows looked at every hour: caps have been what they are for long enough. */
  age(): void {
    for (let hour = 0; hour < 72; hour++) {
      this.now += HOUR;
      this.release(1);
    }
  }

  request(account: number, amount: number, asset = 1): Receipt {
    return this.expectAccepted({ kind: "requestWithdrawal", account, asset, amount });
  }

  /** The id of a withdrawal just requested. */
  idOf(account: number, amount: number, asset = 1): number {
    return this.request(account, amount, asset).facts["withdrawal"] ?? 0;
  }

  release(count = 256): Receipt {
    return this.expectAccepted({ kind: "releaseWithdrawals", count });
  }

  get throttle(): ThrottleView {
    return throttleView(this.engine.venue);
  }

  /** Units released, of all or of those that a test asks for. */
  released(which: Partial<Release> = {}): number {
    const entries = Object.entries(which) as [keyof Release, number][];
    return this.releases
      .filter((release) => entries.every(([key, value]) => release[key] === value))
      .reduce((total, { amount }) => total + amount, 0);
  }
}

/** The largest sum that lies in any window (t − period, t]. */
export function mostIn(
  period: number,
  outflows: readonly { readonly time: number; readonly value: number }[],
): number {
  let most = 0;
  let sum = 0;
  let first = 0;
  for (const { time, value } of outflows) {
    sum += value;
    for (; (outflows[first]?.time ?? time) <= time - period; first++) sum -= outflows[first]?.value ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}
