/** Keys that do something wherever one is, unless somebody is typing: one key, or two one after the other ("g t"). */
import { type ReactNode, createContext, useContext, useEffect, useMemo, useRef } from "react";

export interface Shortcut {
  /** As `KeyboardEvent.key`: "?", or "g t" for one after the other. */
  readonly keys: string;
  /** What it does, for the list: "Go to Trade". */
  readonly what: string;
}

interface Registry {
  readonly add: (shortcut: Shortcut, act: () => void) => () => void;
  readonly all: () => readonly Shortcut[];
}

const ShortcutContext = createContext<Registry | undefined>(undefined);

/** How long the second key may take, ms. */
const PAUSE_MS = 1_200;

export function Shortcuts({ children }: { readonly children: ReactNode }): ReactNode {
  const known = useRef(new Map<string, { readonly shortcut: Shortcut; readonly act: () => void }>());
  const registry = useMemo<Registry>(
    () => ({
      add: (shortcut, act) => {
        const entry = { shortcut, act };
        known.current.set(shortcut.keys, entry);
        return () => {
          if (known.current.get(shortcut.keys) === entry) known.current.delete(shortcut.keys);
        };
      },
      all: () => [...known.current.values()].map(({ shortcut }) => shortcut),
    }),
    [],
  );
  useEffect(() => {
    let first = "";
    let firstAt = 0;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || isPressing(event) || isAsking()) return;
      const both = event.timeStamp - firstAt < PAUSE_MS ? `${first} ${event.key}` : event.key;
      const found = known.current.get(both) ?? known.current.get(event.key);
      [first, firstAt] = found === undefined ? [event.key, event.timeStamp] : ["", 0];
      if (found === undefined) return;
      event.preventDefault();
      found.act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return <ShortcutContext value={registry}>{children}</ShortcutContext>;
}

/** Does something at a key for as long as the component is there. */
export function useShortcut(keys: string, what: string, act: () => void): void {
  const registry = useContext(ShortcutContext);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => registry?.add({ keys, what }, () => latest.current()), [registry, keys, what]);
}

/** All that work now, for a list. */
export function useShortcuts(): () => readonly Shortcut[] {
  const registry = useContext(ShortcutContext);
  return registry?.all ?? NONE;
}

const NONE = (): readonly Shortcut[] => [];

/** Whether the key presses what has focus, as it does everywhere else. */
function isPressing({ key, target }: KeyboardEvent): boolean {
  return (
    (key === " " || key === "Enter") &&
    target instanceof Element &&
    target.closest("button, a, summary, [role=button]") !== null
  );
}

/** Whether a dialog waits for an answer: nothing behind it is done meanwhile. */
function isAsking(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
