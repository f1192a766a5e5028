// Keyboard shortcuts of the page. Nothing happens while one types, and nothing with Ctrl, Alt or Meta.

import { useEffect } from "preact/hooks";

export interface Shortcut {
    key: string;
    says: string;
    run: () => void;
}

export function useShortcuts(shortcuts: readonly Shortcut[]): void {
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
            const target = event.target as HTMLElement | null;
            const typing = target?.matches("input, textarea, select, [contenteditable]") ?? false;
            if (typing) {
                if (event.key === "Escape") target?.blur();
                return;
            }
            if (document.querySelector("dialog[open]")) return;
            const shortcut = shortcuts.find(({ key }) => key === event.key);
            if (!shortcut) return;
            event.preventDefault();
            shortcut.run();
        };
        addEventListener("keydown", press);
        return () => removeEventListener("keydown", press);
    }, [shortcuts]);
}

export function focusFilter(): void {
    const field = document.querySelector<HTMLInputElement>("[data-filter]");
    field?.focus();
    field?.select();
}
