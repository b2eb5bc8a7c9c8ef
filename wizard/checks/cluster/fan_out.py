"""Ask several nodes at once, each for a bounded time whatever it does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from typing import TypeVar

from wizard.checks.node.target import Target as Node
from wizard.checks.shared import health
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble, attempt
from wizard.engine.sockets import are_closed
from wizard.net import http
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import decimal, tr
from wizard.plan.web import INFO_PATH

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


class Serving:
    """Which of a run's nodes serve: whichever probe wants to know first asks them, the others take its answer."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        """Ask nobody yet."""
        self._nodes = tuple(nodes)
        self._asking = threading.Lock()
        self._found: tuple[Node, ...] | None = None

    def __call__(self) -> tuple[Node, ...]:
        """Return those whose application answers the health check, in the order given."""
        with self._asking:
            if self._found is not None:
                return self._found
            answers = all_of({node.name: lambda node=node: _health(node) for node in self._nodes})  # type: ignore[misc]
            found = tuple(node for node in self._nodes if health.is_serving(value_of(answers[node.name])))
            if not are_closed():  # else its own end kept the answers away, and others are not to believe that
                self._found = found
            return found


def info_of(node: Node) -> Reply:
    """Ask a node for `app:getInfo`, which names the version that its database holds."""
    return _get(node, INFO_PATH)


def _health(node: Node) -> Reply:
    return _get(node, health.PATH)


def _get(node: Node, path: str) -> Reply:
    with http.plain(node.host, node.port) as way:
        return http.get(way, node.path(path))
