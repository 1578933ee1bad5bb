/** A tier as a watertight compartment: its posture, what is traded in it, and the layers that bear a loss in it before any other tier knows of it. */
import type { RiskTier } from "@bulkhead/protocol";
import type { KeyboardEvent, ReactNode } from "react";
import { useChannel } from "../live/channel.ts";
import { useRoute } from "../live/route.ts";
import { useNow } from "../live/venue.tsx";
import { formOf, signPath } from "../ui/Sign.tsx";
import { toneOf } from "../ui/states.ts";
import { duration, grouped, worded } from "../ui/text.ts";
import { Deck, exactUsd, usd } from "./Deck.tsx";
import styles from "./Hull.module.css";
import { type Box, DECK, DECK_GAP, HATCH, HEAD, MARKET_ROW, PAD, TITLE, WALL } from "./layout.ts";
import { levelOf } from "./levels.ts";
import { MarketLine } from "./MarketLine.tsx";
import { type Payment, paymentsOf } from "./payments.ts";
import { LAYER_TEXT } from "./words.ts";

export interface CompartmentProps {
  readonly tier: RiskTier;
  readonly markets: readonly string[];
  readonly box: Box;
  /** Rows kept for markets, so that decks of neighbours are level. */
  readonly rows: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

const OWN = ["firstTranche", "insurance", "cover"] as const;
/** Where the longest name of a layer would meet its figure. */
const NARROW = 370;
/** How long a layer says that it has paid, after it was shown, ms. */
export const REMEMBERED_MS = 3_600_000;
/** Between two looks at what layers held, ms. */
const HISTORY_MS = 15_000;

export function Compartment({
  tier: risk,
  markets,
  box,
  rows,
  isChosen,
  onChoose,
}: CompartmentProps): ReactNode {
  const { tier, name, buckets, distressed, shortfall, openInterest } = risk;
  const funds = useChannel("funds", { tier }, ({ layers, events }) => ({ layers, events }));
  const breakers = useChannel("breakers", { tier }, ({ posture, markets: states }) => ({ posture, states }));
  const history = useRoute(
    "fundHistory",
    { params: { tier }, query: { interval: "1m", limit: 1_000 } },
    { everyMs: HISTORY_MS },
  );
  const now = useNow();
  const payments = paymentsOf(funds.data?.events ?? [], now);
  const earlier = paymentsOf(funds.data?.events ?? [], now, REMEMBERED_MS);
  const posture = breakers.data?.posture?.posture ?? risk.posture.posture;
  const isStale = funds.isStale || breakers.isStale;
  const { x, y, width, height } = box;
  const inside = width - 2 * PAD;
  const top = HEAD + rows * MARKET_ROW + TITLE;
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChoose();
  };
  const deckAt = (index: number) => ({ x: PAD, y: top + index * (DECK + DECK_GAP), width: inside });
  return (
    <g transform={`translate(${x} ${y})`} data-tier={tier} data-stale={isStale || undefined}>
      <rect
        width={width}
        height={height}
        rx="10"
        className={styles.room}
        data-chosen={isChosen || undefined}
      />
      <g
        role="button"
        tabIndex={0}
        aria-pressed={isChosen}
        className={styles.head}
        onClick={onChoose}
        onKeyDown={press}
      >
        <rect x="4" y="4" width={width - 8} height={HEAD - 10} rx="8" className={styles.hit} />
        <text x={PAD} y="29" className={styles.title}>
          {capital(name)}
        </text>{" "}
        <Posture state={posture} right={width - PAD} isStale={isStale} />{" "}
        <text x={PAD} y="50" className={styles.note}>
          {`tier ${tier} · ${grouped(String(buckets))} buckets · open interest `}
          <tspan className={styles.strong}>{usd(openInterest)}</tspan>
        </text>
        <line x1={PAD} x2={width - PAD} y1={HEAD - 14} y2={HEAD - 14} className={styles.rule} />
      </g>
      {markets.map((symbol, index) => (
        <MarketLine
          key={symbol}
          symbol={symbol}
          level={breakers.data?.states?.find((each) => each.symbol === symbol)?.level}
          box={{ x: PAD, y: HEAD - 12 + index * MARKET_ROW, width: inside }}
        />
      ))}
      <text x={PAD} y={top - 9} className={styles.caption}>
        A loss is borne in this order
      </text>
      <Shaft payments={payments} top={top} bottom={height} />
      <Deck
        box={deckAt(0)}
        order="1"
        name={width < NARROW ? "Bucket margin" : "Margin of the bucket itself"}
        figure={distressed > 0 ? `${distressed} in distress` : "none in distress"}
        figureTitle={`${distressed} of ${buckets} buckets are in the distress queue`}
        note={Number(shortfall) > 0 ? `${usd(shortfall)} below zero` : "every bucket pays for itself first"}
        token="--series-1"
        isAlarming={distressed > 0}
      />
      {OWN.map((layer, index) => {
        const found = risk.layers.find((each) => each.layer === layer);
        if (found === undefined) return null;
        const live = funds.data?.layers?.find((each) => each.layer === layer)?.balance ?? found.balance;
        const level = levelOf({ ...found, balance: live }, history.data);
        return (
          <Deck
            key={layer}
            box={deckAt(index + 1)}
            order={String(index + 2)}
            name={LAYER_TEXT[layer]}
            figure={usd(live)}
            figureTitle={exactUsd(live)}
            note={Number(live) > 0 ? `next default takes ≤ ${usd(found.drawable)}` : "nothing in it"}
            noteEnd={paidText(earlier.get(layer), now) ?? againstText(level.against, level.isTarget)}
            level={level}
            token="--series-1"
            payment={payments.get(layer)}
          />
        );
      })}
    </g>
  );
}

