/** What stands around every page: where one is, how the venue is, who one is. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation, useRoute as useMatch } from "wouter";
import { useClient } from "../live/venue.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useShortcut } from "../ui/shortcuts.tsx";
import { ConnectionBanner, ConnectionState } from "./ConnectionState.tsx";
import { type PageEntry, PAGES } from "./pages.ts";
import styles from "./Shell.module.css";
import { ShortcutList } from "./ShortcutList.tsx";
import { ThemeSwitch } from "./ThemeSwitch.tsx";
import { WalletButton } from "./WalletButton.tsx";

export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const venue = useClient()?.venue;
  const [path, go] = useLocation();
  const main = useRef<HTMLElement>(null);
  const [isListOpen, setListOpen] = useState(false);
  const here = PAGES.find(({ routes }) => routes.some((route) => belongs(path, route)));
  const name = venue?.name ?? "Bulkhead";

  useEffect(() => {
    document.title = `${here?.title ?? "Not found"} · ${name}`;
  }, [here, name]);
  useArrival(path, main);
  useShortcut("?", "Show these shortcuts", () => setListOpen(true));

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        To the content
      </a>
      <header className={styles.header}>
        <Link href="/" className={styles.brand}>
          <img src="/mark.svg" alt="" width="20" height="20" />
          <span className={styles.name}>{name}</span>
          {venue?.demo === true && <Badge title="All of it is play money">demo</Badge>}
        </Link>
        <nav className={styles.nav} aria-label="Pages">
          {PAGES.map((entry) => (
            <NavLink key={entry.path} entry={entry} go={go} />
          ))}
        </nav>
        <div className={styles.tools}>
          <ConnectionState />
          <ThemeSwitch />
          <WalletButton />
        </div>
      </header>
      <ConnectionBanner />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        {children}
      </main>
      <footer className={styles.footer}>
        <span>
          All times UTC · every figure is the node's own, read over its{" "}
          <a href="/openapi.json">public interface</a>
        </span>
        <button type="button" className={styles.hint} onClick={() => setListOpen(true)}>
          <kbd>?</kbd> shortcuts
        </button>
      </footer>
      <ShortcutList isOpen={isListOpen} onClose={() => setListOpen(false)} />
    </div>
  );
}

function NavLink({
  entry: { title, path, key, icon, routes },
  go,
}: {
  readonly entry: PageEntry;
  readonly go: (path: string) => void;
}): ReactNode {
  const [isHere] = useMatch(routes.at(-1) ?? path);
  const [isAt] = useMatch(path);
  useShortcut(`g ${key}`, `Go to ${title}`, () => go(path));
  return (
    <Link
      href={path}
      className={styles.link}
      aria-current={isHere || isAt ? "page" : undefined}
      title={`${title} (g ${key})`}
    >
      <Icon name={icon} />
      <span>{title}</span>
    </Link>
  );
}

/** Whoever goes to another page by its address or a key begins to read it at its beginning. */
function useArrival(path: string, main: { readonly current: HTMLElement | null }): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}

function belongs(path: string, route: string): boolean {
  return new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}/?$`).test(path);
}
