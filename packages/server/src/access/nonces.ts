/**
 * Nonces: no signature counts twice. A nonce is the moment of signing in milliseconds, strictly increasing per signer, and counts only near
 * the node's own time; so no nonce has to be kept on disk. What was signed before a restart lies below a floor: the time of the last thing
 * the node has made durable, and as far beyond as nonces were allowed to run ahead.
 */
import type { NonceWindow } from "@bulkhead/protocol";
import { Denied } from "./denial.ts";

/** Signers remembered at once. */
const MOST = 100_000;

export class Nonces<Signer> {
  private readonly window: NonceWindow;
  private readonly most: number;
  /** The last nonce of each signer, those that came last at the end. */
  private readonly latest = new Map<Signer, number>();
  /** No nonce at or below it counts, whoever signed. */
  private floor: number;

  /**
   * @param durableUntil - time of the last thing that was made durable before, ms; 0 = nothing was
   * @param most - signers to remember; to forget one whose nonce could still count raises the floor above it
   */
  constructor(window: NonceWindow, durableUntil: number, most: number = MOST) {
    this.window = window;
    this.most = most;
    this.floor = durableUntil === 0 ? 0 : durableUntil + window.after;
  }

  /** Signers that are remembered. */
  get size(): number {
    return this.latest.size;
  }

  /** Makes sure that a nonce could count, before its signature is looked at. @throws {Denied} */
  expect(signer: Signer, nonce: number, now: number): void {
    const { before, after } = this.window;
    const facts = { nonce, now };
    if (!Number.isSafeInteger(nonce) || nonce > now + after)
      throw new Denied("nonce_too_new", `a nonce is at most ${after} ms ahead of the node's time`, facts);
    if (nonce < now - before)
      throw new Denied("nonce_too_old", `a nonce is at most ${before} ms behind the node's time`, facts);
    const least = Math.max(this.floor, this.latest.get(signer) ?? 0);
    if (nonce <= least)
      throw new Denied("nonce_not_increasing", "nonces increase; one as high has counted already", {
        nonce,
        least,
      });
  }

  /** Uses a nonce up, once its signature is known to be good. @throws {Denied} */
  use(signer: Signer, nonce: number, now: number): void {
    this.expect(signer, nonce, now);
    this.latest.delete(signer);
    this.latest.set(signer, nonce);
    if (this.latest.size > this.most) this.forget();
  }

  /** Forgets who came longest ago. Should his nonce lie in the window still, the floor keeps it from counting again. */
  private forget(): void {
    const [oldest] = this.latest as Iterable<[Signer, number]>;
    const [signer, nonce] = oldest as [Signer, number];
    this.latest.delete(signer);
    this.floor = Math.max(this.floor, nonce);
  }
}
