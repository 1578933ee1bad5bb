/** A place for files: dropped, or chosen by the platform's own dialog. */
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Panel } from "../ui/Panel.tsx";
import styles from "./Verify.module.css";

export function Drop({
  isBusy,
  onFiles,
}: {
  readonly isBusy: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const give = (files: FileList | null): void => {
    if (!isBusy && files !== null && files.length > 0) onFiles([...files]);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    give(event.dataTransfer.files);
  };
  return (
    <Panel title="A log of your own">
      <div
        className={styles.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>
          Drop segments here, as they were downloaded: all from the first on to have them executed, or any one
          to have its sums and links checked. With a <code>venue.json</code> beside them they may be of
          another venue.
        </p>
        <Button disabled={isBusy} onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          accept=".log,.json"
          className="visually-hidden"
          tabIndex={-1}
          aria-label="Segments of a log"
          onChange={({ target }) => {
            give(target.files);
            target.value = "";
          }}
        />
      </div>
    </Panel>
  );
}
