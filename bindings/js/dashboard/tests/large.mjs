// How the page bears 50,000 instances of 500 files: time to filter and sort, and the time between frames while it scrolls.

import { chromium } from "playwright-core";

const built = process.argv[2] ?? "dist-synthetic/lightspeed.html";
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.on("pageerror", (error) => console.log("pageerror:", error.message));
await page.goto(`file://${process.cwd()}/${built}`);

/** Milliseconds from an action until a text stands in the table's foot, twice drawn. */
async function until(name, action, text) {
    const began = Date.now();
    const ms = await page.evaluate(
        async ([what, expected]) => {
            const start = performance.now();
            if (what.fill !== undefined) {
                const field = document.querySelector("[data-filter]");
                field.value = what.fill;
                field.dispatchEvent(new InputEvent("input", { bubbles: true }));
            } else if (what.hash) location.hash = what.hash;
            else
                Array.from(document.querySelectorAll(".sort"))
                    .find((button) => button.textContent.startsWith(what.sort))
                    .click();
            const before = document.querySelector(".table-body .name")?.textContent;
            const footBefore = document.querySelector(".table-foot")?.textContent;
            for (;;) {
                await new Promise((resolve) => requestAnimationFrame(resolve));
                const foot = document.querySelector(".table-foot")?.textContent ?? "";
                const settled =
                    document.querySelector(".table[data-busy]") === null &&
                    document.querySelector(".table-body .name") !== null;
                const moved =
                    what.fill !== undefined
                        ? foot !== footBefore
                        : !what.sort || document.querySelector(".table-body .name")?.textContent !== before;
                if (settled && moved && foot.replace(/\s/g, "").includes(expected)) return performance.now() - start;
                if (performance.now() - start > 20_000) return -1;
            }
        },
        [action, text],
    );
    console.log(`${name}: ${ms.toFixed(0)} ms${ms < 0 ? ` (never within ${Date.now() - began} ms)` : ""}`);
}

/** Scrolls for some seconds and says how long frames took. */
async function frames(name, selector, down, right) {
    const times = await page.evaluate(
        async ([where, y, x]) => {
            const box = document.querySelector(where);
            const found = [];
            let [last, empty, rows] = [performance.now(), 0, 0];
            for (let turn = 0; turn < 240; turn += 1) {
                box.scrollTop += y;
                box.scrollLeft += x;
                const now = await new Promise((resolve) => requestAnimationFrame(resolve));
                found.push(now - last);
                last = now;
                empty += box.querySelectorAll(".ghost").length > 0 ? 1 : 0;
                rows = box.querySelectorAll('[role="row"]').length;
            }
            found.shift();
            found.sort((a, b) => a - b);
            return {
                median: found[found.length >> 1],
                p99: found[Math.floor(found.length * 0.99)],
                worst: found.at(-1),
                empty,
                rows,
            };
        },
        [selector, down, right],
    );
    console.log(
        `${name}: median ${times.median.toFixed(1)} ms, 99 % ${times.p99.toFixed(1)} ms, worst ${times.worst.toFixed(1)} ms; ${times.empty} of 240 frames with a row on its way; ${times.rows} rows exist`,
    );
}

const opened = Date.now();
await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles({
        name: "large.lightspeed",
        mimeType: "application/octet-stream",
        buffer: Buffer.from('LSSV{"instances":50000,"files":500,"steps":12}'),
    });
await page.waitForURL(/#map/, { timeout: 120_000 });
console.log(`opened (made and read): ${Date.now() - opened} ms`);
await page.waitForTimeout(1500);
await frames("map by file, scrolled", ".heat-scroll", 0, 40);
await page.evaluate(() => {
    location.hash = "#map?by=benchmark&size=small";
});
await page.waitForTimeout(2500);
await frames("map by benchmark, scrolled", ".heat-scroll", 120, 12);
await until("list of all", { hash: "#benchmarks" }, "50000");
await frames("list, scrolled by a page a frame", ".table-body", 700, 0);
await frames("list, scrolled slowly", ".table-body", 60, 0);
await until("sort by change", { sort: "Last change" }, "50000");
await until("sort by baseline", { sort: "Baseline" }, "50000");
await until("sort by name", { sort: "Benchmark" }, "50000");
await until("filter by a word", { fill: "matrix" }, "of50000");
await until("filter by an expression", { fill: "/time_.*_4\\d+-[12]$/" }, "of50000");
await until("filter taken away", { fill: "" }, "50000inall");
await browser.close();
