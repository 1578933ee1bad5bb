/** A place to type in, with its name above, its unit beside and what is wrong with it below. */
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from "react";
import styles from "./Field.module.css";

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly unit?: ReactNode;
  /** At the right of the label: what is available, a button that fills it in. */
  readonly hint?: ReactNode;
  /** What is wrong; the field is invalid then. */
  readonly fault?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

export function Field({
  label,
  value,
  onChange,
  unit,
  hint,
  fault,
  className,
  ...rest
}: FieldProps): ReactNode {
  const id = useId();
  const isWrong = fault !== undefined && fault !== null && fault !== false;
  return (
    <div className={`${styles.field} ${className ?? ""}`}>
      <div className={styles.top}>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && <span className={styles.hint}>{hint}</span>}
      </div>
      <div className={styles.box} data-wrong={isWrong || undefined}>
        <input
          {...rest}
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? `${id}-fault` : undefined}
        />
        {unit !== undefined && <span className={styles.unit}>{unit}</span>}
      </div>
      {isWrong && (
        <p id={`${id}-fault`} className={styles.fault}>
          {fault}
        </p>
      )}
    </div>
  );
}
