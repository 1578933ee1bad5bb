/** A PostgreSQL of one's own for a test: in a new directory, on a socket nobody else knows, gone afterwards. */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Nobody: PostgreSQL does not run as root. */
const NOBODY = 65_534;
const LIBRARIES = "/usr/lib/postgresql";

export interface PostgresServer {
  /** The URL of a new, empty database. */
  readonly newDatabase: () => string;
  readonly stop: () => Promise<void>;
}

/** Where PostgreSQL's programs are, the lowest version first: what works there works on later ones. */
export function postgresBinaries(): string | undefined {
  const own = process.env["POSTGRES_BIN"];
  if (own !== undefined) return own;
  if (!existsSync(LIBRARIES)) return undefined;
  return readdirSync(LIBRARIES)
    .toSorted((a, b) => Number(a) - Number(b))
    .map((version) => join(LIBRARIES, version, "bin"))
    .find((folder) => existsSync(join(folder, "initdb")));
}

export async function startPostgres(binaries: string): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), "bulkhead-postgres-"));
  chmodSync(directory, 0o777);
  const data = join(directory, "data");
  const isRoot = process.getuid?.() === 0;
  const prefix = isRoot ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : [];
  const run = (program: string, ...args: string[]): void => {
    const [command = "", ...rest] = [...prefix, join(binaries, program), ...args];
    execFileSync(command, rest, { stdio: "pipe", cwd: directory });
  };
  run("initdb", "-D", data, "-U", "bulkhead", "-A", "trust", "-E", "UTF8", "--no-sync");
  const port = await freePort();
  const [command, ...rest] = [
    ...prefix,
    join(binaries, "postgres"),
    "-D",
    data,
    "-p",
    String(port),
    "-k",
    directory,
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "fsync=off",
  ];
  const server = spawn(command, rest, { stdio: "ignore", cwd: directory });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  for (let attempt = 0; ; attempt++) {
    try {
      run("pg_isready", "-h", "127.0.0.1", "-p", String(port));
      break;
    } catch (error) {
      if (attempt > 100 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  let databases = 0;
  return {
    newDatabase: () => {
      const name = `views${++databases}`;
      run("createdb", "-h", "127.0.0.1", "-p", String(port), "-U", "bulkhead", name);
      return `postgres://bulkhead@127.0.0.1:${port}/${name}`;
    },
    stop: async () => {
      server.kill("SIGQUIT");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
