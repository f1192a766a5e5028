// Starts the page, and opens what it was made for.

import { render } from "preact";
import { App } from "./app.tsx";
import { printPlace } from "./model/place.ts";
import { hasEmbedded, readConfig, type PageConfig } from "./page/config.ts";
import { Draft, DraftContext } from "./page/draft.ts";
import { SessionContext } from "./page/hooks.ts";
import { Session } from "./page/session.ts";
import "./style/base.css";
import "./style/parts.css";
import "./style/table.css";
import "./style/whatif.css";
import "./style/views.css";

const config = readConfig();
const session = new Session();
begin(config);
const root = document.getElementById("app");
if (root) {
    render(
        <SessionContext.Provider value={session}>
            <DraftContext.Provider value={new Draft()}>
                <App config={config} />
            </DraftContext.Provider>
        </SessionContext.Provider>,
        root,
    );
}

function begin({ mode, title, step }: PageConfig): void {
    if (location.hash === "" && mode !== "open")
        history.replaceState(
            null,
            "",
            printPlace(step === null ? { view: "map", at: {} } : { view: "steps", at: { step } }),
        );
    if (mode === "served") void session.open({ kind: "served", url: new URL("/snapshot", location.href).href, title });
    else if (mode === "report" && hasEmbedded()) void session.open({ kind: "embedded", title });
    else if (mode === "report")
        session.say("The report carries no snapshot: write it again with “lightspeed report --html FILE”.");
}
