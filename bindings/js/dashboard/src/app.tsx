// The page: its head, the views, and what may be dropped on it.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { parsePlace, VIEWS, type View } from "./model/place.ts";
import type { PageConfig } from "./page/config.ts";
import { useDraft } from "./page/draft.ts";
import { droppedFiles, isSuite, type Dropped } from "./page/drop.ts";
import { moveTo, usePlace, useSession } from "./page/hooks.ts";
import { focusFilter, useShortcuts, type Shortcut } from "./page/keys.ts";
import { useTheme, type Theme } from "./page/theme.ts";
import { Empty, Message } from "./part/message.tsx";
import { BenchmarksView } from "./view/benchmarks.tsx";
import { CompareView } from "./view/compare.tsx";
import { Help } from "./view/help.tsx";
import { MapView } from "./view/map.tsx";
import { OpenView } from "./view/open.tsx";
import { StepsView } from "./view/steps.tsx";
import { WhatIfView } from "./view/whatif.tsx";

const TITLES: Record<View, string> = {
    open: "Open",
    map: "Map",
    benchmarks: "Benchmarks",
    whatif: "What if",
    steps: "Steps",
    compare: "Compare",
};
const THEME_SIGNS: Record<Theme, string> = { system: "◐", light: "☀", dark: "☾" };

export function App({ config }: { config: PageConfig }) {
    const [session, state] = useSession();
    const [draft] = useDraft();
    const [{ view, at }] = usePlace();
    const { theme, next: nextTheme } = useTheme();
    const [help, showHelp] = useState(false);

    const take = useCallback(
        async (files: Dropped[], toOpen = false) => {
            const wal = files.find(({ path }) => path.endsWith("-wal") || path.endsWith("-shm"));
            const suites: Dropped[] = [];
            for (const file of files) if (await isSuite(file.file)) suites.push(file);
            const first = suites[0] ?? (toOpen || session.state.phase === "empty" ? files[0] : undefined);
            if (first) {
                if (
                    (await session.open({ kind: "file", file: first.file })) &&
                    parsePlace(location.hash).view === "open"
                )
                    moveTo({ view: "map", at: {} });
            } else if (wal)
                session.say(
                    `“${wal.path}” belongs beside its database and says nothing alone: close what writes the database, and drop the database.`,
                );
            else if (files.length > 0) {
                await draft.take(files);
                if (parsePlace(location.hash).view !== "whatif") moveTo({ view: "whatif", at: {} });
            }
        },
        [session, draft],
    );
    const dragging = useDrops(take);
    useTitle(view, state.overview?.suite?.name ?? state.overview?.name ?? config.title);
    usePolling(config);
    useSourceInLinks();

    const shortcuts = useMemo<Shortcut[]>(
        () => [
            ...VIEWS.map((name, place) => ({
                key: String(place + 1),
                says: TITLES[name],
                run: () => moveTo({ view: name, at: {} }),
            })),
            { key: "/", says: "to the filter", run: focusFilter },
            { key: "m", says: "copy as Markdown", run: () => document.getElementById("copy-markdown")?.click() },
            { key: "t", says: "system, light or dark", run: nextTheme },
            {
                key: "Escape",
                says: "close the details",
                run: () => document.querySelector<HTMLElement>(".pane-head .quiet")?.click(),
            },
            { key: "?", says: "this sheet", run: () => showHelp(true) },
        ],
        [nextTheme],
    );
    useShortcuts(shortcuts);

    const open = state.phase === "open" || state.overview !== null;
    return (
        <div class="page" data-dragging={dragging ? "" : undefined}>
            <header class="head">
                <a
                    class="skip"
                    href="#main"
                    onClick={(event) => {
                        event.preventDefault();
                        document.getElementById("main")?.focus();
                    }}
                >
                    Skip to the content
                </a>
                <span class="brand">
                    <Logo />
                    <span class="brand-name">Lightspeed</span>
                </span>
                <nav class="nav" aria-label="Views">
                    {VIEWS.map((name) => (
                        <a key={name} href={`#${name}`} aria-current={name === view ? "page" : undefined}>
                            {TITLES[name]}
                        </a>
                    ))}
                </nav>
                <span class="head-end">
                    {state.overview && (
                        <span class="suite-name" title={state.overview.name}>
                            {state.overview.suite?.name ?? state.overview.name}
                        </span>
                    )}
                    <button
                        type="button"
                        class="quiet"
                        onClick={nextTheme}
                        aria-label={`Theme: ${theme}`}
                        title={`Theme: ${theme}`}
                    >
                        {THEME_SIGNS[theme]}
                    </button>
                    <button
                        type="button"
                        class="quiet"
                        onClick={() => showHelp(true)}
                        aria-label="Shortcuts"
                        title="Shortcuts (?)"
                    >
                        ?
                    </button>
                </span>
            </header>
            <div class="messages">
                {state.error && (
                    <Message tone="error" onClose={() => session.dismiss()}>
                        {state.error}
                    </Message>
                )}
                {state.note && (
                    <Message tone="note" onClose={() => session.dismiss()}>
                        {state.note}
                    </Message>
                )}
            </div>
            <main id="main" tabIndex={-1} aria-busy={state.phase === "opening"}>
                {view === "open" ? (
                    <OpenView onFiles={(files) => void take(files, true)} />
                ) : !open ? (
                    state.phase === "opening" ? (
                        <p class="muted pad" role="status">
                            Opening …
                        </p>
                    ) : (
                        <Empty title="Nothing is open">
                            Drop a database or a snapshot anywhere on the page, or{" "}
                            <a href={`#open${at.url ? `?url=${encodeURIComponent(at.url)}` : ""}`}>choose one</a>.
                        </Empty>
                    )
                ) : view === "map" ? (
                    <MapView />
                ) : view === "benchmarks" ? (
                    <BenchmarksView />
                ) : view === "whatif" ? (
                    <WhatIfView />
                ) : view === "steps" ? (
                    <StepsView />
                ) : (
                    <CompareView />
                )}
            </main>
            <Help open={help} onClose={() => showHelp(false)} shortcuts={shortcuts} />
        </div>
    );
}

