"""How many of the 32 worker IDs the nodes take: a bar with a place for each, and the same in words."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, label, set_property
from wizard.guide.nodes import budget_in_words
from wizard.plan.plan import Plan
from wizard.plan.sections import WORKER_ID_COUNT

_HEIGHT, _WIDTH = 10, 420


class _Bar(QWidget):
    """A place for each worker ID; those of one node stand together, and nodes take turns in two tints."""

    def __init__(self) -> None:
        super().__init__()
        self._takers: list[int] = []
        self.setFixedHeight(theme().px(_HEIGHT))
        self.setMaximumWidth(theme().px(_WIDTH))
        theme().changed.connect(self.update)

    def show_takers(self, processes: list[int]) -> None:
        """Show how many each node takes, in their order."""
        if processes != self._takers:
            self._takers = processes
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, gap = theme(), theme().px(2)
        side = (self.width() + gap) // WORKER_ID_COUNT - gap  # whole pixels: all places look alike
        of_places = [node for node, count in enumerate(self._takers) for _one in range(count)]
        over = len(of_places) > WORKER_ID_COUNT
        painter = QPainter(self)
        for place in range(WORKER_ID_COUNT):
            taken = place < len(of_places)
            odd = taken and of_places[place] % 2
            tint = "bad" if over else ("accent_strong" if odd else "accent") if taken else "line"
            painter.fillRect(place * (side + gap), 0, side, self.height(), look.color(tint))
        painter.end()


class IdBudget(QWidget):
    """The bar, and what it shows in words above it."""

    def __init__(self) -> None:
        """Begin with no node."""
        super().__init__()
        self.words = label("", "detail", wrap=True)
        self._bar = _Bar()
        self.setLayout(column(self.words, self._bar, gap=tokens.XS))
        self.setMaximumWidth(theme().px(_WIDTH))

    def follow(self, plan: Plan) -> None:
        """Show what the nodes of a plan take."""
        words = budget_in_words(plan.processes)
        self.words.setText(words)
        self._bar.setAccessibleName(words)
        set_property(self.words, "role", "problem" if plan.processes > WORKER_ID_COUNT else "detail")
        self._bar.show_takers([node.processes for node in plan.nodes])
