// The change: a diff, files, and where each file belongs.

import type { Entry } from "../engine/change.ts";
import { chosenFiles } from "../page/drop.ts";
import { useDraft } from "../page/draft.ts";
import { useAnswer } from "../page/hooks.ts";
import { Message } from "../part/message.tsx";

const STATES: Record<Entry["state"], { sign: string; word: string }> = {
    changed: { sign: "✓", word: "taken" },
    unchanged: { sign: "=", word: "as surveyed" },
    unmatched: { sign: "?", word: "not matching" },
    failed: { sign: "✕", word: "does not apply" },
    left_out: { sign: "–", word: "left out" },
};

export function ChangeForm({ error }: { error: string | null }) {
    const [draft, state] = useDraft();
    return (
        <>
            <label class="label" for="diff">
                Unified diff
            </label>
            <textarea
                id="diff"
                class="input mono"
                rows={state.diff ? 10 : 6}
                spellcheck={false}
                autocomplete="off"
                placeholder={"diff --git a/pkg/core.py b/pkg/core.py\n--- a/pkg/core.py\n+++ b/pkg/core.py\n@@ …"}
                value={state.diff}
                onInput={(event) => draft.setDiff(event.currentTarget.value)}
            />
            <label class="drop small">
                <input
                    type="file"
                    multiple
                    class="hidden"
                    onChange={(event) => {
                        const { files } = event.currentTarget;
                        if (files?.length) void draft.take(chosenFiles(files));
                        event.currentTarget.value = "";
                    }}
                />
                <span>
                    <strong>Choose changed files</strong> <span class="muted">or drop them anywhere, folders too</span>
                </span>
            </label>
            {error && <Message tone="error">{error}</Message>}
            {state.refused.map((text) => (
                <Message key={text} tone="error">
                    {text}
                </Message>
            ))}
        </>
    );
}

/** What became of each file; those that need a person first. */
export function Entries({ entries }: { entries: readonly Entry[] }) {
    const open = (entry: Entry) =>
        entry.state === "failed" || entry.state === "unmatched" ? 0 : entry.ambiguous ? 1 : 2;
    const sorted = entries.toSorted((a, b) => open(a) - open(b));
    if (entries.length === 0) return null;
    return (
        <>
            <div class="entries" role="list" aria-label="Files of the change">
                {sorted.map((entry) => (
                    <EntryView key={`${entry.origin}:${entry.given}`} entry={entry} />
                ))}
            </div>
            {entries.some((entry) => entry.state === "unmatched") && (
                <p class="muted">What matches no surveyed file counts for nothing, until you say where it belongs.</p>
            )}
        </>
    );
}

function EntryView({ entry }: { entry: Entry }) {
    const [draft] = useDraft();
    const state = STATES[entry.state];
    const { value: files } = useAnswer((engine) => engine.paths(), []);
    const options = [...new Set([...entry.candidates, ...(entry.chosen ? [entry.chosen] : [])])];
    const list = `paths-${entry.given.replace(/\W/g, "-")}`;
    return (
        <div class="entry" role="listitem" data-state={entry.state}>
            <span class="entry-sign" aria-hidden="true">
                {state.sign}
            </span>
            <div class="entry-text">
                <span class="mono">{entry.given}</span>{" "}
                <span class="muted">
                    {entry.kind}, {state.word}
                    {entry.ambiguous ? ", several fit" : ""}
                </span>
                {entry.message && <div class={entry.state === "failed" ? "field-error" : "muted"}>{entry.message}</div>}
                {entry.state === "unmatched" || options.length === 0 ? (
                    <form
                        class="entry-place"
                        onSubmit={(event) => {
                            event.preventDefault();
                            const typed = new FormData(event.currentTarget).get("place");
                            if (typeof typed === "string" && typed.trim()) draft.choose(entry.given, typed.trim());
                        }}
                    >
                        <input
                            class="input"
                            name="place"
                            list={list}
                            placeholder="path in the survey, or of a new file"
                            aria-label={`Where ${entry.given} belongs`}
                        />
                        <datalist id={list}>
                            {(files ?? []).slice(0, 500).map((path) => (
                                <option key={path} value={path} />
                            ))}
                        </datalist>
                        <button type="submit" class="button">
                            Set
                        </button>
                    </form>
                ) : (
                    <label class="entry-place">
                        <span class="muted">is</span>
                        <select
                            class="input"
                            aria-label={`Which file ${entry.given} is`}
                            value={entry.state === "left_out" ? "" : (entry.chosen ?? "")}
                            onChange={(event) => draft.choose(entry.given, event.currentTarget.value)}
                        >
                            {options.map((path) => (
                                <option key={path} value={path}>
                                    {path}
                                </option>
                            ))}
                            <option value="">leave it out</option>
                        </select>
                    </label>
                )}
            </div>
            {entry.origin === "file" && (
                <button
                    type="button"
                    class="quiet"
                    aria-label={`Remove ${entry.given}`}
                    onClick={() => draft.drop(entry.given)}
                >
                    ✕
                </button>
            )}
        </div>
    );
}
