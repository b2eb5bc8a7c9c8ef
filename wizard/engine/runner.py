"""The runner owns time: checks at once in daemon threads, bounded, each under a deadline; cancel answers at once.

A probe that hangs is abandoned, never joined (`ThreadPoolExecutor` would make the program's exit wait for it). What it
had found by then is judged, and its slot is given to the next one.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from wizard.dataclass import dataclass
from wizard.engine.check import Check, CrossCheck, Nothing
from wizard.engine.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted
from wizard.engine.facts import overdue
from wizard.engine.faults import kept_through_a_fault, not_found_out
from wizard.engine.lateness import Pulse, is_slowed, is_too_late, load, queued
from wizard.engine.limits import JOBS
from wizard.engine.report import Report
from wizard.engine.selection import ALL, Selection
from wizard.engine.sockets import Scope
from wizard.engine.unanswered import cut_off, flooded, time_was_up, told_what_it_stopped, too_busy, unsure, untimed
from wizard.plan.finding import OUT_OF_TIME, ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.quoted import hiding
from wizard.plan.redact import Redactor

LOADING = 30.0
"""Seconds that a check may take until its thread runs and its drivers are loaded."""
_LONGEST_WAIT = 3600.0
"""Seconds to wait for mail at a stretch: a queue refuses more than its system's clock can count."""
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Active:
    """A check under way: its facts as they fill, and when it is given up (monotonic seconds).

    Its clock starts when its thread runs and its drivers are loaded: then `until` is counted anew and `thread` is set.
    Its thread sets `broken` and then `ended` before its mail: one that has ended is never late, however full the mail.
    `queued` are the seconds that the thread waited for a processor before and, once it has ended, in all.
    `late`: this machine took too much of its time, as its thread saw at its end; `slowed`: enough of it that nothing
    that was measured in milliseconds tells of others.
    `flooded`: it was sent more than any server has to say. Its sockets are closed once it is over, however it ends.
    """

    check: Check[Any]
    facts: Any
    began: float
    until: float
    allowed: float
    thread: int = 0
    queued: float = 0.0
    late: bool = False
    slowed: bool = False
    broken: bool = False
    ended: bool = False
    extended: bool = False
    flooded: bool = False
    sockets: Scope = field(default_factory=Scope)


