"""The saved clusters on the first page: each with what its last check found, to be checked, opened or deleted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QWidget

from wizard.gui import tokens
from wizard.gui.tips import plain_tip
from wizard.gui.widgets.basics import button, column, label
from wizard.gui.widgets.fixed_row_list import WholeRows
from wizard.gui.widgets.flowing import Flowing
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from wizard.gui.source_loader import Listed
    from wizard.guide.last_runs import LastRun
    from wizard.storage.saved_clusters import SavedCluster

_MOST_ROWS = 5
"""Saved clusters in sight at once."""
_IDENTITY = Qt.ItemDataRole.UserRole


class SavedClusters(QWidget):
    """Hidden where there is none. The signals bring the id of the cluster that is chosen; `turned` that another is."""

    check = Signal(str)
    open = Signal(str)
    delete = Signal(str)
    turned = Signal()

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._sure = False
        self.list = WholeRows()
        self.list.setObjectName("saved")
        self.list.setAccessibleName(tr("Saved clusters"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # its tip has a long name whole
        self.list.itemActivated.connect(lambda _item: self.open.emit(self.chosen))
        self.list.itemSelectionChanged.connect(self._choice_changed)
        self.check_button = button(tr("Check now"), "", lambda: self.check.emit(self.chosen), name="check-now")
        self.open_button = button(tr("&Open"), "", lambda: self.open.emit(self.chosen), name="open-saved")
        self.delete_button = button(tr("&Delete"), "", self._delete, name="delete-saved")
        buttons = Flowing(self.check_button, self.open_button, self.delete_button)
        below = column(self.list, buttons, gap=tokens.M)
        self.setLayout(column(label(tr("Your clusters"), "heading"), below, gap=tokens.S + tokens.M))
        self.hide()

    @property
    def chosen(self) -> str:
        """The id of the cluster that is chosen, or nothing."""
        return next((str(item.data(_IDENTITY)) for item in self.list.selectedItems()), "")

    def show_list(self, listed: Listed, *, current: str) -> None:
        """Show the clusters with their last runs; the choice stays, or goes to the current one, or to the first."""
        clusters, runs = listed
        chosen = self.chosen or current or (clusters[0].id if clusters else "")
        self.list.clear()
        for cluster in clusters:
            item = QListWidgetItem(_words(cluster, runs.get(cluster.id)))
            item.setData(_IDENTITY, cluster.id)
            item.setToolTip(
                plain_tip("\n".join(part for part in (item.text(), cluster.problem, str(cluster.path)) if part))
            )
            self.list.addItem(item)
            if cluster.id == chosen:
                self.list.setCurrentItem(item)
        self.setVisible(bool(clusters))
        self.list.setFixedHeight(self.list.height_for(max(1, min(len(clusters), _MOST_ROWS))))

    def arrange(self, *, busy: bool, current: str) -> None:
        """Offer what can be done now; `current` is the id of the cluster that is being worked on."""
        chosen = self.chosen
        self.check_button.setEnabled(bool(chosen) and not busy)
        self.open_button.setEnabled(bool(chosen) and not busy)
        self.delete_button.setEnabled(bool(chosen) and chosen != current)

    def _choice_changed(self) -> None:
        self._sure = False
        self.delete_button.setText(tr("&Delete"))
        self.turned.emit()

    def _delete(self) -> None:
        if self._sure:
            self.delete.emit(self.chosen)
        self._sure = not self._sure
        self.delete_button.setText(tr("Delete it and its secrets?") if self._sure else tr("&Delete"))


def _words(cluster: SavedCluster, run: LastRun | None) -> str:
    now = datetime.now().astimezone()
    saved = tr("saved {time}", time=f"{cluster.saved.astimezone():%Y-%m-%d %H:%M}")
    facts = [cluster.name, run.words(now) if run else saved, *([tr("damaged")] if cluster.problem else [])]
    return "   ·   ".join(facts)
