#!/usr/bin/env python3
"""What lightspeed and other tools say about the same samples: the table of docs/statistics.md.

    python scripts/peer_statistics.py --lightspeed target/release/lightspeed --scratch target/peers \\
        --hyperfine-scripts DIRECTORY

Every tool gets the same seeded numbers in its own format and answers itself: `benchstat` and `perfgate` from PATH, hyperfine's
`welch_ttest.py` from the `scripts` of its source (it needs scipy), Criterion through a program that replays the numbers and is
built here, ASV's `is_different` from the `asv` of this Python. A tool that is not there has an empty column, and a line says so.
"""

import argparse
import importlib.metadata
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys

# perfgate rounds to milliseconds, so all samples are whole ones, of ten seconds.
UNIT_S = 1e-3
BASE_S = 10.0
SIZES = (5, 30)
CRITERION = "0.8.2"
CRITERION_MANIFEST = f"""[package]
name = "replay"
version = "0.0.0"
edition = "2021"
[dependencies]
criterion = {{ version = "={CRITERION}", default-features = false }}
[workspace]
"""
# The first call warms up and is not a sample.
CRITERION_SOURCE = """use criterion::{Criterion, SamplingMode};
use std::time::Duration;

fn main() {
    let given = std::env::var("REPLAY").expect("REPLAY is a list of seconds");
    let values: Vec<f64> = given.split(' ').map(|value| value.parse().expect("a number")).collect();
    let mut calls = 0;
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("replay");
    group.sampling_mode(SamplingMode::Flat).sample_size(values.len()).warm_up_time(Duration::from_nanos(1));
    group.bench_function("values", |bencher| {
        bencher.iter_custom(|iterations| {
            let value = if calls == 0 { values[0] } else { values[calls - 1] };
            calls += 1;
            Duration::from_secs_f64(value).mul_f64(iterations as f64)
        })
    });
    group.finish();
    assert_eq!(calls, values.len() + 1, "every value is one sample");
}
"""


def gauss(rng, spread=0.02):
    return rng.gauss(0.0, spread)


def heavy(rng):
    """Student's t with 2 degrees of freedom: a mean, but no variance."""
    return 0.01 * rng.gauss(0.0, 1.0) / math.sqrt(rng.expovariate(1.0))


def pairs(rng, n, noise, factor=1.0, drift=0.0, step=1):
    """n seconds of each side, taken in turn; `step` is the clock's in units."""
    sides = [], []
    for i in range(n):
        for place, (side, by) in enumerate(zip(sides, (1.0, factor))):
            value = BASE_S * by * math.exp(noise(rng) + drift * (2 * i + place))
            side.append(round(value / UNIT_S / step) * step * UNIT_S)
    return sides


# What is true of current/baseline, and how the samples are made.
SETS = [
    ("no change, 2 % noise", lambda rng, n: pairs(rng, n, gauss)),
    ("+3 %, 2 % noise", lambda rng, n: pairs(rng, n, gauss, 1.03)),
    ("+1 %, 2 % noise", lambda rng, n: pairs(rng, n, gauss, 1.01)),
    ("no change, heavy tails", lambda rng, n: pairs(rng, n, heavy)),
    ("+3 %, heavy tails", lambda rng, n: pairs(rng, n, heavy, 1.03)),
    ("no change, 0.2 % slower with every run", lambda rng, n: pairs(rng, n, gauss, drift=0.002)),
    ("+3 %, clock ticks of 2 %", lambda rng, n: pairs(rng, n, gauss, 1.03, step=200)),
    ("+3 %, no noise", lambda rng, n: pairs(rng, n, lambda rng: 0.0, 1.03)),
    ("identical, no noise", lambda rng, n: pairs(rng, n, lambda rng: 0.0)),
]


