/** How much anybody may ask of the node: by where he comes from, by session, by account. Numbers are configuration; these are the defaults. */
import { isIPv6 } from "node:net";
import { Denied } from "./denial.ts";
import { type OrderRatio, OrderRatios } from "./orderRatio.ts";
import { type Rate, Rates } from "./rates.ts";

export interface Limits {
  /** Requests and messages of one network address. */
  readonly requestsPerAddress: Rate;
  /** Challenges and logins of one network address: each costs a recovery of a key. */
  readonly loginsPerAddress: Rate;
  /** Accounts opened on the whole venue: they take room in the engine and cost nothing. */
  readonly newAccounts: Rate;
  readonly requestsPerSession: Rate;
  readonly commandsPerSession: Rate;
  readonly commandsPerAccount: Rate;
  readonly orderRatio: OrderRatio;
  /** Open connections of one network address, and of all. */
  readonly connectionsPerAddress: number;
  readonly connections: number;
  /** Bytes of a JSON body, and how deep it may be nested. */
  readonly bodyBytes: number;
  readonly bodyDepth: number;
  /** Orders in one JSON batch. */
  readonly batchOrders: number;
  /** Batches of one binary connection that are not answered yet; beyond it the node stops reading. */
  readonly batchesInFlight: number;
  /** Answers of one binary connection that are not taken off yet, bytes; beyond it the node stops reading. */
  readonly unsentBytes: number;
  /** How long the headers of a request, and a whole request, may take, ms. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How long a connection without any message is kept, ms. */
  readonly idleTimeout: number;
}

export const DEFAULT_LIMITS: Limits = {
  requestsPerAddress: { perSecond: 100, burst: 400 },
  loginsPerAddress: { perSecond: 1, burst: 20 },
  newAccounts: { perSecond: 5, burst: 500 },
  requestsPerSession: { perSecond: 200, burst: 400 },
  commandsPerSession: { perSecond: 5_000, burst: 20_000 },
  commandsPerAccount: { perSecond: 5_000, burst: 20_000 },
  orderRatio: { perSecond: 1_000, burst: 1_000_000, perFill: 100 },
  connectionsPerAddress: 64,
  connections: 8_192,
  bodyBytes: 65_536,
  bodyDepth: 8,
  batchOrders: 100,
  batchesInFlight: 16,
  unsentBytes: 2 ** 20,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  idleTimeout: 60_000,
};

/** What stands between a network address, a session, an account and the node. */
export class Gate {
  readonly limits: Limits;
  readonly ratios: OrderRatios;
  private readonly clock: () => number;
  private readonly requests: Rates<string>;
  private readonly logins: Rates<string>;
  private readonly accounts: Rates<"venue">;
  private readonly sessionRequests: Rates<number>;
  private readonly sessionCommands: Rates<number>;
  private readonly accountCommands: Rates<number>;
  private readonly connections = new Map<string, number>();
  private connected = 0;

  constructor(limits: Limits, clock: () => number) {
    this.limits = limits;
    this.clock = clock;
    this.ratios = new OrderRatios(limits.orderRatio);
    this.requests = new Rates(limits.requestsPerAddress, "requests from this network address");
    this.logins = new Rates(limits.loginsPerAddress, "logins from this network address");
    this.accounts = new Rates(limits.newAccounts, "new accounts on this venue");
    this.sessionRequests = new Rates(limits.requestsPerSession, "requests of this session");
    this.sessionCommands = new Rates(limits.commandsPerSession, "commands of this session");
    this.accountCommands = new Rates(limits.commandsPerAccount, "commands of this account");
  }

  /** @throws {Denied} */
  request(address: string): void {
    this.requests.take(networkOf(address), this.clock());
  }

  /** @throws {Denied} */
  login(address: string): void {
    this.logins.take(networkOf(address), this.clock());
  }

  /** @throws {Denied} */
  newAccount(): void {
    this.accounts.take("venue", this.clock());
  }

  /** @throws {Denied} */
  sessionRequest(session: number): void {
    this.sessionRequests.take(session, this.clock());
  }

  /** @throws {Denied} */
  sessionCommand(session: number, count: number): void {
    this.sessionCommands.take(session, this.clock(), count);
  }

  /**
   * @param orders - how many of the commands place or amend one
   * @throws {Denied}
   */
  accountCommand(account: number, count: number, orders: number): void {
    const now = this.clock();
    this.accountCommands.take(account, now, count);
    if (orders > 0) this.ratios.expect(account, now, orders);
  }

  /**
   * Counts a connection.
   * @returns how to count it no more
   * @throws {Denied} if there are as many as may be
   */
  connect(address: string): () => void {
    const { connections, connectionsPerAddress } = this.limits;
    const network = networkOf(address);
    const held = this.connections.get(network) ?? 0;
    if (held >= connectionsPerAddress || this.connected >= connections)
      throw new Denied("connections_too_many", "too many connections", {
        ofAddress: held,
        mostOfAddress: connectionsPerAddress,
        connections: this.connected,
        most: connections,
        retryAfterMs: 1_000,
      });
    this.connections.set(network, held + 1);
    this.connected++;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.connected--;
      const left = (this.connections.get(network) ?? 1) - 1;
      if (left === 0) this.connections.delete(network);
      else this.connections.set(network, left);
    };
  }
}

/** What is limited together: an IPv4 address, or the /64 that one customer of a provider has to himself. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1] as string;
  if (!isIPv6(address)) return address;
  const [head, tail] = (address.split("%")[0] as string).split("::") as [string, string?];
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups =
    tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
