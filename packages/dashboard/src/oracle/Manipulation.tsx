/** What it would cost to move the price, and how much may therefore ride on it. */
import type { Oracle } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Bars } from "../charts/Bars.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Stat } from "../ui/Stat.tsx";
import { compact } from "../ui/text.ts";
import styles from "./OraclePage.module.css";

export function Manipulation({
  oracle: { symbol, manipulation, sequence },
  isStale,
}: {
  readonly oracle: Oracle;
  readonly isStale: boolean;
}): ReactNode {
  const { costs, openInterestLimit } = manipulation;
  const isMeasured = costs.some(({ usd }) => Number(usd) > 0);
  return (
    <Panel title="Cost of moving the price" note="at least, USD" isStale={isStale} sequence={sequence}>
      <div className={styles.manipulation}>
        <Stat label="Open interest that may ride on it" note="one side">
          <Amount value={openInterestLimit} unit={symbol.replace(/-.*/, "")} />
        </Stat>
        {isMeasured ? (
          <Bars
            caption={`What moving the price of ${symbol} would cost, USD`}
            isCaptionHidden
            bars={costs.map(({ percent, usd }) => ({
              name: `by ${percent} %`,
              value: Number(usd),
              text: `${compact(Number(usd))} USD`,
            }))}
          />
        ) : (
          <Empty title="Nobody has measured the depth outside">
            Reporters may tell how deep other venues' books are. Until they do, the limit of open interest is
            the one that was set, and is not derived from what manipulation costs.
          </Empty>
        )}
      </div>
    </Panel>
  );
}
