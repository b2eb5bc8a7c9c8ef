"""One sign-in with NocoBase's published first account, where the plan asks for it: nobody should get in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.checks.cluster import answers
from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.fan_out import Serving
from wizard.checks.cluster.open_sessions import signed_in
from wizard.checks.cluster.session import Account
from wizard.checks.cluster.specs import DEFAULT_ADMIN
from wizard.checks.node.specs import HEALTH
from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact, Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import advice
from wizard.plan.secret import Secret

PUBLISHED = Account("admin@nocobase.com", Secret("admin123"))
"""Defaults of INIT_ROOT_EMAIL and INIT_ROOT_PASSWORD (plugin-users, server/server.ts, and NocoBase's own page)."""


@dataclass(slots=True)
class DefaultFacts:
    """The node that was asked (None if none serves), what it said, and whether it let the account in."""

    node: Fact[str | None] = PENDING
    login: Fact[Said] = PENDING
    entered: Fact[bool] = PENDING


def probe(serving: Serving, facts: DefaultFacts) -> None:
    """Fill `facts` with one attempt on the first node that serves; who gets in signs out."""
    first = next(iter(serving()), None)
    facts.node = Known(first.name if first else None)
    if first is None:
        return
    with signed_in(first, PUBLISHED) as entry:
        facts.login, facts.entered = entry.answer, Known(entry.session is not None)


def judge(facts: DefaultFacts) -> Iterator[Finding]:
    """Say whether the published account gets in."""
    if not isinstance(facts.node, Known):
        yield DEFAULT_ADMIN.unknown(
            tr("Could not be found out: it is not known which nodes serve."), error=ErrorKind.TIMEOUT
        )
        return
    node = facts.node.value
    if node is None:
        yield DEFAULT_ADMIN.skip(tr("Not tested: no node serves; {gate} says why.", gate=HEALTH.id))
        return
    yield _judged(facts, node)


def _judged(facts: DefaultFacts, node: str) -> Finding:
    values = {"node": node, "account": PUBLISHED.name}
    if not isinstance(facts.login, Known):
        found = facts.login if isinstance(facts.login, Trouble) else Trouble(ErrorKind.OTHER)
        return DEFAULT_ADMIN.unknown(
            tr("Could not be found out: {node} gave no answer to the sign-in.", **values),
            error=found.kind,
            detail=found.message,
        )
    said = facts.login.value
    more: dict[str, Any] = {
        "facts": {"node": node, "account": PUBLISHED.name, "status": said.status},
        "elapsed_ms": facts.login.elapsed_ms,
    }
    if isinstance(facts.entered, Known) and facts.entered.value:
        return DEFAULT_ADMIN.warn(
            tr("{node} lets {account} in with the password that NocoBase publishes.", **values),
            error=ErrorKind.CREDENTIALS,
            detail=tr("Whoever reaches the public address can do the same. The check has signed out again."),
            remedy=advice(tr("Sign in as {account} and change the password in the user centre.", **values)),
            **more,
        )
    if said.status == answers.UNAUTHORIZED:
        return DEFAULT_ADMIN.passed(
            tr("{node} refuses {account} with the password that NocoBase publishes.", **values),
            detail=tr("This one account was tried, once; a first admin with another address was not."),
            **more,
        )
    return DEFAULT_ADMIN.unknown(
        tr("Could not be found out: {node} answers the sign-in with neither yes nor no.", **values),
        error=ErrorKind.PROTOCOL,
        detail=said.words,
        **more,
    )
