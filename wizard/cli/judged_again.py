"""Command check on a kept run: it is judged again, without the network."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from wizard.app import history
from wizard.cli.codes import EndError
from wizard.cli.past_runs import GOOD, LAST, compare_with
from wizard.cli.sources import opened_source
from wizard.engine.selection import Selection
from wizard.guide.reports.told import Told
from wizard.plan.i18n import tr
from wizard.reading import path_of


def kept_run_of(files: Sequence[str]) -> history.PastRun | None:
    """Return the kept run among files of facts, None where there is none; raises EndError where others are with it."""
    if not files:
        return None
    from wizard.app.judged_again import kept_run

    try:
        runs = [run for file in files if (run := kept_run(path_of(file)))]
    except history.HistoryError as error:
        raise EndError(str(error)) from error
    if runs and len(files) > 1:
        raise EndError(tr("A kept run is judged alone: give one --facts FILE."))
    return runs[0] if runs else None


def judged(run: history.PastRun, options: argparse.Namespace, selection: Selection) -> Told:
    """Return what is told of a kept run, for the source's plan, or else for the one that it was kept with."""
    from wizard.app.judged_again import judged_again, plan_of

    if options.since in {LAST, GOOD}:
        raise EndError(tr("A kept run is compared with a file: --since FILE."))
    if options.nodes or options.wait or options.watch:
        raise EndError(tr("A kept run is judged without asking anybody: --nodes, --wait and --watch do not fit."))
    try:
        plan = opened_source(*options.source).plan if options.source else plan_of(run)
        report = judged_again(run, plan)
    except history.HistoryError as error:
        raise EndError(str(error)) from error
    wanted = tuple(finding for finding in report.findings if selection.wants(finding.id))
    if not wanted:
        raise EndError(tr("The kept run looked at nothing of what is wanted now (--only, --skip, --stage)."))
    report = replace(report, findings=wanted)
    past = history.following(compare_with(options.since), plan) if options.since else None
    since = history.since(past, report, run.selection) if past else None
    since = since.counting(lambda finding: selection.wants(finding.id)) if since else None
    return Told(report, str(run.document.get("source", run.path)), since, plan)
