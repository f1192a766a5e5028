// What the native program makes of a small suite, for the tests that compare with it: made once, for Node and Chromium alike.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { TestProject } from "vitest/node";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
/** The program under test. */
export const PROGRAM = process.env["LIGHTSPEED_BIN"] ?? join(ROOT, "target", "checked", "lightspeed");
const QUICK = ["--rounds", "1", "--repeat", "2", "--warmup-time", "0"];
const BENCHMARK_FAILED = 5;

const CORE = `"""Sums."""
LIMIT = 10


def alpha(n):
    total = 0
    for i in range(n):
        total += i
    return total


def beta(n):
    return n + LIMIT


class Sum:
    def __init__(self, n):
        self.n = n

    def total(self):
        return alpha(self.n)
`;
const BENCH = `from pkg import core


class Sums:
    params = (list(range(10)), ["x", "y"])
    param_names = ["n", "letter"]

    def setup(self, n, letter):
        self.sum = core.Sum(n)

    def time_total(self, n, letter):
        self.sum.total()


def time_alpha():
    core.alpha(50)


def time_beta():
    core.beta(50)


def track_beta():
    return core.beta(2)
`;
const FILES = {
    "asv.conf.json":
        '{"version": 1, "project": "pkg", "repo": ".", "benchmark_dir": "benchmarks", "results_dir": ".asv/results"}\n',
    "pkg/__init__.py": "",
    "pkg/core.py": CORE,
    "pkg/unused.py": "x = 1\n",
    "benchmarks/__init__.py": "",
    "benchmarks/bench.py": BENCH,
};
/** Edits of core.py, each by what is put for what. */
const EDITS: Record<string, readonly [before: string, after: string]> = {
    alpha: ["        total += i\n", "        total += 2 * i\n"],
    limit: ["LIMIT = 10", "LIMIT = 11"],
    method: ["        self.n = n\n", "        self.n = n + 0\n"],
    comment: ['"""Sums."""', '"""Sums, all of them."""'],
    broken: ["def beta(n):", "def beta(n:"],
};

/** A change, and what `lightspeed select --json` says of it. */
export interface NativeSelection {
    readonly name: string;
    readonly policy: "precise" | "strict" | "file";
    /** Content now by path, null for a file that is gone. */
    readonly changes: Record<string, string | null>;
    readonly report: any;
}

/** What tests get by `inject("natively")`. Bytes are base64. */
export interface Natively {
    readonly database: string;
    readonly snapshot: string;
    readonly sources: Record<string, string>;
    readonly selections: readonly NativeSelection[];
    /** What `lightspeed results --json` says of the baselines, and of each step. */
    readonly baselines: any;
    readonly steps: readonly any[];
}

declare module "vitest" {
    interface ProvidedContext {
        natively: Natively;
    }
}

export default function setup(project: TestProject): void {
    if (!existsSync(PROGRAM)) {
        throw new Error(`no program at ${PROGRAM}: build it (make checked), or set LIGHTSPEED_BIN`);
    }
    const folder = mkdtempSync(join(tmpdir(), "lightspeed-js-"));
    try {
        project.provide("natively", natively(folder));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function natively(folder: string): Natively {
    const write = (path: string, text: string) => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
    };
    const run = (...argv: string[]) => lightspeed(folder, argv);
    Object.entries(FILES).forEach(([path, text]) => write(path, text));
    run("init", "--config", "asv.conf.json", "--source-root", "pkg", "--python", python(), ...QUICK);
    const selections = Object.entries(EDITS).flatMap(([name, [before, after]]) => {
        write("pkg/core.py", edited(before, after));
        const changes = { "core.py": edited(before, after) };
        return (["precise", "file"] as const).map((policy) => {
            const report = JSON.parse(run("select", "--json", "--policy", policy, "--changed-files", "pkg/core.py"));
            return { name, policy, changes, report };
        });
    });
    write("pkg/core.py", edited("        total += i\n", "        total += sum(range(400))\n"));
    run("measure", "--step-id", "slower", "--changed-files", "pkg/core.py", ...QUICK);
    write("pkg/core.py", edited("    return total\n", "    raise ValueError('broken by the edit')\n"));
    run("measure", "--step-id", "broken", "--changed-files", "pkg/core.py", ...QUICK);
    const snapshot = join(folder, "it.snapshot");
    run("export", "--snapshot", snapshot);
    const step = (id: string) => JSON.parse(run("results", "--json", "--step-id", id)).step;
    return {
        database: readFileSync(join(folder, ".asv", "results", ".lightspeed_deps.db")).toString("base64"),
        snapshot: readFileSync(snapshot).toString("base64"),
        sources: { "core.py": CORE },
        selections,
        baselines: JSON.parse(run("results", "--json")).baselines,
        steps: [step("slower"), step("broken")],
    };
}

function edited(before: string, after: string): string {
    if (CORE.split(before).length !== 2) {
        throw new Error(`${JSON.stringify(before)} must occur once`);
    }
    return CORE.replace(before, () => after);
}

/** The standard output of the program. */
function lightspeed(folder: string, argv: string[]): string {
    const { status, stdout, stderr } = spawnSync(PROGRAM, argv, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
    });
    if (status !== 0 && status !== BENCHMARK_FAILED) {
        throw new Error(`lightspeed ${argv.join(" ")} ended with ${status}: ${stderr}`);
    }
    return stdout;
}

/** An interpreter that has asv_runner. */
function python(): string {
    const found = () =>
        execFileSync("python3", [join(ROOT, "scripts", "venvs.py"), "--first"], { encoding: "utf8" }).trim();
    return process.env["LIGHTSPEED_TEST_PYTHON"] ?? found();
}
