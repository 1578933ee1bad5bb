/** Bytes that can be had in part: one range of them, as RFC 9110 (section 14) has it. */
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { problem } from "./problems.ts";

export class Extract {
  readonly bytes: number;
  readonly read: (from: number, until: number) => AsyncIterable<Uint8Array>;

  /** @param read - the bytes from one on, before another */
  constructor(bytes: number, read: Extract["read"]) {
    this.bytes = bytes;
    this.read = read;
  }
}

/** From a byte on, before another. */
interface Range {
  readonly from: number;
  readonly until: number;
}

/** @param range - the header; one that asks for several ranges, or for other units, is passed over */
export function sendExtract(
  reply: FastifyReply,
  range: string | undefined,
  { bytes, read }: Extract,
): FastifyReply {
  const asked = rangeIn(range, bytes);
  const { from, until } = asked ?? { from: 0, until: bytes };
  reply.header("accept-ranges", "bytes").header("content-length", until - from);
  if (asked !== undefined) reply.code(206).header("content-range", `bytes ${from}-${until - 1}/${bytes}`);
  return reply.send(Readable.from(read(from, until), { objectMode: false }));
}

/**
 * What a header asks for; undefined = all.
 * @throws {ProblemError} if there is nothing of it
 */
export function rangeIn(header: string | undefined, bytes: number): Range | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const from = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
  const until = first === "" || last === "" ? bytes : Math.min(Number(last) + 1, bytes);
  if (from >= until)
    throw problem("range-not-there", `bytes from ${from} on were asked for; there are ${bytes}`, {
      facts: { from, bytes },
    });
  return { from, until };
}
