"""Whether runs look from inside the nodes, too: chosen for one cluster, and possible where its plan has a way there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from wizard.plan.plan import Plan


class LookInside(QObject):
    """The switch. A command of the plan runs only once somebody turned it on for that very command.

    `turned` comes when it was turned, `taken_back` when a person turned it off.
    """

    turned = Signal()
    taken_back = Signal()

    def __init__(self, plan: Callable[[], Plan], parent: QObject) -> None:
        """Begin turned off; `plan` gives the plan as it is now."""
        super().__init__(parent)
        self._plan, self._agreed = plan, ""

    @property
    def command(self) -> str:
        """The command that gets into a node, with `{target}` for the node; empty where the plan has no way."""
        return self._plan().reach.template

    @property
    def on(self) -> bool:
        """Whether a run of everything looks inside, too."""
        return bool(self.command) and self.command == self._agreed

    def turn(self, *, on: bool) -> None:
        """Choose it for this cluster and its command as it is now, or choose it no longer."""
        self._agree(self.command if on else "")
        if not on:
            self.taken_back.emit()

    def forget(self) -> None:
        """Turn off: another cluster takes the place of the one it was chosen for."""
        self._agree("")

    def _agree(self, command: str) -> None:
        if command != self._agreed:
            self._agreed = command
            self.turned.emit()
