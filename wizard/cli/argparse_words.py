"""What argparse says of its own: its words pass through our catalogue, as the program's do."""

from __future__ import annotations

import argparse

from wizard.plan.i18n import mark, markn, tr, trn

WORDS = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("%(prog)s: error: %(message)s\n"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("expected one argument"),
    mark("expected at most one argument"),
    mark("expected at least one argument"),
    markn("expected %s argument", "expected %s arguments"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("ignored explicit argument %r"),
    mark("unrecognized arguments: %s"),
)
"""The texts of argparse, as the Pythons from 3.11 on have them, that the grammar of this program can bring up."""


def _plural(one: str, many: str, count: int) -> str:
    return trn(one, many, count)


def install() -> None:
    """Let argparse look its words up in our catalogue: it knows gettext's domain of the whole process alone."""
    vars(argparse).update(_=tr, ngettext=_plural)
