"""Ask one node: its health, and, once it serves, its WebSocket and its version."""

from __future__ import annotations

import time
from http.client import HTTPConnection

from wizard.checks.node.target import Target
from wizard.checks.shared import health
from wizard.dataclass import dataclass
from wizard.engine.check import value_of
from wizard.engine.facts import PENDING, Fact, Known, Trouble, attempt
from wizard.net import http
from wizard.net.clock import Clock, of_header
from wizard.net.http import Reply
from wizard.plan.web import INFO_PATH

_PAUSE = 0.2
"""Seconds from one look at a clock to the next, of which the first is the health check: what else is asked, is asked
meanwhile. A Date header tells full seconds, so a look knows the clock up to half of one. More of them see it tick in
between, or that it does not: two know it up to 0.4 s, three up to 0.3 s, and the way. Of two nodes asked at about the
same time, that is enough to see that they agree within a second."""


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
        facts.health, clock = _timed(client, target, health.PATH)
        began = time.monotonic()
        if not health.is_serving(value_of(facts.health)):
            return
        facts.websocket = attempt(lambda: http.handshake(target.websocket_url), http.explain_handshake)
        facts.info, told = _timed(client, target, INFO_PATH)
        if not isinstance(facts.info, Known):
            return
        clock = _narrowed(clock, told)
        facts.clock = Known(clock)
        for look in range(1, target.looks if clock else 1):
            time.sleep(max(0.0, began + look * _PAUSE - time.monotonic()))
            clock = _narrowed(clock, _timed(client, target, health.PATH)[1])
            facts.clock = Known(clock)


def _narrowed(clock: Clock | None, again: Clock | None) -> Clock | None:
    return clock.narrowed(again) if clock and again else clock or again


def _timed(client: HTTPConnection, target: Target, path: str) -> tuple[Known[Reply] | Trouble, Clock | None]:
    before = time.time()
    answer = attempt(lambda: http.get(client, target.path(path)), http.explain)
    date = answer.value.headers.get("date", "") if isinstance(answer, Known) else ""
    return answer, of_header(date, before, time.time())
