"""What waits for the window's first picture is done once, also where there is never one."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from tests.patience import patience
from wizard.gui.first_picture import AfterFirstPicture


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
