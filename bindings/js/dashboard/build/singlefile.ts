// A build step: all that the page needs becomes part of its one HTML file.

import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

export interface Carried {
    /** Id of the element that holds it. */
    id: string;
    /** Reads it when the page is written. */
    read: () => Uint8Array;
}

/** A second page, which has an example to open. */
export interface Example {
    /** Its file name. */
    page: string;
    /** Reads the snapshot. */
    read: () => Uint8Array;
}

/** Puts scripts and styles into the page, and `carried` beside them, gzipped and as base64. */
export function singleFile(name: string, carried: readonly Carried[], example?: Example): Plugin {
    return {
        name: "lightspeed-single-file",
        enforce: "post",
        apply: "build",
        config: () => ({
            build: { assetsInlineLimit: Number.MAX_SAFE_INTEGER, cssCodeSplit: false, modulePreload: false },
        }),
        generateBundle(_, bundle) {
            const page = Object.values(bundle).find((file) => file.fileName.endsWith(".html"));
            if (page?.type !== "asset") throw new Error("the build gave no HTML file");
            let html = String(page.source);
            for (const file of Object.values(bundle)) {
                if (file === page) continue;
                // Functions, because a `$` in a replacement text has a meaning.
                if (file.type === "chunk" && file.isEntry) {
                    html = replaced(html, /<script type="module"[^>]*src="[^"]*"[^>]*><\/script>/, () => "");
                    html = replaced(
                        html,
                        /<\/body>/,
                        () => `<script type="module">${forScript(file.code)}</script>\n</body>`,
                    );
                } else if (file.type === "asset" && file.fileName.endsWith(".css")) {
                    html = replaced(
                        html,
                        /<link rel="stylesheet"[^>]*>/,
                        () => `<style>${String(file.source)}</style>`,
                    );
                } else throw new Error(`${file.fileName} would stay outside of the page`);
                delete bundle[file.fileName];
            }
            const parts = carried.map(
                ({ id, read }) =>
                    `<script type="application/octet-stream" id="${id}">${Buffer.from(gzipSync(read(), { level: 9 })).toString("base64")}</script>\n`,
            );
            html = replaced(html, /<\/head>/, () => `${parts.join("")}</head>`);
            delete bundle[page.fileName];
            this.emitFile({ type: "asset", fileName: name, source: html });
            if (example) {
                const snapshot = Buffer.from(example.read()).toString("base64");
                html = replaced(html, /(?<=<script [^>]*id="lightspeed-snapshot"[^>]*>)(?=<\/script>)/, () => snapshot);
                this.emitFile({ type: "asset", fileName: example.page, source: html });
            }
        },
    };
}

function replaced(html: string, pattern: RegExp, by: () => string): string {
    if (!pattern.test(html)) throw new Error(`the page has nothing like ${pattern.source}`);
    return html.replace(pattern, by);
}

/** Code that cannot end its own element. */
function forScript(code: string): string {
    return code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
