// The built page with the real module in headless Chromium, over the demo's database: it names whom the program names.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";

const PAGE = pathToFileURL(fileURLToPath(new URL("../../dist/lightspeed.html", import.meta.url))).href;
const FLOX = inject("flox");
const EDITS = [
    { name: "wider", file: "aggregate_flox.py" },
    { name: "two-passes", file: "aggregate_flox.py" },
    { name: "function", file: "rechunk.py" },
    { name: "comment", file: "aggregations.py" },
    { name: "broken", file: "cohorts.py" },
];
const SUITES = ["suite.db", "suite.snapshot"];

let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
    const root = process.getuid?.() === 0;
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: root ? ["--no-sandbox"] : [],
    });
});
afterAll(() => browser.close());

beforeEach(async () => {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    page = await context.newPage();
    page.setDefaultTimeout(8000);
    troubles = [];
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("request", (request) => {
        if (!/^(file|blob|data):/.test(request.url())) troubles.push(request.url());
    });
    await page.goto(PAGE);
});
afterEach(async () => {
    expect(troubles).toEqual([]);
    await page.context().close();
});

/** Drops files on the page as a person does. */
async function drop(files: readonly [name: string, content: Buffer][]): Promise<void> {
    const given = files.map(([name, content]) => [name, content.toString("base64")] as const);
    await page.evaluate((all) => {
        const transfer = new DataTransfer();
        for (const [name, content] of all) {
            transfer.items.add(new File([Uint8Array.from(atob(content), (char) => char.charCodeAt(0))], name));
        }
        for (const type of ["dragenter", "dragover", "drop"]) {
            const event = new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event);
        }
    }, given);
}

const flox = (...parts: string[]) => readFileSync(join(FLOX, ...parts));

async function open(suite: string): Promise<void> {
    await drop([[suite, flox(suite)]]);
    await page.waitForURL(/#map/);
}

async function look(hash: string): Promise<void> {
    await page.evaluate((to) => {
        location.hash = to;
    }, hash);
}

/** What `lightspeed select` named. */
function named(edit: string): string[] {
    const { affected } = JSON.parse(flox(edit, "select.json").toString());
    return affected.map(({ benchmark }: { benchmark: string }) => benchmark).toSorted();
}

/** Compares what the page says is to be run with what the program named. */
async function expectNamed(edit: string): Promise<void> {
    const expected = named(edit);
    if (edit === "comment") {
        expect(expected).toEqual([]);
        await expect.poll(() => page.locator(".figure").textContent()).toMatch(/^0 of 265 /);
        return;
    }
    expect(expected.length).toBeGreaterThan(0);
    await expect.poll(() => page.locator(".figure").textContent()).toContain(`${expected.length} of 265 instances`);
    await page.getByText("Copy what to run").click();
    await expect.poll(() => page.getByText("Copied").count()).toBe(1);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split("\n").toSorted()).toEqual(expected);
}

describe.each(SUITES)("%s", (suite) => {
    it.each(EDITS)("a dropped file: $name", async ({ name, file }) => {
        await open(suite);
        await look("#whatif");
        await drop([[file, flox(name, file)]]);
        await expectNamed(name);
    });

    it.each(EDITS)("its diff: $name", async ({ name }) => {
        await open(suite);
        await look("#whatif");
        await page.fill("#diff", flox(name, "change.diff").toString());
        await expectNamed(name);
    });
});

it("the page with an example opens it", async () => {
    await page.goto(new URL("example.html", PAGE).href);
    await page.getByText("Open the example").click();
    await page.waitForURL(/#map/);
    await look("#steps?step=two-passes");
    await expect.poll(() => page.locator(".pane h2").textContent()).toBe("two-passes");
    await look("#benchmarks");
    await expect.poll(() => page.locator(".table-foot").textContent()).toContain("265 in all");
});

describe("bad input", () => {
    const cut = (name: string, bytes: number) => flox(name).subarray(0, bytes);
    const newer = () => {
        const snapshot = flox("suite.snapshot");
        snapshot[4] = 99;
        return snapshot;
    };
    it.each([
        ["cut.snapshot", () => cut("suite.snapshot", 5000), /damaged|cut off|truncated|end is missing/],
        ["newer.snapshot", newer, /version/],
        ["cut.db", () => cut("suite.db", 100_000), /end is missing|cut off/],
        ["other.db", () => Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(4080)]), /SQLite|database/],
        ["page.html", () => readFileSync(fileURLToPath(PAGE)), /neither a Lightspeed snapshot nor a database/],
    ] as const)("%s is refused with a sentence, and the page goes on", async (name, content, says) => {
        await open("suite.db");
        await look("#open");
        await page
            .locator('main input[type="file"]')
            .first()
            .setInputFiles({
                name: basename(name),
                mimeType: "application/octet-stream",
                buffer: content(),
            });
        await expect.poll(() => page.locator(".messages").textContent()).toMatch(says);
        await look("#whatif");
        await drop([["aggregate_flox.py", flox("two-passes", "aggregate_flox.py")]]);
        await expectNamed("two-passes");
    });

    it("a diff of another version names the file", async () => {
        await open("suite.db");
        await look("#whatif");
        await page.fill("#diff", flox("two-passes", "change.diff").toString().replace("out /= nanlen", "out /= nan"));
        await expect.poll(() => page.locator(".entry").textContent()).toMatch(/aggregate_flox\.py.*does not fit/s);
    });
});
