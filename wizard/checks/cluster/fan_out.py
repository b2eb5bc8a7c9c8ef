"""Ask several nodes at once, each for a bounded time whatever it does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from typing import TypeVar

from wizard.checks.node.probe import INFO
from wizard.checks.node.target import Target as Node
from wizard.checks.shared import health
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble, attempt
from wizard.net import http
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import decimal, tr

T = TypeVar("T")
SECONDS = http.TIMEOUT + 1


def all_of(asks: Mapping[str, Callable[[], T]], seconds: float = SECONDS) -> dict[str, Known[T] | Trouble]:
    """Do each in a thread of its own and give what came of it; what is not done within `seconds` is left behind."""
    found: dict[str, Known[T] | Trouble] = {}

    def do(name: str) -> None:
        found[name] = attempt(asks[name], http.explain)

    threads = [
        threading.Thread(target=copy_context().run, args=(do, name), name=f"ask {name}", daemon=True) for name in asks
    ]
    until = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    late = Trouble(ErrorKind.TIMEOUT, tr("no answer within {seconds} s", seconds=decimal(seconds, ".3g")))
    return {name: found.get(name, late) for name in asks}


def serving(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return those whose application answers the health check, in the order given."""
    every = tuple(nodes)
    answers = all_of({node.name: lambda node=node: _health(node) for node in every})  # type: ignore[misc]
    return tuple(node for node in every if health.is_serving(value_of(answers[node.name])))


def info_of(node: Node) -> Reply:
    """Ask a node for `app:getInfo`, which names the version that its database holds."""
    return _get(node, INFO)


def _health(node: Node) -> Reply:
    return _get(node, health.PATH)


def _get(node: Node, path: str) -> Reply:
    with http.plain(node.host, node.port) as way:
        return http.get(way, node.path(path))
