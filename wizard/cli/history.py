"""Command history: the kept runs of a source, the newest first."""

from __future__ import annotations

import argparse

from wizard.app.history import PastRun, following, key_of, past_runs
from wizard.cli.codes import ExitCode
from wizard.cli.output import write
from wizard.cli.sources import opened_source
from wizard.guide.reports.since import moment
from wizard.guide.reports.text import counted
from wizard.plan.i18n import listing, sentences, tr, trn


def history(options: argparse.Namespace) -> int:
    """Do the command and return the exit code."""
    opened = opened_source(*options.source)
    lines = [_line(following(run, opened.plan)) for run in past_runs(key_of(options.source, opened.saved_as))]
    write("\n".join([*(lines or [tr("No run of it was kept yet.")]), ""]), None)
    return ExitCode.OK


def _line(run: PastRun) -> str:
    asked = [*run.selection.only, *(f"-{prefix}" for prefix in run.selection.skip)]
    known = sum(bool(finding.accepted) for finding in run.findings)
    figures = listing([*counted(run.count), *([trn("1 accepted", "{count} accepted", known)] if known else [])])
    part = tr("(only {ids})", ids=listing(asked)) if asked else ""
    seconds = tr("{seconds:.1f} s", seconds=run.elapsed_ms / 1000)
    return "  ".join((moment(run.started), sentences(f"{figures} · {seconds}", part), str(run.path)))
