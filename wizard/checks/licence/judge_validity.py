"""What a node's words about its licence key mean for this cluster. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.licence import judge_key_plugins, judge_status
from wizard.checks.licence.specs import DOMAIN, INSTANCE, STATUS, VALIDITY
from wizard.checks.licence.validity import Validity
from wizard.checks.licence.wanted import Wanted
from wizard.engine.check import skip_rest, stopped_by
from wizard.engine.facts import Fact, Known, Pending, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import sentences, tr
from wizard.plan.remedy import advice, steps
from wizard.plan.sections import LicenceMethod
from wizard.plan.spec import Spec

_NOT_FOUND = 404


def judge(wanted: Wanted, node: str, fact: Fact[Validity | Any], gate: Spec) -> Iterator[Finding]:
    """Return a finding for each of VALIDITY from what `node` said.

    `gate` is the id that stopped what was never asked.
    """
    if isinstance(fact, Pending):
        yield from (stopped_by(gate, spec) for spec in VALIDITY)
    elif isinstance(fact, Trouble) or not isinstance(fact.value, Validity):
        yield from _unanswered(node, fact)
    elif not fact.value.present:
        yield from _no_key(wanted, node)
    elif fact.value.unread:
        yield _unreadable(wanted, node, fact.value)
        yield from skip_rest(VALIDITY, STATUS)
    else:
        yield judge_status.judge(wanted, node, fact.value)
        yield _domain(wanted, node, fact.value)
        yield _instance(wanted, node, fact.value)
        yield from judge_key_plugins.judge(wanted, node, fact.value)


def _unanswered(node: str, fact: Known[Any] | Trouble) -> Iterator[Finding]:
    if isinstance(fact, Trouble):
        why, error, detail = tr("{node} gave no answer.", node=node), fact.kind, fact.message
    elif fact.value.status == _NOT_FOUND:
        why, error, detail = tr("{node} knows no such question.", node=node), ErrorKind.MISSING, fact.value.words
        detail = tr("Its plug-in “license” is not enabled, or it is older than that plug-in: {said}.", said=detail)
    else:
        why, error = tr("{node} does not answer as NocoBase does.", node=node), ErrorKind.PROTOCOL
        detail = fact.value.words
    for spec in VALIDITY:
        yield spec.unknown(
            tr("The licence as NocoBase sees it could not be found out: {why}", why=why), error=error, detail=detail
        )


def _no_key(wanted: Wanted, node: str) -> Iterator[Finding]:
    if wanted.method is LicenceMethod.ACCOUNT:
        reason = tr("Not looked at: {node} has no licence key; an account licenses the plug-ins.", node=node)
        yield from (spec.skip(reason) for spec in VALIDITY)
        return
    yield STATUS.fail(
        tr("{node} has no licence key, and the plan is licensed by one.", node=node),
        ErrorKind.MISSING,
        detail=tr("Without it no commercial plug-in is downloaded, and the nodes do not act as one cluster."),
        remedy=advice(
            tr("Put the key into the shared storage as .license/license-key, or enter it on NocoBase's licence page.")
        ),
    )
    yield from skip_rest(VALIDITY, STATUS)


def _unreadable(wanted: Wanted, node: str, found: Validity) -> Finding:
    return STATUS.fail(
        tr("{node} cannot read its licence key.", node=node),
        ErrorKind.PROTOCOL,
        detail=tr("NocoBase calls the key “{word}”; a start then downloads no commercial plug-in.", word=found.unread),
        remedy=steps(
            tr(
                "Write the key anew, whole and without a line end inside, to .license/license-key in the shared "
                "storage. What it says:"
            ),
            wanted.look,
        ),
        facts={"key": found.unread},
    )


def _domain(wanted: Wanted, node: str, found: Validity) -> Finding:
    host = wanted.host
    if not host:
        return DOMAIN.skip(tr("Not looked at: the plan has no valid public address."))
    facts = {"domain": host, "seen_as": found.seen_as, "licensed": found.domains}
    if found.for_domain is None or found.seen_as != host:
        return DOMAIN.unknown(
            tr(
                "Could not be found out: {node} was asked for {host} and speaks of {seen}.",
                node=node,
                host=host,
                seen=found.seen_as or "–",
            ),
            error=ErrorKind.PROTOCOL,
            detail=tr("Something in between changes the Referer, from which NocoBase takes its domain."),
            facts=facts,
        )
    if found.for_domain:
        return DOMAIN.passed(tr("The licence key is for {host}.", host=host), facts=facts)
    return DOMAIN.fail(
        tr("The licence key is for {domains}, not for {host}.", domains=found.domains, host=host)
        if found.domains
        else tr("The licence key is not for {host}.", host=host),
        ErrorKind.PERMISSION,
        detail=tr("NocoBase compares them on its licence page and refuses to save such a key.")
        if found.domains
        else tr(
            "NocoBase compares the key's domains with it and does not tell them; its licence page refuses such a key."
        ),
        remedy=steps(
            tr("Have the key issued anew for {host}, or correct the public address. What the key names:", host=host),
            wanted.look,
        ),
        facts=facts,
    )


def _instance(wanted: Wanted, node: str, found: Validity) -> Finding:
    facts = {
        "database": found.database,
        "system": found.system,
        "for_database": found.for_database,
        "for_system": found.for_system,
    }
    if found.for_database is None or found.for_system is None:
        return INSTANCE.unknown(
            tr("Could not be found out: {node} does not compare the key with itself.", node=node),
            error=ErrorKind.PROTOCOL,
            facts=facts,
        )
    here = tr(
        "{node} runs on {system} with {database}.",
        node=node,
        system=found.system or "?",
        database=found.database or "?",
    )
    if found.for_database and found.for_system:
        return INSTANCE.passed(
            tr("The licence key is for this database and this operating system."), detail=here, facts=facts
        )
    return _for_another(wanted, found, here, facts)


def _for_another(wanted: Wanted, found: Validity, here: str, facts: Mapping[str, object]) -> Finding:
    if found.for_database:
        summary = tr("The licence key is for another operating system than {system}.", system=found.system or "?")
    elif found.for_system:
        summary = tr("The licence key is for another database than {database}.", database=found.database or "?")
    else:
        summary = tr("The licence key is for another database and another operating system.")
    return INSTANCE.fail(
        summary,
        ErrorKind.PERMISSION,
        detail=sentences(here, tr("Each start compares them, and where they differ it downloads no plug-in.")),
        remedy=steps(
            tr(
                "Copy the instance ID from NocoBase's licence page and have the key issued anew for it; let all nodes "
                "run the same image. What the key is for:"
            ),
            wanted.look,
        ),
        facts=facts,
    )
