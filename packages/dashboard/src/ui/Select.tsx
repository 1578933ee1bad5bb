/** One of several, by the platform's own list. */
import { type ReactNode, useId } from "react";
import styles from "./Field.module.css";

export interface SelectProps<Value extends string> {
  readonly label: string;
  /** Whether the label is for screen readers only. */
  readonly isLabelHidden?: boolean;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
}

export function Select<Value extends string>({
  label,
  isLabelHidden = false,
  value,
  options,
  onChange,
}: SelectProps<Value>): ReactNode {
  const id = useId();
  return (
    <div className={styles.field}>
      <div className={isLabelHidden ? "visually-hidden" : styles.top}>
        <label htmlFor={id}>{label}</label>
      </div>
      <div className={styles.box}>
        <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
