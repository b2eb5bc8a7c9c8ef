"""The question why a finding is accepted, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from wizard.app.acceptance import AcceptError
from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, label, row, set_property
from wizard.gui.widgets.question import Question
from wizard.guide import accepting
from wizard.guide.groups import Group, subjects_in_words
from wizard.plan.i18n import tr

_WIDTH = 520


class AcceptDialog(Question):
    """Tells `take` the reason and the last day (None: without an end), once both can be read; then it goes."""

    def __init__(
        self,
        parent: QWidget,
        group: Group,
        take: Callable[[str, date | None], object],
        where: str = "",
    ) -> None:
        """Ask about `group`; `where` says where it will stand, if that is to be known."""
        super().__init__(parent)
        self.setObjectName("accept")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Accept the finding"))
        self._take = take
        self.reason, reason_head = _line(tr("Why it is known and wanted"), "accept-reason")
        self.until, until_head = _line(tr("The last day on which that holds"), "accept-until")
        self.until.setPlaceholderText(tr("YYYY-MM-DD; empty: without an end"))
        self.told = label("", "problem", wrap=True)
        self.told.setObjectName("accept-told")
        self.told.hide()
        go = button(tr("&Accept"), "primary", self._go, name="accept-go")
        go.setDefault(True)
        line = row(gap=tokens.S)
        line.addStretch(1)
        line.addWidget(button(tr("Cancel"), "", self.reject, name="accept-not"))
        line.addWidget(go)
        which = " · ".join([group.finding.id, *subjects_in_words(group.subjects)])
        effect = label(
            tr(
                "It stays in sight and counts no longer. It counts again when it gets worse, becomes another one, or "
                "the day is over."
            ),
            "hint",
            wrap=True,
        )
        head = column(label(group.finding.summary, "strong", wrap=True), label(which, "hint", wrap=True), gap=tokens.XS)
        self._why = column(reason_head, self.reason, gap=tokens.XS)
        self._last = column(until_head, self.until, gap=tokens.XS)
        layout = column(head, self._why, self._last, effect, gap=tokens.L, margins=(16, 16, 16, 16))
        if where:
            place = label(where, "hint", wrap=True)
            place.setObjectName("accept-where")
            layout.addWidget(place)
        layout.addLayout(line)
        self.setLayout(layout)
        self.setMinimumWidth(theme().px(_WIDTH))

    def _go(self) -> None:
        try:
            found = accepting.read(self.reason.text(), self.until.text())
        except AcceptError as error:
            reasoned = bool(self.reason.text().strip())
            wrong, below = (self.until, self._last) if reasoned else (self.reason, self._why)
            for line in (self.reason, self.until):
                set_property(line, "invalid", "true" if line is wrong else "false")
            below.addWidget(self.told)  # it leaves the place below the other field
            self.told.setText(str(error))
            self.told.show()
            self.fit()
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.accept()
        self._take(*found)


def _line(title: str, name: str) -> tuple[QLineEdit, QWidget]:
    line, head = QLineEdit(), label(title)
    line.setObjectName(name)
    line.setAccessibleName(title)
    head.setBuddy(line)
    return line, head
