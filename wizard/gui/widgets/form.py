"""Forms made from settings: labels in one column, fields in the other, the hint or the problem under each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from wizard.gui import tokens
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, label, set_property, show_if
from wizard.gui.widgets.fields import CheckField, Field, TextField, field_for
from wizard.gui.widgets.flowing import Flowing, Labelled
from wizard.guide import folded_settings
from wizard.guide.field_notes import Note
from wizard.guide.layouts import Form, Row
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.plan import Plan

_PAUSE = 350
"""Milliseconds without a key before a problem is shown: nobody likes to be told in the middle of a word."""


class _Line(QObject):
    """A line as it stands in a form: label, fields, and the note below that is a hint or a problem."""

    def __init__(self, session: Session, which: Row, form: SettingsForm) -> None:
        super().__init__(form)
        self.row, self._session, self._document = which, session, session.document
        self.fields = [field_for(session, key) for key in which.keys]
        self._hold_places()
        if isinstance(first := self.fields[0], CheckField) and not self.fields[1:]:
            first.stand_alone()
        self.label = self._label()
        self.note = label("", "hint", wrap=True)
        self.note.setObjectName(f"note.{which.keys[0]}")
        content = QWidget()
        content.setLayout(column(Flowing(*self.fields), self.note, gap=tokens.XS))
        self.widget = Labelled(self.label, content)
        self._worked_on: set[str] = set()
        self._told = ""
        self._noted: tuple[list[Note | None], str] | None = None
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._show_what_is_known)
        for field in self.fields:
            field.left.connect(partial(self._left, field.key))
        self.show_note()

    def _label(self) -> QLabel:
        first = self.fields[0]
        words = tr(self.row.label) if self.row.label else "" if isinstance(first, CheckField) else first.title
        made = label(words, wrap=True)
        made.setBuddy(first.input())
        return made

    def refresh(self, *, force: bool = False, edited: str = "") -> None:
        """Show what the plan says; `edited` is the setting, or the group of settings, that was worked on."""
        for field in self.fields:
            field.refresh(force=force)
            if edited and f"{field.key}.".startswith(f"{edited}."):
                self._told = ""
                self._worked_on.add(field.key)
                self._follow_typing()
        self._hold_places()
        if force:
            self.show_note()

    def tell(self, words: str) -> None:
        """Say what became of what was entered, in the place of the hint, until something else is entered."""
        self._told = words
        self._show_what_is_known()

    def forget(self) -> None:
        """Say nothing more of what was entered, once this line is shown anew."""
        self._told = ""

    def _follow_typing(self) -> None:
        """Wait for a pause before a problem is shown; one that is in sight goes as soon as it is gone."""
        shown = any(note and note.fails for note in self._noted[0]) if self._noted else False
        if shown and not any(self._notes()):
            self.show_note()
        else:
            self._pause.start()

    def follow(self) -> None:
        """Show what is wrong now; a line that is being typed in waits, unless nothing is wrong with it any more."""
        if not (self._pause.isActive() and any(self._notes())):
            self.show_note()

    def _left(self, key: str) -> None:
        self._worked_on.add(key)
        self._document.seal()
        self._show_what_is_known()

    def _show_what_is_known(self) -> None:
        """Show a note unless it would be one on a former value: the rules follow in a moment, and are told of then."""
        if self._document.judged or any(self._document.plan.problem(key) for key in self.row.keys):
            self.show_note()
        else:
            self._pause.stop()

    def _hold_places(self) -> None:
        given = self.row.placeholder
        words = given if isinstance(given, str) else given(self._document.plan)
        first = self.fields[0]
        if isinstance(first, TextField) and first.edit.placeholderText() != words:
            first.edit.setPlaceholderText(words)

    def _notes(self) -> list[Note | None]:
        return [self._document.note(key, left=key in self._worked_on) for key in self.row.keys]

    def show_note(self) -> None:
        """Show the first thing that is wrong, else what became of what was entered, else the hint."""
        self._pause.stop()
        notes = self._notes()
        first = next((note for note in notes if note), None)
        text = first.text if first else self._told or self._hint()
        if (notes, text) == self._noted:
            return
        self._noted = notes, text
        set_property(self.note, "role", "hint" if first is None else "problem" if first.fails else "doubt")
        self.note.setText(text)
        show_if(self.note, shown=bool(text))
        for note, field in zip(notes, self.fields, strict=True):
            field.show_problem(note.text if note and note.fails else "")

    def _hint(self) -> str:
        texts = [self.row.hint or self.fields[0].setting.help, *(field.setting.help for field in self.fields[1:])]
        return sentences(*(tr(text) for text in texts if text))


class SettingsForm(QWidget):
    """A form for some of the plan's settings. What a layout folds away is shown when it is wrong or asked for."""

    def __init__(self, session: Session, layout: Form) -> None:
        """Show the lines of `layout` one below the other, then the fold with the others."""
        super().__init__()
        self._session, self._document = session, session.document
        self._box = column(gap=tokens.S + 2)
        self._lines = [self._add(which) for which in layout.lines]
        self._fold = button("", "fold", self._toggle, name="more-settings")
        self._open = self._wrong = False
        fold = QWidget()
        fold.setLayout(Flowing(self._fold))
        if layout.lines:
            fold.setContentsMargins(0, theme().px(tokens.XS), 0, theme().px(tokens.XS))
        self._fold_line: QWidget = Labelled(label(wrap=True), fold) if layout.lines else fold
        self._box.addWidget(self._fold_line)
        self._layout = layout
        self._more: list[_Line] = []
        self.setLayout(self._box)
        show_if(self._fold_line, shown=bool(layout.more))
        self.setMaximumWidth(theme().px(tokens.FORM))
        session.changed.connect(self._changed)
        session.judged.connect(self._note_all)
        session.restored.connect(self._restored)
        self._arrange()

    def add_line(self, title: str, shown: QWidget) -> Labelled:
        """Add a line of the page's own, aligned with the others; it stands before the folded ones."""
        line = Labelled(label(title, wrap=True), shown)
        self._box.insertWidget(self._box.indexOf(self._fold_line), line)
        return line

    def field(self, key: str) -> Field:
        """Return the field of the setting `key`; raises KeyError."""
        if any(key in line.keys for line in self._layout.more):
            self._make_folded()
        for line in (*self._lines, *self._more):
            for field in line.fields:
                if field.key == key:
                    return field
        raise KeyError(key)

    def tell(self, key: str, words: str) -> None:
        """Say below the field of `key` what became of what was entered there."""
        for line in (*self._lines, *self._more):
            if key in line.row.keys:
                line.tell(words)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all settings that stand here, folded away or not."""
        return frozenset(self._layout.keys)

    def reveal(self, key: str) -> QWidget:
        """Unfold the field of the setting `key` if it is folded away, and return its input; raises KeyError."""
        if any(key in line.keys for line in self._layout.more):
            self.unfold(unfolded=True)
        return self.field(key).input()

    @property
    def unfolded(self) -> bool:
        """Whether somebody unfolded what is folded away."""
        return self._open

    def unfold(self, *, unfolded: bool) -> None:
        """Show what is folded away, or fold it away again."""
        self._open = unfolded
        self._arrange()

    def reload(self) -> None:
        """Show the plan's values also where a field has the focus."""
        for line in (*self._lines, *self._more):
            line.refresh(force=True)
        self._look()
        self._arrange()

    def _make_folded(self) -> None:
        """Make the lines that are folded away, when they are first wanted."""
        if not self._more:
            self._more = [self._add(which) for which in self._layout.more]

    def _add(self, which: Row) -> _Line:
        line = _Line(self._session, which, self)
        self._box.addWidget(line.widget)
        return line

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_anew()

    def _changed(self, key: str) -> None:
        """Follow an edit while in sight; what happened meanwhile is caught up with when the form is shown."""
        if not self.isVisible():
            return
        lines = (*self._lines, *self._more)
        if not all(self._document.has(key) for line in lines for key in line.row.keys):
            return  # a form of a node that was just removed
        for line in lines:
            line.refresh(edited=key)
        self._arrange()

    def _note_all(self) -> None:
        """Follow the rules; once the step was tested they count for all of its fields."""
        if self.isVisible():
            self._look()
            self._arrange()
            for line in (*self._lines, *self._more):
                line.follow()

    def _restored(self, _key: str) -> None:
        if self.isVisible() and all(self._document.has(key) for line in self._lines for key in line.row.keys):
            self._show_anew()

    def _show_anew(self) -> None:
        for line in (*self._lines, *self._more):
            line.forget()
        self.reload()

    def _toggle(self) -> None:
        self.unfold(unfolded=not self._open)

    def _arrange(self) -> None:
        plan = self._document.plan
        opened = self._open or self._must_be_seen(plan)
        if opened:
            self._make_folded()
        for line in self._lines:
            show_if(line.widget, shown=_counts(line.row, plan))
        for line in self._more:
            show_if(line.widget, shown=opened and _counts(line.row, plan))
        if isinstance(self._fold_line, Labelled):
            self._fold_line.indent(indented=any(_counts(line.row, plan) for line in self._lines))
        self._fold.setText(tr("Fewer settings") if opened else self._folded_in_words(plan))
        self._fold.setAccessibleDescription(self._folded_labels(plan))

    def _look(self) -> None:
        """Find out whether the rules or a run found something wrong with what is folded away; not at every key."""
        document = self._document
        keys = self._folded_keys(document.plan) if document.begun else []
        wrong = bool(keys) and not folded_settings.found_at(document.plan, document.known).isdisjoint(keys)
        notes = (document.note(key, left=False) for key in keys)
        self._wrong = wrong or any(note.fails for note in notes if note)

    def _must_be_seen(self, plan: Plan) -> bool:
        return self._wrong or any(plan.problem(key) for key in self._folded_keys(plan))

    def _folded_keys(self, plan: Plan) -> list[str]:
        return [key for line in self._layout.more if _counts(line, plan) for key in line.keys]

    def _folded_labels(self, plan: Plan) -> str:
        """Name the folded lines: to a screen reader all folds of a page have one name."""
        lines = [which for which in self._layout.more if _counts(which, plan)]
        return listing(tr(which.label or plan.setting(which.keys[0]).label) for which in lines)

    def _folded_in_words(self, plan: Plan) -> str:
        """Say how many lines are folded away, and how many settings there are not as usual."""
        lines = [which for which in self._layout.more if _counts(which, plan)]
        changed = folded_settings.differing(plan, (key for line in lines for key in line.keys))
        if not changed:
            return trn("More settings ({count})", "More settings ({count})", count=len(lines))
        return trn(
            "More settings ({all}; 1 differs from its default)",
            "More settings ({all}; {count} differ from their defaults)",
            count=changed,
            all=len(lines),
        )


def _counts(which: Row, plan: Plan) -> bool:
    """Whether a line has a meaning in `plan`."""
    return which.visible is None or which.visible(plan)
