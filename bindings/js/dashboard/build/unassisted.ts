// A build step: libraries are given their modules as bytes, and are kept from bundling files that they would else fetch.

import type { Plugin } from "vite";

/** Takes away, in the named libraries, what makes a bundler carry a file or look for where a script stands. */
export function unassisted(libraries: readonly RegExp[]): Plugin {
    return {
        name: "lightspeed-unassisted",
        enforce: "pre",
        transform(code, id) {
            if (!libraries.some((library) => library.test(id))) return null;
            return {
                code: code
                    .replace(/new URL\(("[^"]*"|'[^']*'), import\.meta\.url\)/g, 'new URL("about:blank")')
                    .replaceAll("import.meta.url", '"about:blank"'),
                map: null,
            };
        },
    };
}
