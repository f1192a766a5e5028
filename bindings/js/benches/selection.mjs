// Selection in headless Chromium beside the native library's, on one generated suite.
//
//     cargo run --release -p lightspeed --example scale -- 50000 500 20 FOLDER
//     node benches/selection.mjs FOLDER
//
// Prints a table. The browser's time is of `Index.select` with the texts as strings: the analysis of the changed files and the selection;
// native is the selection alone. "Cold" is the first one that a page makes, when the browser compiles what it runs; "first" comes after what the
// dashboard does when it has opened a suite: selections with other files, one at a time; "then" is the median of 20 more.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
const PAGE = '<!doctype html><link rel="icon" href="data:,"><title>selection</title>';
const [folder] = process.argv.slice(2);
if (!folder) throw new Error("which folder did the example `scale` fill?");

const edits = JSON.parse(readFileSync(join(folder, "edits.json"), "utf8"));

const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const from = pathname.startsWith("/suite/") ? join(folder, pathname.slice(7)) : join(DIST, pathname.slice(1));
    const body = pathname === "/" ? PAGE : readFileSync(from);
    response.writeHead(200, { "Content-Type": TYPES[extname(pathname)] ?? "text/html" }).end(body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});

/** Times the edit with this number in a page of its own. */
async function timed(number) {
    const page = await browser.newPage();
    try {
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        return await page.evaluate(async (place) => {
            const { init, Snapshot } = await import("/index.js");
            await init();
            const bytes = new Uint8Array(await (await fetch("/suite/suite.snapshot")).arrayBuffer());
            const { files } = (await (await fetch("/suite/edits.json")).json())[place];
            const index = new Snapshot(bytes).index();
            let affected = 0;
            const time = (changes) => {
                const began = performance.now();
                const selection = index.select(changes);
                const took = performance.now() - began;
                affected = selection.affected().length;
                selection.free();
                return took;
            };
            const cold = time(files);
            for (const [path, text] of Object.entries(files)) {
                await new Promise((resolve) => setTimeout(resolve, 20));
                time({ [path]: `${text}\n_ = 0\n` });
            }
            const times = Array.from({ length: 21 }, () => time(files));
            return { cold, first: times[0], then: times.slice(1).sort((a, b) => a - b)[10], affected };
        }, number);
    } finally {
        await page.close();
    }
}

try {
    console.log("| 20 changed files of 50,000 instances | affected | native | cold | first | then | goal |");
    console.log("|---|---:|---:|---:|---:|---:|---|");
    for (const [number, { what, affected, milliseconds }] of edits.entries()) {
        const found = await timed(number);
        if (found.affected !== affected) {
            throw new Error(`${what}: ${found.affected} instances, and natively ${affected}`);
        }
        const met = found.first <= 50 && found.then <= 50 ? "met" : "**missed**";
        const cells = [milliseconds, found.cold, found.first, found.then].map((value) => `${value.toFixed(1)} ms`);
        console.log(`| ${[what, affected, ...cells, `≤ 50 ms: ${met}`].join(" | ")} |`);
    }
} finally {
    await browser.close();
    server.close();
}
