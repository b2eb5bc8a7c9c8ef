"""The command line's way from arguments to an exit code. Whatever happens, it ends in a sentence, not a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from wizard.cli.codes import EndError, ExitCode, called_as
from wizard.cli.frontends import Frontends, require_window
from wizard.cli.output import forget_output, say
from wizard.cli.signals import terminated_as_interrupted
from wizard.plan.i18n import sentences, tr
from wizard.storage import core_dumps

if TYPE_CHECKING:
    import argparse


def run(words: list[str], frontends: Frontends) -> int:
    """Do what the arguments say and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that a test put there
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        with terminated_as_interrupted():
            code = _run(words, frontends) if words else _open_alone(frontends)
        if sys.stdout:
            sys.stdout.flush()
    except EndError as end:
        say(f"{called_as()}: {end}")
        return end.code
    except SystemExit as end:  # of the arguments: kept for the end, as any code is, where nobody hears what was said
        return int(end.code or 0)
    except KeyboardInterrupt:
        say(tr("{program}: interrupted.", program=called_as()))
        return ExitCode.FAULT
    except BrokenPipeError:
        # The reader of our output has gone; it must not be told about it at the interpreter's last flush either.
        forget_output()
        return ExitCode.FAULT
    except Exception as error:  # noqa: BLE001 - the last fence: a fault of ours is logged and said in one sentence
        return _fault(error)
    return code


def _open_alone(frontends: Frontends) -> int:
    """Open the window on nothing, as most starts do: without the grammar, which has nothing to read."""
    from wizard.app import language

    language.use()
    core_dumps.forbid()
    return _open(None, frontends)


def _run(words: list[str], frontends: Frontends) -> int:
    from wizard.cli import arguments

    options = arguments.parse(words)
    core_dumps.forbid()
    if options.command == arguments.OPEN:
        return _open(options.source, frontends)
    from wizard.app import log_file

    log_file.start()
    match options.command:
        case "demo":
            from wizard.cli.demo import demo

            return demo(frontends, headless=options.headless)
        case "secrets":
            from wizard.cli.secrets import secrets

            return secrets(options)
        case "self-test":
            from wizard.cli.self_test import self_test

            return self_test(frontends)
        case _:
            return _of_sources(options)


def _of_sources(options: argparse.Namespace) -> int:
    """Do a command that reads sources, and return its exit code."""
    match options.command:
        case "check":
            from wizard.cli.check import check

            return check(options)
        case "export":
            from wizard.cli.export import export

            return export(options)
        case "diff":
            from wizard.cli.diff import diff

            return diff(options)
        case "probe":
            from wizard.cli.probe import probe

            return probe(options)
        case "accept":
            from wizard.cli.accept import accept

            return accept(options)
        case _:
            from wizard.cli.history import history

            return history(options)


def _open(source: str | None, frontends: Frontends) -> int:
    if source and not os.path.lexists(source):
        _refuse_command(source)
    require_window(frontends)
    from wizard.app import log_file

    log_file.start()
    return frontends.window(source)


def _refuse_command(word: str) -> None:
    """Raise EndError where a word that is no file looks like a command."""
    import difflib

    from wizard.cli import commands

    if guess := difflib.get_close_matches(word, commands.COMMANDS, n=1):
        raise EndError(tr("There is no “{source}”; the command is “{command}”.", source=word, command=guess[0]))


def _fault(error: Exception) -> ExitCode:
    from wizard.app import log_file

    path = log_file.record(error)
    where = tr("Details are in {path}.", path=path) if path else ""
    sentence = tr(
        "{program}: a fault of this program stopped it ({kind}).", program=called_as(), kind=type(error).__name__
    )
    say(sentences(sentence, where))
    return ExitCode.FAULT
