"""A survey of a harness of one's own."""

import ctypes
from ctypes import byref
from typing import Dict, Iterable, Optional, Union

from lightspeed import _call, _ffi
from lightspeed._handle import Handle
from lightspeed._library import lib
from lightspeed.coverage import Coverage
from lightspeed.index import Index


class SurveyBuilder:
    """Puts a survey together: first source files, then benchmarks, then what each of them executed.

    A benchmark of which nothing is told is always affected. Threads take turns. Calls raise `InvalidArgument` for files and benchmarks
    that were not added, or added twice.
    """

    def __init__(self, docstrings: Optional[bool] = None) -> None:
        """With `docstrings` they count as code, now and when sources have changed."""
        options = _call.options(_ffi.BlocksOptions, lib.lightspeed_blocks_options_init, docstrings=docstrings)
        address = _call.made(lib.lightspeed_survey_new, byref(options))
        self._handle = Handle(address, lib.lightspeed_survey_free, "survey", exclusive=True)
        self._numbers: Dict[str, int] = {}
        self._files = 0

    def add_file(self, path: str, content: Union[str, bytes]) -> None:
        """Adds a file by its content. `path` is relative to the top of the sources, with '/'. Touches no file."""
        with self._handle as address:
            _call.call(lib.lightspeed_survey_add_file, address, _call.text(path), _call.content(content))
            self._files += 1

    def add_directory(self, root: _call.PathLike) -> int:
        """Adds the sources below `root`, the top of the sources, and says how many they are."""
        with self._handle as address:
            count = _call.number(lib.lightspeed_survey_add_directory, ctypes.c_size_t, address, _call.path(root))
            self._files += count
            return count

    def add_benchmark(self, benchmark: str) -> None:
        """Adds a benchmark, or one parameter combination of it, by its id."""
        with self._handle as address:
            number = _call.number(lib.lightspeed_survey_add_benchmark, ctypes.c_uint32, address, _call.text(benchmark))
            self._numbers[benchmark] = number

    def executed(self, benchmark: str, path: str, lines: Iterable[int]) -> None:
        """Says that a benchmark executed lines of a file, counted from 1."""
        array = _call.lines(lines)
        with self._handle as address:
            number = self._number(benchmark)
            _call.call(lib.lightspeed_survey_executed, address, number, _call.text(path), array, len(array))

    def covered(self, benchmark: str, coverage: Coverage) -> int:
        """Says what a coverage report of a run of a benchmark says; how many of its files were added ones. With 0 it tells nothing.

        Paths of the report may be absolute or begin anywhere.
        """
        with self._handle as address, coverage._handle as report:
            number = self._number(benchmark)
            return _call.number(lib.lightspeed_survey_covered, ctypes.c_size_t, address, number, report)

    def begins_at(self, benchmark: str, path: str, function: str) -> None:
        """Says that a benchmark begins at a function of a Go test file: Go's coverage leaves these files out.

        That function, and all that it may reach by names in the test files of its directory, counts as executed. `function` is its
        qualified name: `BenchmarkParse`.
        """
        with self._handle as address:
            number = self._number(benchmark)
            _call.call(lib.lightspeed_survey_begins_at, address, number, _call.text(path), _call.text(function))

    def depends_on(self, benchmark: str, path: str) -> None:
        """Says that a benchmark depends on a file as a whole: it reads it, or is built from it."""
        with self._handle as address:
            _call.call(lib.lightspeed_survey_depends_on, address, self._number(benchmark), _call.text(path))

    def doubt(self, benchmark: str, reason: str) -> None:
        """Says that what is told of a benchmark cannot be relied on: it is always affected, and `reason` says why."""
        with self._handle as address:
            _call.call(lib.lightspeed_survey_doubt, address, self._number(benchmark), _call.text(reason))

    def finish(self) -> Index:
        """The index of what was told. The builder is used up, also where this fails."""
        return Index(_call.made(lib.lightspeed_survey_finish, self._handle.consumed()))

    def __repr__(self) -> str:
        return f"<SurveyBuilder with {len(self._numbers)} benchmarks and {self._files} files>"

    def _number(self, benchmark: str) -> int:
        """The number of an added benchmark; one that there cannot be for others, which the library refuses by name."""
        return self._numbers.get(benchmark, len(self._numbers))
