// What went wrong or is worth knowing, in a sentence.

import type { ComponentChildren } from "preact";

export function Message({
    tone,
    children,
    onClose,
}: {
    tone: "error" | "note";
    children: ComponentChildren;
    onClose?: () => void;
}) {
    return (
        <div class="message" data-tone={tone} role={tone === "error" ? "alert" : "status"}>
            <span class="message-sign" aria-hidden="true">
                {tone === "error" ? "!" : "i"}
            </span>
            <div class="message-text">{children}</div>
            {onClose && (
                <button type="button" class="quiet" aria-label="Dismiss" onClick={onClose}>
                    ✕
                </button>
            )}
        </div>
    );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
    return (
        <div class="empty">
            <strong>{title}</strong>
            {children && <p>{children}</p>}
        </div>
    );
}
