"""`asv initialize_diffcheck`: surveys which code each benchmark executes, and times the baselines."""

from ..util import UserError
from . import Command, common_args


class InitializeDiffcheck(Command):
    """The command. What it works with is imported when it runs: asv imports this file for every command."""

    @classmethod
    def setup_arguments(cls, subparsers):
        parser = subparsers.add_parser(
            "initialize_diffcheck",
            help="Survey which code each benchmark executes, and time the baselines",
            description="Survey which code each benchmark executes, and time the baselines, so that measure_impacted can run only what "
            "a change affects. What is there already and still true is kept; an interrupted call is gone on with.",
        )
        parser.add_argument("--source-root", required=True, metavar="DIR", help="The package under change: only its files count")
        parser.add_argument("--force", action="store_true", help="Survey and time everything again")
        parser.add_argument("--base-commit", metavar="REV", help="Survey and time this revision; the working tree stays as it is")
        _add_timing(parser)
        common_args.add_environment(parser, default_same=True)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_conf_args(cls, conf, args):
        return _command().initialize(conf, args)


def _command():
    """What the commands do; without the package that does it, a sentence."""
    try:
        from lightspeed.asv import command
    except ImportError as error:
        raise UserError(f"asv-lightspeed cannot use the package lightspeed: pip install lightspeed ({error})") from error
    return command


def _add_timing(parser):
    parser.add_argument("--rounds", type=int, metavar="N", help="Processes for each benchmark (default: its own, else 2)")
    parser.add_argument("--repeat", type=int, metavar="N", help="Samples in each process (default: as asv run)")
    parser.add_argument("--warmup-time", type=float, metavar="SECONDS", help="Warm-up in each process (default: as asv run)")
