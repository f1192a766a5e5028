// The built page in headless Chromium, opened as a file: what a person does with it, over a generated suite.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const BUILT = fileURLToPath(new URL("../../dist-synthetic/lightspeed.html", import.meta.url));
const DIFF = "--- a/src/pkg/core/array.py\n+++ b/src/pkg/core/array.py\n@@ -5,1 +5,1 @@\n-LIMIT = 10\n+LIMIT = 12\n";
const snapshot = (instances = 600) => Buffer.from(`LSSV${JSON.stringify({ instances, files: 40, steps: 6 })}`);

let browser: Browser;
let page: Page;
let requests: string[];
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
    page = await browser.newPage();
    page.setDefaultTimeout(4000);
    [requests, troubles] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => {
        if (message.type() === "error") troubles.push(message.text());
    });
});
afterEach(async () => {
    expect(troubles).toEqual([]);
    await page.close();
});

const give = (name: string, buffer: Buffer) =>
    page
        .locator('main input[type="file"]')
        .first()
        .setInputFiles({ name, mimeType: "application/octet-stream", buffer });
const message = () => page.locator(".messages").textContent();
const filePage = () => page.goto(pathToFileURL(BUILT).href);

async function open(): Promise<void> {
    await filePage();
    await give("suite.snapshot", snapshot());
    await page.waitForURL(/#map/);
}

async function look(hash: string): Promise<void> {
    await page.evaluate((to) => {
        location.hash = to;
    }, hash);
}

describe("the page", () => {
    it("asks nobody for anything", async () => {
        await open();
        for (const view of ["benchmarks", "whatif", "steps", "compare"]) {
            await look(`#${view}`);
            await page.waitForTimeout(150);
        }
        expect(requests.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
        expect(requests.filter((url) => url.startsWith("file:"))).toHaveLength(1);
    });

    it("goes back and forward, and a link shows the same again", async () => {
        await open();
        await look("#benchmarks?sort=-baseline");
        await page.locator('.table-body [role="row"]').nth(2).click();
        await page.waitForURL(/id=/);
        const id = await page.locator(".pane h2").textContent();
        await page.goBack();
        await expect.poll(() => page.locator(".pane").count()).toBe(0);
        await page.goForward();
        await expect.poll(() => page.locator(".pane h2").textContent()).toBe(id);
        const link = page.url();
        await page.goto("about:blank");
        await page.goto(link);
        await look("#open");
        await give("suite.snapshot", snapshot());
        await look(link.slice(link.indexOf("#")));
        await expect.poll(() => page.locator(".pane h2").textContent()).toBe(id);
    });

    it("is used by keyboard", async () => {
        await open();
        await page.keyboard.press("3");
        await page.locator('[role="grid"]').focus();
        await expect.poll(() => page.locator(".table-body .name").count()).toBeGreaterThan(5);
        for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"]) await page.keyboard.press(key);
        const active = await page.locator('[role="grid"]').getAttribute("aria-activedescendant");
        const id = await page.locator(`[id="${active}"] .name`).textContent();
        await page.keyboard.press("Enter");
        await expect.poll(() => page.locator(".pane h2").textContent()).toBe(id);
        await page.keyboard.press("Escape");
        await expect.poll(() => page.locator(".pane").count()).toBe(0);
        await page.keyboard.press("End");
        await expect.poll(() => page.locator('[role="row"][aria-rowindex="601"]').count()).toBe(1);
        await page.keyboard.press("/");
        await page.keyboard.type("zzz");
        await expect.poll(() => page.locator(".table-empty").textContent()).toContain("Nothing fits");
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        await expect.poll(() => page.locator("dialog[open]").count()).toBe(1);
    });

    it("tells whom a diff affects, and takes it from its link", async () => {
        await open();
        await look("#whatif");
        await page.fill("#diff", DIFF);
        await expect.poll(() => page.locator(".figure").textContent()).toMatch(/^[1-9]\d* of 600 instances affected/);
        const figure = await page.locator(".figure").textContent();
        await page.locator(".reason").first().click();
        await expect.poll(() => page.locator('.lines [data-kind="+"] code').first().textContent()).toBe("LIMIT = 12");
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        await page.getByText("Copy link").click();
        await expect.poll(() => page.getByText("Copied").count()).toBe(1);
        const link = await page.evaluate(() => navigator.clipboard.readText());
        await page.goto("about:blank");
        await page.goto(link);
        await look("#open");
        await give("suite.snapshot", snapshot());
        await look(link.slice(link.indexOf("#")));
        await expect.poll(() => page.locator(".figure").textContent()).toBe(figure);
    });

    it("shows where a file belongs, and lets a person choose", async () => {
        await open();
        await look("#whatif");
        await page
            .locator('.whatif input[type="file"]')
            .setInputFiles({ name: "array.py", mimeType: "text/x-python", buffer: Buffer.from("LIMIT = 1\n") });
        await expect.poll(() => page.locator(".entry").textContent()).toContain("several fit");
        const first = await page.locator(".reason-group h4").textContent();
        await page.locator(".entry select").selectOption("pkg/io/array.py");
        await expect.poll(() => page.locator(".reason-group h4").textContent()).not.toBe(first);
        await page.locator(".entry select").selectOption("");
        await expect.poll(() => page.locator(".whatif-answer").textContent()).toContain("Nothing differs");
    });
});

describe("bad input", () => {
    it.each([
        ["notes.txt", Buffer.from("no suite"), "neither a Lightspeed snapshot nor a database"],
        ["newer.snapshot", Buffer.from("LSSV9…"), "version 9"],
        ["cut.snapshot", snapshot().subarray(0, 20), "damaged"],
        ["cut.db", Buffer.from("SQLite format 3\0…"), "cut off"],
        ["empty.db", Buffer.alloc(0), "is empty"],
    ])("%s is refused with a sentence, and the page goes on", async (name, bytes, says) => {
        await open();
        await look("#open");
        await give(name, bytes);
        await expect.poll(message).toContain(says);
        expect(await message()).toContain(name);
        await look("#benchmarks");
        await expect.poll(() => page.locator(".table-foot").textContent()).toContain("600 in all");
    });

    it("a diff that does not apply names the file and the hunk", async () => {
        await open();
        await look("#whatif");
        await page.fill("#diff", DIFF.replace("LIMIT = 10", "LIMIT = 11"));
        await expect.poll(() => page.locator(".entry").textContent()).toContain("src/pkg/core/array.py");
        expect(await page.locator(".entry").textContent()).toContain("hunk 1 of 1 (@@ -5,1 +5,1 @@) does not fit");
        await page.fill("#diff", "no diff at all");
        await expect.poll(() => page.locator(".whatif-change .message").textContent()).toContain("Paste what");
    });

    it("a source of 100 MB is refused before it is read", async () => {
        await open();
        await look("#whatif");
        await page.evaluate(() => {
            const file = new File([new Uint8Array(100_000_000)], "huge.py");
            file.arrayBuffer = () => {
                throw new Error("it was read");
            };
            const files = new DataTransfer();
            files.items.add(file);
            const input = document.querySelector<HTMLInputElement>('.whatif input[type="file"]');
            if (!input) throw new Error("no input");
            Object.defineProperty(input, "files", { value: files.files, configurable: true });
            input.dispatchEvent(new Event("change", { bubbles: true }));
        });
        await expect
            .poll(() => page.locator(".whatif-change .message").textContent())
            .toMatch(/huge\.py.*95\.37.MiB.*not read/s);
    });

    it("a worker that meets a defect is started again, and the suite reopened", async () => {
        await open();
        await look("#open");
        await give("panic.snapshot", Buffer.from("LSSVpanic"));
        await expect.poll(message).toContain("started again");
        await look("#benchmarks");
        await expect.poll(() => page.locator(".table-foot").textContent()).toContain("600 in all");
    });
});

describe("served and as a report", () => {
    let server: Server;
    let base: string;
    let [body, etag, answers]: [Buffer, string, number[]] = [snapshot(), '"1"', []];
    const filled = (config: object, data = "") =>
        readFileSync(BUILT, "utf8")
            .replace('id="lightspeed-page"></script>', () => `id="lightspeed-page">${JSON.stringify(config)}</script>`)
            .replace('id="lightspeed-snapshot"></script>', () => `id="lightspeed-snapshot">${data}</script>`);

    beforeAll(async () => {
        server = createServer((request, response) => {
            if (request.url === "/snapshot") {
                const known = request.headers["if-none-match"] === etag;
                answers.push(known ? 304 : 200);
                response.writeHead(known ? 304 : 200, { ETag: etag }).end(known ? undefined : body);
            } else if (request.url === "/open")
                response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(readFileSync(BUILT));
            else if (request.url === "/")
                response
                    .writeHead(200, { "Content-Type": "text/html; charset=utf-8" })
                    .end(filled({ mode: "served", title: "demo", step: null }));
            else if (request.url === "/report")
                response
                    .writeHead(200, { "Content-Type": "text/html; charset=utf-8" })
                    .end(filled({ mode: "report", title: "run 7", step: "step-003" }, snapshot().toString("base64")));
            else response.writeHead(404).end();
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = server.address();
        base = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it("takes a new snapshot when there is one, and only then", async () => {
        await page.goto(`${base}/#benchmarks`);
        await expect.poll(() => page.locator(".table-foot").textContent()).toContain("600 in all");
        await expect.poll(() => answers.includes(304), { timeout: 9000 }).toBe(true);
        [body, etag] = [snapshot(700), '"2"'];
        await expect.poll(() => page.locator(".table-foot").textContent(), { timeout: 9000 }).toContain("700 in all");
        expect(answers.filter((status) => status === 200)).toHaveLength(2);
    }, 30_000);

    it("keeps an address that was given in its links, and asks before it goes there", async () => {
        await page.goto(`${base}/open#steps?url=${encodeURIComponent(`${base}/snapshot`)}`);
        await page.waitForTimeout(300);
        expect(requests.filter((url) => url.endsWith("/snapshot"))).toEqual([]);
        await page.getByText("choose one").click();
        await page.getByText("Open address").click();
        await page.waitForURL(/#map\?url=/);
        await page.keyboard.press("3");
        await page.waitForURL(/#benchmarks\?url=/);
    });

    it("opens what it carries at the step of its run", async () => {
        await page.goto(`${base}/report`);
        await expect.poll(() => page.locator(".pane h2").textContent()).toBe("step-003");
        expect(await page.title()).toContain("Steps");
        expect(requests.filter((url) => url.startsWith("http"))).toEqual([`${base}/report`]);
    });
});
