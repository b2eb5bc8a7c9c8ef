"""A parser of the command line as all of its commands have it, and the options that hold everywhere."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from wizard.app import language
from wizard.cli import output, terminal
from wizard.cli.codes import called_as
from wizard.plan.i18n import tr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from _typeshed import SupportsWrite


class Parser(argparse.ArgumentParser):
    """A parser whose help is as wide as the terminal, and which takes no abbreviations.

    The library asks the terminal anew for each option, through a module that costs a tenth of the time of `--help`.
    """

    def __init__(self, **options: Any) -> None:
        """Take the library's own options, but for those."""
        width = terminal.width_of(sys.stdout) - 2
        super().__init__(formatter_class=partial(argparse.HelpFormatter, width=width), allow_abbrev=False, **options)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Write at once: a reader that has gone and a full disk are told of as they are of any result."""
        if message and file is not None and file is sys.stdout:
            output.write(message, None)
        else:
            super()._print_message(message, file)


def everywhere(usage: str | None = None) -> Parser:
    """Return the grammar of what holds everywhere, before and behind the command: language and colours."""
    parser = Parser(prog=called_as(), usage=usage, add_help=False)
    parser.add_argument(
        "--lang", choices=language.available(), help=tr("language of all texts (default: the system's)")
    )
    parser.add_argument(
        "--color", choices=terminal.COLOURS, help=tr("colours: auto (default: on a terminal), always or never")
    )
    return parser
