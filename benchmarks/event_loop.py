"""How long the window's thread works at a stretch: while checks run, at a key, at a page's first showing, at Cancel.

In processor time of that thread, so that a busy machine is not judged with it; of a run by the clock, too, which says
more where nothing else goes on. A stretch lasts from one turn of Qt's loop to the next: so long no key is answered.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from benchmarks.demo_apart import demo_apart
from benchmarks.silent_hosts import silent_plan
from benchmarks.timing import tell
from wizard.engine.events import Event
from wizard.engine.runner import Run
from wizard.gui import application
from wizard.gui.garbage import Garbage
from wizard.gui.pace import pace
from wizard.gui.services import Asked, Verbs
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.guide import flow
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, Secrets

LONGEST, USUAL = 0.050, 0.016
"""Seconds: the longest stretch of all runs, and the median of each run's longest."""
KEY, WORST_KEY, PAGE, CANCEL = 0.008, 0.016, 0.100, 0.100
NODES, RUNS, KEYS = 32, 5, 100
PATIENCE = 2.0
"""Seconds after which a silent host is given up."""


@dataclass
class Stretches:
    """The stretches of the loop's work so far, in seconds: of the thread's processor time, and by the clock."""

    lasted: list[float] = field(default_factory=list)
    by_clock: list[float] = field(default_factory=list)
    _since: float = 0.0
    _since_by_clock: float = 0.0

    def turn(self) -> None:
        """Take note that the loop turns."""
        self.lasted.append(time.thread_time() - self._since)
        self.by_clock.append(time.perf_counter() - self._since_by_clock)
        self.go_on()

    def go_on(self) -> None:
        """Begin the next stretch now: what went by since the last one was a pause."""
        self._since, self._since_by_clock = time.thread_time(), time.perf_counter()

    def begin(self) -> None:
        """Forget what was."""
        self.lasted.clear()
        self.by_clock.clear()
        self.go_on()


class _Impatient(Verbs):
    """The real services, which give silent hosts less time, and save nothing."""

    def prepare(self, asked: Asked, emit: Callable[[Event], None]) -> Run:
        return replace(super().prepare(asked, emit), timeout=PATIENCE)


class _Window:
    """A window with a cluster in it, whose loop is watched."""

    def __init__(self, plan: Plan, secrets: Secrets) -> None:
        app = application.prepare()
        Garbage(app)
        self.stretches = Stretches()
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self.stretches.turn)
        dispatcher.aboutToBlock.connect(self.stretches.turn)
        self.shell = Shell(Session(_Impatient()))
        self.shell.show()
        self.shell.session.take(plan, dict(secrets), "benchmark")
        self.settle()

    def settle(self, seconds: float = 0.3) -> None:
        """Let the loop turn until what waits for a moment was done, on a busy machine for longer."""
        until = time.monotonic() + seconds
        while time.monotonic() < until or not pace().rests:
            self.turn()

    def turn(self) -> None:
        """Let the loop turn once, or wait for a moment."""
        QCoreApplication.processEvents()
        self.stretches.turn()
        time.sleep(0.001)
        self.stretches.go_on()

    def run(self) -> tuple[float, float]:
        """Check everything; return the longest stretch, in processor time and by the clock."""
        self._begin_run()
        while self.shell.session.runs.running:
            self.turn()
        self.settle()
        return max(self.stretches.lasted), max(self.stretches.by_clock)

    def cancel(self) -> float:
        """Check everything, and cancel it midway; return how long that took to show."""
        runs = self.shell.session.runs
        self._begin_run()
        while runs.running and not (runs.total and runs.seconds > PATIENCE / 2):
            self.turn()
        began = time.perf_counter()
        QTest.mouseClick(self.shell.bar.cancel_button, Qt.MouseButton.LeftButton)
        while runs.running and not runs.cancelling:
            self.turn()
        QCoreApplication.processEvents()
        took = time.perf_counter() - began
        while runs.running:
            self.turn()
        return took

    def _begin_run(self) -> None:
        self.shell.go("review")
        self.settle()
        self.stretches.begin()
        self.shell.session.test((), "review")

    def keys(self, step: str, key: str) -> list[float]:
        """Type into a field; return what each key took until it was painted."""
        self.shell.go(step)
        self.settle()
        edit = self.shell.page.show_field(key)
        if not isinstance(edit, QLineEdit):
            raise TypeError(key)
        edit.setFocus()
        took = []
        for number in range(KEYS):
            began = time.thread_time()
            QTest.keyClicks(edit, "abcdefghij"[number % 10])
            QCoreApplication.processEvents()
            took.append(time.thread_time() - began)
        self.settle(0.6)
        return took

    def pages(self) -> dict[str, float]:
        """Show each page for the first time; return what that took until it was painted."""
        took = {}
        for step in flow.IDS[1:]:
            began = time.thread_time()
            self.shell.go(step)
            QCoreApplication.processEvents()
            took[step] = time.thread_time() - began
            self.settle()
        return took

    def close(self) -> None:
        """Let go of the window."""
        self.shell.session.runs.cancel()
        self.settle()
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.disconnect(self.stretches.turn)
        dispatcher.aboutToBlock.disconnect(self.stretches.turn)
        self.shell.hide()


def _runs(title: str, window: _Window) -> bool:
    longest, by_clock = zip(*(window.run() for _ in range(RUNS)), strict=True)
    usual, told = statistics.median(longest), f"{title}: median of the runs' longest ÷ 16 ms"
    most = {"longest": max(longest), "by_clock": max(by_clock)}
    whole = tell(f"{title}: longest stretch ÷ 50 ms", most["longest"] / LONGEST, 1.0, **most)
    return tell(told, usual / USUAL, 1.0, median=usual, by_clock=statistics.median(by_clock)) and whole


def main() -> bool:
    """Measure and tell; return whether all bounds hold."""
    holds = []
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ.update({f"XDG_{kind}_HOME": str(Path(home, kind)) for kind in ("CACHE", "CONFIG", "DATA", "STATE")})
        silent = stack.enter_context(silent_plan())
        window = _Window(silent, {"database.password": Secret("x")})
        pages = window.pages()
        slowest = max(pages, key=lambda step: pages[step])
        holds.append(tell(f"first showing of a page ({slowest}) ÷ 100 ms", pages[slowest] / PAGE, 1.0, **pages))
        holds.append(_runs("ten silent hosts", window))
        took = window.cancel()
        holds.append(tell("Cancel shown ÷ 100 ms", took / CANCEL, 1.0, took=took))
        window.close()
        plan, secrets = stack.enter_context(demo_apart(NODES))
        window = _Window(plan, secrets)
        holds.append(_runs(f"{NODES} nodes", window))
        took_keys = [
            window.keys(step, key)
            for step, key in (("database", "database.name"), ("nodes", "nodes.3.name"), ("redis", "redis.server.host"))
        ]
        every = [one for keys in took_keys for one in keys]
        usual, worst = statistics.median(every), max(every)
        holds.append(tell("a key, median ÷ 8 ms", usual / KEY, 1.0, median=usual))
        holds.append(tell("a key, worst ÷ 16 ms", worst / WORST_KEY, 1.0, worst=worst))
        window.close()
    return all(holds)


if __name__ == "__main__":
    sys.exit(not main())
