"""Buttons that stay pressed, also where no key and no pointer pressed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton as Button
else:
    Button = object


class Pressed(Button):
    """Takes for a click what a screen reader does: Qt lets it toggle such a button, and that alone clicks nothing.

    To stand before Qt's own class among the bases; `hear` is called once that is there.
    """

    _by_us = False

    def hear(self) -> None:
        """Listen from now on."""
        self.toggled.connect(self._toggled)

    def setChecked(self, checked: bool) -> None:  # noqa: FBT001 - Qt's own signature
        """Show a choice; nobody made it here."""
        self._by_us, before = True, self._by_us
        super().setChecked(checked)
        self._by_us = before

    def nextCheckState(self) -> None:
        """Follow a click, which Qt itself tells of."""
        self._by_us, before = True, self._by_us
        super().nextCheckState()
        self._by_us = before

    def _toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's own signature
        """Tell of a click that was none; of those that exclude one another the one that goes was not meant."""
        if not self._by_us and (on or self.group() is None):
            self.clicked.emit()
