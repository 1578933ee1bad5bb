/** Dark, light, as the system has it: one after the other. */
import type { ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useShortcut } from "../ui/shortcuts.tsx";
import { THEME_CHOICES, setTheme, useTheme } from "../ui/theme.ts";

export function ThemeSwitch(): ReactNode {
  const { choice } = useTheme();
  const next = THEME_CHOICES[(THEME_CHOICES.indexOf(choice) + 1) % THEME_CHOICES.length] ?? "system";
  const turn = (): void => setTheme(next);
  useShortcut("\\", "Change the theme", turn);
  return (
    <Button
      look="quiet"
      onClick={turn}
      aria-label={`Theme: ${choice}. Change to ${next}`}
      title={`Theme: ${choice} (\\)`}
    >
      <Icon name={choice} />
    </Button>
  );
}
