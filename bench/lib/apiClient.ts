/** A client for the benchmark of the interface. It signs with the native curve, for it shares the machine with the node. */
import { createHash } from "node:crypto";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { type Socket, connect } from "node:net";
import { CODE, FRAME_WORDS, LAYOUTS, type Layout } from "@bulkhead/engine";
import {
  type SigningDomain,
  batchDigest,
  encodeBatch,
  encodeRecords,
  requestDigest,
} from "@bulkhead/protocol";
import { OWNERS } from "./apiNode.ts";
import { CANCEL, type Flow } from "./flow.ts";
import { framesOf } from "./venueFlow.ts";

const curve = createRequire(import.meta.url)("secp256k1") as {
  readonly ecdsaSign: (digest: Uint8Array, key: Uint8Array) => { readonly signature: Uint8Array };
  readonly publicKeyCreate: (key: Uint8Array) => Uint8Array;
};

export function publicKey(key: Uint8Array): string {
  return Buffer.from(curve.publicKeyCreate(key)).toString("hex");
}

/** Whoever signs: a session of the node. */
export class Signer {
  private readonly domain: SigningDomain;
  private readonly key: Uint8Array;
  readonly session: number;
  private last = 0;

  constructor(domain: SigningDomain, session: number, key: Uint8Array) {
    this.domain = domain;
    this.session = session;
    this.key = key;
  }

  batch(records: Uint8Array, count: number, id: number): Uint8Array {
    const { session } = this;
    const nonce = this.nonce();
    const hash = createHash("sha256").update(records).digest();
    const { signature } = curve.ecdsaSign(
      batchDigest(this.domain, { session, nonce, records: hash }),
      this.key,
    );
    return encodeBatch({ request: id, session, nonce, signature, count, records });
  }

  headers(method: string, target: string, body: string): Record<string, string> {
    const nonce = this.nonce();
    const hash = createHash("sha256").update(body).digest();
    const { signature } = curve.ecdsaSign(
      requestDigest(this.domain, { method, target, body: hash, nonce }),
      this.key,
    );
    return {
      "bulkhead-session": String(this.session),
      "bulkhead-nonce": String(nonce),
      "bulkhead-signature": `0x${Buffer.from(signature).toString("hex")}`,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
    };
  }

  private nonce(): number {
    return (this.last = Math.max(this.last + 1, Date.now()));
  }
}

/** Records of a batch, as they are signed. */
export interface Records {
  readonly bytes: Uint8Array;
  readonly count: number;
}

const [PLACE, CANCEL_ORDER] = ["placeOrder", "cancelOrder"].map(
  (name) => (LAYOUTS as readonly Layout[]).find((layout) => layout.name === name) as Layout,
) as [Layout, Layout];

/** A flow as batches of each owner's. Orders are named by their number in the flow, so that no answer has to be waited for to cancel one. */
export function batchesOf(flow: Flow, size: number, first: number): Records[][] {
  const frames = framesOf(flow);
  const owned: number[][] = Array.from({ length: OWNERS }, () => []);
  for (let command = 0; command < flow.kind.length; command++) {
    const at = command * FRAME_WORDS;
    frames[at + 1] = 0;
    if (flow.kind[command] === CANCEL) {
      frames[at + (CANCEL_ORDER.at["order"] as number)] = 0;
      frames[at + (CANCEL_ORDER.at["clientId"] as number)] = first + (flow.target[command] as number);
    } else if (frames[at + CODE] === PLACE.code)
      frames[at + (PLACE.at["clientId"] as number)] = first + command;
    (owned[(flow.account[command] as number) % OWNERS] as number[]).push(at);
  }
  return owned.map((places) => {
    const batches: Records[] = [];
    for (let from = 0; from < places.length; from += size) {
      const part = places.slice(from, from + size);
      const own = new Float64Array(part.length * FRAME_WORDS);
      part.forEach((at, index) => own.set(frames.subarray(at, at + FRAME_WORDS), index * FRAME_WORDS));
      batches.push({ bytes: encodeRecords(own), count: part.length });
    }
    return batches;
  });
}

/** A TCP connection of binary order entry. Answers come in the order of the batches. */
export class Line {
  private readonly socket: Socket;
  private readonly waiting: ((answer: Buffer) => void)[] = [];
  private held: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => this.take(chunk));
  }

  static open(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new Line(socket)));
    });
  }

  /** @returns the answer: kind 2 are outcomes, 3 a problem */
  send(message: Uint8Array): Promise<Buffer> {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(message.length);
    this.socket.cork();
    this.socket.write(length);
    this.socket.write(message);
    this.socket.uncork();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    while (this.held.length >= 4) {
      const end = 4 + this.held.readUInt32LE(0);
      if (this.held.length < end) return;
      this.waiting.shift()?.(this.held.subarray(4, end));
      this.held = this.held.subarray(end);
    }
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends a signed request and waits for its answer. */
export function post(port: number, target: string, body: string, signer: Signer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = signer.headers("POST", target, body);
    const sent = request(
      { host: "127.0.0.1", port, path: target, method: "POST", headers, agent },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

export function hangUp(): void {
  agent.destroy();
}
