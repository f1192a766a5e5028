"""Experiments: what to run next, when it is enough, and what it says."""

import json
import os
import time
from ctypes import byref
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Union

from lightspeed import _call, _ffi
from lightspeed._constants import Design, Side
from lightspeed._handle import Handle
from lightspeed._library import lib
from lightspeed.result import Result, result

#: What an axis of a sweep is at a point.
Value = Union[int, float, str]


class Run(NamedTuple):
    """A process run that is asked for."""

    #: Of a sweep a point, `workers=2,level=6`.
    benchmark: str
    #: Which code.
    side: Side
    #: Which pair of this benchmark, from 0; of a sweep the round.
    pair: int
    #: Whether it is the first of its pair.
    first: bool
    #: Whether it only warms up: its values do not count.
    warmup: bool
    #: The benchmark's place in the experiment.
    benchmark_index: int
    #: Of a sweep the point's values by axis.
    values: Mapping[str, Value] = {}

    def __hash__(self) -> int:
        return hash(self[:-1])


class Progress(NamedTuple):
    """How far an experiment is."""

    #: Runs that were recorded, warm-ups included.
    done: int
    #: Runs in all, if those that are not decided go on as far as they may need.
    expected: int
    #: Benchmarks with nothing left to run, of so many.
    decided: int
    benchmarks: int
    #: Seconds that runs took.
    spent_s: float


