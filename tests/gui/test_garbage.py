"""Only the window's thread collects garbage, and it does so without being asked."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from wizard.gui.garbage import Garbage


class Knot(QObject):
    """Something that only a collection can free."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def allocate_much() -> None:
    for _ in range(5 * gc.get_threshold()[0]):
        [].append({})  # type: ignore[attr-defined]


def test_another_thread_collects_no_qt_object_and_the_windows_thread_does(qapp: QObject, qtbot: QtBot) -> None:
    gc.enable()
    garbage = Garbage(qapp)
    gone = weakref.ref(Knot())
    kept = [{} for _ in range(5 * gc.get_threshold()[0])]
    worker = threading.Thread(target=allocate_much)
    worker.start()
    worker.join()
    assert gone() is not None
    qtbot.waitUntil(lambda: gone() is None)
    del kept
    garbage.deleteLater()


def test_what_came_with_modules_is_not_looked_through_again(qapp: QObject) -> None:
    gc.enable()
    garbage = Garbage(qapp)
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < 10_000
    garbage.deleteLater()
