/** What happens in a tier, event by event, as a topic: liquidations, its funds, its breakers, its governance. Tier 0 is the venue. */
import { type FanOut, Message, type Topic } from "./fanOut.ts";
import type { PublicChannel } from "./publicEvents.ts";

type Told = Record<string, unknown>;

/** Events that are kept for whoever asks what happened last. */
const RECENT = 50;

export class TierFeed implements Topic {
  readonly name: string;
  readonly channel: PublicChannel;
  readonly tier: number;
  readonly merge = "every";
  private recent: Told[] = [];
  private fresh: Told[] = [];

  constructor(channel: PublicChannel, tier: number) {
    this.name = `${channel}:${tier}`;
    this.channel = channel;
    this.tier = tier;
  }

  /** There is no state before that was read: see `state`. */
  snapshot(): undefined {
    return undefined;
  }

  /** What happened last. */
  get last(): readonly Told[] {
    return this.recent;
  }

  /** Has something been told that the state may differ after? */
  get hasFresh(): boolean {
    return this.fresh.length > 0;
  }

  add(event: Told): void {
    this.fresh.push(event);
  }

  /** Where the tier stands, for whoever begins and after something happened. */
  state(sequence: number, time: number, state: Told): Message {
    const { channel, tier } = this;
    return new Message(() => ({ channel, tier, type: "snapshot", sequence, time, ...state }));
  }

  /** Tells of what was added. */
  publish(fanOut: FanOut, sequence: number, time: number): void {
    const { channel, tier, fresh } = this;
    if (fresh.length === 0) return;
    this.fresh = [];
    this.recent = [...this.recent, ...fresh].slice(-RECENT);
    const message = new Message(() => ({ channel, tier, type: "update", sequence, time, events: fresh }));
    fanOut.publish(this, message, message);
  }
}
