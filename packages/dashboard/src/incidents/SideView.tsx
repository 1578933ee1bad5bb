/** One side at one moment: what is being done, what it has cost, where prices are, what stands in the way. */
import type { By, NotableInUsd, NotableSort, Side, Step, TierFrame } from "@bulkhead/simulator/stories";
import type { ReactNode } from "react";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Stat } from "../ui/Stat.tsx";
import { toneOf } from "../ui/states.ts";
import { compact, duration, momentText, worded } from "../ui/text.ts";
import { PriceLines } from "./PriceLines.tsx";
import { type Bounds, marketIn } from "./scale.ts";
import styles from "./SideView.module.css";
import { Waterfall } from "./Waterfall.tsx";

export interface SideViewProps {
  readonly side: Side;
  /** What the undefended side is played without. */
  readonly wall: string;
  readonly steps: readonly Step[];
  /** The step that is shown. */
  readonly at: number;
  readonly bounds: Bounds;
}

export function SideView({ side, wall, steps, at, bounds }: SideViewProps): ReactNode {
  const step = steps[at];
  if (step === undefined) return null;
  const { act, caption, time, elapsed, sequence, frame } = step;
  const isDefended = side === "defended";
  return (
    <Panel
      title={isDefended ? "Defended" : "Undefended"}
      note={isDefended ? "every defence in place" : <span title={wall}>without the one it is about</span>}
      actions={<Badge tone={act === "attack" ? "down" : "plain"}>{act}</Badge>}
      className={isDefended ? styles.defended : styles.undefended}
    >
      <div className={styles.side} data-side={side}>
        <p className={styles.caption} data-caption>
          {caption}
        </p>
        <p className={styles.when}>
          {momentText(time)}
          {elapsed !== undefined && ` · ${duration(elapsed)} into it`} · #{sequence.toLocaleString("en-US")}
        </p>
        <div className={styles.stats}>
          <Stat label="Attacker's profit">{usd(frame.attackerGainUsd)}</Stat>
          <Stat label="Others' loss">{usd(frame.lossUsd)}</Stat>
          <Stat
            label="Principal"
            note={`${usdShort(frame.vault.heldUsd)} held, ${usdShort(frame.vault.principalUsd)} owed`}
          >
            {frame.isPrincipalPayable ? "payable" : <span className={styles.bad}>not payable</span>}
          </Stat>
        </div>
        {bounds.market !== undefined && (
          <PriceLines steps={steps} at={at} bounds={bounds} name={marketIn(step, bounds.market)?.name} />
        )}
        {bounds.market === undefined && <VaultLine step={step} />}
        {frame.tiers
          .filter(({ tier }) => bounds.tiers.includes(tier))
          .map((tier) => (
            <TierView key={tier.tier} tier={tier} bounds={bounds} />
          ))}
        <Happened steps={steps} at={at} />
      </div>
    </Panel>
  );
}

function TierView({ tier, bounds }: { readonly tier: TierFrame; readonly bounds: Bounds }): ReactNode {
  const { name, posture, markets, distressed, defaults, backstopUsd } = tier;
  return (
    <section className={styles.tier} aria-label={name}>
      <header className={styles.tierHead}>
        <h3>{name}</h3>
        <Badge tone={toneOf(posture)} title="Posture of the tier">
          {worded(posture)}
        </Badge>
        {markets.map(({ market, name: symbol, breaker, status }) => (
          <Badge
            key={market}
            tone={breaker === "off" ? toneOf(status) : toneOf(breaker)}
            title="Market: breaker and status"
          >
            {symbol} {breaker === "off" ? "" : `breaker ${worded(breaker)} · `}
            {worded(status)}
          </Badge>
        ))}
        {distressed > 0 && <Badge tone="alarm">{distressed} in distress</Badge>}
        {defaults > 0 && <Badge tone="alarm">{defaults} defaulted</Badge>}
      </header>
      <Waterfall tier={tier} bounds={bounds} />
      {backstopUsd !== 0 && (
        <p className={styles.when}>Backstop that takes positions over: {usdShort(backstopUsd)}</p>
      )}
    </section>
  );
}

