"""What can wait is done in parts: all of it comes to an end, whatever is asked for meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from wizard.gui import pace as pacing
from wizard.gui.pace import Pace, Parts
from wizard.gui.session import Session
from wizard.guide.document import Document


@pytest.fixture
def pace(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Pace:
    """A pace that stops after every part."""
    monkeypatch.setattr(pacing, "_STRETCH", 0.0)
    return Pace(qapp)


def _parts(name: str, done: list[str], count: int = 3) -> Parts:
    for number in range(count):
        done.append(f"{name}{number}")
        yield


def test_the_loop_turns_between_two_parts(pace: Pace, qapp: QApplication, qtbot: QtBot) -> None:
    done: list[str] = []
    pace.do(qapp, lambda: _parts("a", done))
    assert done == []
    ticks = QTimer(qapp, interval=0)
    ticks.timeout.connect(lambda: done.append("turn"))
    ticks.start()
    qtbot.waitUntil(lambda: "a2" in done)
    ticks.stop()
    assert "turn" in done[done.index("a0") : done.index("a1")]
    assert "turn" in done[done.index("a1") : done.index("a2")]


def test_owners_have_their_turns_in_the_order_they_asked(pace: Pace, qapp: QApplication, qtbot: QtBot) -> None:
    done: list[str] = []
    first, second = QObject(qapp), QObject(qapp)
    pace.do(first, lambda: _parts("a", done, 2))
    pace.do(second, lambda: _parts("b", done, 2))
    qtbot.waitUntil(lambda: "b1" in done)
    assert done == ["a0", "a1", "b0", "b1"]


def test_what_is_under_way_ends_before_it_is_done_anew(pace: Pace, qapp: QApplication, qtbot: QtBot) -> None:
    done: list[str] = []
    pace.do(qapp, lambda: _parts("a", done))
    qtbot.waitUntil(lambda: bool(done))
    pace.do(qapp, lambda: _parts("b", done))
    pace.do(qapp, lambda: _parts("c", done))
    qtbot.waitUntil(lambda: "c2" in done)
    assert done == ["a0", "a1", "a2", "c0", "c1", "c2"]


def test_what_is_wanted_now_begins_at_once_and_drops_what_was_under_way(
    pace: Pace, qapp: QApplication, qtbot: QtBot
) -> None:
    done: list[str] = []
    pace.do(qapp, lambda: _parts("a", done))
    pace.do(qapp, lambda: _parts("b", done), now=True)
    assert done == ["b0"]
    qtbot.waitUntil(lambda: "b2" in done)
    assert done == ["b0", "b1", "b2"]


def test_the_work_of_what_is_gone_is_left_out(pace: Pace, qapp: QApplication, qtbot: QtBot) -> None:
    done: list[str] = []
    gone = QObject(qapp)
    pace.do(gone, lambda: _parts("a", done))
    pace.do(qapp, lambda: _parts("b", done))
    delete(gone)
    qtbot.waitUntil(lambda: "b2" in done)
    assert done == ["b0", "b1", "b2"]


def test_a_part_that_raises_ends_its_own_work_and_no_other(pace: Pace, qapp: QApplication, qtbot: QtBot) -> None:
    broken, other, done = QObject(qapp), QObject(qapp), list[str]()

    def breaks() -> Parts:
        yield
        raise ZeroDivisionError

    pace.do(broken, breaks)
    pace.do(other, lambda: _parts("a", done))
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: pace.rests)
    assert [kind for kind, _error, _trace in raised] == [ZeroDivisionError]
    assert done == ["a0", "a1", "a2"]


def test_no_part_is_done_in_a_turn_of_the_loop_that_was_long_already(qapp: QApplication, qtbot: QtBot) -> None:
    pace, done = Pace(qapp), []
    pace.do(qapp, lambda: _parts("a", done))
    worked = time.thread_time() + 0.005
    while time.thread_time() < worked:
        pass
    pace._go_on()
    assert done == []
    qtbot.waitUntil(lambda: "a2" in done)


def test_turns_that_are_all_too_long_do_not_keep_the_parts_for_ever(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace, done = Pace(qapp), []
    monkeypatch.setattr(pace, "_turned", -1.0)
    pace.do(qapp, lambda: _parts("a", done))
    for _turn in range(3):
        pace._go_on()
    assert done == []
    pace._go_on()
    assert done[:1] == ["a0"]


def test_parts_are_done_at_a_stretch_that_is_bounded(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    pace, done = Pace(qapp), []

    def each_a_millisecond() -> Parts:
        nonlocal now
        while True:
            done.append(now)
            now += 0.001
            yield

    pace.do(qapp, each_a_millisecond, now=True)
    assert len(done) == 4
    assert (pace._next.isActive(), pace._next.interval()) == (True, 4)  # the others wait for a pause
    delete(pace)  # else it goes on beside all other tests


def test_telling_of_findings_does_not_take_the_place_of_judging(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    def judge(_document: Document) -> Iterator[None]:
        judged.append("begun")
        if len(judged) == 1:  # somebody typed on, and then a run found something
            session._judge_in_turn()
            session._tell_in_turn()
        yield

    monkeypatch.setattr(Document, "judge_in_parts", judge)
    session._judge_in_turn()
    qtbot.waitUntil(lambda: judged == ["begun", "begun"])
