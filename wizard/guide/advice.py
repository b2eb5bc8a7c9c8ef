"""Remedies in the window's own terms: a secret that is not at hand is entered on its step. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wizard.checks.registry import spec_of
from wizard.checks.shared.look_there import let_nodes_look, let_nodes_meet, look_from_there
from wizard.checks.shared.unread import how_to_say
from wizard.engine.unanswered import with_more_time
from wizard.guide import flow
from wizard.plan.finding import Finding
from wizard.plan.i18n import language, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice
from wizard.plan.secret_hints import how_to_give


def page_of(finding: Finding) -> str:
    """Return the page of NocoBase's documentation that a finding's check is about, nothing where there is none."""
    spec = spec_of(finding)
    return spec.doc if spec else ""


def wanted(plan: Plan) -> Mapping[str, str]:
    """Return the key of each secret by the remedy that a finding has where its value is not at hand."""
    return {how_to_give(plan, key).text: key for key, _ref in plan.secret_refs() if plan.has_setting(key)}


class _Last:
    """The plan that was asked for last, in which language, and its advice: a run asks for one plan again and again."""

    known: tuple[Plan | None, str, Mapping[str, Remedy]] = None, "", {}


def in_window(plan: Plan, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with advice for somebody at the window, where it speaks of variables, files or options."""
    of_plan, told_in, entered = _Last.known
    if of_plan is not plan or told_in != language():
        entered = _entered(plan)
        _Last.known = plan, language(), entered
    return [
        finding.with_remedy(entered[finding.remedy]) if finding.remedy in entered else finding for finding in findings
    ]


def _entered(plan: Plan) -> dict[str, Remedy]:
    """Return what is advised at the window, by the remedies that it takes the place of."""
    entered = {secret: _advice(plan, key) for secret, key in wanted(plan).items()}
    entered[how_to_say().text] = advice(tr("Enter or choose it on its step, even if what stands there is right."))
    entered[with_more_time().text] = advice(tr("Check again when less is going on on this machine."))
    for remedy in (let_nodes_look(), let_nodes_meet(), look_from_there()):
        entered[remedy.text] = _look_inside(plan)
    return entered


def _advice(plan: Plan, key: str) -> Remedy:
    title = tr(flow.step(flow.step_of_key(key)).title)
    return advice(tr("Enter “{label}” on the step {step}.", label=tr(plan.setting(key).label), step=title))


def _look_inside(plan: Plan) -> Remedy:
    """Return the advice to let the nodes look, which takes a way into them."""
    if plan.reach.template:
        return advice(tr("Let the nodes look: turn on “Look inside the nodes too” on the Review, and check again."))
    return advice(
        tr(
            "Let the nodes look: choose a way into them on the step Nodes, then turn on “Look inside the nodes too” on "
            "the Review."
        )
    )