@dataclass(slots=True)
class Run:
    """One run. `emit` gets each event from the run's own thread; `timeout` replaces every check's own deadline.

    `accept` marks a finding that is known and wanted, and says where the values stand that it is about. `log` returns
    the place of the log, which a fault of ours names.
    """

    checks: Sequence[Check[Any]]
    emit: Callable[[Event], None]
    cross_checks: Sequence[CrossCheck] = ()
    selection: Selection = ALL
    redactor: Redactor = field(default_factory=lambda: Redactor(()))
    accept: Callable[[Finding], Finding] = field(default=lambda finding: finding)
    log: Callable[[], object] = field(default=lambda: "")
    jobs: int = JOBS
    timeout: float | None = None
    deadline: float | None = None
    _open: list[Check[Any]] = field(default_factory=list, init=False)
    _mail: queue.SimpleQueue[_Active | None] = field(default_factory=queue.SimpleQueue, init=False)
    _cancelled: threading.Event = field(default_factory=threading.Event, init=False)
    _over: threading.Event = field(default_factory=threading.Event, init=False)
    _findings: list[Finding] = field(default_factory=list, init=False)
    _facts: dict[tuple[str, str], Any] = field(default_factory=dict, init=False)
    _faults: int = field(default=0, init=False)
    _done: int = field(default=0, init=False)
    _total: int = field(default=0, init=False)
    _pulse: Pulse | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin and return at once."""
        threading.Thread(target=self._conduct, name="run", daemon=True).start()

    def cancel(self) -> None:
        """Stop: what has not ended is reported as skipped, at once. Safe from any thread, and twice."""
        self._cancelled.set()
        self._mail.put(None)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the run is over; return False if `timeout` seconds pass before."""
        return self._over.wait(timeout)

    def _conduct(self) -> None:
        started, began = datetime.now(UTC), time.monotonic()
        try:
            self._pulse = Pulse()
            with hiding(self.redactor.text):
                self._run_through(began)
        except Exception:  # noqa: BLE001 - whoever waits for the end of the run must be told of it
            _log.exception("the run broke")
            self._break_off()
        finally:
            if self._pulse:
                self._pulse.end()
            report = Report(
                findings=tuple(self._findings),
                started=started,
                elapsed_ms=round((time.monotonic() - began) * 1000),
                cancelled=self._cancelled.is_set(),
                faults=self._faults,
                facts=dict(self._facts),
            )
            self._over.set()
            self._tell(RunFinished(report))

    def _run_through(self, began: float) -> None:
        needed = {
            name
            for cross in self.cross_checks
            for name in cross.needs
            if any(self.selection.wants(spec.id) for spec in cross.specs)
        }
        self._open = [
            check
            for check in self.checks
            if check.component in needed or any(self.selection.wants(spec.id) for spec in check.specs)
        ]
        self._total = len(self._open)
        self._tell(RunStarted(self._total))
        self._work(deque(self._open), began + self.deadline if self.deadline else float("inf"))
        if not self._cancelled.is_set():
            self._judge_together()

    def _break_off(self) -> None:
        """Report what had not ended as unknown: the run's own thread met a fault of ours."""
        self._faults += 1
        for check in tuple(self._open):
            self._report(check, not_found_out(check.specs, check.subject, self.log()))

    def _tell(self, event: Event) -> None:
        try:
            self.emit(event)
        except Exception:  # noqa: BLE001 - what a face does with an event must not cost it the next ones
            _log.exception("an event of the run was not taken")
            self._faults += 1

    def _work(self, waiting: deque[Check[Any]], end: float) -> None:
        active: list[_Active] = []
        while (waiting or active) and not self._cancelled.is_set() and time.monotonic() < end:
            while waiting and len(active) < self.jobs:
                active.append(self._launch(waiting.popleft(), end))
            patience = max(0.0, min(end, *(one.until for one in active)) - time.monotonic())
            self._take_mail(active, patience)
            now = time.monotonic()
            for late in [one for one in active if one.until <= now and one.until < end and not one.ended]:
                if not self._is_given_more(late):
                    active.remove(late)
                    self._finish_late(late)
        for one in active:
            self._leave(one)
        for check in waiting:
            self._give_up(check)

    def _launch(self, check: Check[Any], end: float) -> _Active:
        now, allowed = time.monotonic(), self.timeout or check.deadline
        one = _Active(check, check.facts(), now, min(now + max(allowed, LOADING), end), allowed)
        one.sockets.flooded = lambda: self._stop_flooded(one)
        self._tell(CheckStarted(check.name))
        threading.Thread(target=self._probe, args=(one,), name=check.name, daemon=True).start()
        return one

    def _probe(self, one: _Active) -> None:
        try:
            load(one.check.drivers)
            thread = threading.get_native_id()
            one.queued, one.began = queued(thread), time.monotonic()
            one.until, one.thread, one.extended = one.began + one.allowed, thread, False
            self._mail.put(one)  # the run's own thread waits for the earliest deadline, which may be this one
            with hiding(self.redactor.text), one.sockets.entered():
                one.check.probe(one.facts)
        except Exception:  # noqa: BLE001 - a fault of ours must end in a report, not in a dead thread
            _log.exception("the probe of %s broke", one.check.name)
            one.broken = True
        finally:
            if one.sockets.is_open:  # nobody has given it up
                lost, had = self._lost(one), min(one.allowed, time.monotonic() - one.began)
                one.late, one.slowed = is_too_late(lost, had), is_slowed(lost, had)
            one.sockets.leave()
        one.ended = True
        self._mail.put(one)

    def _stop_flooded(self, one: _Active) -> None:
        one.flooded = True
        self._mail.put(one)

    def _take_mail(self, active: list[_Active], patience: float) -> None:
        try:
            one = self._mail.get(timeout=min(patience, _LONGEST_WAIT))
        except queue.Empty:
            return
        if one in active and one.ended:
            active.remove(one)
            self._finish(one)
        elif one in active and one.flooded:
            active.remove(one)
            self._finish_flooded(one)

    def _finish(self, one: _Active) -> None:
        check = one.check
        if one.broken:
            findings = self._of_broken(one)
        else:
            findings = self._of_facts(check, one.facts)
            if one.late:
                findings = unsure(check, findings)
            elif one.slowed:
                findings = untimed(check, findings)
        self._report(check, findings)

    def _of_broken(self, one: _Active) -> list[Finding]:
        """Return the findings of a check in which a fault of ours was met: what was found before stands."""
        check, now = one.check, time.monotonic()
        self._faults += 1
        self._keep(check, one.facts)
        found = self._judged(lambda: check.judge(overdue(one.facts, now - one.began)), check.specs, check.subject)
        return kept_through_a_fault(found, not_found_out(check.specs, check.subject, self.log()))

    def _keep(self, check: Check[Any], facts: Any) -> None:
        if isinstance(facts, Nothing):  # of a check that asked nobody: another's of the same subject count more
            self._facts.setdefault(check.place, facts)
        else:
            self._facts[check.place] = facts

    def _of_facts(self, check: Check[Any], facts: Any) -> list[Finding]:
        self._keep(check, facts)
        return self._judged(lambda: check.judge(facts), check.specs, check.subject)

    def _lost(self, one: _Active) -> float:
        """Return the seconds of a check's time that this machine took: its thread, or any, was not let run.

        Where a server on this machine was asked, that one was not, and where drivers are loaded, nobody else is needed.
        """
        waited = queued(one.thread) - one.queued if one.thread else 0.0
        if self._pulse is None:
            return waited
        others = self._pulse.crowded_since(one.began)
        matter = others and (one.sockets.is_here or not one.thread)
        return max(waited, self._pulse.lost_since(one.began), others if matter else 0.0)

    def _is_given_more(self, late: _Active) -> bool:
        """Whether a check gets the time back that this machine took from it: once, and no more than it had."""
        had = late.until - late.began
        lost = min(self._lost(late), had)
        if late.extended or not is_too_late(lost, had):
            return False
        late.extended, late.until = True, late.until + lost
        return True

    def _finish_late(self, late: _Active) -> None:
        """Report a check that got no answer in time; what was found before stands."""
        check, facts = late.check, overdue(late.facts, late.until - late.began)
        late.sockets.end()  # now that what was found is kept: the probe takes it for the server's doing
        findings = self._of_facts(check, facts)
        if not late.thread or is_too_late(self._lost(late), late.allowed):
            self._report(check, [too_busy(finding) for finding in unsure(check, findings)])
        else:
            self._report(check, told_what_it_stopped(findings, check.specs[0].id))

    def _finish_flooded(self, one: _Active) -> None:
        """Report a check that was sent too much: what was found before stands, and the rest is unknown."""
        facts = overdue(one.facts, time.monotonic() - one.began)
        one.sockets.end()
        findings = self._of_facts(one.check, facts)
        self._report(one.check, [flooded(finding) for finding in findings])

    def _leave(self, one: _Active) -> None:
        """Report what is under way when the run ends: what is known is judged, and what is not is nobody's failure."""
        facts = overdue(one.facts, time.monotonic() - one.began)
        one.sockets.end()
        if self._cancelled.is_set():
            self._give_up(one.check)
        elif one.ended:
            self._finish(one)
        else:
            findings = self._judged(lambda: one.check.judge(facts), one.check.specs, one.check.subject)
            self._report(one.check, [cut_off(finding, time_was_up()) for finding in findings])

    def _judged(self, judge: Callable[[], Iterable[Finding]], specs: Sequence[Any], subject: str) -> list[Finding]:
        try:
            return list(judge())
        except Exception:  # noqa: BLE001 - a fault of ours must end in a report, not in silence
            _log.exception("the judge of %s broke", specs[0].id)
            return self._broken(specs, subject)

    def _broken(self, specs: Sequence[Any], subject: str) -> list[Finding]:
        self._faults += 1
        return not_found_out(specs, subject, self.log())

    def _give_up(self, check: Check[Any]) -> None:
        if self._cancelled.is_set():
            findings = [spec.skip(tr("Cancelled before it ended."), subject=check.subject) for spec in check.specs]
        else:
            more: dict[str, Any] = {"error": ErrorKind.TIMEOUT, "facts": {OUT_OF_TIME: True}}
            findings = [spec.unknown(time_was_up(), subject=check.subject, **more) for spec in check.specs]
        self._report(check, findings)

    def _report(self, check: Check[Any], findings: list[Finding]) -> None:
        kept = self._kept(findings)
        self._open.remove(check)
        self._done += 1
        self._tell(CheckFinished(check.name, kept, self._done, self._total))

    def _kept(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        wanted = (self.redactor.finding(finding) for finding in findings if self.selection.wants(finding.id))
        kept = tuple(self.accept(finding) for finding in wanted)
        self._findings.extend(kept)
        return kept

    def _judge_together(self) -> None:
        for cross in self.cross_checks:
            facts = dict(self._facts)
            findings = self._judged(lambda judge=cross.judge, facts=facts: judge(facts), cross.specs, "")  # type: ignore[misc]
            kept = self._kept(findings)
            self._tell(CheckFinished(cross.component, kept, self._done, self._total))
