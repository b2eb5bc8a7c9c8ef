"""What waits for the window's first picture is done once, also where there is never one."""

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QListWidget, QScrollArea, QWidget

from tests.gui.conftest import WithoutKeyring
from tests.patience import patience
from wizard.gui.first_picture import AfterFirstPicture
from wizard.gui.session import Session
from wizard.gui.shell import Shell


class _Painted(QWidget):
    """A window that notes its paintings among what was done."""

    def __init__(self, done):
        super().__init__()
        self.done = done

    def event(self, event):
        if event.type() is QEvent.Type.Paint:
            self.done.append("painted")
        return super().event(event)


def test_the_work_waits_for_the_first_picture_and_is_done_once(qtbot):
    done = []
    window = _Painted(done)
    qtbot.addWidget(window)
    AfterFirstPicture(window, lambda: done.append("work"))
    window.show()
    qtbot.waitUntil(lambda: "work" in done, timeout=int(patience() * 1000))
    assert done[0] == "painted"
    window.repaint()
    assert done.count("work") == 1


def test_a_window_that_nobody_paints_does_its_work_all_the_same(qtbot):
    done = []
    window = _Painted(done)
    qtbot.addWidget(window)
    AfterFirstPicture(window, lambda: done.append("work"))
    qtbot.waitUntil(lambda: done == ["work"], timeout=int(patience() * 1000))


def test_a_page_is_seen_through_a_part_of_pythons_making_that_is_as_qts_own(shell):
    """For one of Qt's own PySide6 makes the names of all kinds of parts, which takes a twentieth of the start."""
    area = QScrollArea(shell)
    area.show()
    port, own = shell.page.parentWidget(), area.viewport()
    assert shiboken6.createdByPython(port)
    for ours, theirs in (
        (port.objectName(), "qt_scrollarea_viewport"),
        (port.backgroundRole(), own.backgroundRole()),
        (port.autoFillBackground(), own.autoFillBackground()),
        (port.focusPolicy(), own.focusPolicy()),
    ):
        assert ours == theirs


@pytest.mark.usefixtures("_look")
def test_there_is_no_list_before_there_is_something_to_list(qtbot):
    window = Shell(Session(WithoutKeyring()))
    qtbot.addWidget(window)
    assert window.page.findChild(QListWidget) is None
