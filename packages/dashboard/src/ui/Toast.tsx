/** Short news that come and go at the edge: what was done, what was not. Those of faults stay until they are closed. */
import { Icon } from "./Icon.tsx";
import { type ReactNode, createContext, useCallback, useContext, useMemo, useState } from "react";
import { Button } from "./Button.tsx";
import styles from "./Toast.module.css";

export interface Toast {
  readonly tone: "calm" | "caution" | "alarm";
  readonly title: string;
  readonly detail?: ReactNode;
}

interface Shown extends Toast {
  readonly id: number;
}

const STAYS_MS = 6_000;
const MOST = 4;

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** @returns how to show one */
export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext);
}

export function Toasts({ children }: { readonly children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const close = useCallback((id: number) => setShown((all) => all.filter((each) => each.id !== id)), []);
  const show = useMemo(() => {
    let next = 1;
    return (toast: Toast): void => {
      const id = next++;
      setShown((all) => [...all, { ...toast, id }].slice(-MOST));
      if (toast.tone !== "alarm") setTimeout(() => close(id), STAYS_MS);
    };
  }, [close]);
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.toasts} role="status" aria-live="polite">
        {shown.map(({ id, tone, title, detail }) => (
          <div key={id} className={`${styles.toast} ${styles[tone]}`}>
            <div className={styles.text}>
              <strong>{title}</strong>
              {detail !== undefined && <span>{detail}</span>}
            </div>
            <Button look="quiet" size="small" aria-label="Dismiss" onClick={() => close(id)}>
              <Icon name="close" size={14} />
            </Button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
