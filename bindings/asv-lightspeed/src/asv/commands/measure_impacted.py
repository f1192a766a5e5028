"""`asv measure_impacted`: runs what a change affects, and compares it with the baselines."""

from . import Command, common_args
from .initialize_diffcheck import _add_timing, _command


class MeasureImpacted(Command):
    """The command. What it works with is imported when it runs: asv imports this file for every command."""

    @classmethod
    def setup_arguments(cls, subparsers):
        parser = subparsers.add_parser(
            "measure_impacted",
            help="Run the benchmarks that a change affects, and compare",
            description="Run the benchmarks that a change affects, and compare them with the baselines of initialize_diffcheck.",
        )
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--changed-files", nargs="+", metavar="FILE", help="The changed files")
        source.add_argument(
            "--from-git-diff",
            action="store_true",
            help="Ask git: what differs from the last commit, untracked and deleted files included",
        )
        parser.add_argument("--step-id", metavar="ID", help="Keep the results under this name, in the table step_result")
        parser.add_argument(
            "--hotfile-threshold",
            type=float,
            metavar="SHARE",
            help="Leave a change out that affects more than this share of the suite; 1 turns that off (default: 0.5)",
        )
        parser.add_argument(
            "--paired",
            action="store_true",
            help="Run the tree before the change too, in turn, until it is known whether they differ",
        )
        parser.add_argument("--json", action="store_true", help="Print a JSON document instead of a table")
        _add_timing(parser)
        common_args.add_environment(parser, default_same=True)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_conf_args(cls, conf, args):
        return _command().measure(conf, args)
