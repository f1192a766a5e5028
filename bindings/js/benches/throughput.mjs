// The WebAssembly module beside the native library: sizes, and how fast each fingerprints the same sources in the same run.
//
//     cargo build --release -p lightspeed-core --example throughput && scripts/wasm.sh
//     node bindings/js/benches/throughput.mjs [--program target/release/examples/throughput] [--wasm target/wasm/web] ROOT…
//
// Prints two tables. The rounds take turns, so that a busy machine slows both alike; the ratio is the median of the rounds'
// (goal: at least 0.6 of native).

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");

const { values: options, positionals: roots } = parseArgs({
    allowPositionals: true,
    options: {
        program: { type: "string", default: join(ROOT, "target", "release", "examples", "throughput") },
        wasm: { type: "string", default: join(ROOT, "target", "wasm", "web") },
        rounds: { type: "string", default: "7" },
        megabytes: { type: "string", default: "6" },
    },
});

const FILES = ["lightspeed_bg.wasm", "lightspeed.js"].map((name) => join(options.wasm, name));

async function main() {
    console.log(sizes());
    if (roots.length > 0) {
        console.log(`\n${await throughput(sources(Number(options.megabytes) * 1e6), Number(options.rounds))}`);
    }
}

function sizes() {
    const rows = FILES.map((path) => {
        const bytes = readFileSync(path);
        return [
            path.split("/").at(-1),
            bytes.length,
            gzipSync(bytes, { level: 9 }).length,
            brotliCompressSync(bytes).length,
        ];
    });
    rows.push(["in all", ...[1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0))]);
    return table(
        ["file", "bytes", "gzip", "brotli"],
        rows.map(([name, ...counts]) => [name, ...counts.map((n) => n.toLocaleString("en"))]),
    );
}

async function throughput(texts, rounds) {
    const lightspeed = await import(pathToFileURL(resolve(FILES[1])));
    lightspeed.initSync({ module: readFileSync(FILES[0]) });
    const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
    const measured = Array.from({ length: rounds + 1 }, () => [native(texts), inNode(lightspeed, texts)]);
    // The first round is the one in which Node compiles.
    measured.shift();
    const [natives, nodes] = [0, 1].map((side) => median(measured.map((round) => round[side])));
    const ratio = median(measured.map(([native, node]) => native / node));
    return [
        `${texts.length} files, ${megabytes.toFixed(1)} MB, ${rounds} rounds, Node ${process.versions.node}\n`,
        table(
            ["documents of blocks by", "MB/s", "of native (goal ≥ 0.6)"],
            [
                ["native", (megabytes / natives).toFixed(2), ""],
                ["Node", (megabytes / nodes).toFixed(2), ratio.toFixed(2)],
            ],
        ),
    ].join("\n");
}

// Seconds that the native library takes for all of them, the writing of documents included.
function native(texts) {
    const input = Buffer.concat(texts.flatMap((text) => [Buffer.from(`${text.length}\n`), text]));
    const { status, stdout, error } = spawnSync(options.program, ["1"], { input, maxBuffer: 1 << 20 });
    if (status !== 0) {
        throw error ?? new Error(`${options.program} ended with ${status}`);
    }
    return JSON.parse(stdout)[2];
}

// Seconds that the module takes for the same, and for handing sources and documents over.
function inNode({ blocks }, texts) {
    const start = performance.now();
    for (const text of texts) {
        blocks("a.py", text);
    }
    return (performance.now() - start) / 1e3;
}

// Python files below the roots, every n-th so that those taken have about so many bytes.
function sources(bytes) {
    const paths = roots.flatMap((root) =>
        readdirSync(root, { recursive: true })
            .filter((name) => name.endsWith(".py"))
            .sort()
            .map((name) => join(root, name)),
    );
    const files = paths.filter((path) => statSync(path).isFile());
    const total = files.reduce((sum, path) => sum + statSync(path).size, 0);
    const step = Math.max(1, Math.round(total / bytes));
    return files.filter((_, index) => index % step === 0).map((path) => readFileSync(path));
}

function median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
}

function table(head, rows) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

await main();
