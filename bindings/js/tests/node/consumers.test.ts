// The package as others get it: packed, installed, and used from Node, TypeScript, a plain page, a worker and a bundler.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { type Browser, chromium } from "playwright";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

import { launchOptions } from "../support/chromium.js";
import { served } from "../support/served.js";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const USE = `
    await init();
    const { median } = stats("summarize", { sample: [1, 2, 3] });
    const answer = \`\${median} \${blocks("a.py", "def f(): pass\\n").blocks.length}\`;`;
const ANSWER = "2 2";
const QUIET = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];

let folder: string;
let browser: Browser;

beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lightspeed-consumer-"));
    const [packed] = JSON.parse(npm(PACKAGE, "pack", "--json", "--pack-destination", folder));
    write("package.json", '{ "name": "consumer", "private": true, "type": "module" }');
    npm(folder, "install", ...QUIET, `./${packed.filename}`);
    browser = await chromium.launch(launchOptions());
});

afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
});

test("what is packed is what is needed", () => {
    const names = JSON.parse(npm(PACKAGE, "pack", "--json", "--dry-run"))[0].files.map(
        ({ path }: { path: string }) => path,
    ) as string[];
    expect(names).toEqual(
        expect.arrayContaining([
            "README.md",
            "dist/index.js",
            "dist/index.d.ts",
            "dist/lightspeed.js",
            "dist/lightspeed.wasm",
        ]),
    );
    expect(
        names.filter((name) => !/^(README\.md|package\.json|LICENSE.*|dist\/\w+\.(d\.ts|js|wasm))$/.test(name)),
    ).toEqual([]);
    const lock = readFileSync(join(PACKAGE, "package-lock.json"), "utf8");
    expect(lock).not.toMatch(/"resolved": "\w+:|registry/);
});

test("Node", () => {
    write("use.js", `import { init, stats, blocks } from "lightspeed";\n${USE}\nconsole.log(answer);`);
    expect(execFileSync(process.execPath, ["use.js"], { cwd: folder, encoding: "utf8" }).trim()).toBe(ANSWER);
});

test("Node, with the module from elsewhere", () => {
    write(
        "module.js",
        `
        import { readFileSync } from "node:fs";
        import { pathToFileURL } from "node:url";
        import { createRequire } from "node:module";
        import { init, stats, blocks, StartError, InputError } from "lightspeed";
        const path = createRequire(import.meta.url).resolve("lightspeed/lightspeed.wasm");
        for (const [source, kind] of [
            [new Uint8Array(8), StartError], [new URL("file:///nowhere/at/all.wasm"), StartError], ["relative.wasm", StartError], [7, InputError],
            [new Response("none", { status: 404 }), StartError],
        ]) {
            const error = await init(source).catch((error) => error);
            if (!(error instanceof kind)) throw new Error(String(error));
        }
        const bytes = readFileSync(path);
        const sources = { bytes, buffer: new Uint8Array(bytes).buffer, module: new WebAssembly.Module(bytes), url: pathToFileURL(path), text: pathToFileURL(path).href,
            response: new Response(bytes, { headers: { "content-type": "application/wasm" } }) };
        await init(sources[process.argv[2]]);
        await init();
        ${USE.replace("await init();", "")}
        console.log(answer);`,
    );
    for (const source of ["bytes", "buffer", "module", "url", "text", "response"]) {
        expect(
            execFileSync(process.execPath, ["module.js", source], { cwd: folder, encoding: "utf8" }).trim(),
            source,
        ).toBe(ANSWER);
    }
});

test("TypeScript, strictly, with the declarations checked too", () => {
    write(
        "use.ts",
        `import { Experiment, Index, type Reason, init, stats } from "lightspeed";
        import { type Sqlite3, openDatabase } from "lightspeed/database";
        export async function use(sqlite3: Sqlite3, bytes: Uint8Array): Promise<readonly Reason[]> {
            await init();
            const ratio: number | null = stats("welch", { baseline: [1], current: new Float64Array(1) }).estimate;
            // @ts-expect-error there is no such statistic
            stats("none", {});
            // @ts-expect-error an index is not made
            new Index();
            const experiment: Experiment = Experiment.resume(String(ratio));
            experiment.free();
            const database = openDatabase(sqlite3, bytes);
            return database.index.select({ "a.py": "x = 1" }, { policy: "strict" }).reasons();
        }`,
    );
    const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
    for (const [module, resolution] of [
        ["NodeNext", "NodeNext"],
        ["ESNext", "Bundler"],
    ] as const) {
        const options = [
            "--strict",
            "--noEmit",
            "--target",
            "ES2022",
            "--lib",
            "ES2022,DOM,ESNext.Disposable",
            "--types",
            "",
        ];
        const argv = [compiler, ...options, "--module", module, "--moduleResolution", resolution, "use.ts"];
        const output = () => execFileSync(process.execPath, argv, { cwd: folder, encoding: "utf8" });
        expect(output()).toBe("");
    }
});

test("a plain page, and a worker of it", async () => {
    const IMPORT = 'import { init, stats, blocks } from "/node_modules/lightspeed/dist/index.js";';
    write("page.html", `<!doctype html><script type="module">${IMPORT}${USE}; globalThis.answer = answer;</script>`);
    write("worker.js", `${IMPORT}${USE}; postMessage(answer);`);
    write(
        "worker.html",
        `<!doctype html><script type="module">
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => { globalThis.answer = data; };
        worker.onerror = (event) => { globalThis.answer = String(event.message); };
    </script>`,
    );
    expect(await answered(folder, "page.html")).toBe(ANSWER);
    expect(await answered(folder, "worker.html")).toBe(ANSWER);
});

test("a server that does not have the module is named", async () => {
    write(
        "missing.html",
        `<!doctype html><script type="module">
        import { init } from "/node_modules/lightspeed/dist/index.js";
        const error = await init("/nowhere.wasm").catch((error) => error);
        await init();
        globalThis.answer = error.name + " " + error.message;
    </script>`,
    );
    expect(await answered(folder, "missing.html")).toBe(
        "StartError the module is not at /nowhere.wasm (status 404): serve lightspeed.wasm there, or give init its URL",
    );
});

test("a bundler", async () => {
    const app = join(folder, "app");
    mkdirSync(join(app, "node_modules"), { recursive: true });
    renameSync(join(folder, "node_modules", "lightspeed"), join(app, "node_modules", "lightspeed"));
    writeFileSync(join(app, "index.html"), '<!doctype html><script type="module" src="/main.js"></script>');
    writeFileSync(
        join(app, "main.js"),
        `import { init, stats, blocks } from "lightspeed";\n${USE}\nglobalThis.answer = answer;\n`,
    );
    const warnings: string[] = [];
    const note = (message: string) => warnings.push(message);
    const customLogger = {
        info() {},
        warn: note,
        warnOnce: note,
        error: note,
        clearScreen() {},
        hasErrorLogged: () => false,
        hasWarned: false,
    };
    await build({
        root: app,
        configFile: false,
        customLogger,
        build: { target: "es2022", rolldownOptions: { logLevel: "warn", checks: { pluginTimings: false } } },
    });
    expect(warnings).toEqual([]);
    expect(await answered(join(app, "dist"), "index.html")).toBe(ANSWER);
});

/** What a page says. */
async function answered(root: string, path: string): Promise<string> {
    const server = await served(root);
    const page = await browser.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(String(error)));
    try {
        await page.goto(`${server.url}/${path}`);
        const answer = await page
            .waitForFunction(() => (globalThis as { answer?: string }).answer, undefined, { timeout: 20_000 })
            .catch(() => undefined);
        expect(wrong).toEqual([]);
        return (await answer?.jsonValue()) ?? "nothing";
    } finally {
        await page.close();
        server.close();
    }
}

function write(path: string, text: string): void {
    writeFileSync(join(folder, path), text);
}

function npm(cwd: string, ...argv: string[]): string {
    return execFileSync("npm", argv, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
