/** The market in a line: which one, what it is worth, and what rides on it. */
import type { Instrument } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useChannel } from "../live/channel.ts";
import { useRoute } from "../live/route.ts";
import { useNow } from "../live/venue.tsx";
import { Amount, Percent, Price } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Meter } from "../ui/Meter.tsx";
import { Stale } from "../ui/Stale.tsx";
import { toneOf } from "../ui/states.ts";
import { clockText, duration, grouped, momentText, worded } from "../ui/text.ts";
import { MarketPicker } from "./MarketPicker.tsx";
import styles from "./MarketHead.module.css";

export function MarketHead({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const { symbol, base, quote, tier } = instrument;
  const { data, isStale, sequence, time } = useChannel("ticker", { symbol });
  const market = useRoute("market", { params: { symbol } }, { everyMs: 5_000 });
  const breakers = useChannel("breakers", { tier }, ({ posture }) => ({ posture: posture?.posture }));
  const { contract, expiry, openInterestLimit } = market.data ?? {};
  const posture = breakers.data?.posture;
  return (
    <section className={styles.head} aria-label="Market" data-stale={isStale || undefined}>
      <div className={styles.what}>
        <MarketPicker instrument={instrument} />
        <span className={styles.badges}>
          {contract !== undefined && (
            <Badge title={typeof expiry !== "number" ? undefined : `Expires ${momentText(expiry)}`}>
              {contract}
            </Badge>
          )}
          {data !== undefined && data.status !== "open" && worded(data.status) !== worded(data.breaker) && (
            <Badge tone="alarm" title="Status of the market">
              {worded(data.status)}
            </Badge>
          )}
          {data !== undefined && (
            <Badge tone={toneOf(data.breaker)} title="Circuit breaker of the market">
              breaker {worded(data.breaker)}
            </Badge>
          )}
          {posture !== undefined && (
            <Badge tone={toneOf(posture)} title="Posture of the tier">
              posture {worded(posture)}
            </Badge>
          )}
          {isStale && <Stale sequence={sequence} />}
        </span>
      </div>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Figures of the market">
        <dl className={styles.figures}>
          <Figure label="Mark" unit={quote} isLarge title={`At command ${sequence}, ${clockText(time)} UTC`}>
            <Price value={data?.mark} unit={quote} />
          </Figure>
          <Figure label="Index" unit={quote}>
            <Price value={data?.index} unit={quote} />
          </Figure>
          <Figure label="24 h change" title="Last trade against the first of the last 24 hours">
            <Percent value={data?.change24h} isSigned />
          </Figure>
          <Figure label="24 h high" unit={quote}>
            <Price value={data?.high24h} unit={quote} />
          </Figure>
          <Figure label="24 h low" unit={quote}>
            <Price value={data?.low24h} unit={quote} />
          </Figure>
          <Figure label="24 h volume">
            <Amount value={data?.quoteVolume24h} unit={quote} isShort />
          </Figure>
          {contract === "future" ? (
            <Figure label="Expires in">
              <Countdown until={expiry} />
            </Figure>
          ) : (
            <Figure
              label="Funding, next in"
              title="What would accrue now, of the mark per interval; above 0 longs pay"
            >
              <Percent value={data?.nextFundingRate} places={4} isSigned />{" "}
              <span className={styles.faint}>
                <Countdown until={data?.nextFundingTime} />
              </span>
            </Figure>
          )}
          <Figure label="Open interest, of limit">
            <span className={styles.meter}>
              <span>
                <Amount value={data?.openInterest} unit={base} isShort />
                {openInterestLimit !== undefined && (
                  <span className={styles.faint}>
                    {" / "}
                    <Amount value={openInterestLimit} unit={base} isShort isUnitHidden />
                  </span>
                )}
              </span>
              {data !== undefined && openInterestLimit !== undefined && (
                <Meter
                  label="Open interest"
                  value={Number(data.openInterest)}
                  max={Number(openInterestLimit)}
                  text={`${grouped(data.openInterest)} of ${grouped(openInterestLimit)} ${base}`}
                />
              )}
            </span>
          </Figure>
        </dl>
      </div>
      {data !== undefined && data.forbids.length > 0 && (
        <p className={styles.forbids} role="status">
          The quality of the price forbids now: {data.forbids.map(worded).join(", ")}.
        </p>
      )}
    </section>
  );
}

function Figure({
  label,
  unit,
  title,
  isLarge = false,
  children,
}: {
  readonly label: string;
  readonly unit?: string;
  readonly title?: string;
  readonly isLarge?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles.figure} title={title}>
      <dt>
        {label}
        {unit !== undefined && `, ${unit}`}
      </dt>
      <dd data-large={isLarge || undefined}>{children}</dd>
    </div>
  );
}

function Countdown({ until }: { readonly until: number | null | undefined }): ReactNode {
  const now = useNow(1_000);
  if (until === null || until === undefined) return "–";
  return (
    <time dateTime={new Date(until).toISOString()} title={momentText(until)}>
      {until > now ? duration(until - now) : "due"}
    </time>
  );
}
