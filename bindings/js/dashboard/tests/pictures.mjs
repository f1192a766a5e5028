// Takes the pictures of docs/dashboard.md: each view of the built page over the demo's database, light and dark, wide and narrow.
// By hand: `python3 demo/dashboard.py --measured FOLDER` first, then `node tests/pictures.mjs FOLDER ../../../docs/pictures`.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const PAGE = pathToFileURL(fileURLToPath(new URL("../dist/example.html", import.meta.url))).href;
const [flox, into] = process.argv.slice(2);
if (!flox || !into) throw new Error("which folder did demo/dashboard.py fill, and where do the pictures go?");
mkdirSync(into, { recursive: true });
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
});

/** The page with nothing opened. */
async function opened(width, height, colorScheme) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error(error));
    await page.goto(PAGE);
    return page;
}

async function pictures(name, width, height, scheme) {
    const page = await opened(width, height, scheme);
    const look = async (hash) => {
        await page.evaluate((to) => {
            location.hash = to;
        }, hash);
        await page.waitForTimeout(500);
    };
    const taken = async (view) => {
        await page.mouse.move(0, 0);
        await page.waitForTimeout(100);
        await page.screenshot({ path: join(into, `${view}-${name}.png`) });
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)) {
            console.error(`${view}-${name}: the page is wider than the screen`);
        }
    };
    await taken("open");
    await page.locator('main input[type="file"]').first().setInputFiles(join(flox, "suite.db"));
    await page.waitForURL(/#map/);
    await look("#map?by=class");
    await taken("map");
    await look("#map?file=rechunk.py");
    await taken("file");
    await look("#benchmarks?sort=-effect");
    await taken("benchmarks");
    await page.locator('[role="row"][aria-rowindex="2"]').click();
    await page.waitForTimeout(500);
    await taken("instance");
    await look("#whatif");
    await page.fill("#diff", readFileSync(join(flox, "two-passes", "change.diff"), "utf8"));
    await page.waitForTimeout(600);
    await taken("whatif");
    await page.locator(".reason").first().click();
    await page.waitForTimeout(500);
    await page.locator(".reason-pane").scrollIntoViewIfNeeded();
    await taken("reason");
    await look("#steps");
    await taken("steps");
    await look("#steps?step=two-passes");
    await taken("step");
    await look("#compare?from=wider&to=two-passes");
    await taken("compare");
    await page.context().close();
}

for (const scheme of ["light", "dark"]) {
    await pictures(`wide-${scheme}`, 1280, 800, scheme);
    await pictures(`narrow-${scheme}`, 360, 780, scheme);
}
await browser.close();
