/** Chooses a market: all tiers', found by a word, each with how it stands. */
import type { Instrument, Market, Tier } from "@bulkhead/protocol";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useRoute } from "../live/route.ts";
import { Badge } from "../ui/Badge.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Field } from "../ui/Field.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { useShortcut } from "../ui/shortcuts.tsx";
import { toneOf } from "../ui/states.ts";
import { compact, grouped, worded } from "../ui/text.ts";
import styles from "./MarketPicker.module.css";

export function MarketPicker({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  useShortcut("m", "Choose a market", () => setOpen(true));
  return (
    <>
      <button
        type="button"
        className={styles.chosen}
        aria-haspopup="dialog"
        title="Choose a market (m)"
        onClick={() => setOpen(true)}
      >
        <h1>{instrument.symbol}</h1>
        <span aria-hidden="true">▾</span>
        <span className="visually-hidden">Choose another market</span>
      </button>
      <Dialog title="Markets" isOpen={isOpen} onClose={() => setOpen(false)}>
        <Choices chosen={instrument.symbol} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Choices({ chosen, onDone }: { readonly chosen: string; readonly onDone: () => void }): ReactNode {
  const [text, setText] = useState("");
  const [, go] = useLocation();
  const markets = useRoute("markets", { query: {} }, { everyMs: 2_000 });
  const { data: tiers } = useRoute("tiers", {}, { everyMs: 2_000 });
  const found = markets.data?.filter((market) => matches(market, text, tiers)) ?? [];
  const choose = (symbol: string): void => {
    go(`/trade/${symbol}`);
    onDone();
  };
  const press = (event: KeyboardEvent): void => {
    const [first] = found;
    if (event.key === "Enter" && first !== undefined) choose(first.symbol);
  };
  return (
    <>
      <div
        onKeyDown={press}
        ref={(box) => box?.querySelector("input")?.setAttribute("autofocus", "")}
        role="search"
      >
        <Field label="Find a market" value={text} onChange={setText} placeholder="Symbol or tier" />
      </div>
      {markets.error !== undefined && markets.data === undefined && (
        <Fault error={markets.error} what="The markets cannot be read" onAgain={markets.again} />
      )}
      {markets.isLoading && <Loading lines={5} />}
      {markets.data !== undefined && found.length === 0 && <Empty title={`No market is called ${text}`} />}
      {tiers?.map(({ tier, name, posture }) => {
        const own = found.filter((market) => market.tier === tier);
        if (own.length === 0) return null;
        return (
          <section key={tier} aria-label={`Tier ${name}`}>
            <header className={styles.tier}>
              <h3>{worded(name)}</h3>
              <span className={styles.faint}>tier {tier}</span>
              <Badge tone={toneOf(posture)} title="Posture of the tier">
                {worded(posture)}
              </Badge>
            </header>
            <ul>
              {own.map((market) => (
                <li key={market.symbol}>
                  <MarketChoice
                    market={market}
                    isChosen={market.symbol === chosen}
                    onChoose={() => choose(market.symbol)}
                  />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function MarketChoice({
  market: { symbol, contract, mark, openInterest, base, status, breaker },
  isChosen,
  onChoose,
}: {
  readonly market: Market;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      className={styles.market}
      aria-current={isChosen ? "true" : undefined}
      onClick={onChoose}
    >
      <span className={styles.name}>
        <strong>{symbol}</strong>
        <span className={styles.faint}>{contract}</span>
      </span>
      <span className={styles.figure}>
        {mark === null ? "–" : grouped(mark)} <span className={styles.faint}>USD</span>
      </span>
      <span className={styles.figure} title="Open interest">
        {compact(Number(openInterest))} <span className={styles.faint}>{base}</span>
      </span>
      <span className={styles.state}>
        {status === "open" ? (
          <Badge tone={toneOf(breaker)} title="Circuit breaker">
            {worded(breaker)}
          </Badge>
        ) : (
          <Badge tone="alarm">{worded(status)}</Badge>
        )}
      </span>
    </button>
  );
}

function matches({ symbol, base, tier }: Market, text: string, tiers: readonly Tier[] | undefined): boolean {
  const name = tiers?.find((each) => each.tier === tier)?.name ?? "";
  const wanted = text.trim().toLowerCase();
  return [symbol, base, name].some((each) => each.toLowerCase().includes(wanted));
}
