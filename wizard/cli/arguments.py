"""The grammar of the command line. Imports next to nothing: `--help` and `--version` answer at once."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from wizard import __version__
from wizard.app import language
from wizard.cli import argparse_words
from wizard.cli.codes import PROGRAM, called_as
from wizard.engine.limits import JOBS
from wizard.export.targets import target_names
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from datetime import date

COMMANDS = ("check", "export", "diff", "accept", "history", "probe", "demo", "self-test")
OPEN = "open"
MOST_JOBS = 1000
MOST_SECONDS = 86400
"""A day: longer than any run, and far below what the systems' clocks can count."""
_FORMATS = ("text", "json", "junit", "markdown", "html", "prometheus")
_SECRETS = ("reference", "inline")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the arguments; exits with 2 and a sentence on bad usage, with 0 after `--help` and `--version`.

    Without a command, what is given is the source to open in the window; its `command` is OPEN.
    """
    argparse_words.install()
    language.use()
    given, arguments = _language(usage=_usage()).parse_known_args(arguments)
    language.use(given.lang)
    parser, commands = _parser()
    words = [argument for argument in arguments if not argument.startswith("-")]
    if (words and words[0] in COMMANDS) or {"-h", "--help", "--version"} & set(arguments):
        options, others = parser.parse_known_args(arguments)
        if others:  # told with the command's usage, not with that of the whole
            commands[options.command].error(tr("unrecognized arguments: {words}", words=" ".join(others)))
        if options.command == "check" and not (options.source or options.facts):
            commands["check"].error(tr("a SOURCE is wanted: what to check"))
        return options
    if len(words) > 1:
        parser.error(_no_command(words[0]))
    return _opener().parse_args(arguments)


def _language(usage: str | None = None) -> argparse.ArgumentParser:
    """Return the grammar of what holds everywhere, before and behind the command: the language."""
    parser = argparse.ArgumentParser(prog=called_as(), usage=usage, add_help=False, allow_abbrev=False)
    parser.add_argument(
        "--lang", choices=language.available(), help=tr("language of all texts (default: the system's)")
    )
    return parser


def _no_command(word: str) -> str:
    if os.path.lexists(word):
        return tr("“{word}” is opened alone, or with a command before it", word=word)
    import difflib

    guess = difflib.get_close_matches(word, COMMANDS, n=1)
    if guess:
        return tr("no file and no command called “{word}”; did you mean {command}?", word=word, command=guess[0])
    return tr("no file and no command called “{word}”", word=word)


def _usage() -> str:
    return f"{called_as()} [SOURCE]\n       {called_as()} {{{','.join(COMMANDS)}}} …".replace("%", "%%")


def _opener() -> argparse.ArgumentParser:
    opener = argparse.ArgumentParser(prog=called_as(), usage=_usage(), allow_abbrev=False)
    opener.add_argument("source", metavar="SOURCE", nargs="?")
    opener.set_defaults(command=OPEN)
    return opener


def _parser() -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    parser = argparse.ArgumentParser(
        prog=called_as(),
        usage=_usage(),
        description=tr("Set up, test and export a NocoBase cluster. Without a command it opens the window."),
        epilog=tr(
            "SOURCE is a cluster file, an env file, a folder with one for each node, a Compose file, a bundle, or the "
            "name of a saved cluster. Exit codes: 0 nothing "
            "failed, 1 a fault of this program or an interrupted run, 2 bad usage, an unreadable source or a result "
            "that cannot be written, 3 at least one check failed (diff: the plans differ), 4 with --strict: a warning, "
            "or something that could not be found out."
        ),
        allow_abbrev=False,
        parents=[_language()],
    )
    version = f"{PROGRAM} {__version__}"
    parser.add_argument("--version", action="version", version=version, help=tr("show the version and exit"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, prog=called_as())
    _check(_command(commands, "check", tr("test a cluster live"), tr("Test a cluster live.")))
    _export(_command(commands, "export", tr("write the files of a cluster"), tr("Write the files of a cluster.")))
    diff = _command(
        commands,
        "diff",
        tr("show what differs between two plans: exit 0 equal, 3 different"),
        tr("Show what differs between two plans: exit 0 equal, 3 different."),
    )
    diff.add_argument("left", metavar="SOURCE")
    diff.add_argument("right", metavar="SOURCE")
    _accept(commands)
    runs = tr("list the runs that were kept"), tr("List the runs that were kept, the newest first.")
    _sources(_command(commands, "history", *runs))
    probe = _command(
        commands,
        "probe",
        tr("print the script that gathers facts inside a node"),
        tr(
            "Print the script that gathers facts inside a node, with a key of its own: keep it to yourself. Run it in "
            "each node, node --input-type=module - < FILE, and give what it prints to check --facts."
        ),
    )
    _sources(probe)
    demo = _command(
        commands,
        "demo",
        tr("start throw-away local servers and open the wizard on them"),
        tr("Start throw-away local servers and open the wizard on them."),
    )
    demo.add_argument("--headless", action="store_true", help=tr("check and export instead of opening the window"))
    whole = tr("prove that this installation is whole"), tr("Prove that this installation is whole.")
    _command(commands, "self-test", *whole)
    return parser, commands.choices


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, listed: str, description: str
) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=listed, description=description, allow_abbrev=False, parents=[_language()])


def _check(parser: argparse.ArgumentParser) -> None:
    _sources(parser, least="*")
    parser.add_argument(
        "--only", metavar="ID", action="append", default=[], help=tr("only this id, or ids that begin so (repeatable)")
    )
    parser.add_argument(
        "--skip", metavar="ID", action="append", default=[], help=tr("not this id, nor ids that begin so (repeatable)")
    )
    parser.add_argument(
        "--stage",
        choices=("start", "run"),
        default="run",
        help=tr("start: what must hold before the first node starts; run (default): all, on a running cluster"),
    )
    parser.add_argument(
        "--nodes", action="store_true", help=tr("look from inside the nodes, by the way in that the plan names")
    )
    parser.add_argument(
        "--facts",
        metavar="FILE",
        action="append",
        default=[],
        help=tr("facts that the script of “probe” printed in a node (repeatable), or a kept run to judge again"),
    )
    parser.add_argument("--timeout", metavar="S", type=_seconds, help=tr("seconds one check may take"))
    parser.add_argument("--deadline", metavar="S", type=_seconds, help=tr("seconds the whole run may take"))
    again = parser.add_mutually_exclusive_group()
    waits = tr("look again at what failed until nothing fails, for at most S seconds")
    again.add_argument("--wait", metavar="S", type=_seconds, help=waits)
    watches = tr("look every S seconds and tell what changes, until Ctrl-C")
    again.add_argument("--watch", metavar="S", type=_seconds, help=watches)
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, default=JOBS, help=tr("checks at once (default {jobs})", jobs=JOBS)
    )
    formats = tr("{formats} (repeatable, each with an --output; default text)", formats=", ".join(_FORMATS))
    parser.add_argument("--format", choices=_FORMATS, action=_InPairs, metavar="F", help=formats)
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--short", action="store_true", help=tr("tell what to do alone (text)"))
    told.add_argument("--verbose", action="store_true", help=tr("tell each check that passed, too (text)"))
    parser.add_argument(
        "--output", metavar="FILE", action=_InPairs, help=tr("write the result into a file (-: standard output)")
    )
    parser.set_defaults(outputs=())
    parser.add_argument(
        "--since",
        metavar="RUN",
        help=tr("tell what changed since “last”, “good” (the last good run, default) or a report in JSON"),
    )
    parser.add_argument(
        "--strict", action="store_true", help=tr("end with 4 on warnings and on what could not be found out")
    )
    _secrets_file(parser)


class _InPairs(argparse.Action):
    """Keeps the options that belong together in the order in which they were given, as `outputs`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse's own form
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,  # noqa: ARG002 - argparse's own form
    ) -> None:
        """Take one of them."""
        namespace.outputs = (*namespace.outputs, (self.dest, values))


