"""Which targets an export gives: a box for each that fits the plan, and why the others are left out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, label
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.inputs import CheckBox
from wizard.guide import targets as offered
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan


class TargetBoxes(QWidget):
    """Begins empty, as the targets are looked up elsewhere. `chosen` comes where somebody ticks or clears a box."""

    chosen = Signal()

    def __init__(self) -> None:
        """Want every target."""
        super().__init__()
        self._boxes: dict[str, CheckBox] = {}
        self._unwanted: frozenset[str] = frozenset()
        self._line = Flowing(gap=tokens.L)
        self._left_out = label("", "hint", wrap=True)
        self._left_out.setObjectName("left-out")
        self.setLayout(column(self._line, self._left_out, gap=tokens.XS))

    @property
    def known(self) -> bool:
        """Whether it is known which targets there are."""
        return bool(self._boxes)

    @property
    def wanted(self) -> list[str]:
        """The names of those that fit the plan and are ticked."""
        return [name for name, box in self._boxes.items() if box.isChecked() and not box.isHidden()]

    @property
    def unwanted(self) -> frozenset[str]:
        """The names of those that are not ticked."""
        if not self._boxes:
            return self._unwanted
        return frozenset(name for name, box in self._boxes.items() if not box.isChecked())

    def clear(self, unwanted: frozenset[str]) -> None:
        """Tick all but these, without a word of it; those that come later, too."""
        self._unwanted = unwanted
        for name, box in self._boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name not in unwanted)

    def offer(self, names: Sequence[str], plan: Plan) -> None:
        """Show the boxes of these targets."""
        for name in names:
            box = CheckBox(offered.title(name))
            box.setObjectName(f"target.{name}")
            box.setChecked(name not in self._unwanted)
            box.toggled.connect(lambda _on: self.chosen.emit())
            self._boxes[name] = box
            self._line.addWidget(box)
            above = max(0, theme().px(tokens.CONTROL) - box.sizeHint().height()) // 2  # as high as their label
            self._line.setContentsMargins(0, above, 0, above)
        self.fit(plan)

    def fit(self, plan: Plan) -> None:
        """Offer what fits the plan, of the balancers its own alone, and say why the others are left out."""
        if self._boxes:
            every = offered.offers(plan)  # they came with the boxes: they are loaded
            for offer in every:
                self._boxes[offer.name].setVisible(not offer.unfit)
            unfit = [offer for offer in every if offer.unfit]
            said = (tr("Left out: {target}. {reason}", target=offer.title, reason=offer.unfit) for offer in unfit)
            self._left_out.setText("\n".join(said))
            self._left_out.setVisible(bool(unfit))
