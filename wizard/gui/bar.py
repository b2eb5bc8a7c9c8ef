"""The bar at the bottom: Back, progress in words, Cancel, and one primary action that names where it leads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from wizard.gui import tokens
from wizard.gui.run_controller import RunController
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, label
from wizard.gui.widgets.flowing import Flowing
from wizard.plan.i18n import tr


class Bar(QFrame):
    """The buttons that lead through the wizard.

    `let_go` says that Cancel went while it had the focus,
    `skip` that a person goes on although the page has another primary action.
    """

    back = Signal()
    primary = Signal()
    cancel = Signal()
    let_go = Signal()
    skip = Signal()

    def __init__(self) -> None:
        """Begin without any button of a page's own."""
        super().__init__()
        self.setProperty("role", "bar")
        self.setMinimumHeight(theme().px(tokens.BAR))
        self.back_button = button(tr("&Back"), "", self.back.emit, name="back")
        self.cancel_button = button(tr("Cancel"), "", self.cancel.emit, name="cancel")
        self.primary_button = button("", "primary", self.primary.emit, name="primary")
        self.way_on_button = button("", "", self.skip.emit, name="way-on")
        self.progress = label("", "hint")
        self.progress.setObjectName("progress")
        self._homes: list[tuple[QPushButton, QWidget]] = []
        self._flow = Flowing(gap=tokens.M)
        px = theme().px
        self._flow.setContentsMargins(px(tokens.XL), px(tokens.M), px(tokens.XL), px(tokens.M))
        self.setLayout(self._flow)
        self.place((), ())

    def place(self, left: Sequence[QPushButton], right: Sequence[QPushButton]) -> None:
        """Show the buttons of the page in sight in the place of the former page's."""
        self._put_back()
        while self._flow.takeAt(0) is not None:
            pass
        self._flow.addWidget(self.back_button)
        self._take_in(left)
        self._flow.add_stretch()
        self._flow.addWidget(self.progress)
        self._flow.addWidget(self.cancel_button)
        self._take_in(right)
        self._flow.addWidget(self.way_on_button)
        self._flow.addWidget(self.primary_button)
        self._flow.activate()  # Tab follows where they stand

    def _take_in(self, buttons: Sequence[QPushButton]) -> None:
        for each in buttons:
            self._homes.append((each, each.parentWidget() or self))
            self._flow.addWidget(each)
            each.show()

    def _put_back(self) -> None:
        """Put the buttons back on their page: without a parent, Qt would show each as a window of its own."""
        for each, home in self._homes:
            each.hide()
            each.setParent(home)
        self._homes.clear()

    def show_way_on(self, words: str) -> None:
        """Offer to go on beside another primary action; without words there is no such offer."""
        self.way_on_button.setText(words)
        self.way_on_button.setVisible(bool(words))

    def show_run(self, runs: RunController) -> None:
        """Say how far a run is, and offer to stop it."""
        focused = self.cancel_button.hasFocus()
        if focused and not runs.running:
            self.cancel_button.clearFocus()  # else Qt looks for another part for it, all over the window
        self.cancel_button.setVisible(runs.running)
        self.progress.setVisible(runs.running)
        if runs.running:
            self.progress.setText(_progress(runs))
        elif focused:
            self.let_go.emit()


def _progress(runs: RunController) -> str:
    if runs.cancelling:
        return tr("Being cancelled …")
    parts = [tr("Testing")]
    if runs.total:
        parts.append(tr("{done} of {total}", done=runs.done, total=runs.total))
    if runs.waiting_for and runs.seconds > 1:
        parts.append(tr("waiting for {name}", name=runs.waiting_for))
    parts.append(tr("{seconds:.1f} s", seconds=runs.seconds))
    return " · ".join(parts)
