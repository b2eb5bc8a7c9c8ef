"""Command diff: what differs between two plans."""

from __future__ import annotations

import argparse
import sys

from wizard.app.diff import Difference, Outcome, compare
from wizard.app.gather_secrets import gather_secrets, missing
from wizard.app.open_source import OpenedSource
from wizard.cli.codes import ExitCode
from wizard.cli.output import say, write
from wizard.cli.sources import opened_source
from wizard.cli.style import style_of
from wizard.guide.reports.style import Style, printable
from wizard.plan.i18n import listing, tr
from wizard.plan.secret import Secret


def diff(options: argparse.Namespace) -> int:
    """Do the command and return the exit code: 0 equal, 3 different."""
    left, right = opened_source(options.left), opened_source(options.right)
    found = compare(left.plan, _secrets(left), right.plan, _secrets(right))
    different = [one for one in found if one.outcome is Outcome.DIFFERENT]
    unknown = [one.key for one in found if one.outcome is Outcome.UNKNOWN]
    write(_text(different, style_of(sys.stdout)), None)
    if unknown:
        say(tr("Not compared, as a secret is not at hand: {keys}.", keys=listing(unknown)))
    return ExitCode.FAILED if different else ExitCode.OK


def _secrets(opened: OpenedSource) -> dict[str, Secret]:
    """Gather what this source and the secret store know; the environment would say the same of both sides."""
    secrets = gather_secrets(opened.plan, opened.secrets, environ={})
    if missing(opened.plan, secrets):
        from wizard.storage.secret_store import open_secret_store

        secrets = gather_secrets(opened.plan, secrets, open_secret_store().secret_store, environ={})
    return secrets


def _text(found: list[Difference], style: Style) -> str:
    if not found:
        return "\n".join((tr("No difference."), ""))
    lines: list[str] = []
    for one in found:
        lines += [
            style.bold(printable(one.key)) + (f" ({listing(one.variables)})" if one.variables else ""),
            f"  - {printable(one.left)}".rstrip(),
            f"  + {printable(one.right)}".rstrip(),
        ]
    return "\n".join(lines) + "\n"
