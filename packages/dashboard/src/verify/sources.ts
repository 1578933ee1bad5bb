/** Logs as a browser can have them: at a node, piece by piece, or in files that somebody has given it. */
import type { LogFile, LogSource } from "@bulkhead/protocol/log";
import type { Origin, SegmentSize } from "./messages.ts";

export interface Counted {
  readonly source: LogSource;
  /** Bytes read so far. */
  readonly read: () => number;
}

/** @param get - `fetch`, or what stands for it in tests */
export function sourceOf(origin: Origin, get: typeof fetch = fetch): Counted {
  let total = 0;
  const counting =
    (read: (target: Uint8Array, at: number) => Promise<number>): LogFile["read"] =>
    async (target, at) => {
      const count = await read(target, at);
      total += count;
      return count;
    };
  const open = origin.kind === "node" ? atNode(origin.url, get) : inFiles(origin.files);
  const sizes = origin.kind === "node" ? origin.segments : origin.files.map(sizeOfFile);
  const source: LogSource = {
    list: async () => sizes.map(({ name }) => name).toSorted(),
    open: async (name) => {
      const size = sizes.find((each) => each.name === name);
      if (size === undefined) throw new Error(`there is no ${name}`);
      const read = open(name);
      return {
        bytes: size.bytes,
        read: counting(async (target, at) => {
          const until = Math.min(at + target.length, size.bytes);
          if (at >= until) return 0;
          const bytes = await read(at, until);
          target.set(bytes.subarray(0, until - at));
          return Math.min(bytes.length, until - at);
        }),
        close: async () => {},
      };
    },
  };
  return { source, read: () => total };
}

type Reading = (from: number, until: number) => Promise<Uint8Array>;

function atNode(url: string, get: typeof fetch): (name: string) => Reading {
  return (name) => async (from, until) => {
    const target = new URL(`/v1/log/${name}`, url);
    const response = await get(target, { headers: { range: `bytes=${from}-${until - 1}` } });
    const text = `${name}, bytes ${from} to ${until - 1}`;
    if (response.status !== 206 && response.status !== 200)
      throw new Error(`${text}: the node answers ${response.status} ${response.statusText}`.trim());
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.status === 206 ? bytes : bytes.subarray(from, until);
  };
}

function inFiles(files: readonly File[]): (name: string) => Reading {
  return (name) => {
    const file = files.find((each) => sizeOfFile(each).name === name);
    return async (from, until) =>
      file === undefined ? new Uint8Array(0) : new Uint8Array(await file.slice(from, until).arrayBuffer());
  };
}

/** Browsers number what is saved twice: "0000000000000001 (1).log". */
function sizeOfFile({ name, size }: File): SegmentSize {
  const digits = /\d{16}/.exec(name)?.[0];
  return { name: digits === undefined ? name : `${digits}.log`, bytes: size };
}
