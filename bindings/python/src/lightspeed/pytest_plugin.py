"""The plugin of pytest: surveys the benchmarks of pytest-benchmark and selects from them.

pytest loads this module wherever the package is installed: it declares options, and without one of them it does and loads nothing more.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def pytest_addoption(parser: "Any") -> None:
    """The options, all of which begin with --lightspeed."""
    group = parser.getgroup("lightspeed", "lightspeed: benchmarks that a change affects")
    group.addoption(
        "--lightspeed-survey",
        action="store_true",
        help="Find out which code each test that uses the fixture `benchmark` executes, each in a process of its own; then run"
        " the tests and keep the times as baselines.",
    )
    group.addoption(
        "--lightspeed",
        action="store_true",
        help="Leave out the benchmarks that the changes since the survey do not affect, and compare the others with their baselines.",
    )
    group.addoption(
        "--lightspeed-since", metavar="REV", help="With --lightspeed: changes are those since this revision of git."
    )
    group.addoption(
        "--lightspeed-policy",
        choices=("precise", "strict", "file"),
        help="With --lightspeed: how finely changes are followed; `file` selects all that depend on a changed file.",
    )
    group.addoption(
        "--lightspeed-margin",
        metavar="PERCENT",
        type=float,
        default=5.0,
        help="With --lightspeed: by how much a time may change without it mattering. Default: %(default)s.",
    )
    group.addoption(
        "--lightspeed-runs",
        metavar="N",
        type=int,
        default=5,
        help="How many processes time each benchmark: this one, and further ones at the end. Verdicts need 4. Default: %(default)s.",
    )
    group.addoption(
        "--lightspeed-source-root",
        metavar="DIR",
        help="With --lightspeed-survey: the directory whose files are followed, with the tests among them. Default: the rootdir.",
    )


def pytest_configure(config: "Any") -> None:
    """Brings in what the options ask for."""
    options = config.option
    if options.lightspeed_survey or options.lightspeed or options.lightspeed_since or options.lightspeed_source_root:
        from lightspeed import _pytest_suite

        _pytest_suite.configure(config)
