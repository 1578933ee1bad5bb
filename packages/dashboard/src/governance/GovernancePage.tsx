/** What is going to be changed, what was, and what is in force. */
import type { ReactNode } from "react";
import { useChoice } from "../live/address.ts";
import { PageHead } from "../ui/Page.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { History } from "./History.tsx";
import { Parameters } from "./Parameters.tsx";
import { Pending } from "./Pending.tsx";
import styles from "./GovernancePage.module.css";

const VIEWS = ["pending", "history", "parameters"] as const;
const TEXT = { pending: "Pending", history: "History", parameters: "Parameters in force" } as const;

export function GovernancePage(): ReactNode {
  const [view = "pending", choose] = useChoice("view", VIEWS);
  return (
    <>
      <PageHead title="Governance">
        Whatever loosens a rule is announced, and waits; whatever tightens one need not. No key is above that.
      </PageHead>
      <div className={styles.page}>
        <Tabs
          label="Governance"
          tabs={VIEWS.map((name) => ({ name, text: TEXT[name] }))}
          chosen={view}
          onChoose={choose}
        >
          <div className={styles.view}>
            {view === "pending" && <Pending />}
            {view === "history" && <History />}
            {view === "parameters" && <Parameters />}
          </div>
        </Tabs>
      </div>
    </>
  );
}
