"""What is to be done, reckoned in the background whenever the findings changed and somebody looks."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from wizard.gui.session import Session
from wizard.guide.tasks import ToDo, being_tested_again, to_do


class ToDoBoard(QObject):
    """`changed` comes when `told` is another one. While a run goes on, what was told before stays, marked so."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        """Know nothing yet."""
        super().__init__(parent)
        self._session = session
        self._owner = parent
        self._look = 0
        self.told = ToDo("", ())
        session.opened.connect(self._forget)

    def refresh(self) -> None:
        """Reckon anew; the answer comes by `changed`."""
        session = self._session
        if session.runs.running:  # what is still being reckoned of the findings before it counts meanwhile
            self._take(being_tested_again(self.told, session.runs.components), self._look)
            return
        self._look += 1
        look, plan, record = self._look, session.document.plan, session.document.findings
        found = record.all
        stale = [finding for finding in found if record.stale(finding)]
        session.background.run(
            lambda: to_do(plan, found, stale), lambda told: self._take(told, look), lane="to-do", owner=self._owner
        )

    def _take(self, told: ToDo, look: int) -> None:
        if look == self._look and told != self.told:
            self.told = told
            self.changed.emit()

    def _forget(self) -> None:
        self._look += 1
        self.told = ToDo("", ())
