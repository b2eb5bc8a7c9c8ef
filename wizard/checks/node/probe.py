"""Ask one node: its health, and, once it serves, its WebSocket and its version."""

from __future__ import annotations

import time
from dataclasses import dataclass

from wizard.checks import health, http
from wizard.checks.check import value_of
from wizard.checks.clock import Clock, of_header
from wizard.checks.facts import PENDING, Fact, Known, attempt
from wizard.checks.http import Reply
from wizard.checks.node.target import Target

INFO = "api/app:getInfo"
"""Below the public path; it needs no account and names the version that the node's database holds."""


@dataclass(slots=True)
class NodeFacts:
    """The answer to the health check, the status of the WebSocket handshake, the answer of `app:getInfo`.

    `clock` is None where the answers bear no date.
    """

    health: Fact[Reply] = PENDING
    websocket: Fact[int] = PENDING
    info: Fact[Reply] = PENDING
    clock: Fact[Clock | None] = PENDING


def probe(target: Target, facts: NodeFacts) -> None:
    """Fill `facts`; a node that does not serve is asked nothing more."""
    with http.plain(target.host, target.port) as client:
        facts.health = attempt(lambda: http.get(client, target.path(health.PATH)), http.explain)
        if not health.is_serving(value_of(facts.health)):
            return
        facts.websocket = attempt(lambda: http.handshake(target.websocket_url), http.explain_handshake)
        before = time.time()
        facts.info = attempt(lambda: http.get(client, target.path(INFO)), http.explain)
        if isinstance(facts.info, Known):
            facts.clock = Known(of_header(facts.info.value.headers.get("date", ""), before, time.time()))
