"""What holds for the whole window: where secrets are kept, said once and not at each field, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, frame, label, row, set_property
from wizard.guide import flow, status
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.plan import Plan


class StandingWords(QWidget):
    """Lines between the page and the bar. `again` asks to look for the secret store once more."""

    again = Signal()

    def __init__(self, session: Session) -> None:
        """Follow `session`; there is nothing to say yet."""
        super().__init__()
        self._session = session
        self._of_plan: tuple[Plan | None, frozenset[str]] = None, frozenset()
        """The plan that was looked through last, and its steps with secrets: each refresh asks."""
        self._icon = StateIcon("lock")
        self.secrets = label("", "hint", wrap=True)
        self.secrets.setObjectName("where-secrets-are")
        self.try_again = button(tr("Try again"), "link", self.again.emit, name="secret-store-again")
        line = row(self._icon, gap=tokens.M, margins=(14, 6, 14, 6))
        line.addWidget(self.secrets, 1)
        line.addWidget(self.try_again, 0, Qt.AlignmentFlag.AlignVCenter)
        self._box = QFrame()
        self._box.setLayout(line)
        self._untold = label("", "hint", wrap=True)
        self._untold.setObjectName("told-in-another-language")
        self._moved = label("", wrap=True)
        self._moved.setObjectName("secrets-moved")
        read = button(tr("Hide"), "link", session.read_moved, name="secrets-moved-read")
        moved_line = row(StateIcon("info"), gap=tokens.M, margins=(14, 6, 14, 6))
        moved_line.addWidget(self._moved, 1)
        moved_line.addWidget(read, 0, Qt.AlignmentFlag.AlignVCenter)
        self._moved_box = frame("banner-info", moved_line)
        self.setLayout(column(self._untold, self._moved_box, self._box, gap=tokens.XS))
        self._leave_margins(tokens.XL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Begin where the page does, which has narrow margins where there is little room."""
        super().resizeEvent(event)
        narrow = self.width() - theme().px(tokens.SCROLL_BAR) < theme().px(tokens.NARROW)
        self._leave_margins(tokens.XL - (tokens.XXL - tokens.L if narrow else 0))

    def _leave_margins(self, sides: int) -> None:
        px = theme().px
        self.setContentsMargins(px(max(0, sides)), px(tokens.XS), px(max(0, sides)), px(tokens.S))

    def refresh(self, step: str) -> None:
        """Say what holds on this step."""
        session, autosave = self._session, self._session.autosave
        untold = session.runs.untold
        self._untold.setText(status.untold_words(untold))
        self._untold.setVisible(untold > 0)
        shown = session.document.begun and step in self._steps_with_secrets()
        lasting = autosave.lasting
        self.secrets.setText(autosave.place)
        set_property(self.secrets, "role", "hint" if lasting is not False else "")
        set_property(self._box, "role", "" if lasting is not False else "banner-warn")
        self._icon.show_state("warn" if lasting is False else "lock", "")
        self.try_again.setVisible(lasting is False)
        self.try_again.setEnabled(not session.opening.looks)
        self._box.setVisible(shown)
        called = _called(session)
        self._moved.setText(
            trn(
                "Another program has changed where a secret is: {names}. It counts here, too.",
                "Another program has changed where {count} secrets are: {names}. It counts here, too.",
                len(called),
                names=listing(called),
            )
        )
        self._moved_box.setVisible(bool(called))
        self.setVisible(shown or untold > 0 or bool(called))

    def _steps_with_secrets(self) -> frozenset[str]:
        plan, steps = self._of_plan
        now = self._session.document.plan
        if plan is not now:
            steps = frozenset(flow.step_of_key(key) for key, setting, _value in now.settings() if setting.secret)
            self._of_plan = now, steps
        return steps


def _called(session: Session) -> list[str]:
    """Return what the secrets are called that are elsewhere now."""
    if not session.moved:
        return []
    plan = session.document.plan
    called = [flow.called(plan, key) for key, ref in plan.secret_refs() if ref.name in session.moved]
    return list(dict.fromkeys(called))
