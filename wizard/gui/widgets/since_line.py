"""What changed since another run: one sentence, and behind a link which findings are new, worse or gone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wizard.gui import tokens
from wizard.gui.widgets.basics import button, column, label
from wizard.gui.widgets.flowing import Flowing
from wizard.plan.i18n import tr


class SinceLine(QWidget):
    """Out of sight until it is told something."""

    def __init__(self) -> None:
        """Begin with nothing to tell."""
        super().__init__()
        self.opened = False
        """Whether somebody wanted to see which findings changed."""
        self.sentence = label("", "detail", wrap=True)
        self.sentence.setObjectName("since")
        self._which = button("", "link", self._toggle, name="since-which")
        self._listed = label("", "detail", wrap=True)
        self._listed.setObjectName("since-listed")
        self.setLayout(column(Flowing(self.sentence, self._which), self._listed, gap=tokens.XS))
        self.hide()

    def tell(self, sentence: str, listed: Sequence[str]) -> None:
        """Show a sentence, and offer to show the lines."""
        self.sentence.setText(sentence)
        self._listed.setText("\n".join(listed))
        self._which.setVisible(bool(listed))
        self._arrange()

    def open(self, *, opened: bool) -> None:
        """Show which findings changed, or only how many."""
        self.opened = opened
        self._arrange()

    def _toggle(self) -> None:
        self.open(opened=not self.opened)

    def _arrange(self) -> None:
        self._which.setText(tr("Hide what changed") if self.opened else tr("Show what changed"))
        self._listed.setVisible(self.opened and bool(self._listed.text()))
