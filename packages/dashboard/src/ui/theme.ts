/** Dark, light, or as the system has it; kept for the next visit. */
import { useSyncExternalStore } from "react";

export type ThemeChoice = "dark" | "light" | "system";
export const THEME_CHOICES: readonly ThemeChoice[] = ["dark", "light", "system"];

const KEY = "bulkhead.theme";
const listeners = new Set<() => void>();
const systemIsLight = (): MediaQueryList => matchMedia("(prefers-color-scheme: light)");

/** Takes up what was chosen before. To be done before anything is drawn. */
export function beginTheme(): void {
  show();
  systemIsLight().addEventListener("change", show);
}

export function setTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Where nothing may be kept it lasts as long as the page.
  }
  document.documentElement.dataset["choice"] = choice;
  show();
}

/** What was chosen, and what is shown for it. */
export function useTheme(): { readonly choice: ThemeChoice; readonly theme: "dark" | "light" } {
  const theme = useSyncExternalStore(listen, themeNow);
  const choice = useSyncExternalStore(listen, choiceNow);
  return { choice, theme };
}

/** The value of a colour of tokens.css, for what draws on a canvas. */
export function colour(token: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

function show(): void {
  document.documentElement.dataset["theme"] = themeNow();
  for (const listener of listeners) listener();
}

function themeNow(): "dark" | "light" {
  const choice = choiceNow();
  return choice === "system" ? (systemIsLight().matches ? "light" : "dark") : choice;
}

function choiceNow(): ThemeChoice {
  let kept: string | null | undefined = document.documentElement.dataset["choice"];
  try {
    kept ??= localStorage.getItem(KEY);
  } catch {
    kept ??= null;
  }
  return THEME_CHOICES.find((choice) => choice === kept) ?? "system";
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
