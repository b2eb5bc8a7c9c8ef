"""A check of hosts that never answer: against its longest deadline, and how soon it ends when it is cancelled."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.timing import medians, tell
from wizard.app.check import prepare
from wizard.engine.events import CheckStarted, Event, RunFinished
from wizard.engine.runner import Run
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node

WANTED_WHOLE = 1.1
IDLE = 0.1
"""Seconds within which nothing goes on any more, once it is cancelled."""
NODES = 8
SILENT = ("database", "redis", "node")
"""The components that are asked and say nothing; the deadlines of others are none of theirs."""


@contextlib.contextmanager
def silent_plan() -> Iterator[Plan]:
    """Return a plan whose database, Redis and nodes are ports that take connections and say nothing."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128)) for _ in range(NODES + 2)]
        database, redis, *nodes = (server.getsockname()[1] for server in servers)
        values = {
            "database.host": "127.0.0.1",
            "database.port": database,
            "database.password": SecretRef("database.password"),
            "redis.server.host": "127.0.0.1",
            "redis.server.port": redis,
        }
        plan = Plan(id="feedc0ffee00", name="silent")
        for key, value in values.items():
            plan = plan.with_value(key, value)
        planned = (Node(name=f"node{number + 1}", host="127.0.0.1", port=port) for number, port in enumerate(nodes))
        yield replace(plan, nodes=tuple(planned))


class _Watched:
    """A run whose events are counted as they come."""

    def __init__(self, plan: Plan) -> None:
        self.all_started, self.done = threading.Event(), threading.Event()
        self._started = 0
        self.run: Run = prepare(plan, {"database.password": Secret("x")}, self._take)

    def _take(self, event: Event) -> None:
        self._started += isinstance(event, CheckStarted)
        if self._started == len(self.run.checks):
            self.all_started.set()
        if isinstance(event, RunFinished):
            self.done.set()


def _whole(plan: Plan) -> float:
    watched, began = _Watched(plan), time.perf_counter()
    watched.run.start()
    watched.done.wait()
    return time.perf_counter() - began


def _cancelled(plan: Plan) -> float:
    watched = _Watched(plan)
    watched.run.start()
    watched.all_started.wait()
    began = time.perf_counter()
    watched.run.cancel()
    watched.done.wait()
    return time.perf_counter() - began


def main() -> bool:
    """Measure and tell; return whether both ratios hold."""
    with silent_plan() as plan:
        longest = max(check.deadline for check in _Watched(plan).run.checks if check.component in SILENT)
        found = medians(1, whole=lambda: _whole(plan))  # a deadline lasts as long each time
        found |= medians(3, cancelled=lambda: _cancelled(plan))
    parts = {"deadline": longest, **found}
    whole = tell("silent hosts ÷ the longest deadline", found["whole"] / longest, WANTED_WHOLE, **parts)
    return tell("cancel to idle ÷ 100 ms", found["cancelled"] / IDLE, 1.0, **parts) and whole


if __name__ == "__main__":
    sys.exit(not main())
