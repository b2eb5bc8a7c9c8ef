"""The bar at the bottom: Back, progress in words, Cancel, and one primary action that names where it leads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from wizard.gui import tokens
from wizard.gui.runs import Runs
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, label, row
from wizard.plan.words import tr


class Bar(QFrame):
    """The buttons that lead through the wizard."""

    back = Signal()
    primary = Signal()
    cancel = Signal()

    def __init__(self) -> None:
        """Begin without any button of a page's own."""
        super().__init__()
        self.setProperty("role", "bar")
        self.setMinimumHeight(theme().px(tokens.BAR))
        self.back_button = button(tr("&Back"), "", self.back.emit, name="back")
        self.cancel_button = button(tr("Cancel"), "", self.cancel.emit, name="cancel")
        self.primary_button = button("", "primary", self.primary.emit, name="primary")
        self.progress = label("", "hint")
        self.progress.setObjectName("progress")
        self._homes: list[tuple[QPushButton, QWidget]] = []
        self._left, self._right = row(gap=tokens.M), row(gap=tokens.M)
        layout = row(self.back_button, self._left, gap=tokens.M, margins=(tokens.XL, 0, tokens.XL, 0))
        layout.addStretch(1)
        layout.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.cancel_button)
        layout.addLayout(self._right)
        layout.addWidget(self.primary_button)
        self.setLayout(layout)

    def place(self, left: Sequence[QPushButton], right: Sequence[QPushButton]) -> None:
        """Show the buttons of the page in sight in the place of the former page's."""
        self._put_back()
        for layout, buttons in ((self._left, left), (self._right, right)):
            for each in buttons:
                self._homes.append((each, each.parentWidget() or self))
                layout.addWidget(each)
                each.show()

    def _put_back(self) -> None:
        """Give the buttons back to their page: without a parent, Qt would show each as a window of its own."""
        for each, home in self._homes:
            each.hide()
            each.setParent(home)
        self._homes.clear()

    def show_run(self, runs: Runs) -> None:
        """Say how far a run is, and offer to stop it."""
        self.cancel_button.setVisible(runs.running)
        self.progress.setVisible(runs.running)
        if runs.running:
            self.progress.setText(_progress(runs))


def _progress(runs: Runs) -> str:
    parts = [tr("Testing")]
    if runs.total:
        parts.append(tr("{done} of {total}", done=runs.done, total=runs.total))
    if runs.waiting_for and runs.seconds > 1:
        parts.append(tr("waiting for {name}", name=runs.waiting_for))
    parts.append(tr("{seconds} s", seconds=f"{runs.seconds:.1f}"))
    return " · ".join(parts)
