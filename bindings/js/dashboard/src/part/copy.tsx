// A button that copies a text made when it is pressed.

import { useEffect, useState } from "preact/hooks";
import { sentence } from "../engine/failure.ts";

export function CopyButton({ label, text, id }: { label: string; text: () => string | Promise<string>; id?: string }) {
    const [said, say] = useState<string | null>(null);
    useEffect(() => {
        if (said === null) return;
        const timer = setTimeout(() => say(null), 2500);
        return () => clearTimeout(timer);
    }, [said]);
    const copy = async () => {
        try {
            await toClipboard(await text());
            say("Copied");
        } catch (error) {
            say(`Not copied: ${sentence(error)}`);
        }
    };
    return (
        <button type="button" class="button" id={id} onClick={() => void copy()}>
            <span role="status">{said ?? label}</span>
        </button>
    );
}

async function toClipboard(text: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
        return;
    } catch {
        /* pages from files may have no clipboard: the old way */
    }
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("the browser does not allow it here");
}
