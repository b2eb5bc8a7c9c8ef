"""What came of an action of a page: a quiet box that comes when it ended and goes when something is chosen anew."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from wizard.gui.widgets.basics import button, column
from wizard.plan.i18n import tr

_ICONS = {"ok": "pass", "warn": "warn", "bad": "fail"}


class Outcome(QWidget):
    """Empty until it tells of something."""

    def __init__(self, name: str = "result") -> None:
        """Begin with nothing to tell; `name` is the box's object name."""
        super().__init__()
        self._name = name
        self._layout = column()
        self._shown: QFrame | None = None
        self.setLayout(self._layout)
        self.hide()

    @property
    def told(self) -> bool:
        """Whether there is something in sight."""
        return self._shown is not None

    def tell(self, kind: str, words: str, way_on: QPushButton | None = None, *, below: QWidget | None = None) -> None:
        """Say what came of it: `kind` is `ok`, `warn` or `bad`, `way_on` leads on from there, `below` tells more."""
        from wizard.gui.widgets.card import banner  # with the first outcome

        self.untell()
        self._shown = banner(kind, _ICONS[kind], words, way_on, below)
        self._shown.setObjectName(self._name)
        self._shown.setAccessibleName(words)
        self._layout.addWidget(self._shown)
        self.show()

    def untell(self) -> None:
        """Take away what was told."""
        if self._shown:
            self._shown.hide()
            self._shown.deleteLater()
            self._shown = None
        self.hide()


def folder_button(folder: Path) -> QPushButton:
    """Return a button that shows `folder` in the system's file manager."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices  # no first page needs them

    return button(
        tr("Open the folder"), "link", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))), "open-folder"
    )
