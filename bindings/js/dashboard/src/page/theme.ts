// Dark or light: the system's choice, or the reader's, which this browser keeps.

import { useCallback, useEffect, useState } from "preact/hooks";
import { oneOf } from "../model/place.ts";
import { useMedia } from "./hooks.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const KEY = "lightspeed-theme";

export function useTheme(): { theme: Theme; dark: boolean; next: () => void } {
    const system = useMedia("(prefers-color-scheme: dark)");
    const [theme, set] = useState<Theme>(read);
    const dark = theme === "system" ? system : theme === "dark";
    useEffect(() => {
        document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
        document.documentElement.dataset.dark = String(dark);
        dispatchEvent(new CustomEvent("lightspeed:theme"));
    }, [theme, dark]);
    const next = useCallback(
        () =>
            set((old) => {
                const chosen = THEMES[(THEMES.indexOf(old) + 1) % THEMES.length] ?? "system";
                try {
                    localStorage.setItem(KEY, chosen);
                } catch {
                    /* a page from a file may have no storage */
                }
                return chosen;
            }),
        [],
    );
    return { theme, dark, next };
}

/** Whether the page is dark now, for what is drawn by hand. */
export function useDark(): boolean {
    const [dark, set] = useState(() => document.documentElement.dataset.dark === "true");
    useEffect(() => {
        const look = () => set(document.documentElement.dataset.dark === "true");
        look();
        addEventListener("lightspeed:theme", look);
        return () => removeEventListener("lightspeed:theme", look);
    }, []);
    return dark;
}

function read(): Theme {
    try {
        return oneOf(localStorage.getItem(KEY) ?? undefined, THEMES);
    } catch {
        return "system";
    }
}
