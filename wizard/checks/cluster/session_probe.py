"""Sign in on one node, show the token to all, ask for the licence, and sign out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.fan_out import Serving, all_of, info_of
from wizard.checks.cluster.open_sessions import LEAVING, signed_in
from wizard.checks.cluster.session import Session, Shown
from wizard.checks.cluster.session_target import Target
from wizard.checks.licence import validity
from wizard.checks.licence.validity import Validity
from wizard.checks.node.judge import version_in
from wizard.checks.node.target import Target as Node
from wizard.dataclass import dataclass
from wizard.engine.check import value_of
from wizard.engine.facts import PENDING, Fact, Known, Trouble
from wizard.engine.sockets import are_closed
from wizard.plan.web import INFO_PATH

LICENCE_SECONDS = 22.0
"""NocoBase asks its own services before it answers, and waits up to 20 s for them (plugin-license, server/utils)."""


@dataclass(slots=True)
class SessionFacts:
    """What came of each step; the mappings are by the names of nodes.

    `serving` names the nodes that serve; on the first of them was signed in. `licence` is what NocoBase sees of it, or
    what it says instead.
    """

    serving: Fact[tuple[str, ...]] = PENDING
    login: Fact[Said] = PENDING
    shown: Fact[Mapping[str, Known[Shown] | Trouble]] = PENDING
    licence: Fact[Validity | Said] = PENDING
    ended: Fact[Mapping[str, Known[Said] | Trouble]] = PENDING


def probe(target: Target, serving: Serving, facts: SessionFacts) -> None:
    """Fill `facts`: one sign-in, and whatever happens after it, a sign-out."""
    nodes = serving()
    facts.serving = Known(tuple(node.name for node in nodes))
    if not nodes:
        return
    first = nodes[0]
    with signed_in(first, target.account) as entry:
        facts.login = entry.answer
        session = entry.session
        if session is None:
            return
        shown = all_of({node.name: lambda node=node: session.show(node) for node in nodes})  # type: ignore[misc]
        facts.shown = Known(shown)
        if _accepted(shown[first.name]):
            facts.licence = _licence(session, first, target.public_url)
        others = [node for node in nodes[1:] if _accepted(shown[node.name])]
        facts.ended = Known(_end(session, first, others))
        if not are_closed():  # else the sign-out was cut off, and is done once more by who ends the session
            LEAVING.forget(session)


def _accepted(answer: Known[Shown] | Trouble) -> bool:
    return isinstance(answer, Known) and answer.value.said.accepted


def _licence(session: Session, node: Node, public_url: str) -> Known[Validity | Said] | Trouble:
    """Ask as a browser does on a page of the public address, which is what NocoBase takes its domain from."""
    page = {"Referer": f"{public_url}{node.public_path}"} if public_url else {}

    def ask(path: str) -> tuple[Said, Any]:
        return session.ask(node, path, timeout=LICENCE_SECONDS, headers=page)

    # At once, as NocoBase's own licence page does: each may wait for services that are out of reach.
    asks: dict[str, Callable[[], Any]] = {
        validity.PATH: lambda: ask(validity.PATH),
        validity.SERVICES_PATH: lambda: ask(validity.SERVICES_PATH),
        INFO_PATH: lambda: info_of(node),
    }
    answers = all_of(asks, LICENCE_SECONDS + 1)
    answer, services = answers[validity.PATH], value_of(answers[validity.SERVICES_PATH])
    if isinstance(answer, Trouble):
        return answer
    said, data = answer.value
    found = validity.read(data)
    if found is None:
        return Known(said, answer.elapsed_ms)
    found = validity.with_services(found, services[1] if services else None)
    return Known(replace(found, version=version_in(value_of(answers[INFO_PATH]))), answer.elapsed_ms)


def _end(session: Session, first: Node, others: Sequence[Node]) -> dict[str, Known[Said] | Trouble]:
    """Sign out where the session was begun, then on the others: each may keep a list of its own of ended sessions."""
    ended = all_of({first.name: lambda: session.end(first)})
    return ended | all_of({node.name: lambda node=node: session.end(node) for node in others})  # type: ignore[misc]
