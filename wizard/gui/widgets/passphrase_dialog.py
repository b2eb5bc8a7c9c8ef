"""The question for a passphrase: once where a file is opened, twice where one is to be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from wizard.gui import tokens
from wizard.gui.background import Background
from wizard.gui.source_loader import Locked, SourceLoader
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, label, row
from wizard.gui.widgets.question import Question
from wizard.plan.i18n import tr
from wizard.plan.secret import Secret
from wizard.storage import log_filter

_WIDTH = 460


class PassphraseDialog(Question):
    """Does `work` with the passphrase off the window's thread; what that raises is told, and asked for again."""

    def __init__(
        self,
        parent: QWidget,
        background: Background,
        words: str,
        work: Callable[[Secret], Any],
        done: Callable[[Any], None],
        *,
        new: bool = False,
    ) -> None:
        """Ask with the sentence `words`; `new` asks twice. `done` gets what `work` gave, and the question goes."""
        super().__init__(parent)
        self.setObjectName("passphrase")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Passphrase"))
        self._background, self._work, self._done = background, work, done
        self.first = _line(tr("Passphrase"), "passphrase-once")
        self.second = _line(tr("The same once more"), "passphrase-twice") if new else None
        self.told = label("", "problem", wrap=True)
        self.told.setObjectName("passphrase-told")
        self.told.hide()
        self.go_button = button(tr("Encrypt") if new else tr("Open"), "primary", self._go, name="passphrase-go")
        self.go_button.setDefault(True)
        line = row(gap=tokens.S)
        line.addStretch(1)
        line.addWidget(button(tr("Cancel"), "", self.reject, name="no-passphrase"))
        line.addWidget(self.go_button)
        fields = [self.first, *([self.second] if self.second else [])]
        layout = column(label(words, wrap=True), *fields, self.told, gap=tokens.M, margins=(16, 16, 16, 16))
        layout.addLayout(line)
        self.setLayout(layout)
        self.setMinimumWidth(theme().px(_WIDTH))

    def _go(self) -> None:
        text = self.first.text()
        if not text:
            self._tell(tr("The passphrase is empty."))
        elif self.second and self.second.text() != text:
            self._tell(tr("The two passphrases differ."))
        else:
            passphrase = Secret(text)
            log_filter.learn([passphrase])
            self.go_button.setEnabled(False)
            self._background.run(lambda: self._work(passphrase), self._finish, self._failed, owner=self)

    def _finish(self, found: Any) -> None:
        done = self._done
        self.accept()
        done(found)

    def _failed(self, error: Exception) -> None:
        self.go_button.setEnabled(True)
        self._tell(str(error))

    def _tell(self, words: str) -> None:
        self.told.setText(words)
        self.told.show()
        self.fit()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.first.selectAll()


def _line(title: str, name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(title)
    line.setPlaceholderText(title)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    return line


def unlock(window: QWidget, background: Background, opening: SourceLoader, locked: Locked) -> None:
    """Ask for the passphrase of what was opened; without one it is gone on with all the same."""
    words = tr("{file} has secrets, encrypted with a passphrase.", file=locked.file)
    dialog = PassphraseDialog(window, background, words, locked.unlock, opening.found.emit)
    dialog.rejected.connect(lambda: opening.found.emit(locked.found))
    dialog.open()
