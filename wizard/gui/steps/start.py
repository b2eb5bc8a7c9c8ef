"""Step start: a saved cluster to be checked or opened, a new one, or one that runs to be read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from wizard.app import language
from wizard.gui import tokens
from wizard.gui.first_picture import AfterFirstPicture
from wizard.gui.languages import languages, own_name
from wizard.gui.source_loader import Listed
from wizard.gui.steps.page import Page
from wizard.gui.steps.source_box import SourceBox
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, label
from wizard.gui.widgets.columns import Columns
from wizard.gui.widgets.combo_box import ComboBox
from wizard.gui.widgets.flowing import Flowing, Labelled
from wizard.gui.widgets.line_edits import FreeEdit
from wizard.gui.widgets.outcome import Outcome
from wizard.guide.what_was_read import what_was_read
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret

if TYPE_CHECKING:
    from wizard.gui.steps.saved_clusters import SavedClusters
    from wizard.gui.widgets.form import SettingsForm

_MOMENT = 60
"""Milliseconds before the saved clusters are looked for anew: the one that was left is being written."""
_LANGUAGE = 480
"""The width of the line with the language: its names are short."""


class StartPage(Page):
    """Before a cluster was begun the primary action begins one; afterwards it leads on."""

    grows = True

    def build(self) -> None:
        self._checks = False
        self.name = FreeEdit()
        self.name.setObjectName("new-name")
        self.name.setPlaceholderText(tr("for example production"))
        self.name.setAccessibleName(tr("Name of the new cluster"))
        self.name.textChanged.connect(self.turned)
        self.rename: SettingsForm | None = None
        self.saved: SavedClusters | None = None
        self.opening = self.session.opening
        self.trouble = Outcome("open-trouble")
        self.read = Outcome("what-was-read")
        self.add(self._language_line(), gap=tokens.XL)
        self.add(self.trouble, self.read)
        columns = Columns()
        self._add_clusters(columns.of_first)
        self._add_sources(columns.of_second)
        self.add(columns, wide=True)
        self._connect()
        if self.document.begun:
            self._say_what_was_read()
        self._arrange()

    def _add_clusters(self, known: QVBoxLayout) -> None:
        """Add this cluster, the saved ones, and the way to a new one."""
        self._place_to_rename = QWidget()
        self._place_to_rename.setLayout(column())
        self._place_to_rename.setMaximumWidth(theme().px(tokens.FORM))
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
        self._place_for_saved = column(gap=tokens.S)
        begin = QWidget()
        begin.setLayout(column(line, self._new_hint, gap=tokens.S))
        self.add(self._this_head, gap=tokens.M, into=known)
        self.add(self._place_to_rename, into=known)
        known.addLayout(self._place_for_saved)
        self.add(self._new_head, gap=tokens.M, into=known)
        self.add(begin, gap=tokens.XL, into=known)

    def _add_sources(self, read: QVBoxLayout) -> None:
        """Add where a running cluster is read from, and what can be."""
        self.sources = SourceBox()
        self.add(label(tr("Read one that runs"), "heading"), gap=tokens.M, into=read)
        self._kinds = QWidget()
        self._kinds.setObjectName("source-kinds")
        self._kinds.setLayout(column(gap=tokens.M))
        self._kinds.hide()
        self.add(self.sources, self._kinds, wide=True, into=read)

    def _connect(self) -> None:
        self.sources.chosen.connect(self.open_sources)
        self.sources.pasting.connect(self._paste)
        self.sources.wondering.connect(self._tell_kinds)
        self.opening.listed.connect(self._list)
        self.opening.failed.connect(self._failed)
        self.session.opened.connect(self._opened)

    def _language_line(self) -> Labelled:
        """Return the choice of the window's language; it is the first thing to choose."""
        names = [*dict.fromkeys((*language.available(), languages().current))]
        choice = ComboBox()
        choice.setObjectName("language")
        choice.addItems([own_name(name) for name in names])
        choice.setCurrentIndex(names.index(languages().current))
        choice.setAccessibleName(tr("Language of the window"))
        # the choice goes with its page, so that it is no longer at work then
        choice.activated.connect(lambda at: QTimer.singleShot(0, languages(), lambda: languages().speak(names[at])))
        name = label(tr("Language"), wrap=True)
        name.setBuddy(choice)
        line = Labelled(name, choice)
        line.setMaximumWidth(theme().px(_LANGUAGE))
        return line

    @property
    def action(self) -> str:
        if self.document.begun:
            return ""
        return tr("Check &now") if self._checks_first else tr("&Begin")

    @property
    def ready(self) -> bool:
        if self.opening.busy:
            return False
        return self.document.begun or self._checks_first or bool(self.name.text().strip())

    @property
    def _checks_first(self) -> bool:
        """Whether a saved cluster is at hand, and nobody has begun to name a new one."""
        return bool(self._chosen) and not self.name.text().strip()

    @property
    def _chosen(self) -> str:
        """The id of the saved cluster that is chosen, or nothing."""
        return self.saved.chosen if self.saved else ""

    def act(self) -> None:
        if self._checks_first:
            self._check(self._chosen)
        else:
            self._begin()

    def entered(self, focused: QWidget) -> bool:
        if focused is self.name and self.name.text().strip():
            self._begin()
        elif self.saved and focused is self.saved.list and self._chosen:
            self._open_saved(self._chosen)
        else:
            return False
        return True

    def enter(self) -> None:
        super().enter()
        if self.isVisible():
            QTimer.singleShot(_MOMENT, self, self.opening.refresh)
        else:
            AfterFirstPicture(self, self.opening.refresh)  # nobody waits for the list before there is a window
        self._arrange()
        if not self.document.begun:
            self.name.setFocus()

    def first_input(self) -> QWidget | None:
        """Return the name's field before a cluster was begun; afterwards the way on matters more."""
        return None if self.document.begun else self.name

    def _tell_kinds(self) -> None:
        """Show every kind of source, or hide them again; they are loaded when they are first asked for."""
        if self._kinds.isVisibleTo(self):
            self._kinds.hide()
        else:
            self.session.background.run(_source_kinds, self._show_kinds, owner=self)

    def _show_kinds(self, told: list[tuple[str, str]]) -> None:
        layout = self._kinds.layout()
        if isinstance(layout, QVBoxLayout) and not layout.count():
            for title, words in told:
                layout.addLayout(column(*([label(title, "strong")] if title else []), label(words, "hint", wrap=True)))
        self._kinds.show()

    def _begin(self) -> None:
        if self.name.text().strip() and not self.opening.busy:
            name = self.name.text().strip()
            self.name.clear()
            self.session.start_new(name)
            self.go_on.emit()

    def open_sources(self, paths: list[str]) -> None:
        """Read files and folders that say together what one cluster is, and go on with it."""
        if paths and not self.opening.busy:
            self.trouble.untell()
            self.opening.open_several(paths)
            self._arrange()

    def _paste(self) -> None:
        from wizard.gui.steps.paste_dialog import PasteDialog

        plan = self.document.plan if self.document.begun else Plan()
        PasteDialog(self, self.session, plan, self._take_over).open()

    def _take_over(self, plan: Plan, secrets: dict[str, Secret]) -> None:
        """Take what was pasted into this cluster, or into a new one."""
        if not self.document.begun:
            name = self.name.text().strip() or plan.name
            self.name.clear()
            self.session.start_new(name)
            plan = replace(plan, id=self.document.plan.id, name=name)
        self.document.take_over(plan, secrets)
        self._reload()
        self._arrange()

    def _opened(self) -> None:
        self.trouble.untell()
        self._reload()
        self._say_what_was_read()
        self._arrange()
        if self._checks:
            self._checks = False
            QTimer.singleShot(0, self, self._check_this)  # when the window shows the cluster

    def _say_what_was_read(self) -> None:
        self.read.untell()
        if told := what_was_read(self.document.plan, self.document.source):
            ways = [
                button(gap.words, "link", partial(self.asked.emit, gap.place), f"gap.{gap.place}") for gap in told.gaps
            ]
            self.read.tell("ok", told.sentence, below=_not_said(ways) if ways else None)

    def _arrange(self) -> None:
        begun = self.document.begun
        self._this_head.setVisible(begun)
        if begun and self.rename is None:
            self._offer_to_rename()
        self._place_to_rename.setVisible(begun)
        self._new.setVisible(begun)
        self._new_hint.setVisible(not begun)
        self._new_head.setText(tr("Another cluster") if begun else tr("New cluster"))
        if self.saved:
            self.saved.arrange(busy=self.opening.busy, current=self.document.plan.id if begun else "")
        self.turned.emit()

    def _offer_to_rename(self) -> None:
        from wizard.gui.widgets.form import SettingsForm  # with the first cluster: it brings every kind of input
        from wizard.guide import layouts

        self.rename = SettingsForm(self.session, layouts.START)
        layout = self._place_to_rename.layout()
        if layout is not None:
            layout.addWidget(self.rename)

    def _reload(self) -> None:
        if self.rename:
            self.rename.reload()

    def _list(self, listed: Listed) -> None:
        clusters, _runs = listed
        begun, saved = self.document.begun, self.saved or (self._offer_saved() if clusters else None)
        if saved:
            saved.show_list(listed, current=self.document.plan.id if begun else "")
            if not begun and self._checks_first and self.name.hasFocus():
                saved.list.setFocus()
        self._arrange()

    def _offer_saved(self) -> SavedClusters:
        from wizard.gui.steps.saved_clusters import SavedClusters  # with the first one: it brings Qt's lists

        self.saved = saved = SavedClusters()
        saved.turned.connect(self._arrange)
        saved.check.connect(self._check)
        saved.open.connect(self._open_saved)
        saved.delete.connect(self.opening.delete)
        self.add(saved, gap=tokens.XL, wide=True, into=self._place_for_saved)
        return saved

    def _open_saved(self, identity: str) -> None:
        if identity and not self.opening.busy:
            self.trouble.untell()
            self.opening.open_saved(identity)
            self._arrange()

    def _check(self, identity: str) -> None:
        """Open a saved cluster and check everything; its result comes on the review."""
        if self.document.begun and identity == self.document.plan.id:
            self._check_this()
        elif identity and not self.opening.busy:
            self._checks = True
            self._open_saved(identity)

    def _check_this(self) -> None:
        self.asked.emit("review")
        self.session.test((), "review")

    def _failed(self, words: str) -> None:
        self._checks = False
        self.trouble.tell("bad", words)
        self._arrange()


def _source_kinds() -> list[tuple[str, str]]:
    """Return what can be opened, each with its title; what is true of all of them has none."""
    from wizard.guide.sources_page import about, kinds

    return [*(("", words) for words in about()), *((kind.title, kind.description) for kind in kinds())]


def _not_said(ways: list[QPushButton]) -> QWidget:
    """Return a line that names what a source does not say, each with the way to its field."""
    box = QWidget()
    box.setLayout(Flowing(label(tr("The source does not say:")), *ways, gap=tokens.M))
    return box


PAGE = StartPage
