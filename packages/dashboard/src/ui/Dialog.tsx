/**
 * Something that has to be dealt with before going on: the platform's own dialog, which keeps focus inside, ends with Escape and gives focus back to
 * whoever opened it. Focus begins at what is to be done, not at the cross.
 */
import { Icon } from "./Icon.tsx";
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Below: what can be done. */
  readonly actions?: ReactNode;
}

const FIRST = ["input", "select", "textarea", "button", "a[href]"] as const;

export function Dialog({ title, isOpen, onClose, children, actions }: DialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = dialog;
    if (current === null) return;
    if (isOpen && !current.open) {
      current.showModal();
      if (current.querySelector("[autofocus]") === null)
        current.querySelector<HTMLElement>(FIRST.map((each) => `[data-body] ${each}`).join())?.focus();
    }
    if (!isOpen && current.open) current.close();
  }, [isOpen]);
  // One that is taken out of the page while it is open gives nothing back by itself.
  useLayoutEffect(() => {
    const { current } = dialog;
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {isOpen && (
        <div className={styles.inside}>
          <header className={styles.head}>
            <h2 id={id}>{title}</h2>
            <Button look="quiet" size="small" onClick={onClose} aria-label="Close">
              <Icon name="close" size={14} />
            </Button>
          </header>
          <div className={styles.body} data-body>
            {children}
          </div>
          {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
        </div>
      )}
    </dialog>
  );
}
