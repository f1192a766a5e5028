"""Runs the impact cases: a suite is surveyed, edited and asked for what the edit affects; must_select and must_not_select decide.

`python3 tests/cases/run.py [CASE…]`. Cases are the JSON files beside this one and those in LIGHTSPEED_CASES (a directory;
`../shared/cases` beside the checkout where it exists). Each runs on every interpreter of LIGHTSPEED_PYTHONS.
"""

import collections
import concurrent.futures
import glob
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import support  # noqa: E402  (needs the path above)

CONFIG = '{"version": 1, "project": "pkg", "repo": ".", "benchmark_dir": "benchmarks", "results_dir": ".asv/results"}\n'
IGNORED = "__pycache__/\n.asv/\n"
FIELDS = {"id", "title", "files_before", "benchmark", "edit", "must_select", "must_not_select", "why"}
AT_ONCE = 2
Outcome = collections.namedtuple("Outcome", "case python error missed spurious reasons")


def main():
    cases = [case for case in load() if not sys.argv[1:] or case["id"] in sys.argv[1:]]
    if not cases:
        sys.exit("no case of that name")
    work = [(case, python) for python in support.PYTHONS for case in cases]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda each: run(*each), work))
    failures = [outcome for outcome in outcomes if outcome.error or outcome.missed or outcome.spurious]
    for outcome in failures:
        explain(outcome)
    table(outcomes)
    print(f"{len(outcomes) - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


def load():
    """All cases, in order of their ids; ours and the shared ones may not share an id."""
    folders = [HERE]
    shared = os.environ.get("LIGHTSPEED_CASES") or os.path.join(os.path.dirname(support.ROOT), "shared", "cases")
    if os.path.isdir(shared):
        folders.append(shared)
    elif "LIGHTSPEED_CASES" in os.environ:
        sys.exit(f"LIGHTSPEED_CASES names no directory: {shared}")
    found = {}
    for path in [path for folder in folders for path in glob.glob(os.path.join(folder, "*.json"))]:
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        if set(case) != FIELDS or case["id"] in found:
            sys.exit(f"{path}: not a case, or a second one named {case.get('id')}")
        found[case["id"]] = case
    return [found[name] for name in sorted(found)]


def run(case, python):
    """Surveys, edits and selects in a directory of its own."""
    with tempfile.TemporaryDirectory(prefix="case-") as folder:
        support.write(folder, {"asv.conf.json": CONFIG, ".gitignore": IGNORED, **case["files_before"]})
        support.commit(folder)
        survey = support.lightspeed(
            folder, "init", "--config", "asv.conf.json", "--source-root", "pkg", "--python", python, "--survey-only"
        )
        if survey.returncode != 0:
            return Outcome(case, python, f"init: exit {survey.returncode}: {survey.stderr.strip()}", [], [], {})
        support.write(folder, case["edit"])
        answer = support.lightspeed(folder, "select", "--config", "asv.conf.json", "--from-git-diff", "--json")
        try:
            selection = support.document(answer)
        except AssertionError as error:
            return Outcome(case, python, f"select: {error}", [], [], {})
    reasons = {each["benchmark"]: each["reasons"] for each in selection["affected"]}
    missed = [name for name in case["must_select"] if name not in reasons]
    spurious = [name for name in case["must_not_select"] if name in reasons]
    known = reasons.keys() | set(selection["unaffected"])
    unknown = [name for name in case["must_not_select"] if name not in known]
    error = f"the survey does not know {', '.join(unknown)}" if unknown else None
    return Outcome(case, python, error, missed, spurious, reasons)


def explain(outcome):
    """Prints what went wrong with one case, and why each benchmark was selected."""
    print(f"FAILED {outcome.case['id']} on {version(outcome.python)}: {outcome.case['title']} ({outcome.case['why']})")
    if outcome.error:
        print(f"    {outcome.error}")
    for name in outcome.missed:
        print(f"    missed: {name}")
    for name in outcome.spurious:
        print(f"    selected for nothing: {name}: {json.dumps(outcome.reasons[name])}")


def table(outcomes):
    """Prints, for each interpreter, how many had to be selected and were, and how many had to be spared and were."""
    print(f"{'interpreter':<14}{'cases':>7}{'must select':>16}{'must spare':>16}")
    for python in support.PYTHONS:
        rows = [outcome for outcome in outcomes if outcome.python == python]
        must = sum(len(row.case["must_select"]) for row in rows)
        spare = sum(len(row.case["must_not_select"]) for row in rows)
        hit = must - sum(len(row.case["must_select"] if row.error else row.missed) for row in rows)
        spared = spare - sum(len(row.case["must_not_select"] if row.error else row.spurious) for row in rows)
        print(f"{version(python):<14}{len(rows):>7}{f'{hit} of {must}':>16}{f'{spared} of {spare}':>16}")


def version(python):
    """The interpreter's environment, for people."""
    return os.path.basename(os.path.dirname(os.path.dirname(python))) or python


if __name__ == "__main__":
    main()
