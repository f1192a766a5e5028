// Takes pictures of every view of the built page, and measures how it bears a large suite. Run by hand: see the README.

import { mkdirSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [built, into] = [process.argv[2] ?? "dist-synthetic/lightspeed.html", process.argv[3] ?? "shots"];
mkdirSync(into, { recursive: true });
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
});
const DIFF = `diff --git a/src/pkg/core/array.py b/src/pkg/core/array.py
--- a/src/pkg/core/array.py
+++ b/src/pkg/core/array.py
@@ -2,5 +2,5 @@
 import math
 from pkg.core import checks
 
-LIMIT = 10
+LIMIT = 12
 
`;

/** Opens the page with a suite of the given sizes. */
async function open(width, scheme, sizes) {
    const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 780 : 800 },
        colorScheme: scheme,
        reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.on("console", (message) => {
        if (message.type() === "error") console.log("console:", message.text());
    });
    page.on("pageerror", (error) => console.log("pageerror:", error.message));
    await page.goto(`file://${process.cwd()}/${built}`);
    await page
        .locator('input[type="file"]')
        .first()
        .setInputFiles({
            name: "suite.lightspeed",
            mimeType: "application/octet-stream",
            buffer: Buffer.from(`LSSV${JSON.stringify(sizes)}`),
        });
    await page.waitForURL(/#map/, { timeout: 8000 }).catch(async (error) => {
        console.log(await page.locator(".messages").textContent());
        throw error;
    });
    await page.waitForTimeout(600);
    return page;
}

async function go(page, hash) {
    await page.evaluate((to) => {
        location.hash = to;
    }, hash);
    await page.waitForTimeout(450);
}

async function pictures(width, scheme) {
    const page = await open(width, scheme, { instances: 1200, files: 60, steps: 24 });
    const shot = (name) => page.screenshot({ path: `${into}/${name}-${scheme}-${width}.png` });
    const id = "bench_core.SmallArray.time_solve_0-1";
    await page.mouse.move(width * 0.6, 420);
    await page.waitForTimeout(100);
    await shot("map");
    await go(page, "#map?file=pkg/core/array.py&line=8");
    await shot("file");
    await go(page, "#map?by=class&row=bench_core.SmallArray");
    await shot("row");
    await go(page, "#benchmarks?sort=-effect");
    await shot("benchmarks");
    await page.locator('[role="row"][aria-rowindex="4"]').click();
    await page.waitForTimeout(400);
    await shot("instance");
    await go(page, `#benchmarks?id=${id}`);
    await go(page, "#whatif");
    await page.fill("#diff", DIFF);
    await page.locator('.whatif input[type="file"]').setInputFiles([
        { name: "matrix.py", mimeType: "text/x-python", buffer: Buffer.from("def f():\n    pass\n") },
        { name: "unknown.py", mimeType: "text/x-python", buffer: Buffer.from("x = 1\n") },
    ]);
    await page.waitForTimeout(700);
    await shot("whatif");
    await page.locator(".reason").first().click();
    await page.waitForTimeout(400);
    await page.locator(".reason-pane").scrollIntoViewIfNeeded();
    await shot("lines");
    await go(page, "#steps");
    await shot("steps");
    await go(page, "#steps?step=step-020");
    await shot("step");
    await go(page, "#compare?from=step-019&to=step-020");
    await page.waitForTimeout(300);
    await shot("compare");
    await go(page, "#open");
    await shot("open");
    await page.keyboard.press("?");
    await page.waitForTimeout(150);
    await shot("help");
    await page.keyboard.press("Escape");
    await page
        .locator('.open input[type="file"]')
        .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no suite") });
    await page.waitForTimeout(300);
    await shot("refused");
    const over = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    if (over) console.log(`${width}: the page is wider than the screen`);
    await page.context().close();
}

for (const width of [1280, 360]) for (const scheme of ["light", "dark"]) await pictures(width, scheme);
writeFileSync(`${into}/done`, "");
await browser.close();
