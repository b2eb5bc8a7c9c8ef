"""The switch on the review that lets a run look inside the nodes, with the command that gets there in sight."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.gui import tokens
from wizard.gui.look_inside import LookInside
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, label
from wizard.gui.widgets.inputs import CheckBox
from wizard.plan.i18n import tr


class InsideSwitch(QWidget):
    """Hidden where the plan has no way into its nodes."""

    def __init__(self, look: LookInside) -> None:
        """Follow `look`, and turn it."""
        super().__init__()
        self._look = look
        self.box = CheckBox(tr("Look inside the nodes too"))
        self.box.setObjectName("inside")
        self.box.clicked.connect(lambda: look.turn(on=self.box.isChecked()))
        self._command = label("", "hint", wrap=True)
        self.setLayout(column(self.box, self._command, gap=tokens.XS, margins=(0, 0, 0, tokens.S)))
        self.setMaximumWidth(theme().px(tokens.PAGE))
        look.turned.connect(self.follow)
        self.hide()  # until it stands on a page: before, it would be a window of its own

    def follow(self) -> None:
        """Show how it stands by the plan as it is now."""
        command = self._look.command
        self.setVisible(bool(command))
        self.box.setChecked(self._look.on)
        words = tr("Each node is asked by this command: {command}", command=command)
        self._command.setText(words)
        self.box.setAccessibleDescription(words)
