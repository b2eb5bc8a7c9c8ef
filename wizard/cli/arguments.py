"""The grammar of the command line. Imports next to nothing: `--help` and `--version` answer at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Container, Mapping
from functools import partial

from wizard import __version__
from wizard.app import language
from wizard.cli import argparse_words, output, terminal
from wizard.cli.codes import PROGRAM, called_as
from wizard.engine.limits import DEADLINE, JOBS
from wizard.plan.i18n import listing, mark, tr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from _typeshed import SupportsWrite

OPEN = "open"
MOST_JOBS = 1000
MOST_SECONDS = 86400
"""A day: longer than any run, and far below what the systems' clocks can count."""
_FORMATS = ("text", "json", "junit", "markdown", "html", "prometheus")
_SECRETS = ("reference", "inline", "encrypted")
_STORES = ("keyring", "file")
_INDENT = " " * len("usage: ")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the arguments; exits with 2 and a sentence on bad usage, with 0 after `--help` and `--version`.

    Without a command, what is given is the source to open in the window; its `command` is OPEN.
    """
    argparse_words.install()
    language.use()
    given, arguments = _everywhere(usage=_usage()).parse_known_args(arguments)
    language.use(given.lang)
    terminal.use_colour(given.color)
    words = [argument for argument in arguments if not argument.startswith("-")]
    parser, commands = grammar(words[:1])  # the others are listed alone, and need no arguments
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


def _everywhere(usage: str | None = None) -> _Parser:
    """Return the grammar of what holds everywhere, before and behind the command: language and colours."""
    parser = _Parser(prog=called_as(), usage=usage, add_help=False)
    parser.add_argument(
        "--lang", choices=language.available(), help=tr("language of all texts (default: the system's)")
    )
    parser.add_argument(
        "--color", choices=terminal.COLOURS, help=tr("colours: auto (default: on a terminal), always or never")
    )
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose help is as wide as the terminal, and which takes no abbreviations.

    The library asks the terminal anew for each option, through a module that costs a tenth of the time of `--help`.
    """

    def __init__(self, **options: Any) -> None:
        width = terminal.width_of(sys.stdout) - 2
        super().__init__(formatter_class=partial(argparse.HelpFormatter, width=width), allow_abbrev=False, **options)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Write at once: a reader that has gone and a full disk are told of as they are of any result."""
        if message and file is not None and file is sys.stdout:
            output.write(message, None)
        else:
            super()._print_message(message, file)


def _no_command(word: str) -> str:
    if os.path.lexists(word):
        return tr("“{word}” is opened alone, or with a command before it", word=word)
    import difflib

    guess = difflib.get_close_matches(word, COMMANDS, n=1)
    if guess:
        return tr("no file and no command called “{word}”; did you mean {command}?", word=word, command=guess[0])
    return tr("no file and no command called “{word}”", word=word)


def _usage() -> str:
    """Return the two ways to call it, the names of the commands in as many lines as the terminal needs for them."""
    room = terminal.width_of(sys.stdout) - 2
    *names, last = COMMANDS
    lines, line = [], f"{_INDENT}{called_as()} {{"
    for word in (*(f"{name}," for name in names), f"{last}}} …"):
        if len(line + word) > room:
            lines.append(line)
            line = f"{_INDENT}  "
        line += word
    return "\n".join([f"{called_as()} [SOURCE]", *lines, line]).replace("%", "%%")


def _opener() -> argparse.ArgumentParser:
    opener = _Parser(prog=called_as(), usage=_usage())
    opener.add_argument("source", metavar="SOURCE", nargs="?")
    opener.set_defaults(command=OPEN)
    return opener


def grammar(
    only: Container[str] | None = None,
) -> tuple[argparse.ArgumentParser, Mapping[str, _Parser]]:
    """Return the grammar of the whole, and that of each command; arguments of the commands `only`, if that is given."""
    shared = _everywhere()
    parser = _Parser(
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
        parents=[shared],
    )
    version = f"{PROGRAM} {__version__}"
    parser.add_argument("--version", action="version", version=version, help=tr("show the version and exit"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, prog=called_as())
    for name, (listed, description, fill) in _TABLE.items():
        whole = only is None or name in only
        parents = [shared] if whole else []
        command = commands.add_parser(name, help=tr(listed), description=tr(description), parents=parents)
        if whole:
            fill(command)
    return parser, commands.choices


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
    takes = tr(
        "seconds one check may take (default {seconds}, more where it waits for several answers)",
        seconds=f"{DEADLINE:g}",
    )
    parser.add_argument("--timeout", metavar="S", type=_timeout, help=takes)
    whole = tr("seconds the whole run may take (default: no limit)")
    parser.add_argument("--deadline", metavar="S", type=_seconds, help=whole)
    again = parser.add_mutually_exclusive_group()
    waits = tr("look again at what failed until nothing fails, for at most S seconds")
    again.add_argument("--wait", metavar="S", type=_seconds, help=waits)
    watches = tr("look every S seconds and tell what changes, until Ctrl-C")
    again.add_argument("--watch", metavar="S", type=_seconds, help=watches)
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, default=JOBS, help=tr("checks at once (default {jobs})", jobs=JOBS)
    )
    formats = tr("{formats} (repeatable, each with an --output; default text)", formats=listing(_FORMATS))
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
    from wizard.export.targets import target_names

    _sources(parser)
    parser.add_argument("destination", metavar="DEST", help=tr("a new, empty or former bundle's folder, or a .zip"))
    parser.add_argument(
        "--target",
        metavar="NAME",
        action="append",
        default=[],
        help=tr("{targets} (repeatable; default all that fit)", targets=listing(target_names())),
    )
    parser.add_argument(
        "--secrets",
        choices=_SECRETS,
        default="reference",
        help=tr("reference (default), inline, or encrypted with a passphrase"),
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=tr("show what would change at DEST, with secrets masked; write nothing")
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help=tr("what to write (default text)"))
    _secrets_file(parser)


def _diff(parser: argparse.ArgumentParser) -> None:
    first = tr("cluster file, env file, Compose file, bundle or saved cluster; its values are told behind “-”")
    parser.add_argument("left", metavar="SOURCE", help=first)
    parser.add_argument("right", metavar="SOURCE", help=tr("what to compare it with; its values are told behind “+”"))


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help=tr("check and export instead of opening the window"))


def _self_test(parser: argparse.ArgumentParser) -> None:
    """Take no argument."""


def _accept(parser: argparse.ArgumentParser) -> None:
    checked = tr("what was checked: a cluster file, an env file, a Compose file, a bundle or a saved cluster")
    parser.add_argument("source", metavar="SOURCE", help=checked)
    told = tr("the finding as the report tells it: its id, and its subject where it has one")
    parser.add_argument("finding", metavar="ID[:SUBJECT]", help=told)
    parser.add_argument("--reason", metavar="TEXT", required=True, help=tr("why it is known and wanted"))
    parser.add_argument("--until", metavar="YYYY-MM-DD", type=_day, help=tr("the last day on which that holds"))


def _kept_secrets(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, says: str) -> argparse.ArgumentParser:
        found = actions.add_parser(name, help=says, description=says, parents=[_everywhere()])
        found.add_argument("cluster", metavar="CLUSTER", help=tr("a saved cluster, a cluster file or a bundle"))
        return found

    listing = action("list", tr("say where each secret is"))
    listing.add_argument("--show", action="store_true", help=tr("show the values, too, on a terminal"))
    setting = action("set", tr("keep a value, from a prompt or standard input"))
    name = tr("a secret's name, or its setting's")
    setting.add_argument("name", metavar="NAME", help=name)
    default = tr("where to (default: the keyring; without one, the encrypted file)")
    where = setting.add_mutually_exclusive_group()
    where.add_argument("--in", dest="into", choices=_STORES, help=default)
    outside = tr("keep no value: the plan says where it is, env:NAME, file:PATH or cmd:COMMAND")
    where.add_argument("--from", dest="outside", metavar="REFERENCE", help=outside)
    removing = action("remove", tr("forget values, wherever they are kept"))
    removing.add_argument("name", metavar="NAME", nargs="+", help=name)
    moving = action("move", tr("move values to another store; no NAME means all"))
    moving.add_argument("name", metavar="NAME", nargs="*", help=name)
    moving.add_argument("--to", choices=_STORES, required=True, help=tr("where to"))


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
    follows = tr("take secrets from where the plan says they are (env:, file:, cmd:), whatever it names")
    parser.add_argument("--follow-references", action="store_true", help=follows)


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


def _timeout(text: str) -> float:
    """Return the seconds for one check: with fewer a healthy server would be called silent."""
    seconds = _seconds(text)
    if seconds < 1:
        why = tr("“{text}” is too short, as a healthy server may not have answered by then: 1 is the least", text=text)
        raise argparse.ArgumentTypeError(why)
    return seconds


def _jobs(text: str) -> int:
    jobs = int(text) if text.isdecimal() else 0
    if not 0 < jobs <= MOST_JOBS:
        raise argparse.ArgumentTypeError(tr("“{text}” is no number from 1 to {most}", text=text, most=MOST_JOBS))
    return jobs


_TABLE: dict[str, tuple[str, str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": (mark("test a cluster live"), mark("Test a cluster live."), _check),
    "export": (mark("write the files of a cluster"), mark("Write the files of a cluster."), _export),
    "diff": (
        mark("show what differs between two plans: exit 0 equal, 3 different"),
        mark("Show what differs between two plans: exit 0 equal, 3 different."),
        _diff,
    ),
    "accept": (
        mark("let a finding of the last run count no longer"),
        mark("Let a finding of the last run count no longer."),
        _accept,
    ),
    "history": (
        mark("list the runs that were kept"),
        mark("List the runs that were kept, the newest first."),
        _sources,
    ),
    "secrets": (
        mark("list, set, remove or move a cluster's secrets"),
        mark("List, set, remove or move a cluster's secrets. No value is shown unless you ask on a terminal."),
        _kept_secrets,
    ),
    "probe": (
        mark("print the script that gathers facts inside a node"),
        mark(
            "Print the script that gathers facts inside a node, with a key of its own: keep it to yourself. Run it in "
            "each node, node --input-type=module - < FILE, and give what it prints to check --facts."
        ),
        _sources,
    ),
    "demo": (
        mark("start throw-away local servers and open the wizard on them"),
        mark("Start throw-away local servers and open the wizard on them."),
        _demo,
    ),
    "self-test": (
        mark("prove that this installation is whole"),
        mark("Prove that this installation is whole."),
        _self_test,
    ),
}
"""Each command: what the list says of it, what its own help says, and what gives it its arguments."""
COMMANDS = tuple(_TABLE)
