"""Step start: a new cluster with a name, a saved one from the list, or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListWidgetItem, QWidget

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, label
from wizard.gui.widgets.fixed_row_list import WholeRows
from wizard.gui.widgets.flowing import Flowing, Labelled
from wizard.gui.widgets.form import SettingsForm
from wizard.gui.widgets.outcome import Outcome
from wizard.guide import layouts
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from wizard.storage.saved_clusters import SavedCluster

_AFTER_PAINTING = 60
"""Milliseconds before the saved clusters are looked for, so that the window is painted first."""

_MOST_ROWS = 5
"""Saved clusters in sight at once."""
_IDENTITY = Qt.ItemDataRole.UserRole


class StartPage(Page):
    """Before a cluster was begun the primary action begins one; afterwards it leads on."""

    def build(self) -> None:
        self._sure = False
        self.name = QLineEdit()
        self.name.setObjectName("new-name")
        self.name.setPlaceholderText(tr("production"))
        self.name.setAccessibleName(tr("Name of the new cluster"))
        self.name.textChanged.connect(self.turned)
        self.name.returnPressed.connect(self._begin)
        self.rename = SettingsForm(self.session, layouts.START)
        name_label = label(tr("Name of the cluster"), wrap=True)
        name_label.setBuddy(self.name)
        self._new = button(tr("Begin anot&her"), "", self._begin, name="begin-another")
        inputs = QWidget()
        inputs.setLayout(Flowing(self.name, self._new))
        line = Labelled(name_label, inputs)
        line.setMaximumWidth(theme().px(tokens.FORM))
        self._new_hint = label(
            tr(
                "Everything you enter is saved as a draft, secrets apart from it. You can close the window at any time."
            ),
            "hint",
            wrap=True,
        )
        self._new_head = label(tr("New cluster"), "heading")
        self._this_head = label(tr("This cluster"), "heading")
        self.trouble = Outcome("open-trouble")
        self.add(self.trouble, self._this_head, self.rename)
        self.add(self._new_head, gap=tokens.M)
        begin = QWidget()
        begin.setLayout(column(line, self._new_hint, gap=tokens.S))
        self.add(begin, gap=tokens.XL)
        self._add_saved()
        self.opening = self.session.opening
        self.opening.listed.connect(self._list)
        self.opening.failed.connect(self._failed)
        self.session.opened.connect(self._opened)
        self._arrange()

    @property
    def action(self) -> str:
        return "" if self.document.begun else tr("&Begin")

    @property
    def ready(self) -> bool:
        if self.opening.busy:
            return False
        return self.document.begun or bool(self.name.text().strip())

    def act(self) -> None:
        self._begin()

    def enter(self) -> None:
        super().enter()
        QTimer.singleShot(_AFTER_PAINTING, self, self.opening.refresh)
        self._arrange()
        if not self.document.begun:
            self.name.setFocus()

    def first_input(self) -> QWidget | None:
        """Return the name's field before a cluster was begun; afterwards the way on matters more."""
        return None if self.document.begun else self.name

    def _add_saved(self) -> None:
        self.saved = WholeRows()
        self.saved.setObjectName("saved")
        self.saved.setAccessibleName(tr("Saved clusters"))
        self.saved.itemActivated.connect(lambda _item: self._open_current())
        self.saved.itemSelectionChanged.connect(self._choice_changed)
        self._none = label(tr("None yet."), "hint")
        self.open_button = button(tr("&Open"), "", self._open_current, name="open-saved")
        self.delete_button = button(tr("&Delete"), "", self._delete_current, name="delete-saved")
        self.file_button = button(tr("Open a &file …"), "", self._open_file, name="open-file")
        self.bundle_button = button(tr("Open a b&undle …"), "", self._open_bundle, name="open-bundle")
        self.kinds_button = button(tr("What can be opened"), "link", self._tell_kinds, name="tell-source-kinds")
        self._kinds = label("", "hint", wrap=True)
        self._kinds.setObjectName("source-kinds")
        self._kinds.hide()
        buttons = Flowing(self.open_button, self.delete_button, self.file_button, self.bundle_button)
        self.add(label(tr("Saved clusters"), "heading"), gap=tokens.S)
        self.add(self._none, self.saved, buttons, gap=tokens.M)
        self.add(
            label(
                tr(
                    "A file is known by what is in it, whatever its name. A bundle is an export's folder, or another "
                    "with files of a cluster; the review tells what was changed by hand in an exported one."
                ),
                "hint",
                wrap=True,
            ),
            self.kinds_button,
            self._kinds,
            gap=tokens.S,
        )

    def _tell_kinds(self) -> None:
        """Show every kind of source, or hide them again; they are loaded when they are first asked for."""
        if self._kinds.isVisibleTo(self):
            self._kinds.hide()
        else:
            self.session.background.run(_source_kinds, self._show_kinds, owner=self)

    def _show_kinds(self, told: list[str]) -> None:
        self._kinds.setText("\n".join(told))
        self._kinds.show()

    def _begin(self) -> None:
        if self.name.text().strip() and not self.opening.busy:
            name = self.name.text().strip()
            self.name.clear()
            self.session.start_new(name)
            self.go_on.emit()

    def _opened(self) -> None:
        self.trouble.untell()
        self.rename.reload()
        self._arrange()

    def _arrange(self) -> None:
        begun, chosen = self.document.begun, bool(self._chosen())
        self._this_head.setVisible(begun)
        self.rename.setVisible(begun)
        self._new.setVisible(begun)
        self._new_hint.setVisible(not begun)
        self._new_head.setText(tr("Another cluster") if begun else tr("New cluster"))
        self.open_button.setEnabled(chosen and not self.opening.busy)
        self.delete_button.setEnabled(chosen and not self._is_current())
        self.turned.emit()

    def _choice_changed(self) -> None:
        self._sure = False
        self.delete_button.setText(tr("&Delete"))
        self._arrange()

    def _is_current(self) -> bool:
        return self.document.begun and self._chosen() == self.document.plan.id

    def _chosen(self) -> str:
        """Return the id of the saved cluster that is chosen, or nothing."""
        return next((str(item.data(_IDENTITY)) for item in self.saved.selectedItems()), "")

    def _list(self, clusters: list[SavedCluster]) -> None:
        chosen = self._chosen()
        self.saved.clear()
        for cluster in clusters:
            saved = cluster.saved.astimezone()
            facts = [cluster.name, f"{saved:%Y-%m-%d %H:%M}", *([tr("damaged")] if cluster.problem else [])]
            item = QListWidgetItem("   ·   ".join(facts))
            item.setData(_IDENTITY, cluster.id)
            item.setToolTip(f"{cluster.problem}\n{cluster.path}".strip())
            self.saved.addItem(item)
            if cluster.id == chosen:
                self.saved.setCurrentItem(item)
        self.saved.setVisible(bool(clusters))
        self.saved.setFixedHeight(self.saved.height_for(max(1, min(len(clusters), _MOST_ROWS))))
        self._none.setVisible(not clusters)
        self.open_button.setVisible(bool(clusters))
        self.delete_button.setVisible(bool(clusters))
        self._arrange()

    def _open_current(self) -> None:
        chosen = self._chosen()
        if chosen and not self.opening.busy:
            self.trouble.untell()
            self.opening.open_saved(chosen)
            self._arrange()

    def _delete_current(self) -> None:
        if self._sure:
            self.opening.delete(self._chosen())
        self._sure = not self._sure
        self.delete_button.setText(tr("Delete it and its secrets?") if self._sure else tr("&Delete"))

    def _open_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, tr("Open a file"))
        self._open(chosen)

    def _open_bundle(self) -> None:
        self._open(QFileDialog.getExistingDirectory(self, tr("Open a bundle")))

    def _open(self, chosen: str) -> None:
        if chosen:
            self.trouble.untell()
            self.opening.open(chosen)
            self._arrange()

    def _failed(self, words: str) -> None:
        self.trouble.tell("bad", words)
        self._arrange()


def _source_kinds() -> list[str]:
    from wizard.guide.sources_page import kinds

    return [f"{kind.title}: {kind.description}" for kind in kinds()]


PAGE = StartPage
