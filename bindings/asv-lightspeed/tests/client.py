"""A client of ASV's Lightspeed as they are in the field, two programs of it: `client.py survey REPOSITORY OUT` surveys without timing,
`client.py measure REPOSITORY OUT BASE` times a base copy and the patched tree in turn, on the database that it finds, and prints JSON.

It knows nothing of the package `lightspeed`: all that it uses comes from `asv.contrib.lightspeed`.
"""

import dataclasses
import json
import os
import sqlite3
import statistics
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path

from asv.contrib.lightspeed import LightspeedSession


def session_of(repository, out):
    return LightspeedSession(
        repository / "bench" / "asv.conf.json",
        overrides={
            "environment_type": "existing",
            "results_dir": str(out / "results"),
            "html_dir": str(out / "html"),
            "branches": ["main"],
            "repo": str(repository),
        },
        machine="testbox",
    )


def survey(repository, out):
    import asv.contrib.lightspeed.session as session_module

    session = session_of(repository, out)
    session_module.run_benchmarks = lambda *arguments, **options: {}
    session_module._store_baseline = lambda *arguments, **options: None
    found = session.initialize_diffcheck(
        source_root=repository / "src" / "pkg", force=True, rounds=1, repeat=None, warmup_time=None
    )
    return {**dataclasses.asdict(found), "deps_db_path": str(found.deps_db_path), "timing": dataclasses.asdict(found.timing)}


@contextmanager
def base_in_place(repository, base):
    parked = repository.with_name("parked")
    os.rename(repository, parked)
    try:
        os.rename(base, repository)
        try:
            yield
        finally:
            os.rename(repository, base)
    finally:
        os.rename(parked, repository)


def shadowed(session, packages, repository):
    from asv.contrib.lightspeed.session import ProjectShadowed, check_project_imports

    launch = getattr(session._conf, "launch_method", None) or "auto"
    try:
        check_project_imports(session._get_env(), session.benchmark_dir, launch, packages, repository)
    except ProjectShadowed as error:
        return error.paths
    return {}


def measure(repository, out, base):
    from asv.contrib.lightspeed.deps_db import LightspeedDB
    from asv.contrib.lightspeed.fingerprint import changed_files_with_fingerprints
    from asv.contrib.lightspeed.session import _all_bids, _extract_deltas, _fmt, _timing_params
    from asv.runner import run_benchmarks

    session = session_of(repository, out)
    with sqlite3.connect(session.deps_db_path) as connection:
        rows = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("benchmark_dep", "benchmark_meta", "baseline")}
        connection.execute("DELETE FROM baseline")
    connection.close()
    changed = [str(repository / path) for path in ("src/pkg/core.py", "README.md")]
    os.chdir("/")
    benchmarks = session._load_benchmarks()
    db = LightspeedDB(str(session.deps_db_path))
    changes = changed_files_with_fingerprints(changed, db.get_stored_fshas())
    names = {bid.name for bid in db.get_affected_benchmark_ids(changes)}
    selected = benchmarks.filter_out(set(benchmarks.keys()) - names)
    env = session._get_env()
    extra = _timing_params(1, 2, 0.0)
    params = {}

    def run():
        deltas = _extract_deltas(run_benchmarks(selected, env, extra_params=extra, launch_method="spawn"), selected, {})
        params.update({bid: delta.params for bid, delta in deltas.items()})
        return {bid: delta.current for bid, delta in deltas.items() if delta.current is not None}

    rounds = []
    for number in range(2):
        sides = {}
        for side in ("base", "patched") if number % 2 == 0 else ("patched", "base"):
            with base_in_place(repository, base) if side == "base" else nullcontext():
                sides[side] = run()
        rounds.append(sides)
    medians = {
        bid: [statistics.median(sides[side][bid] for sides in rounds) for side in ("base", "patched")] for bid in rounds[0]["base"]
    }
    return {
        "rows": rows,
        "shadowed": shadowed(session, ["pkg", "a_package_that_nobody_has"], repository),
        "changed": sorted(os.path.basename(path) for path in changes),
        "selected": sorted(selected),
        "selection": selected.benchmark_selection,
        "medians": medians,
        "shown": {bid: [_fmt(seconds) for seconds in pair] for bid, pair in medians.items()},
        "params": params,
        "dropped": [bid for bid in map(str, _all_bids(selected)) if bid not in medians],
        "total": len(benchmarks),
    }


if __name__ == "__main__":
    verb, places = sys.argv[1], [Path(place) for place in sys.argv[2:]]
    answer = {"survey": survey, "measure": measure}[verb](*places)
    json.dump(answer, sys.stdout, allow_nan=False)
