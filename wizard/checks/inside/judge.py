"""What the nodes told from inside means. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.inside import (
    judge_balancer,
    judge_endpoints,
    judge_keys,
    judge_machine,
    judge_storage,
    judge_variables,
)
from wizard.checks.inside.compare import View
from wizard.checks.inside.document import Document
from wizard.checks.inside.facts import InsideFacts, Planned, Told
from wizard.checks.inside.specs import ANSWERS, SPECS
from wizard.engine.check import skip_rest, value_of
from wizard.engine.facts import Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import sentences, tr
from wizard.plan.quoted import Quoted
from wizard.plan.remedy import Remedy, advice, steps

_UNREAD = {"no_process": ErrorKind.MISSING, "": ErrorKind.PROTOCOL}
"""What went wrong, by the script's code, where it is not that it may not read what a process was given."""


def judge(planned: Planned, facts: InsideFacts) -> Iterator[Finding]:
    """Return a finding for each node on whether it answers, and one for each other id over all of them."""
    told = dict(value_of(facts.told) or {})
    view = View(told, planned)
    names = view.names()
    if not names:
        yield ANSWERS.skip(tr("Not tested: the plan has no nodes."))
        yield from skip_rest(SPECS, ANSWERS)
        return
    for name in names:
        yield _answers(name, told.get(name))
    if not any(True for _ in view.documents()):
        yield from skip_rest(SPECS, ANSWERS)
        return
    yield judge_keys.app_key(view)
    yield judge_keys.aes_key(view)
    yield judge_variables.database(view)
    yield from judge_storage.judge(view, facts.meetings)
    yield judge_variables.variables(view)
    yield judge_variables.adapters(view)
    yield judge_machine.package(view)
    yield judge_machine.clocks(view)
    yield judge_endpoints.judge(view)
    yield judge_machine.processes(view)
    yield judge_balancer.judge(view, facts.entries)
    yield judge_machine.licence(view)


def _answers(name: str, one: Told | None) -> Finding:
    if one is None:
        return ANSWERS.unknown(
            tr("{name} was not looked at from inside.", name=name),
            subject=name,
            error=ErrorKind.TIMEOUT,
            detail=tr("It gave no answer, and no file tells of it."),
        )
    if isinstance(one.document, Trouble):
        return _no_answer(name, one.document)
    return _heard(name, one.document.value, one.document.elapsed_ms)


def _no_answer(name: str, trouble: Trouble) -> Finding:
    said = Quoted(trouble.about).shown_end(500) if trouble.about else ""
    return ANSWERS.unknown(
        tr("{name} could not be looked at from inside: {reason}.", name=name, reason=trouble.message),
        subject=name,
        error=trouble.kind,
        detail=tr("It said: {said}", said=said) if said else "",
        remedy=_try_the_way(),
        elapsed_ms=trouble.elapsed_ms,
    )


def _try_the_way() -> Remedy:
    return advice(
        tr(
            "Try the command of the way into the nodes by hand (reach.transport and reach.command of the plan), "
            "with “node --version” at its end: it must answer without asking for anything."
        )
    )


def _heard(name: str, document: Document, elapsed_ms: int | None) -> Finding:
    process = document.process
    facts = {"processes": process.count, "user": document.user, "container": document.container}
    if document.choices is not None:
        if not document.key:
            return ANSWERS.unknown(
                tr("{name} answered, but without fingerprints: its script had no key.", name=name),
                subject=name,
                error=ErrorKind.MISSING,
                remedy=advice(tr("Print the script with the command “probe”: that puts a key into it.")),
                facts=facts,
            )
        return ANSWERS.passed(
            tr("{name} was looked at from inside.", name=name), subject=name, facts=facts, elapsed_ms=elapsed_ms
        )
    why, remedy = _unread(document)
    return ANSWERS.unknown(
        sentences(tr("What NocoBase was given on {name} could not be found out.", name=name), why),
        subject=name,
        error=_UNREAD.get(process.refused, ErrorKind.PERMISSION),
        remedy=remedy,
        facts=facts,
        elapsed_ms=elapsed_ms,
    )


def _unread(document: Document) -> tuple[str, Remedy]:
    match document.process.refused:
        case "no_process":
            words = tr("No process of NocoBase runs there.")
            help_words = tr("Look there for it, and lead the way into the nodes to where it runs:")
            return words, steps(help_words, "ps -ef | grep app/lib/index.js")
        case "no_proc":
            words = tr("It runs no Linux, so no process shows what it was given.")
            return words, advice(tr("Compare the env files of the nodes by hand."))
        case "":
            return tr("Its answer is not as the script writes it."), _try_the_way()
    words = tr(
        "Process {pid} belongs to the user {owner}, and the script ran as {user}.",
        pid=document.process.pid,
        owner=document.process.uid,
        user=document.user or "?",
    )
    help_words = tr("Run the script as that user or as root; the end of the command then is:")
    return words, steps(help_words, f"sudo -n -u '#{document.process.uid}' node --input-type=module -")
