/**
 * What a verifying thread does. The functions here are handed to the thread as text, so each stands for itself: nothing else of this module
 * is there, whether it runs from sources, from the build or joined into one file.
 *
 * A question is a row of bytes: what is asked, a digest, a signature (r, s), and the key that should have signed it or the recovery bit.
 * Its answer is a row too: 1 and, if the key was asked for, the public key that has signed; or 0.
 */
import type { secp256k1 } from "@noble/curves/secp256k1.js";

/** Where things lie in a row, and the bytes of a row and of its answer. */
export const SHAPE = { kind: 0, digest: 1, signature: 33, key: 97, row: 130, answer: 66 } as const;
export const ASKED = { verify: 1, recover: 2 } as const;

/** The functions of secp256k1 that a verifier needs; each may throw where the bytes are no key or signature. */
export interface Curve {
  readonly ecdsaVerify: (signature: Uint8Array, digest: Uint8Array, key: Uint8Array) => boolean;
  /** The public key, 65 bytes. */
  readonly ecdsaRecover: (
    signature: Uint8Array,
    recovery: number,
    digest: Uint8Array,
    isCompressed: false,
  ) => Uint8Array;
}

/** The same curve in JavaScript, fifty times as slow: for where the native one does not load. */
export function nobleCurve({ secp256k1: noble }: { readonly secp256k1: typeof secp256k1 }): Curve {
  return {
    ecdsaVerify: (signature, digest, key) =>
      noble.verify(signature, digest, key, { prehash: false, lowS: true }),
    ecdsaRecover: (signature, recovery, digest) => {
      const recovered = noble.Signature.fromBytes(signature, "compact").addRecoveryBit(recovery);
      return recovered.recoverPublicKey(digest).toBytes(false);
    },
  };
}

/** Answers rows. */
export function answerRows(curve: Curve, rows: Uint8Array, shape: typeof SHAPE): Uint8Array<ArrayBuffer> {
  const count = rows.length / shape.row;
  const answers = new Uint8Array(count * shape.answer);
  for (let index = 0; index < count; index++) {
    const row = rows.subarray(index * shape.row, (index + 1) * shape.row);
    const digest = row.subarray(shape.digest, shape.signature);
    const signature = row.subarray(shape.signature, shape.key);
    const at = index * shape.answer;
    try {
      if (row[shape.kind] === 1) {
        if (curve.ecdsaVerify(signature, digest, row.subarray(shape.key))) answers[at] = 1;
      } else {
        answers.set(curve.ecdsaRecover(signature, row[shape.key] as number, digest, false), at + 1);
        answers[at] = 1;
      }
    } catch {
      answers[at] = 0;
    }
  }
  return answers;
}

/** Where a thread finds its curve. */
export interface ThreadData {
  /** A module to require. */
  readonly native?: string;
  /** A module to import. */
  readonly noble: string;
  readonly shape: typeof SHAPE;
}

/** The program of a thread. It answers messages of rows with messages of answers, in order. */
export const THREAD_PROGRAM: string = `
const { parentPort, workerData } = require("node:worker_threads");
${answerRows.toString()}
${nobleCurve.toString()}
const { native, noble, shape } = workerData;
const loaded = native === undefined ? import(noble).then(nobleCurve) : Promise.resolve(require(native));
loaded.then((curve) =>
  parentPort.on("message", (rows) => {
    const answers = answerRows(curve, rows, shape);
    parentPort.postMessage(answers, [answers.buffer]);
  }),
);
`;
