"""The manual page and the completions of bash, zsh and fish, made from the grammar of the command line.

`python -m tests.manual` writes them into resources/shell/; tests/unit/cli/test_manual.py compares. The libraries that
make them are not needed to run the program.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import shtab
from argparse_manpage.manpage import Manpage

from wizard import __version__
from wizard.checks.registry import names
from wizard.cli import argparse_words, arguments
from wizard.export.targets import target_names
from wizard.plan import i18n
from wizard.program_name import PROGRAM

FOLDER = Path(__file__).parents[1] / "resources" / "shell"
PAGE = f"{PROGRAM}.1"
SHELLS = {"bash": f"{PROGRAM}.bash", "zsh": f"_{PROGRAM}", "fish": f"{PROGRAM}.fish"}
"""How the files are called: zsh finds its own by the name of the command behind the underscore."""
_FILES = {"CLUSTER", "SOURCE", "FILE", "DEST"}
_SHTAB, _FISH = f"_shtab_{PROGRAM.replace('-', '_')}", f"complete -c {PROGRAM}"
_BASH, _ZSH = f"\n{_SHTAB}_pos_0_choices=", f"  _describe '{PROGRAM} commands' _commands\n"
_PATHS = f"{_FISH} -n '{_SHTAB}_using' -ka '(__fish_complete_path (commandline -ct))'\n"
_OPENED = {
    "bash": (_BASH, f"\n{_SHTAB}_pos_0_COMPGEN=_shtab_compgen_files{_BASH}"),
    "zsh": (_ZSH, f"{_ZSH}  _files\n"),
    "fish": (f"\n{_FISH} -f\n", f"\n{_FISH} -f\n{_PATHS}"),
}
"""What stands in a completion, and what does instead: without a command a file is opened, which no library foresees."""
_SECTIONS = {
    "exit status": """\
.TP
.B 0
Nothing failed.
.TP
.B 1
A fault of this program, or an interrupted run.
.TP
.B 2
Bad usage, an unreadable source, or a result that cannot be written.
.TP
.B 3
At least one check failed; of
.BR diff :
the plans differ.
.TP
.B 4
With
.BR \\-\\-strict :
a warning, or something that could not be found out.""",
    "environment": """\
.TP
.BR DB_PASSWORD ", " REDIS_URL " and NocoBase's other variables"
Values of secrets, under NocoBase's own names. A secret is never an argument.
.TP
.BR NCW_CHECK_PASSWORD ", " NCW_LICENCE_KEY
The two secrets that NocoBase has no variable for: of the account for checks, and the licence key.
.TP
.B NCW_PASSPHRASE
The passphrase of an encrypted file of secrets, where no terminal can be asked.
.TP
.BR LANGUAGE ", " LC_ALL ", " LC_MESSAGES ", " LANG
The language of all texts, unless
.B \\-\\-lang
says otherwise.
.TP
.B NO_COLOR
No colours, unless
.B \\-\\-color always
is given.
.TP
.B COLUMNS
How many columns to write for, whatever the terminal says.""",
    "files": """\
.TP
.I ~/.local/share/nocobase\\-cluster\\-wizard
Saved clusters and kept runs, without a secret; and secrets in files that are encrypted with a passphrase.
.TP
.I ~/.local/state/nocobase\\-cluster\\-wizard
The log.""",
    "examples": """\
.nf
nocobase\\-cluster\\-wizard check cluster.yaml
nocobase\\-cluster\\-wizard check .env \\-\\-only redis \\-\\-format json
nocobase\\-cluster\\-wizard export cluster.yaml bundle/
nocobase\\-cluster\\-wizard demo \\-\\-headless
.fi""",
    "see also": """\
.BR nginx (8),
.BR psql (1),
.BR redis\\-cli (1)""",
}


def _grammar() -> tuple[argparse.ArgumentParser, list[argparse.ArgumentParser]]:
    """Return the whole grammar and all of its parts, in English, wrapped alike everywhere."""
    i18n.install(i18n.ENGLISH, None)
    with patch.dict(os.environ, {"COLUMNS": "100", "NCW_CALLED_AS": ""}), patch.dict(vars(argparse)):
        argparse_words.install()
        parser, _commands = arguments.grammar()
    return parser, [*_all(parser)]


def _all(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Return a parser with those of its commands, and of theirs."""
    yield parser
    for action in parser._actions:  # there is no other way in
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _all(command)


def completion(shell: str) -> str:
    """Return the completion for a shell: commands, options, what can be chosen, files."""
    parser, every = _grammar()
    offered = {"only": names(), "skip": names(), "since": ("last", "good"), "target": target_names()}
    for action in [action for one in every for action in one._actions]:
        action.choices = action.choices or offered.get(action.dest)
        if action.metavar in _FILES:
            action.complete = shtab.FILE
    text, (found, instead) = shtab.complete(parser, shell), _OPENED[shell]
    if found not in text:
        raise LookupError(f"shtab writes {shell} otherwise: {found}")
    return text.replace(found, instead, 1)


def manual() -> str:
    """Return the manual page, in roff."""
    parser, every = _grammar()
    parser.usage, parser.epilog = None, None
    for command in every[1:]:
        if command._subparsers:  # its own options stand before its actions: behind them they look like the last one's
            command._action_groups.reverse()
    data = {"manual_title": "User Commands", "version": __version__, "description": "set up, test and export a cluster"}
    page = Manpage(parser, _data=data, format="single-commands-section")
    page.date = ""
    page.add_section("synopsis", "=", f".B {PROGRAM}\n[SOURCE]\n.br\n.B {PROGRAM}\nCOMMAND [OPTION]... [ARGUMENT]...")
    for heading, text in _SECTIONS.items():
        page.add_section(heading, "=", text)
    text = str(page).replace(".SH\nPOSITIONAL ARGUMENTS", ".SH COMMANDS").replace("ARGUMENT]...", "ARGUMENT]\\&...")
    text = re.sub(r"(\n\.SS .*\n).*\n\nusage: (?s:.*?)\n\n", r"\1", text)  # what follows says the same
    text = re.sub(r"\n(arguments:|options:|\.RS 7|\.RE)(?=\n)", "", text)
    text = re.sub(r"\n{2,}", "\n", text).replace("…", "\\[u2026]")
    return text.replace("\u201c", "\\[lq]").replace("\u201d", "\\[rq]")


def made() -> dict[str, str]:
    """Return every file by its name."""
    return {PAGE: manual(), **{name: completion(shell) for shell, name in SHELLS.items()}}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in made().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
