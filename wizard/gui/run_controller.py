"""Runs of checks as the window sees them: one at a time, with progress in figures, cancelled at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from wizard.checks.registry import names, offline
from wizard.dataclass import dataclass
from wizard.engine.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted
from wizard.engine.report import Report
from wizard.gui.background import Background
from wizard.gui.bridge import Bridge
from wizard.gui.services import Asked, Services
from wizard.guide.document import Document
from wizard.guide.findings_store import FindingsStore
from wizard.plan import i18n

if TYPE_CHECKING:
    from wizard.app.retold import Key
    from wizard.engine.runner import Run
    from wizard.plan.finding import Finding

_TICK = 100


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that ended: what it was about, what it looked at, what it found, and the language that was in force."""

    asked: Asked
    components: tuple[str, ...]
    report: Report
    language: str


class RunController(QObject):
    """Starts runs, and brings what they find into the document.

    `progressed` comes every 0.1 s, as forty events may come at once, `judged` where findings came or went.
    """

    started = Signal()
    progressed = Signal()
    judged = Signal()
    finished = Signal()

    def __init__(
        self,
        background: Background,
        services: Services,
        parent: QObject | None = None,
    ) -> None:
        """Let `services` put runs together, in the background."""
        super().__init__(parent)
        self._background, self._services = background, services
        self._findings = FindingsStore()
        self._run: Run | None = None
        self._bridge = Bridge(self)
        self._bridge.arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._number = 0
        self._asked: Asked | None = None
        self._language = i18n.language()
        self._active = False
        self._mark: Mapping[str, int] = {}
        self._began = 0.0
        self._names: list[str] = []
        self._open: Counter[tuple[str, str]] = Counter()
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self.progressed)
        self.title = ""
        self.components: tuple[str, ...] = ()
        self.whole = False
        self.cancelling = False
        """Whether the run under way was asked to stop."""
        self.done = 0
        self.total = 0
        self.untold = 0
        """Of how many findings there are no words in the language in force: a test brings them."""
        self._ended: list[Ended] = []
        self.report: Report | None = None
        self.known: Report | None = None
        """The report of all that was found: of the last whole run, and of what was checked again since."""

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._active

    @property
    def seconds(self) -> float:
        """How long the run has been under way, in seconds."""
        return time.monotonic() - self._began

    @property
    def waiting_for(self) -> str:
        """The name of the check that has been under way the longest, or nothing."""
        return self._names[0] if self._names else ""

    @property
    def pending(self) -> tuple[str, ...]:
        """The components of which a check has not ended yet; all that are asked for while the run is put together."""
        if not self._active:
            return ()
        return tuple({component for component, _name in self._open}) if self._run else self.components

    @property
    def under_way(self) -> frozenset[str]:
        """The names of the checks that have not ended yet; all components asked for while the run is put together."""
        if not self._active:
            return frozenset()
        return frozenset(name for _component, name in self._open) if self._run else frozenset(self.components)

    def start(self, document: Document, components: Sequence[str], title: str, *, inside: bool = False) -> None:
        """Run the checks of `components` and the rules; none means all. A run under way is given up.

        `inside` looks from inside the nodes, too.
        """
        self.cancel()
        self._run = None
        self._findings = document.findings
        self.whole = not components
        self.components = tuple(dict.fromkeys((*offline(), *components))) if components else names()
        self._language = i18n.language()
        self.title, self.done, self.total, self._names, self.report = title, 0, 0, [], None
        self._began = time.monotonic()
        if self.whole:
            self._findings.checked = False
        self.cancelling = False
        self._findings.begin(self.components)
        self._active = True
        self.untold = 0
        self._asked = None
        self._number += 1
        number, forward = self._number, self._bridge.way_for(self._number)
        asked = Asked(
            plan=document.plan,
            secrets=dict(document.secrets),
            only=tuple(f"{component}." for component in self.components) if components else (),
            bundle=document.bundle,
            edited=document.edited,
        )
        self._background.run(
            lambda: _prepared(self._services, asked, forward, inside=inside),
            lambda prepared: self._begin(*prepared, number),
            lambda error: self._broke(error, number),
        )
        self._tick.start()
        self.started.emit()
        self.judged.emit()

    def cancel(self) -> None:
        """Stop the run under way, if there is one; what had not ended is then reported as skipped."""
        if self._run:
            self._run.cancel()
            self.cancelling = True
            self.progressed.emit()
        elif self._active:
            self._over()

    def give_up(self) -> None:
        """Stop, and hear no more of it: another cluster takes the place of the one that was tested."""
        if self._active:
            self.cancel()
            self._number += 1
            self._over()
        self.report = self.known = None
        self._ended.clear()
        self.untold = 0

    def tell_again(self) -> None:
        """Have what ended runs found told in the language in force, off the window's thread."""
        if self._ended and not self._active:  # else the end of the run under way does it
            ended, number, services = tuple(self._ended), self._number, self._services
            self._background.run(
                lambda: _told_again(services, ended),
                lambda told: self._take_told(told, number),
                lane="told",
                owner=self,
            )

    def _take_told(self, told: Mapping[Key, Finding], number: int) -> None:
        if number != self._number or self._active:
            return
        self.untold = self._findings.tell_again(told)
        self.report, self.known = _in_words(self.report, told), _in_words(self.known, told)
        self.judged.emit()
        self.progressed.emit()

    def _begin(self, run: Run, asked: Asked, number: int) -> None:
        if number == self._number and self._active:
            from wizard.app.check import places  # it came with the run: it is loaded

            self._run, self._asked = run, asked
            wanted = [check for check in run.checks if any(run.selection.wants(spec.id) for spec in check.specs)]
            self._open = Counter((check.component, check.name) for check in wanted)
            self._findings.arrange(self.components, places(run))
            run.start()

    def _broke(self, error: Exception, number: int) -> None:
        if number == self._number and self._active:
            self._over()
        self._background.fault.emit(error)

    def _take(self, number: int, event: Event) -> None:
        if number != self._number:
            return  # of a run that was given up for a newer one
        match event:
            case RunStarted(total=total):
                self.total = total
            case CheckStarted(name=name):
                self._names.append(name)
            case CheckFinished(name=name, findings=findings, done=done):
                self.done = done
                if name in self._names:
                    self._names.remove(name)
                self._close(name)
                self._findings.add(findings)
                self.judged.emit()
            case RunFinished(report=report):
                self._end(report)

    def _close(self, name: str) -> None:
        """Take a check that ended out of those that are open; what compares the whole cluster is not among them."""
        ended = next((one for one in self._open if one[1] == name), None)
        if ended:
            self._open = self._open - Counter([ended])

    def _end(self, report: Report) -> None:
        from wizard.app.check import in_order  # it came with the run: it is loaded
        from wizard.guide.reports.report import renewed

        made = self.report = in_order(self._run, report) if self._run else report
        self.known = made if self.whole or self.known is None else renewed(self.known, made, self.components)
        if self.whole and not report.cancelled:
            self._findings.checked = True
        self._keep(report)
        self._over()
        if any(one.language != i18n.language() for one in self._ended):
            self.tell_again()

    def _keep(self, report: Report) -> None:
        """Keep what is needed to tell the run again, in the place of former ones that it renewed."""
        if self._asked:
            renewed = set(self.components)
            self._ended = [one for one in self._ended if not set(one.components) <= renewed]
            self._ended.append(Ended(self._asked, self.components, report, self._language))

    def _over(self) -> None:
        self._findings.finish(ran=self._run is not None)
        self._run, self._active = None, False
        self._tick.stop()
        self.judged.emit()
        self.progressed.emit()
        self.finished.emit()


def _told_again(services: Services, ended: Sequence[Ended]) -> dict[Key, Finding]:
    """Return what the runs found in the language in force: as it was said where it was in force then, too."""
    from wizard.app.retold import retold

    told: dict[Key, Finding] = {}
    for one in ended:
        if one.language == i18n.language():
            told |= {(item.id, item.subject): item for item in one.report.findings}
        else:
            told |= retold(services.prepare(one.asked, lambda _event: None), one.report)
    return told


def _in_words(report: Report | None, told: Mapping[Key, Finding]) -> Report | None:
    """Return a report in the words of `told`, as far as it has them."""
    if report is None:
        return None
    return replace(report, findings=tuple(told.get((item.id, item.subject), item) for item in report.findings))


def _prepared(services: Services, asked: Asked, forward: Callable[[Event], None], *, inside: bool) -> tuple[Run, Asked]:
    """Put a run together, and load what its end needs: that would keep the window's thread."""
    import wizard.guide.reports.report  # noqa: F401

    if inside:
        asked = replace(asked, inside=services.look_inside())
    return services.prepare(asked, forward), asked
