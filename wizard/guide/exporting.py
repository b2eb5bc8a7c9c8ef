"""What is asked once before an export, and what is to be done after it. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.checks import registry
from wizard.dataclass import dataclass
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.plan import Plan

INLINE = "inline"
"""The mode in which files hold secrets in plain text."""

ENCRYPTED = "encrypted"
"""The mode in which one file holds every secret, encrypted with a passphrase."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do after an export. `done` says that it is done already, as far as the program can see.

    `shown_by` is the component that serves once it is done; `by_whole_run`: it is done by checking everything.
    """

    words: str
    done: bool = False
    shown_by: str = ""
    by_whole_run: bool = False


def doubts(findings: Iterable[Finding], mode: str) -> tuple[str, ...]:
    """Return what somebody should know before the files are written, a sentence each; nothing where all is well."""
    told = []
    if failed := _failed(findings):
        told.append(
            trn(
                "1 finding has failed, and the files would be written as the plan is.",
                "{count} findings have failed, and the files would be written as the plan is.",
                failed,
            )
        )
    if mode == INLINE:
        told.append(tr("The env files would hold every secret in plain text."))
    return tuple(told)


def with_failures(findings: Iterable[Finding]) -> str:
    """Return the sentence that tells after an export what was exported all the same; empty if nothing had failed."""
    failed = _failed(findings)
    return trn("1 finding has failed in it.", "{count} findings have failed in it.", failed) if failed else ""


def _failed(findings: Iterable[Finding]) -> int:
    return sum(finding.severity is Severity.FAIL and not finding.accepted for finding in findings)


def next_steps(plan: Plan, mode: str) -> tuple[NextStep, ...]:
    """Return what is to be done after an export, in this order."""
    names = listing(node.name for node in plan.nodes)
    filling = tr("Fill in the secrets: each is named in a comment of its file.")
    if mode == ENCRYPTED:
        filling = tr(
            "Open secrets.env.age with its passphrase, and let the script fill in the secrets, as the README says."
        )
    steps = [
        NextStep(filling, done=mode == INLINE),
        NextStep(tr("Copy to each node its own files: {names}.", names=names)),
        NextStep(
            tr("Start the first node alone as the README says, and wait until it serves; then the others."),
            shown_by="node",
        ),
        NextStep(tr("Put the balancer's files in place, and reload it."), shown_by="balancer"),
        NextStep(tr("Check everything again on the Review."), by_whole_run=True),
    ]
    return tuple(step for step in steps if plan.nodes or step is not steps[1])


def shows(findings: Iterable[Finding], step: NextStep) -> bool:
    """Whether findings show that a step is done: its part serves, every node where it is one of a node."""
    serving = registry.component(step.shown_by).serving if step.shown_by else None
    own = [finding.severity for finding in findings if serving and finding.id == serving.id]
    return bool(own) and all(severity is Severity.PASS for severity in own)
