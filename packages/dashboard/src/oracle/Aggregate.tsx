/** One price: how good it is, what that forbids, and what else is made of it. */
import type { Oracle } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useChannel } from "../live/channel.ts";
import { useNow } from "../live/venue.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StateBadge } from "../ui/Sign.tsx";
import { Stat } from "../ui/Stat.tsx";
import { duration } from "../ui/text.ts";
import { When } from "../ui/When.tsx";
import styles from "./OraclePage.module.css";
import { QUALITY_TEXT, forbidsText } from "./words.ts";

export function Aggregate({
  oracle,
  isStale,
}: {
  readonly oracle: Oracle;
  readonly isStale: boolean;
}): ReactNode {
  const now = useNow();
  const { symbol, quality, qualitySince, forbids, price, confidence, age, quorum, counted } = oracle;
  return (
    <Panel
      title={symbol}
      note="as it is put together"
      isStale={isStale}
      sequence={oracle.sequence}
      actions={<StateBadge state={quality} />}
    >
      <div className={styles.aggregate}>
        <div className={styles.main}>
          <span className={styles.price}>
            <Amount value={price} unit="USD" />
          </span>
          <span className={styles.band}>
            ± <Amount value={confidence} unit="USD" /> confidence
          </span>
        </div>
        <div className={styles.verdict}>
          <p>
            <StateBadge state={quality} />{" "}
            {qualitySince !== null && <>for {duration(Math.max(0, now - qualitySince))}. </>}
            {QUALITY_TEXT[quality]}
          </p>
          <p className={forbids.length === 0 ? styles.calm : styles.alarm}>{forbidsText(forbids)}</p>
          <p className={styles.faint}>
            {quorum === 0
              ? "An operator tells this price; no reporters are asked."
              : `${counted} of ${oracle.sources.length} reporters counted; the quorum is ${quorum} operators with two thirds of the weight.`}
            {age !== null && ` The reports it rests on are ${duration(age)} old.`} Put together{" "}
            <When at={oracle.advancedAt} now={now} />.
          </p>
        </div>
      </div>
      <Legs oracle={oracle} />
    </Panel>
  );
}

/** What positions, withdrawals and collateral count at. */
function Legs({ oracle: { symbol, mark, price, risk, averages } }: { readonly oracle: Oracle }): ReactNode {
  const { data } = useChannel("ticker", { symbol }, ({ bestBid, bestAsk, last }) => ({
    bestBid,
    bestAsk,
    last,
  }));
  return (
    <div className={styles.legs}>
      <Stat label="Mark" note="positions are margined at it">
        {usd(mark)}
      </Stat>
      <Stat label="Index" note="of the reports">
        {usd(price)}
      </Stat>
      <Stat label="Risk price" note="follows with a limited speed">
        {usd(risk)}
      </Stat>
      <Stat label="Book, bid" note="what the mark leans on">
        {usd(data?.bestBid)}
      </Stat>
      <Stat label="Book, ask">{usd(data?.bestAsk)}</Stat>
      <Stat label="Last trade">{usd(data?.last)}</Stat>
      <Stat label="Average, 30 s">{usd(averages.halfMinute)}</Stat>
      <Stat label="Average, 5 min">{usd(averages.fiveMinutes)}</Stat>
      <Stat label="Average, 1 h">{usd(averages.hour)}</Stat>
    </div>
  );
}

function usd(value: string | null | undefined): ReactNode {
  return <Amount value={value} unit="USD" />;
}
