/** Proposals that wait: a card each, with what is left of its time. */
import type { Proposal } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useRoute } from "../live/route.ts";
import { useNow } from "../live/venue.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Meter } from "../ui/Meter.tsx";
import { Columns } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StateBadge } from "../ui/Sign.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stat } from "../ui/Stat.tsx";
import { When } from "../ui/When.tsx";
import { Change, subjectOf } from "./Change.tsx";
import { countdownOf } from "./countdown.ts";
import styles from "./GovernancePage.module.css";
import { useShardNames, useSymbols } from "./shards.ts";

const EVERY_MS = 2_000;

export function Pending(): ReactNode {
  const pending = useRoute("proposals", { query: { status: "pending" } }, { everyMs: EVERY_MS });
  const contested = useRoute("proposals", { query: { status: "contested" } }, { everyMs: EVERY_MS });
  const error = pending.error ?? contested.error;
  const proposals = [...(contested.data?.items ?? []), ...(pending.data?.items ?? [])];
  if (error !== undefined && pending.data === undefined)
    return <Fault error={error} what="The proposals cannot be read" onAgain={pending.again} />;
  if (pending.isLoading) return <Loading lines={6} />;
  if (proposals.length === 0)
    return (
      <Panel
        title="Nothing is pending"
        isStale={pending.isStale || contested.isStale}
        actions={<Link href="/governance?view=history">What was decided before</Link>}
      >
        <Empty title="Nobody has proposed a change that is still to come">
          A member proposes; it is announced here with what it would change and in which direction; signers
          approve it; when its timelock is over, anyone may have it carried out. Until then its proposer or a
          guardian may cancel it.
        </Empty>
      </Panel>
    );
  return (
    <Columns least={460}>
      {proposals.map((proposal) => (
        <Card
          key={`${proposal.tier}-${proposal.proposal}-${proposal.nonce}`}
          proposal={proposal}
          isStale={pending.isStale || contested.isStale}
        />
      ))}
    </Columns>
  );
}

function Card({ proposal, isStale }: { readonly proposal: Proposal; readonly isStale: boolean }): ReactNode {
  const nameOf = useShardNames();
  const symbolOf = useSymbols();
  const now = useNow();
  const { tier, nonce, status, approvals, needed, eta, lapse, createdAt, command, sequence } = proposal;
  const market = command !== null && "market" in command ? command.market : 0;
  const subjectText = market === 0 ? nameOf(tier) : `${nameOf(tier)} · ${symbolOf(tier, market)}`;
  const { stage, text } = countdownOf(proposal, now);
  const until = stage === "waits" ? eta : lapse;
  const from = stage === "waits" ? createdAt : eta;
  return (
    <Panel
      title={<span className={styles.subject}>{subjectOf(proposal)}</span>}
      note={subjectText}
      isStale={isStale}
      sequence={sequence}
      actions={<StateBadge state={status} />}
    >
      <div className={styles.card}>
        <Change proposal={proposal} />
        <div className={styles.time}>
          <p>
            <strong>{text}</strong>
          </p>
          <Meter
            label="How far its time is over"
            value={Math.max(0, now - from)}
            max={Math.max(1, until - from)}
            text={text}
            tone={stage === "waits" ? "accent" : stage === "ready" ? "calm" : "caution"}
          />
        </div>
        <div className={styles.stats}>
          <Stat label="Approvals" note={needed === null ? "none are needed any more" : "valid now"}>
            {approvals}
            {needed !== null && ` of ${needed}`}
          </Stat>
          <Stat label="Made">
            <When at={createdAt} now={now} />
          </Stat>
          <Stat label="From">
            <When at={eta} as="moment" />
          </Stat>
          <Stat label="Until">
            <When at={lapse} as="moment" />
          </Stat>
        </div>
        <p className={styles.faint}>
          Proposal of member {proposal.proposal}, nonce {nonce}. {cancelText(proposal)}
        </p>
      </div>
    </Panel>
  );
}

/** Who may still stop it: docs/spec/governance.md. */
function cancelText({ proposal, status, needed }: Proposal): string {
  if (status === "contested")
    return `It takes a guardian's role away and was contested: it needs every signer who may vote on it${needed === null ? "" : `, ${needed} of them`}. Member ${proposal} may withdraw it.`;
  return `Member ${proposal}, who made it, may cancel it, and so may any guardian.`;
}
