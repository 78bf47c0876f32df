// Light, dark, or as the system has it; remembered by the browser.

export type Theme = "system" | "light" | "dark";
const themes: readonly Theme[] = ["system", "light", "dark"];
const storageKey = "sage-theme";

export function savedTheme(): Theme {
  try {
    const saved = localStorage.getItem(storageKey) as Theme | null;
    return saved && themes.includes(saved) ? saved : "system";
  } catch {
    return "system"; // storage is forbidden
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // it holds for this visit
  }
}

/** The one that a click on the switch gives. */
export const nextTheme = (theme: Theme): Theme => themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
