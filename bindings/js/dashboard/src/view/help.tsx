// The sheet of shortcuts.

import { useEffect, useRef } from "preact/hooks";
import type { Shortcut } from "../page/keys.ts";

const INSIDE = [
    ["↑ ↓ PgUp PgDn Home End", "move in a table or the map"],
    ["Enter", "open what is chosen"],
    ["r", "in the map: the instances of the row"],
    ["Tab", "to the next field or table"],
] as const;

export function Help({
    open,
    onClose,
    shortcuts,
}: {
    open: boolean;
    onClose: () => void;
    shortcuts: readonly Shortcut[];
}) {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => {
        if (open) dialog.current?.showModal();
        else dialog.current?.close();
    }, [open]);
    return (
        <dialog
            ref={dialog}
            class="help"
            aria-labelledby="help-title"
            onClose={onClose}
            onClick={(event) => {
                if (event.target === dialog.current) onClose();
            }}
        >
            <header>
                <h2 id="help-title">Shortcuts</h2>
                <button type="button" class="quiet" onClick={onClose} aria-label="Close">
                    ✕
                </button>
            </header>
            <dl>
                {shortcuts.map(({ key, says }) => (
                    <div key={key}>
                        <dt>
                            <kbd>{key === "Escape" ? "Esc" : key}</kbd>
                        </dt>
                        <dd>{says}</dd>
                    </div>
                ))}
                {INSIDE.map(([key, says]) => (
                    <div key={key}>
                        <dt>
                            {key.split(" ").map((one) => (
                                <kbd key={one}>{one}</kbd>
                            ))}
                        </dt>
                        <dd>{says}</dd>
                    </div>
                ))}
            </dl>
            <p class="muted">All that is computed is computed in this page. Nothing leaves it.</p>
        </dialog>
    );
}
