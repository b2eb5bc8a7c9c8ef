"""What the last whole check of a saved cluster found, in a line; and what one found since the last good run. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from wizard.app import history
from wizard.app.check import open_texts, pasted
from wizard.checks import registry
from wizard.dataclass import dataclass
from wizard.engine.report import Report
from wizard.engine.selection import ALL
from wizard.engine.since import Change, Since
from wizard.formats.cluster_file.accepted import read_within
from wizard.formats.files import SourceError
from wizard.guide.figures import by_severity
from wizard.guide.reports.report import as_json
from wizard.guide.reports.told import Told
from wizard.guide.status import OPEN
from wizard.plan.finding import Severity
from wizard.plan.i18n import tr, trn
from wizard.plan.plan import Plan
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret
from wizard.storage.kept_runs import KeptRuns
from wizard.storage.saved_clusters import Workspace, WorkspaceError


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a cluster was checked as a whole, how many nodes answered for themselves, and what wants a person."""

    started: datetime
    nodes: int
    counts: Mapping[Severity, int]

    def words(self, now: datetime) -> str:
        """Say it in a line: `3 nodes, checked 22:10, all passed`; the day is told where it is not that of `now`."""
        local = self.started.astimezone(now.tzinfo)
        time = f"{local:%H:%M}" if local.date() == now.date() else f"{local:%Y-%m-%d %H:%M}"
        result = next(iter(by_severity(self.counts)), "") or tr("all passed")
        if not self.nodes:
            return tr("checked {time}, {result}", time=time, result=result)
        nodes = trn("1 node", "{count} nodes", self.nodes)
        return tr("{nodes}, checked {time}, {result}", nodes=nodes, time=time, result=result)


def last_run(identity: str, runs: KeptRuns | None = None) -> LastRun | None:
    """Return the last whole run of the saved cluster `identity`; None if there is none that can be read."""
    past = history.last(identity, ALL, good=False, runs=runs)
    if past is None:
        return None
    past = history.following(past, _accepting(identity))
    of_nodes = registry.nodes().name
    nodes = {item.subject for item in past.findings if item.component == of_nodes and item.subject}
    return LastRun(past.started, len(nodes), {severity: past.count(severity) for severity in OPEN})


def _accepting(identity: str) -> Plan:
    """Return a plan that accepts what a saved cluster does; nothing where that cannot be read."""
    try:
        return Plan(accepted=read_within(Workspace().load(identity), identity))
    except (WorkspaceError, SourceError):
        return Plan()


def keep(plan: Plan, report: Report, secrets: Mapping[str, Secret], runs: KeptRuns | None = None) -> Since | None:
    """Keep a whole run of a saved cluster; return what changed since its last good run, None if there is none.

    The accepted findings are among what is returned, as they count at once where that is withdrawn.
    """
    past = history.last(plan.id, ALL, good=True, runs=runs)
    changed = history.since(history.following(past, plan), report, ALL) if past else None
    told = Told(report, plan.name, changed, plan)
    redactor = Redactor([*secrets.values(), *pasted(plan)], open_texts(plan))
    history.keep(plan.id, report, history.document_of(report, plan, ALL, redactor, as_json(told)), runs)
    return _with_accepted(changed, past, report) if past and changed else None


def _with_accepted(changed: Since, past: history.PastRun, report: Report) -> Since:
    """Return what changed, with how the accepted findings would stand if they were not."""
    bare = replace(report, findings=tuple(replace(item, accepted=None) for item in report.findings))
    accepted = {(item.id, item.subject) for item in report.accepted}
    more = history.since(past, bare, ALL).counting(lambda item: (item.id, item.subject) in accepted)
    found = {change: (*changed.findings[change], *more.findings[change]) for change in Change}
    return replace(changed, findings=found)