/** What a layer paid a while ago, in words; undefined if it paid nothing. */
export function paidText(payment: Payment | undefined, now: number): string | undefined {
  if (payment === undefined) return undefined;
  return `paid ${usd(payment.amount)}${payment.others > 0 ? ` and ${payment.others} more` : ""}, ${duration(now - payment.time)} ago`;
}

/** What a layer's level is measured against, in words. */
export function againstText(against: string | undefined, isTarget: boolean): string {
  return against === undefined ? "" : `${isTarget ? "target" : "held at most"} ${usd(against)}`;
}

function Posture({
  state,
  right,
  isStale,
}: {
  readonly state: string;
  readonly right: number;
  readonly isStale: boolean;
}): ReactNode {
  const text = `${worded(state)}${isStale ? " · stale" : ""}`;
  const wide = text.length * 6.6 + 34;
  const tone = isStale ? "caution" : toneOf(state);
  return (
    <g transform={`translate(${right - wide} 13)`} className={styles[tone] ?? styles.plain}>
      <rect width={wide} height="24" rx="6" className={styles.chip} />
      <path d={signPath(formOf(state))} transform="translate(9 6)" className={styles.sign} />
      <text x="27" y="16" className={styles.chipText}>
        {text}
      </text>
    </g>
  );
}

/** Down the left of the decks: a loss falls to the layers that pay. */
function Shaft({
  payments,
  top,
  bottom,
}: {
  readonly payments: ReadonlyMap<string, Payment>;
  readonly top: number;
  readonly bottom: number;
}): ReactNode {
  if (payments.size === 0) return null;
  const deepest = Math.max(...[...payments.keys()].map(depthOf));
  const [left, begin] = [PAD / 2, top + DECK / 2];
  const d =
    deepest > OWN.length
      ? `M${left} ${begin} V${bottom - PAD / 2} H${HATCH} V${bottom + WALL}`
      : `M${left} ${begin} V${top + deepest * (DECK + DECK_GAP) + DECK / 2}`;
  return <path d={d} className={styles.fall} />;
}

function depthOf(layer: string): number {
  const at = OWN.findIndex((own) => own === layer);
  return at < 0 ? OWN.length + 1 : at + 1;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + worded(name).slice(1);
}
