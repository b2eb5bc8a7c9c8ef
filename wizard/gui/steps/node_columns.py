"""The columns of the nodes' cards: their widths, their headings, and where each part of a card stands."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import label, row
from wizard.guide.layouts import NODE_COLUMNS
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Node
from wizard.plan.setting import settings_of

WIDTHS = {"port": 68, "processes": 68, "worker_mode": 148}
"""Widths of the columns that keep theirs; name and host share what is left."""
_LEAST, _MOST = 90, 280
"""Widths, at the usual text size, between which names and hosts ask for room."""
REMOVE = 36
MARGIN = 12
NARROW = 560
"""Below this width, at the usual text size, the fields of a node stand below one another, each with its label."""

BESIDE = {
    "icon": (0, 0, 1, 1),
    "name": (0, 1, 1, 1),
    "host": (0, 2, 1, 1),
    "port": (0, 3, 1, 1),
    "processes": (0, 4, 1, 1),
    "worker_mode": (0, 5, 1, 1),
    "remove": (0, 6, 1, 1),
}
BELOW = {
    "icon": (1, 0, 1, 1),
    "name": (1, 1, 1, 2),
    "remove": (1, 3, 1, 1),
    "host": (3, 1, 1, 3),
    "port": (5, 1, 1, 1),
    "processes": (5, 2, 1, 2),
    "worker_mode": (7, 1, 1, 3),
}
"""Where each part stands in the grid: row, column, rows and columns it takes. A label stands in the row above."""

Shares = tuple[int, int]
"""How names and hosts share the room that the other columns leave."""


def column_width(name: str) -> int:
    """Return the width of a column, which is wider where its heading is, as in another language."""
    heading = QFontMetrics(theme().font(tokens.BODY)).horizontalAdvance(tr(settings_of(Node())[name].label))
    return max(theme().px(WIDTHS[name]), heading)


def shares(plan: Plan) -> Shares:
    """Return the room for names and for hosts, as the longest of each asks for it."""
    px, metrics = theme().px, QFontMetrics(theme().font(tokens.BODY))

    def wanted(texts: list[str]) -> int:
        longest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + px(tokens.XL)
        return min(max(longest, px(_LEAST)), px(_MOST))

    return wanted([node.name for node in plan.nodes]), wanted([node.host for node in plan.nodes])


class Heads(QWidget):
    """The headings of the columns, aligned with the cards; gone where the cards' fields have labels of their own."""

    def __init__(self) -> None:
        """Name the columns as the settings are named."""
        super().__init__()
        layout = self._row = row(gap=tokens.S, margins=(MARGIN, 0, MARGIN, 0))
        layout.addSpacing(theme().px(tokens.ICON + tokens.S))
        self._shared: list[QLabel] = []
        declared = settings_of(Node())
        for name in NODE_COLUMNS:
            head = label(tr(declared[name].label), "hint")
            if name in WIDTHS:
                head.setFixedWidth(column_width(name))
            else:
                head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                self._shared.append(head)
            layout.addWidget(head)
        layout.addSpacing(theme().px(REMOVE + tokens.S))
        self.setLayout(layout)
        self._height = self.sizeHint().height()

    def share(self, shares: Shares) -> None:
        """Make the columns of names and hosts as wide as the cards' are."""
        for head, share in zip(self._shared, shares, strict=True):
            self._row.setStretchFactor(head, share)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMaximumHeight(0 if self.width() < theme().px(NARROW) else self._height)
