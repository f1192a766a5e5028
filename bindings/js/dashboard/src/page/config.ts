// What the page was told by whoever wrote it: what to open, and under which title.

export interface PageConfig {
    mode: "report" | "served" | "open";
    title: string;
    step: string | null;
}

const FALLBACK: PageConfig = { mode: "open", title: "Lightspeed", step: null };

export function readConfig(): PageConfig {
    const text = document.getElementById("lightspeed-page")?.textContent?.trim() ?? "";
    if (text === "") return FALLBACK;
    try {
        const { mode, title, step } = JSON.parse(text) as Partial<PageConfig>;
        return {
            mode: mode === "report" || mode === "served" ? mode : "open",
            title: typeof title === "string" && title !== "" ? title : FALLBACK.title,
            step: typeof step === "string" ? step : null,
        };
    } catch {
        return FALLBACK;
    }
}

/** Whether the page carries a snapshot. */
export function hasEmbedded(): boolean {
    return (document.getElementById("lightspeed-snapshot")?.textContent?.trim() ?? "") !== "";
}
