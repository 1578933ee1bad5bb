/** All incidents and drills, to choose from. The choice is kept in the address. */
import type { AttackedLayer, StoryListing } from "@bulkhead/simulator/stories";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Field } from "../ui/Field.tsx";
import { PageHead } from "../ui/Page.tsx";
import { Select } from "../ui/Select.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import styles from "./Gallery.module.css";
import { useListings } from "./useStories.ts";

type Choice = AttackedLayer | "all";

export function Gallery(): ReactNode {
  const { stories, error } = useListings();
  const [search, setSearch] = useSearchParams();
  const words = search.get("q") ?? "";
  const layer = (search.get("layer") ?? "all") as Choice;
  const choose = (name: string, value: string): void =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === "" || value === "all") after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const layers = [...new Set(stories?.map((story) => story.layer))];
  const found = stories?.filter((story) => fits(story, words, layer));
  return (
    <>
      <PageHead title="Incidents">
        Losses that happened elsewhere, and attacks that might. Each is played by the engine itself, in this
        page: once with its defences, and once without the one that stops it.
      </PageHead>
      {error !== undefined && <Fault error={error} what="The stories cannot be told" />}
      <div className={styles.choice} role="search">
        <Field
          label="Search"
          type="search"
          value={words}
          placeholder="Name, mechanism, defence"
          onChange={(value) => choose("q", value)}
        />
        <Select<Choice>
          label="Layer attacked"
          value={layer}
          options={[
            { value: "all", text: "every layer" },
            ...layers.map((value) => ({ value, text: value })),
          ]}
          onChange={(value) => choose("layer", value)}
        />
      </div>
      {found === undefined ? (
        error === undefined && <Loading lines={8} />
      ) : found.length === 0 ? (
        <Empty
          title="Nothing of that kind"
          action={
            <Button onClick={() => setSearch({}, { replace: true })}>Show all {stories?.length ?? 0}</Button>
          }
        >
          No incident and no drill has all of these words.
        </Empty>
      ) : (
        <>
          <Shelf
            title="Incidents"
            about="What happened"
            stories={found.filter(({ sort }) => sort === "incident")}
          />
          <Shelf
            title="Drills"
            about="What might happen"
            stories={found.filter(({ sort }) => sort === "drill")}
          />
        </>
      )}
    </>
  );
}

function Shelf({
  title,
  about,
  stories,
}: {
  readonly title: string;
  readonly about: string;
  readonly stories: readonly StoryListing[];
}): ReactNode {
  if (stories.length === 0) return null;
  return (
    <section className={styles.shelf} aria-label={title}>
      <h2>
        {title}{" "}
        <span className={styles.faint}>
          {about} · {stories.length}
        </span>
      </h2>
      <ul className={styles.cards}>
        {stories.map((story) => (
          <li key={story.id} className={styles.card}>
            <Link href={`/incidents/${story.id}`} className={styles.link}>
              <span className={styles.top}>
                <span className={styles.id}>{story.id}</span>
                {story.date !== undefined && <time dateTime={story.date}>{story.date}</time>}
                <Badge>{story.layer}</Badge>
              </span>
              <strong className={styles.title}>{titleOf(story)}</strong>
              <span className={styles.how}>
                {story.sort === "drill" ? `Defence: ${story.wall}` : story.mechanism}
              </span>
              {story.lost !== undefined && (
                <span className={styles.lost}>
                  <span className={styles.faint}>Lost then</span> {story.lost}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A drill's title without its layer, which stands beside it. */
export function titleOf({ title, layer }: StoryListing): string {
  const rest = title.startsWith(`${layer}: `) ? title.slice(layer.length + 2) : title;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function fits(story: StoryListing, words: string, layer: Choice): boolean {
  if (layer !== "all" && story.layer !== layer) return false;
  const { id, title, date = "", facts, lost = "", mechanism, wall } = story;
  const text = [id, title, date, facts, lost, mechanism, wall].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
