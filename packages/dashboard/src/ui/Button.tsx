/** Something to do. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./Button.module.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: the one thing a form is for; `up` and `down`: buying and selling; `quiet`: without a frame. */
  readonly look?: "plain" | "primary" | "up" | "down" | "danger" | "quiet";
  readonly size?: "small" | "medium" | "large";
  /** Whether it is being done: it cannot be pressed again then. */
  readonly isBusy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = "plain",
  size = "medium",
  isBusy = false,
  type = "button",
  disabled,
  className,
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      className={`${styles.button} ${styles[look]} ${styles[size]} ${className ?? ""}`}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
    >
      {children}
    </button>
  );
}
