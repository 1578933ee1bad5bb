/** What all tiers share and a loss reaches only through the whole of a tier's own layers: two funds, and then the winners of that tier. */
import type { Risk } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useChannel } from "../live/channel.ts";
import { useChannels } from "../live/channels.ts";
import { useRoute } from "../live/route.ts";
import { useNow } from "../live/venue.tsx";
import { REMEMBERED_MS, againstText, paidText } from "./Compartment.tsx";
import { Deck, exactUsd, usd } from "./Deck.tsx";
import styles from "./Hull.module.css";
import { type Box, DECK, DECK_GAP, PAD, SHARED_DECKS, TITLE } from "./layout.ts";
import { levelOf } from "./levels.ts";
import { type FundEvent, paymentsOf } from "./payments.ts";
import { LAYER_TEXT } from "./words.ts";

const SHARED = ["secondTranche", "mutual"] as const;

export interface KeelProps {
  readonly risk: Risk;
  readonly box: Box;
  readonly isStacked: boolean;
}

export function Keel({ risk, box: { x, y, width, height }, isStacked }: KeelProps): ReactNode {
  const funds = useChannel("funds", { tier: 0 }, ({ layers, events }) => ({ layers, events }));
  const now = useNow();
  const events = useSharedEvents(risk.tiers.map(({ tier }) => tier));
  const payments = paymentsOf(events, now);
  const earlier = paymentsOf(events, now, REMEMBERED_MS);
  const history = useRoute(
    "fundHistory",
    { params: { tier: 0 }, query: { interval: "1m", limit: 1_000 } },
    { everyMs: 15_000 },
  );
  const inside = width - 2 * PAD;
  const each = isStacked ? inside : (inside - (SHARED_DECKS - 1) * DECK_GAP) / SHARED_DECKS;
  const deckAt = (index: number) => ({
    x: PAD + (isStacked ? 0 : index * (each + DECK_GAP)),
    y: TITLE + (isStacked ? index * (DECK + DECK_GAP) : 0),
    width: each,
  });
  return (
    <g transform={`translate(${x} ${y})`} data-tier="0" data-stale={funds.isStale || undefined}>
      <rect width={width} height={height} rx="10" className={styles.room} />
      <text x={PAD} y="18" className={styles.caption}>
        {isStacked
          ? "Shared by all compartments"
          : "Shared by all compartments: reached only through the whole of a tier's own layers"}
      </text>
      {SHARED.map((layer, index) => {
        // Every tier is told the same of what they share.
        const found = risk.tiers[0]?.layers.find((one) => one.layer === layer);
        if (found === undefined) return null;
        const live = funds.data?.layers?.find((one) => one.layer === layer)?.balance ?? found.balance;
        const level = levelOf({ ...found, balance: live }, history.data);
        return (
          <Deck
            key={layer}
            box={deckAt(index)}
            order={String(index + 5)}
            name={LAYER_TEXT[layer]}
            figure={usd(live)}
            figureTitle={exactUsd(live)}
            note={Number(live) > 0 ? `next default takes ≤ ${usd(found.drawable)}` : "nothing in it"}
            noteEnd={paidText(earlier.get(layer), now) ?? againstText(level.against, level.isTarget)}
            level={level}
            token="--series-3"
            payment={payments.get(layer)}
          />
        );
      })}
      <Deck
        box={deckAt(SHARED.length)}
        order="7"
        name={LAYER_TEXT.winners}
        figure="pro rata"
        figureTitle="Winners of the tier that defaulted give up profit, each the same part of it"
        note="only of the tier that defaulted"
        noteEnd={paidText(earlier.get("winners"), now) ?? "nobody is first"}
        token="--series-2"
        payment={payments.get("winners")}
        isOpen
      />
    </g>
  );
}

/** Losses of any tier that have come as far as what all share. Each is told in the tier where it fell. */
function useSharedEvents(tiers: readonly number[]): readonly FundEvent[] {
  const told = useChannels(
    "funds",
    tiers.map((tier) => ({ tier })),
  );
  const events = told.flatMap((each) => (each?.events ?? []) as readonly FundEvent[]);
  return events.toSorted((one, other) => other.time - one.time);
}
