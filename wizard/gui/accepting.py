"""Accepts findings of a list, and takes that back: edits of the document, so that they can be undone."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from wizard.gui.widgets.findings import FindingList
from wizard.guide.document import Document
from wizard.guide.groups import Group


class Accepting(QObject):
    """Does what the cards of a list ask for; the focus goes on to the card as it stands then."""

    def __init__(self, page: QWidget, document: Document, shown: FindingList) -> None:
        """Listen to `shown` on `page`."""
        super().__init__(page)
        self._page, self._document, self._list = page, document, shown
        shown.accepting.connect(self._ask)
        shown.withdrawing.connect(self._withdraw)

    def _ask(self, group: Group) -> None:
        from wizard.gui.widgets.accept_dialog import AcceptDialog
        from wizard.guide import accepting

        AcceptDialog(
            self._page,
            group,
            lambda reason, until: self._accept(group, reason, until),
            accepting.where(self._document.source, self._document.accepts_in),
        ).open()

    def _accept(self, group: Group, reason: str, until: date | None) -> None:
        from wizard.guide import accepting

        self._list.seek(group.finding, accepted=True)
        self._document.replace(accepting.accept(self._document.plan, group.findings, reason, until))

    def _withdraw(self, group: Group) -> None:
        from wizard.guide import accepting

        self._list.seek(group.finding, accepted=False)
        self._document.replace(accepting.withdraw(self._document.plan, group.findings))