def output(argv, codes=(0,), **more):
    """Standard output; an exit code other than the expected ends this program with what was printed."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    if done.returncode not in codes:
        sys.exit(f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def hyperfine_result(name, seconds):
    """A result as hyperfine exports it."""
    told = {"mean": statistics.fmean(seconds), "stddev": statistics.stdev(seconds), "median": statistics.median(seconds)}
    return {"command": name, "times": seconds, "min": min(seconds), "max": max(seconds), "user": 0.0, "system": 0.0, **told}


class Tools:
    """The tools that are there, each a name and a function of both samples that returns the tool's words."""

    def __init__(self, options):
        self.scratch, self.options = os.path.abspath(options.scratch), options
        os.makedirs(self.scratch, exist_ok=True)
        self.versions, self.columns = [], []
        # In the order of the columns.
        for name, find in (
            ("lightspeed", self.find_lightspeed), ("lightspeed `--paired`", self.find_lightspeed_paired),
            ("perfgate", self.find_perfgate), ("benchstat", self.find_benchstat), ("hyperfine's script", self.find_hyperfine),
            ("Criterion", self.find_criterion), ("ASV", self.find_asv),
        ):
            found = find()
            if found is None:
                self.versions.append(f"{name}: not installed")
            self.columns.append((name, found))

    def write(self, name, text):
        path = os.path.join(self.scratch, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text if isinstance(text, str) else json.dumps(text))
        return path

    def find_lightspeed(self, *flags):
        def ask(before, now):
            files = self.write("before.json", before), self.write("now.json", now)
            answer = output([self.options.lightspeed, "stats", "compare", "--json", *flags, *files])
            return json.loads(answer)["benchmarks"][0]["verdict"]

        if not flags:
            self.versions.append(output([self.options.lightspeed, "--version"]).strip())
        return ask

    def find_lightspeed_paired(self):
        return self.find_lightspeed("--paired")

    def find_perfgate(self):
        program = shutil.which(self.options.perfgate)
        if program is None:
            return None

        def ask(before, now):
            receipts = []
            for name, seconds in (("before", before), ("now", now)):
                given = self.write(f"hyperfine-{name}.json", {"results": [hyperfine_result("replay", seconds)]})
                receipts.append(os.path.join(self.scratch, f"perfgate-{name}.json"))
                output([program, "ingest", "--format", "hyperfine", "--input", given, "--out", receipts[-1]])
            answer = os.path.join(self.scratch, "perfgate.json")
            argv = ["compare", "--baseline", receipts[0], "--current", receipts[1], "--out", answer, "--threshold", "0.02"]
            output([program, *argv, "--significance-alpha", "0.05", "--require-significance"], codes=(0, 2, 3))
            with open(answer, encoding="utf-8") as file:
                delta = json.load(file)["deltas"]["wall_ms"]
            significance = delta.get("significance") or {}
            p = significance.get("p_value")
            return delta["status"] + (f", p = {p:.2g}" if p is not None else ", untested")

        self.versions.append(output([program, "--version"]).strip())
        return ask

    def find_benchstat(self):
        program = shutil.which(self.options.benchstat)
        if program is None:
            return None

        def ask(before, now):
            def lines(seconds):
                return "".join(f"BenchmarkReplay 1 {value * 1e9:.0f} ns/op\n" for value in seconds)

            files = self.write("before.txt", lines(before)), self.write("now.txt", lines(now))
            rows = output([program, "-format", "csv", *files]).splitlines()
            change, p = next(row for row in rows if row.startswith("Replay")).split(",")[5:7]
            return f"{change}, {p.split()[0]}"

        about = output(["go", "version", "-m", program]) if shutil.which("go") else ""
        version = next((line.split()[2] for line in about.splitlines() if line.split()[:1] == ["mod"]), "version unknown")
        self.versions.append(f"benchstat {version}")
        return ask

    def find_hyperfine(self):
        script = os.path.join(self.options.hyperfine_scripts or "", "welch_ttest.py")
        if not os.path.exists(script):
            return None

        def ask(before, now):
            results = [hyperfine_result("before", before), hyperfine_result("now", now)]
            answer = output([sys.executable, script, self.write("hyperfine.json", {"results": results})])
            p = answer.split("p = ")[1].split()[0]
            return ("a difference" if "There is a difference" in answer else "almost the same") + f", p = {p}"

        version = os.path.basename(os.path.dirname(os.path.abspath(self.options.hyperfine_scripts)))
        self.versions.append(f"{version}, scipy {importlib.metadata.version('scipy')}")
        return ask

    def find_criterion(self):
        if shutil.which("cargo") is None:
            return None
        folder = os.path.join(self.scratch, "replay")
        os.makedirs(os.path.join(folder, "src"), exist_ok=True)
        self.write("replay/Cargo.toml", CRITERION_MANIFEST)
        self.write("replay/src/main.rs", CRITERION_SOURCE)
        target = os.path.join(folder, "target")
        environment = {**os.environ, "CARGO_TARGET_DIR": target}
        output(["cargo", "build", "--release", "--quiet"], cwd=folder, env=environment)
        program = os.path.join(target, "release", "replay")

        def ask(before, now):
            if len(before) < 10:
                return "takes 10 or more"
            for values, baseline in ((before, "--save-baseline"), (now, "--baseline")):
                replay = {"REPLAY": " ".join(map(repr, values)), "CRITERION_HOME": os.path.join(self.scratch, "criterion")}
                answer = output([program, "--bench", baseline, "before"], env={**os.environ, **replay})
            words = ("Performance has regressed", "Performance has improved", "Change within noise threshold", "No change")
            said = [word for word in words if word in answer]
            return f"{said[0].lower()}, p = {answer.split('(p = ')[1].split()[0]}"

        self.versions.append(f"criterion {CRITERION}")
        return ask

    def find_asv(self):
        try:
            from asv._stats import is_different
            from asv_runner.statistics import compute_stats
        except ImportError:
            return None

        def ask(before, now):
            stats = [compute_stats(samples, 1)[1] for samples in (before, now)]
            return "different" if is_different(before, now, *stats) else "not different"

        self.versions.append(f"asv {importlib.metadata.version('asv')}")
        return ask


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lightspeed", required=True, help="the program")
    parser.add_argument("--scratch", required=True, help="a folder for files and builds")
    parser.add_argument("--benchstat", default="benchstat")
    parser.add_argument("--perfgate", default="perfgate")
    parser.add_argument("--hyperfine-scripts", help="the folder `scripts` of hyperfine's source")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tools = Tools(options)
    there = [(name, ask) for name, ask in tools.columns if ask is not None]
    print(f"Seed {options.seed}; " + "; ".join(tools.versions) + ".\n")
    print(f"| samples | n | seen | {' | '.join(name for name, _ in there)} |\n|---|---:|---:|{'---|' * len(there)}")
    for title, make in SETS:
        for n in SIZES:
            before, now = make(random.Random(f"{options.seed} {title} {n}"), n)
            seen = statistics.median(now) / statistics.median(before) - 1
            cells = [str(ask(before, now)) for _, ask in there]
            print(f"| {title} | {n} | {seen:+.1%} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