function Logo() {
    return (
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M3 18 12 4l3.2 5" />
            <path d="M9 18h12l-3-4.6" />
        </svg>
    );
}

/** Takes files dropped anywhere; says whether any are held over the page. */
function useDrops(take: (files: Dropped[], toOpen?: boolean) => Promise<void>): boolean {
    const [dragging, drag] = useState(false);
    useEffect(() => {
        const over = (event: DragEvent) => {
            if (!event.dataTransfer?.types.includes("Files")) return;
            event.preventDefault();
            drag(true);
        };
        const leave = (event: DragEvent) => {
            if (event.relatedTarget === null) drag(false);
        };
        const drop = (event: DragEvent) => {
            drag(false);
            if (!event.dataTransfer?.types.includes("Files")) return;
            event.preventDefault();
            void droppedFiles(event.dataTransfer).then((files) => take(files));
        };
        addEventListener("dragover", over);
        addEventListener("dragleave", leave);
        addEventListener("drop", drop);
        return () => {
            removeEventListener("dragover", over);
            removeEventListener("dragleave", leave);
            removeEventListener("drop", drop);
        };
    }, [take]);
    return dragging;
}

function useTitle(view: View, name: string): void {
    useEffect(() => {
        document.title = `${TITLES[view]} · ${name}`;
    }, [view, name]);
}

/** A link to a suite that came from an address says so, whichever view it is of. */
function useSourceInLinks(): void {
    const [, { source }] = useSession();
    const [place, go] = usePlace();
    useEffect(() => {
        if (source === null) return;
        const url = source.kind === "url" ? source.url : undefined;
        if (place.view !== "open" && place.at.url !== url) go({ url }, "replace");
    }, [source, place, go]);
}

const POLL_MS = 4000;

/** In a served page the snapshot is looked at again while the page is in sight. */
function usePolling(config: PageConfig): void {
    const [session] = useSession();
    useEffect(() => {
        if (config.mode !== "served") return;
        const timer = setInterval(() => {
            if (document.visibilityState === "visible") void session.poll();
        }, POLL_MS);
        return () => clearInterval(timer);
    }, [config, session]);
}
