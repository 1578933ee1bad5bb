/** Buy or sell. */
import type { ReactNode } from "react";
import styles from "./SideChoice.module.css";

export function SideChoice({
  side,
  onSide,
}: {
  readonly side: "buy" | "sell";
  readonly onSide: (side: "buy" | "sell") => void;
}): ReactNode {
  return (
    <fieldset className={styles.sides}>
      <legend className="visually-hidden">Side</legend>
      {(["buy", "sell"] as const).map((each) => (
        <label key={each} className={styles[each]}>
          <input
            type="radio"
            name="side"
            className="visually-hidden"
            checked={side === each}
            onChange={() => onSide(each)}
          />
          {each === "buy" ? "▲ Buy" : "▼ Sell"}
        </label>
      ))}
    </fieldset>
  );
}