function VaultLine({ step: { frame } }: { readonly step: Step }): ReactNode {
  const { heldUsd, owedUsd, queuedUsd } = frame.vault;
  return (
    <div className={styles.stats}>
      <Stat label="Held by the vault">{usdShort(heldUsd)}</Stat>
      <Stat label="Owed">{usdShort(owedUsd)}</Stat>
      <Stat label="Waiting in its queue">{usdShort(queuedUsd)}</Stat>
    </div>
  );
}

const SHOWN = 6;
const TONES: Partial<Record<NotableSort, Tone>> = {
  stopped: "accent",
  breaker: "caution",
  posture: "caution",
  liquidation: "alarm",
  loss: "alarm",
  haircut: "alarm",
  quarantine: "alarm",
};

/** What came of it just now, and what has stopped the attack until now. */
function Happened({ steps, at }: { readonly steps: readonly Step[]; readonly at: number }): ReactNode {
  const step = steps[at];
  const now = step?.notables.toSorted((one, other) => weightOf(other) - weightOf(one)) ?? [];
  const stops = stoppedUntil(steps, at);
  return (
    <>
      <section aria-label="Just now" className={styles.happened}>
        <h3>Just now</h3>
        {now.length === 0 ? (
          <p className={styles.when}>{deedsOf(step)}</p>
        ) : (
          <ul>
            {now.slice(0, SHOWN).map((each, index) => (
              <li key={index}>
                <Badge tone={TONES[each.sort] ?? "plain"}>{each.sort}</Badge> {textOf(each)}
              </li>
            ))}
            {now.length > SHOWN && <li className={styles.when}>and {now.length - SHOWN} more</li>}
          </ul>
        )}
      </section>
      <section aria-label="Refusals so far" className={styles.happened}>
        <h3>What has said no to it so far</h3>
        {stops.length === 0 ? (
          <p className={styles.when}>Nothing yet.</p>
        ) : (
          <ul data-refusals>
            {stops.slice(0, SHOWN).map(([outcome, count]) => (
              <li key={outcome}>
                <code>{outcome}</code> <span className={styles.when}>× {count.toLocaleString("en-US")}</span>
              </li>
            ))}
            {stops.length > SHOWN && <li className={styles.when}>and {stops.length - SHOWN} other kinds</li>}
          </ul>
        )}
      </section>
    </>
  );
}

const STOPS: ReadonlySet<By> = new Set(["attacker", "venue"]);

/** Refusals of commands of attackers, and of whoever spoke for the venue, by how many there were. */
function stoppedUntil(steps: readonly Step[], at: number): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { deeds, elapsed } of steps.slice(0, at + 1)) {
    if (elapsed === undefined) continue;
    for (const { outcome, count, by } of deeds)
      if (outcome !== "accepted" && (STOPS.has(by) || outcome === "invariant_broken"))
        counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

function deedsOf(step: Step | undefined): string {
  const accepted = step?.deeds.filter(({ outcome }) => outcome === "accepted") ?? [];
  const total = accepted.reduce((sum, { count }) => sum + count, 0);
  return total === 0
    ? "Nothing of note."
    : `${total.toLocaleString("en-US")} commands accepted; nothing of note.`;
}

const ORDER: readonly NotableSort[] = [
  "refused",
  "price",
  "governance",
  "vault",
  "liquidation",
  "posture",
  "breaker",
  "haircut",
  "loss",
  "stopped",
  "quarantine",
];

function weightOf({ sort }: NotableInUsd): number {
  return ORDER.indexOf(sort);
}

function textOf({ text, count, amountUsd }: NotableInUsd): string {
  return `${text}${count > 1 ? ` × ${count.toLocaleString("en-US")}` : ""}${amountUsd === 0 ? "" : ` · ${usdShort(amountUsd)}`}`;
}

function usd(dollars: number): ReactNode {
  return <span title={`${dollars.toLocaleString("en-US")} USD`}>{usdShort(dollars)}</span>;
}

function usdShort(dollars: number): string {
  return `${compact(dollars)} USD`;
}
