/** All keys that do something on this page. */
import type { ReactNode } from "react";
import { Dialog } from "../ui/Dialog.tsx";
import { useShortcuts } from "../ui/shortcuts.tsx";
import styles from "./ShortcutList.module.css";

export function ShortcutList({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const all = useShortcuts();
  return (
    <Dialog title="Keyboard shortcuts" isOpen={isOpen} onClose={onClose}>
      <dl className={styles.list}>
        {all().map(({ keys, what }) => (
          <div key={keys} className={styles.row}>
            <dt>{what}</dt>
            <dd>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
