// The first view: what to open, and what is open.

import { useState } from "preact/hooks";
import { counted, formatBytes, formatTime } from "../model/format.ts";
import { hasEmbedded } from "../page/config.ts";
import { chosenFiles, type Dropped } from "../page/drop.ts";
import { moveTo, usePlace, useSession } from "../page/hooks.ts";

export function OpenView({ onFiles }: { onFiles: (files: Dropped[]) => void }) {
    const [session, { overview, phase }] = useSession();
    const [{ at }] = usePlace();
    const [url, setUrl] = useState(at.url ?? "");
    const openUrl = async (event: Event) => {
        event.preventDefault();
        if (!/^https?:\/\//i.test(url)) {
            session.say("The address has to begin with https:// or http://.");
            return;
        }
        if (await session.open({ kind: "url", url })) moveTo({ view: "map", at: { url } });
    };
    const openExample = async () => {
        if (await session.open({ kind: "embedded", title: "example" })) moveTo({ view: "map", at: {} });
    };
    return (
        <section class="open" aria-labelledby="open-title">
            <h1 id="open-title">{overview ? "Open another suite" : "Which benchmarks does a change affect?"}</h1>
            <p class="lead">
                Open a suite’s database or a snapshot of it. All is worked out in this page; nothing leaves it.
            </p>
            <label class="drop">
                <input
                    type="file"
                    class="hidden"
                    onChange={(event) => {
                        const { files } = event.currentTarget;
                        if (files?.length) onFiles(chosenFiles(files));
                        event.currentTarget.value = "";
                    }}
                />
                <span class="drop-icon" aria-hidden="true">
                    ⇩
                </span>
                <span>
                    <strong>{phase === "opening" ? "Opening …" : "Drop a file anywhere, or choose one"}</strong>
                    <br />
                    <span class="muted">
                        <code>.lightspeed_deps.db</code>, or what <code>lightspeed export --snapshot</code> wrote
                    </span>
                </span>
            </label>
            <form class="open-url" onSubmit={(event) => void openUrl(event)}>
                <input
                    type="url"
                    class="input"
                    placeholder="https://… of a snapshot or a database"
                    aria-label="Address of a snapshot or a database"
                    value={url}
                    onInput={(event) => setUrl(event.currentTarget.value)}
                />
                <button type="submit" class="button">
                    Open address
                </button>
                {hasEmbedded() && (
                    <button type="button" class="button" onClick={() => void openExample()}>
                        Open the example
                    </button>
                )}
            </form>
            {overview && <OpenSuite />}
        </section>
    );
}

function OpenSuite() {
    const [, { overview }] = useSession();
    if (!overview) return null;
    const { suite } = overview;
    const facts: [string, string][] = [
        ["File", `${overview.name}, ${formatBytes(overview.bytes)}`],
        ["Suite", suite ? suite.name : "not said in the file"],
        [
            "Surveyed",
            suite ? `${formatTime(suite.surveyed_at_ms)}, generation ${suite.generation}` : "not said in the file",
        ],
        [
            "Interpreter",
            suite
                ? [suite.interpreter, suite.runner_version && `asv_runner ${suite.runner_version}`]
                      .filter(Boolean)
                      .join(", ")
                : "not said in the file",
        ],
        [
            "Contents",
            [
                counted(overview.instances, "instance"),
                counted(overview.files, "file"),
                `${counted(overview.texts, "source text")}`,
            ].join(", "),
        ],
        ["Measured", [counted(overview.baselines, "baseline"), counted(overview.steps, "step")].join(", ")],
    ];
    return (
        <section class="card" aria-labelledby="open-now">
            <h2 id="open-now">Open now</h2>
            <dl class="facts">
                {facts.map(([name, value]) => (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}