def _export(parser: argparse.ArgumentParser) -> None:
    _sources(parser)
    parser.add_argument("destination", metavar="DEST", help=tr("a new, empty or former bundle's folder, or a .zip"))
    parser.add_argument(
        "--target",
        metavar="NAME",
        action="append",
        default=[],
        help=tr("{targets} (repeatable; default all that fit)", targets=", ".join(target_names())),
    )
    parser.add_argument(
        "--secrets",
        choices=_SECRETS,
        default="reference",
        help=tr("reference (default) or inline"),
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=tr("show what would change at DEST, with secrets masked; write nothing")
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help=tr("what to write (default text)"))
    _secrets_file(parser)


def _accept(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    accepts = tr("let a finding of the last run count no longer"), tr("Let a finding of the last run count no longer.")
    parser = _command(commands, "accept", *accepts)
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("finding", metavar="ID[:SUBJECT]")
    parser.add_argument("--reason", metavar="TEXT", required=True, help=tr("why it is known and wanted"))
    parser.add_argument("--until", metavar="YYYY-MM-DD", type=_day, help=tr("the last day on which that holds"))


def _day(text: str) -> date:
    from datetime import UTC, datetime

    from wizard.formats.cluster_file.accepted import day

    try:
        found = day(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is no day as YYYY-MM-DD", text=text)) from None
    if found < datetime.now(UTC).astimezone().date():
        raise argparse.ArgumentTypeError(tr("{text} is over", text=text))
    return found


def _sources(parser: argparse.ArgumentParser, least: str = "+") -> None:
    says = tr("cluster file, env file, Compose file, bundle or saved cluster; several complete one another")
    parser.add_argument("source", metavar="SOURCE", nargs=least, help=says)


def _secrets_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--secrets-file", metavar="FILE", help=tr("an env file with the secrets' values"))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            tr("“{text}” is no number of seconds above 0 and up to {most}", text=text, most=MOST_SECONDS)
        )
    return seconds


def _jobs(text: str) -> int:
    jobs = int(text) if text.isdecimal() else 0
    if not 0 < jobs <= MOST_JOBS:
        raise argparse.ArgumentTypeError(tr("“{text}” is no number from 1 to {most}", text=text, most=MOST_JOBS))
    return jobs
