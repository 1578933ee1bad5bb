/** Under which origins browsers know a node. */
import type { Config } from "./config.ts";

type Origins = Pick<Config, "host" | "port" | "publicOrigin" | "origins">;

const LOCAL = ["localhost", "127.0.0.1"];
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/**
 * Origins of the pages that log in at a node: its own first, then the others that are named. Of a node that was told no public one it is
 * where it listens, by each of the names of this machine for it.
 */
export function originsOf({ host, port, publicOrigin, origins }: Origins): [string, ...string[]] {
  if (publicOrigin !== undefined) return [publicOrigin, ...origins];
  const isLocal = LOCAL.includes(host) || EVERYWHERE.has(host);
  const [first = "localhost", ...others] = isLocal ? LOCAL : [host.includes(":") ? `[${host}]` : host];
  const at = (name: string): string => new URL(`http://${name}:${port}`).origin;
  return [at(first), ...others.map(at), ...origins];
}

/** Whose pages may read what the node answers: none but its own, unless others are named. */
export function readersOf({ publicOrigin, origins }: Origins): readonly string[] {
  return publicOrigin === undefined ? origins : [publicOrigin, ...origins];
}

/** The addresses of proxies as sockets tell them: one that listens to IPv6 has its IPv4 peers under other names. */
export function proxiesOf({ proxies }: Pick<Config, "proxies">): readonly string[] {
  return proxies.flatMap((address) => (address.includes(":") ? [address] : [address, `::ffff:${address}`]));
}
