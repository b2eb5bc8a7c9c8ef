"""Command demo: the wizard on throw-away servers, in the window or, headless, as check and export."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.app.demo import running_demo
from wizard.app.export import ExportError
from wizard.app.export import export as export_bundle
from wizard.app.open_source import OpenedSource
from wizard.checks.registry import spec_of
from wizard.cli.check import conduct
from wizard.cli.codes import EndError, ExitCode
from wizard.cli.export import files_list
from wizard.cli.frontends import Frontends, require_window
from wizard.cli.output import say, write
from wizard.cli.progress import told
from wizard.cli.signals import TERMINATING
from wizard.cli.style import style_of
from wizard.demo.guardian import guarded_folder
from wizard.guide.reports.text import report_text
from wizard.guide.status import is_empty_field
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import tr
from wizard.storage import log_filter

if TYPE_CHECKING:
    from wizard.demo.cluster import DemoCluster
    from wizard.engine.report import Report

_SIGNALLED = 128
"""Added to a signal's number it is the exit code that shells know."""


def demo(frontends: Frontends, *, headless: bool) -> int:
    """Do the command and return the exit code."""
    if not headless:
        require_window(frontends)
    if headless:
        _end_on_terminate()
    parts: list[str] = []
    with ExitStack() as stack:
        with told(tr("starting the demo's servers")):
            cluster = stack.enter_context(running_demo(parts.append))
        if headless:
            write(f"{cluster.share}\n", None)
        else:
            say(cluster.share)
        for line in parts:
            say(line)
        if headless:
            return _without_window(cluster)
        return frontends.window(None, OpenedSource(cluster.plan, dict(cluster.secrets), tr("Demo")))


def _end_on_terminate() -> None:
    """Let what terminates unwind the stack, so that servers and folders go; the window has its own way."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in TERMINATING:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _frame: sys.exit(_SIGNALLED + number))


def _without_window(cluster: DemoCluster) -> int:
    """Check and export; what the machine lacks is shown and is no failure, but a check that fails without that is."""
    log_filter.learn(cluster.secrets.values())
    report = _without_what_lacks(conduct(cluster.plan, cluster.secrets, known=cluster.findings), cluster.findings)
    write(report_text(report, style_of(sys.stdout)) + "\n", None)
    with guarded_folder("nocobase-cluster-demo-bundle-") as folder:
        try:
            exported = export_bundle(cluster.plan, cluster.secrets, folder / "bundle")
        except ExportError as error:
            raise EndError(str(error), ExitCode.FAULT) from error
    write("\n".join((tr("Exported on trial, and removed again:"), files_list(exported))), None)
    if report.faults or report.cancelled:
        return ExitCode.FAULT
    failed = any(finding.severity is Severity.FAIL for finding in report.findings)
    return ExitCode.FAILED if failed else ExitCode.OK


def _without_what_lacks(report: Report, known: Iterable[Finding]) -> Report:
    """Return the report in which nothing fails for a server that the machine does not have, as `known` tells."""
    lacking = {finding.component for finding in known if finding.severity is Severity.UNKNOWN}
    return replace(report, findings=tuple(_judged(finding, lacking) for finding in report.findings))


def _judged(finding: Finding, lacking: Collection[str]) -> Finding:
    """Return the finding; a failure that comes of a lacking component was not looked at."""
    spec = spec_of(finding)
    if finding.severity is not Severity.FAIL or spec is None:
        return finding
    setting = str(finding.facts.get("setting", ""))
    due = setting.partition(".")[0] if is_empty_field(finding) else finding.component if spec.gate else ""
    if due not in lacking:
        return finding
    told_by = f"{due}.demo"
    words = tr("Not looked at, because {gate} could not be found out.", gate=told_by)
    return spec.skip(words, subject=finding.subject, because=(told_by,))
