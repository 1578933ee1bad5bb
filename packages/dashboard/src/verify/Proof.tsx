/** What a check proves, and what it does not. */
import type { ReactNode } from "react";
import { Columns } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import styles from "./Verify.module.css";

export function Proof(): ReactNode {
  return (
    <Columns least={320}>
      <Panel title="What this proves">
        <ul className={styles.list}>
          <li>
            No batch of the log was changed, moved or left out since it was written: each links to the one
            before by a hash of all of it.
          </li>
          <li>
            The rules were kept: this engine, given the same commands, answers with the very receipts the node
            gave, each time, from the first command on.
          </li>
          <li>
            In the state it comes to every invariant holds: among them, that what owners are owed is what was
            paid in and not paid out.
          </li>
          <li>
            The engine ran here. Its code came from this node all the same: who trusts no node builds it from
            its sources, and runs <code>bulkhead verify</code>.
          </li>
        </ul>
      </Panel>
      <Panel title="What it does not prove">
        <ul className={styles.list}>
          <li>
            That everybody is shown the same log. Compare the head of the receipts, at the same command, with
            somebody else's: the node tells no state hash of its own over its interface.
          </li>
          <li>
            That the last batch lies as it was written: nothing links to it yet. What of it would show in a
            receipt is compared, a time for instance would not.
          </li>
          <li>
            That no command was kept out before it was written, or when it came: the log says what was
            executed, and times are the sequencer's.
          </li>
          <li>
            That prices reported were true, or that deposits confirmed have arrived: the log tells what the
            engine was told.
          </li>
          <li>Who signed a command: signatures are checked by the node, and are not in this log.</li>
        </ul>
      </Panel>
    </Columns>
  );
}