class Experiment:
    """Says what to run until the evidence suffices. It starts nothing itself.

        experiment = Experiment(["parse", "print"], margin=0.02)
        for run in experiment:
            experiment.record(time_it(run.benchmark, run.side))
        print(experiment.results)

    Run each in a process of its own, or as freshly as can be. Threads take turns.
    """

    def __init__(
        self,
        benchmarks: Sequence[str],
        *,
        design: Optional[Design] = None,
        pairs: Optional[int] = None,
        comparisons: Optional[int] = None,
        alpha: Optional[float] = None,
        margin: Optional[float] = None,
        seed: Optional[int] = None,
        warmups: Optional[int] = None,
        budget_s: Optional[float] = None,
        controls: Optional[int] = None,
    ) -> None:
        """An experiment of benchmarks whose names differ; by default pairs until decided, 60 at most.

        `pairs` of each benchmark at most, or exactly, as the design says; `comparisons` of a calibration; `alpha`, the probability of
        calling a change where there is none; `margin`, up to which fraction a change does not matter; `seed`, which decides every order,
        by default one that nothing decides; `warmups` of each side; `budget_s`, seconds that runs may take together; `controls`, how many
        of the benchmarks, the last ones, are negative controls.
        """
        if isinstance(benchmarks, str):
            raise TypeError("names of benchmarks are needed, not one name")
        given = {"design": design, "pairs": pairs, "comparisons": comparisons, "alpha": alpha, "margin": margin}
        given.update(warmups=warmups, budget_s=budget_s, controls=controls, seed=seed, random_seed=seed is None)
        if seed is None:
            given["seed"] = 0
        options = _call.options(_ffi.ExperimentOptions, lib.lightspeed_experiment_options_init, **given)
        names = list(benchmarks)
        array = _call.texts(_call.text(name) for name in names)
        self._take(_call.made(lib.lightspeed_experiment_new, array, len(names), byref(options)), names)

    @classmethod
    def from_plan(cls, plan: Union[str, Mapping[str, Any]]) -> "Experiment":
        """Of a whole plan, a document or its text, for what the constructor does not say; its form is in docs/c-reference.md."""
        text = plan if isinstance(plan, str) else json.dumps(plan)
        return cls._of(_call.made(lib.lightspeed_experiment_from_plan, _call.text(text)))

    @classmethod
    def sweep(
        cls,
        axes: Union[Mapping[str, Union[str, Sequence[Value]]], Sequence[str]],
        *,
        repeats: Optional[int] = None,
        zipped: bool = False,
        along: Optional[str] = None,
        workers: Optional[str] = None,
        better: str = "lower",
        alpha: float = 0.05,
        seed: Optional[int] = None,
        warmups: int = 0,
        budget_s: Optional[float] = None,
    ) -> "Experiment":
        """Of one code at every point of some axes: how much better is each than the smallest, and by which law does that grow?

            experiment = Experiment.sweep({"workers": [1, 2, 4, 8], "size": "log2 1024..65536"})
            for run in experiment:
                experiment.record(time_it(**run.values))
            print(experiment.report()["sweep"])

        `axes` are names with values, a list or a text with ranges (`"1..16 step 2"`), or texts, `"workers=1,2,4"`; the last one changes
        first. `zipped` takes the first values of all together, then the second. `repeats`, rounds over all points, 6 by default, the fewest
        that give a speed-up an interval where `alpha` is 0.05. `along`, the axis along which points are compared, by default the one that
        counts `workers`, else the first of several sizes. `better` is `"lower"` or `"higher"`. The rest is as for the constructor.
        """
        design: Dict[str, Any] = {"kind": "sweep", "axes": _axes(axes), "combination": "zipped" if zipped else "cartesian"}
        design.update(along=along, workers=workers, better=better)
        if repeats is not None:
            design["repeats"] = repeats
        plan = {"design": design, "alpha": alpha, "seed": int.from_bytes(os.urandom(8), "little") if seed is None else seed}
        return cls.from_plan({**plan, "warmups": warmups, "budget_s": budget_s})

    @classmethod
    def resume(cls, state: str) -> "Experiment":
        """Takes up the experiment whose `state` this is, where it was, in whatever process."""
        return cls._of(_call.made(lib.lightspeed_experiment_resume, _call.text(state)))

    @classmethod
    def _of(cls, address: int) -> "Experiment":
        made = cls.__new__(cls)
        made._take(address, [])
        report = made.report()
        made._names = [one["benchmark"] for one in report["benchmarks"]]
        made._values = [point["values"] for point in report.get("sweep", {"points": []})["points"]]
        return made

    def _take(self, address: int, names: List[str]) -> None:
        self._handle = Handle(address, lib.lightspeed_experiment_free, "experiment", exclusive=True)
        self._names = names
        self._values: List[Dict[str, Value]] = []
        self._given_at_s: Optional[float] = None

    def next(self) -> Optional[Run]:
        """What to run now, the same until it was recorded; None where nothing is left."""
        struct = _ffi.Run()
        with self._handle as address:
            _call.call(lib.lightspeed_experiment_next, address, byref(struct))
            if not struct.more:
                return None
            if self._given_at_s is None:
                self._given_at_s = time.perf_counter()
            name = _call.read(struct.benchmark)
        values = dict(self._values[struct.index]) if self._values else {}
        return Run(name, Side(struct.side), struct.pair, struct.first, struct.warmup, struct.index, values)

    def record(self, values: Union[float, Sequence[float]], wall_s: Optional[float] = None) -> None:
        """Records the values that the run gave, all above 0, in the benchmark's unit; those of one run collapse to their median.

        `wall_s` are the seconds that it took in all, by default those since it was asked for. Raises `StatisticsError` for values that
        are not usable; the run is then still the next one.
        """
        given = _call.doubles([values] if isinstance(values, (int, float)) else values)
        with self._handle as address:
            taken = self._since() if wall_s is None else wall_s
            _call.call(lib.lightspeed_experiment_record, address, _call.pointer(given), len(given), taken)
            self._given_at_s = None

    def record_failed(self, reason: str) -> None:
        """Records that the run raised an error, exited or crashed, and why. Its benchmark is not run again."""
        self._ended(lib.lightspeed_experiment_record_failed, _call.text(reason))

    def record_timed_out(self) -> None:
        """Records that the run's time was up. Its benchmark is not run again."""
        self._ended(lib.lightspeed_experiment_record_timed_out)

    def record_skipped(self) -> None:
        """Records that the run asked to be skipped. Its benchmark is not run again."""
        self._ended(lib.lightspeed_experiment_record_skipped)

    def cancel(self) -> None:
        """Asks for nothing more. What was recorded stays and has results."""
        self._ended(lib.lightspeed_experiment_cancel)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        struct = _ffi.Progress()
        with self._handle as address:
            _call.call(lib.lightspeed_experiment_progress, address, byref(struct))
        return Progress(*(getattr(struct, name) for name in Progress._fields))

    @property
    def results(self) -> Dict[str, Result]:
        """What the runs say so far, at any time, by benchmark."""
        with self._handle as address:
            return {name: self._result(address, place) for place, name in enumerate(self._names)}

    def report(self) -> Dict[str, Any]:
        """What the runs say so far as a document, with assumptions and warnings, controls that moved, and the seed.

        Of a sweep there is `sweep` in it: `points` with their speed-ups, `lines` with the law along each, and the machine's `drift`.
        """
        with self._handle as address:
            return json.loads(_call.owned(lib.lightspeed_experiment_results_json, address))  # type: ignore[no-any-return]

    @property
    def state(self) -> str:
        """All there is to it, for `resume`: keep it after any step."""
        with self._handle as address:
            return _call.owned(lib.lightspeed_experiment_state, address).decode()

    def to_records(self) -> List[Dict[str, Any]]:
        """A row for each benchmark, for a table."""
        return [{"benchmark": name, **one.to_record()} for name, one in self.results.items()]

    def __iter__(self) -> Iterator[Run]:
        """The runs, until nothing is left. What came of each must be recorded before the next."""
        while True:
            run = self.next()
            if run is None:
                return
            before = self.progress.done
            yield run
            if self.progress.done == before and self.next() == run:
                raise RuntimeError(f"nothing was recorded of the run of {run.benchmark}: call record() or record_failed()")

    def __len__(self) -> int:
        with self._handle as address:
            return int(lib.lightspeed_experiment_count(address))

    def __repr__(self) -> str:
        progress = self.progress
        return f"<Experiment: {progress.decided} of {progress.benchmarks} benchmarks decided after {progress.done} runs>"

    @staticmethod
    def _result(address: int, place: int) -> Result:
        struct = _ffi.Result()
        _call.call(lib.lightspeed_experiment_result, address, place, byref(struct))
        return result(struct)

    def _since(self) -> float:
        """Seconds since the run was asked for."""
        return 0.0 if self._given_at_s is None else time.perf_counter() - self._given_at_s

    def _ended(self, function: Any, *given: Any) -> None:
        with self._handle as address:
            _call.call(function, address, *given)
            self._given_at_s = None


def _axes(given: Union[Mapping[str, Union[str, Sequence[Value]]], Sequence[str]]) -> List[Any]:
    """Axes as a plan has them."""
    if isinstance(given, str):
        raise TypeError("axes are needed, not one text: put it into a list")
    if not isinstance(given, Mapping):
        return list(given)
    listed = {name: values if isinstance(values, str) else [_plain(value) for value in values] for name, values in given.items()}
    return [{"name": name, "values": values} for name, values in listed.items()]


def _plain(value: Any) -> Value:
    """Of a number of NumPy Python's own."""
    return value if isinstance(value, (int, float, str)) else value.item()
