"""The grammar of the command line. Imports next to nothing: `--help` and `--version` answer at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Container, Mapping

from wizard import __version__
from wizard.app import language
from wizard.cli import argparse_words, terminal
from wizard.cli.codes import PROGRAM, called_as
from wizard.cli.commands import COMMANDS, TABLE
from wizard.cli.parser import Parser, everywhere
from wizard.plan.i18n import tr

TYPE_CHECKING = False

OPEN = "open"
_INDENT = " " * len("usage: ")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the arguments; exits with 2 and a sentence on bad usage, with 0 after `--help` and `--version`.

    Without a command, what is given is the source to open in the window; its `command` is OPEN.
    """
    argparse_words.install()
    language.use()
    given, arguments = everywhere(usage=_usage()).parse_known_args(arguments)
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
    opener = Parser(prog=called_as(), usage=_usage())
    opener.add_argument("source", metavar="SOURCE", nargs="?")
    opener.set_defaults(command=OPEN)
    return opener


def grammar(
    only: Container[str] | None = None,
) -> tuple[argparse.ArgumentParser, Mapping[str, Parser]]:
    """Return the grammar of the whole, and that of each command; arguments of the commands `only`, if that is given."""
    shared = everywhere()
    parser = Parser(
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
    for name, (listed, description, fill) in TABLE.items():
        whole = only is None or name in only
        parents = [shared] if whole else []
        command = commands.add_parser(name, help=tr(listed), description=tr(description), parents=parents)
        if whole:
            fill(command)
    return parser, commands.choices
