"""Command self-test: proves that this installation is whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from wizard.app.self_test import prove
from wizard.cli.codes import ExitCode
from wizard.cli.output import write
from wizard.cli.style import style_of
from wizard.guide.reports.style import WORDS, filled, wrapped
from wizard.plan.finding import Severity
from wizard.plan.i18n import listing, tr

if TYPE_CHECKING:
    from wizard.cli.frontends import Frontends

_SEVERITIES = {True: Severity.PASS, False: Severity.FAIL, None: Severity.SKIP}
_INDENT = 8
"""Columns before what is told: one word on how it went."""


def self_test(frontends: Frontends) -> int:
    """Do the command and return the exit code: 0 if every part works that belongs to this form of it."""
    style, whole = style_of(sys.stdout), True
    for proof in prove(_write_reports, frontends.paint_page):
        severity = _SEVERITIES[proof.works]
        whole = whole and severity is not Severity.FAIL
        word = filled(tr(WORDS[severity]), _INDENT)
        lines = wrapped(f"{proof.name}: {proof.words}", _INDENT, style)
        write(style.severity(word, severity) + f"\n{' ' * _INDENT}".join(lines) + "\n", None)
    return ExitCode.OK if whole else ExitCode.FAULT


def _write_reports() -> str:
    """Write the report of a run in which nothing was found, in every format."""
    from datetime import UTC, datetime

    from wizard.engine.report import Report
    from wizard.guide.reports.report import Format, rendered
    from wizard.guide.reports.told import Told

    told = Told(Report((), datetime.now(UTC), 0), "self-test")
    for form in Format:
        rendered(told, form)
    return listing(Format)
