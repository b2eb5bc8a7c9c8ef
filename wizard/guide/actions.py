"""What to do next by what was found, and the sentence that says how a cluster stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wizard.checks.registry import names, spec_of
from wizard.engine import actions as grouping
from wizard.plan.action import Action
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import markn, tr, trn

_SENTENCES = (
    (Severity.FAIL, markn("Not ready: 1 thing to do first.", "Not ready: {count} things to do first.")),
    (Severity.UNKNOWN, markn("1 thing could not be found out.", "{count} things could not be found out.")),
    (Severity.WARN, markn("Nothing failed; 1 thing to mend.", "Nothing failed; {count} things to mend.")),
)


def actions_of(findings: Iterable[Finding]) -> tuple[Action, ...]:
    """Return the actions for the findings of a run, the most urgent first; of two alike the one nearer to the cause.

    What others depend on is listed first: servers before nodes, nodes before what stands before them.
    """
    order = {name: place for place, name in enumerate(names())}
    told = sorted(findings, key=lambda finding: order.get(finding.component, len(order)))
    return grouping.actions(told, spec_of, _step_of)


def _step_of(finding: Finding) -> str:
    from wizard.guide.flow import step_of  # the steps are loaded where a finding leads to one

    return step_of(finding)


def verdict(findings: Sequence[Finding], actions: Iterable[Action]) -> str:
    """Say in one sentence how the cluster stands.

    What is to be done is counted by causes; what could not be found out by findings, as in the figures beside it.
    """
    made = list(actions)
    for severity, words in _SENTENCES:
        if count := sum(action.impact.severity is severity for action in made):
            if severity is Severity.UNKNOWN:
                count = sum(finding.severity is severity and not finding.accepted for finding in findings)
            return trn(*words, count)
    passed = sum(finding.severity is Severity.PASS for finding in findings)
    accepted = sum(finding.accepted is not None for finding in findings)
    if accepted and not passed:
        return trn("Nothing to do: 1 finding is accepted.", "Nothing to do: {count} findings are accepted.", accepted)
    if findings and all(finding.severity is Severity.INFO for finding in findings):
        return tr("Nothing to do: there are only notes.")
    if not passed:
        return tr("Nothing was tested.")
    return trn("Nothing to do: 1 check passed.", "Nothing to do: {count} checks passed.", passed)
