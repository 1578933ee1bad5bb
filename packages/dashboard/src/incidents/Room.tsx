/** One story, played: what is known of it, the controls, both sides at the same moment, and in the end what held. */
import type { Side, Step, StoryListing } from "@bulkhead/simulator/stories";
import { type ReactNode, useEffect, useMemo, useReducer, useRef } from "react";
import { Link, useSearchParams } from "wouter";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { PageHead } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Endings } from "./Endings.tsx";
import { titleOf } from "./Gallery.tsx";
import { momentMs, momentsTold, moved, newPlayer, speedIn, stepAt } from "./player.ts";
import styles from "./Room.module.css";
import { boundsOf } from "./scale.ts";
import { SideView } from "./SideView.tsx";
import { Transport } from "./Transport.tsx";
import { useListings, useTelling } from "./useStories.ts";

const SIDES = ["defended", "undefended"] as const satisfies readonly Side[];

export function Room({ id }: { readonly id: string }): ReactNode {
  const { stories, error } = useListings();
  const story = stories?.find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (error !== undefined) return <Fault error={error} what="The stories cannot be told" />;
  if (stories === undefined) return <Loading lines={8} />;
  if (story === undefined)
    return (
      <>
        <PageHead title="Incidents" />
        <Empty
          title={`There is no story ${id}`}
          action={<Link href="/incidents">All incidents and drills</Link>}
        />
      </>
    );
  return <Play story={story} />;
}

function Play({ story }: { readonly story: StoryListing }): ReactNode {
  const telling = useTelling(story.id);
  const { steps, isOver, phase, error, ms, stop, again } = telling;
  const [search, setSearch] = useSearchParams();
  const [player, move] = useReducer(moved, undefined, () =>
    newPlayer(momentIn(search.get("step")), speedIn(search.get("speed"))),
  );
  const told = momentsTold(
    { steps: steps.defended.length, isOver: isOver.defended },
    { steps: steps.undefended.length, isOver: isOver.undefended },
  );
  const isWhole = phase !== "telling";

  useEffect(() => move({ move: "told", told, isWhole }), [told, isWhole]);
  const pace = momentMs(player);
  useEffect(() => {
    if (!player.isPlaying) return undefined;
    const timer = setInterval(() => move({ move: "tick" }), pace);
    return () => clearInterval(timer);
  }, [player.isPlaying, pace]);

  // The address follows wherever somebody stops; while it plays, it would change too often for a browser's liking.
  const { at, speed, isPlaying, wanted } = player;
  const address = useRef(setSearch);
  address.current = setSearch;
  useEffect(() => {
    if (isPlaying || wanted !== undefined || told === 0) return;
    address.current(
      { ...(at > 0 && { step: String(at + 1) }), ...(speed !== 1 && { speed: String(speed) }) },
      { replace: true },
    );
  }, [at, speed, isPlaying, wanted, told]);

  const isAtEnd = phase === "told" && at === told - 1;
  const bounds = useMemo(() => boundsOf([...steps.defended, ...steps.undefended]), [steps]);
  return (
    <>
      <PageHead title={titleOf(story)} actions={<Link href="/incidents">All incidents and drills</Link>}>
        <span className={styles.facts}>
          <code>{story.id}</code>
          {story.date !== undefined && <time dateTime={story.date}>{story.date}</time>}
          <Badge>{story.layer}</Badge>
          {story.lost !== undefined && <span>lost then: {story.lost}</span>}
        </span>
      </PageHead>
      <Background story={story} />
      {phase === "failed" && <Fault error={error} what="The engine stopped" onAgain={again} />}
      <Transport
        player={player}
        move={move}
        times={steps.defended.map(({ act }) => act)}
        phase={phase}
        ms={ms}
        onStop={stop}
        onAgain={again}
      />
      {told === 0 ? (
        phase === "stopped" ? (
          <Empty
            title="Stopped before anything was told"
            action={<Button onClick={again}>Compute again</Button>}
          />
        ) : (
          <Loading lines={8} />
        )
      ) : (
        <div className={styles.sides}>
          {SIDES.map((side) => (
            <SideView
              key={side}
              side={side}
              wall={story.wall}
              steps={steps[side]}
              at={stepAt(at, steps[side].length)}
              bounds={bounds}
            />
          ))}
        </div>
      )}
      {isAtEnd && <Endings defended={endOf(steps.defended)} undefended={endOf(steps.undefended)} />}
    </>
  );
}

function Background({ story }: { readonly story: StoryListing }): ReactNode {
  const { facts, mechanism, wall, sources, asserts, sort } = story;
  return (
    <Panel title={sort === "incident" ? "What happened then" : "What is tried"} className={styles.background}>
      <div className={styles.story}>
        <p>{facts}</p>
        <dl>
          <dt>How the money is lost</dt>
          <dd>{mechanism}</dd>
          <dt>What stops it here, and is missing on the right</dt>
          <dd>{wall}</dd>
        </dl>
      </div>
      <details>
        <summary>What must hold in the defended play{sources.length > 0 ? ", and sources" : ""}</summary>
        <ul className={styles.asserts}>
          {asserts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        {sources.length > 0 && <p className={styles.faint}>Told by {sources.join(" · ")}</p>}
      </details>
    </Panel>
  );
}

function endOf(steps: readonly Step[]): Step | undefined {
  return steps.findLast(({ ending }) => ending !== undefined);
}

/** Steps are counted from 1 in addresses. */
function momentIn(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,3}$/.test(text) ? Number(text) - 1 : undefined;
}
