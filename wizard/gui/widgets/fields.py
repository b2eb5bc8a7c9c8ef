"""Fields: an input for one setting of the session's plan, made from the setting's declaration."""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QWidget

from wizard.gui import tokens
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, label, row, set_property
from wizard.gui.widgets.combo_box import ComboBox
from wizard.gui.widgets.inputs import CheckBox, Segments
from wizard.gui.widgets.line_edits import OpenEdit, SecretEdit
from wizard.gui.widgets.listed import ListArrow, Listed
from wizard.plan.generate import generate
from wizard.plan.i18n import tr
from wizard.plan.kinds import Boolean, Choice, Integer, SecretValue, Suggested, TimeZone
from wizard.plan.secret import Secret

_NUMBER = 110
_SEGMENTS = 500


class Field(QWidget):
    """An input bound to one setting. `left` comes when it loses the focus."""

    left = Signal()

    def __init__(self, session: Session, key: str) -> None:
        """Bind to the setting `key`."""
        super().__init__()
        self.session, self.document, self.key = session, session.document, key
        self.setting = session.document.plan.setting(key)
        self.setObjectName(f"field.{key}")

    @property
    def title(self) -> str:
        """The setting's label in words."""
        return tr(self.setting.label)

    def input(self) -> QWidget:
        """Return the widget that takes the focus."""
        return self

    def refresh(self, *, force: bool = False) -> None:
        """Show what the plan says; a field being typed in is left alone unless `force`."""

    def show_problem(self, problem: str) -> None:
        """Show by its border that the text cannot be read; the sentence stands below."""


class TextField(Field):
    """A line of text, or a number with its unit."""

    def __init__(self, session: Session, key: str, placeholder: str = "") -> None:
        """Bind to the setting `key`; `placeholder` shows what an empty field means."""
        super().__init__(session, key)
        self.edit = OpenEdit()
        self.edit.setObjectName(f"input.{key}")
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(self.title)
        self.edit.textEdited.connect(self._typed)
        self.edit.left.connect(self._done)
        layout = row(self.edit, gap=tokens.S)
        kind = self.setting.kind
        if isinstance(kind, Integer):
            self.edit.setFixedWidth(theme().px(_NUMBER))
            if kind.unit:
                layout.addWidget(label(kind.unit, "hint"))
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setLayout(layout)
        self.setFocusProxy(self.edit)
        self.refresh(force=True)

    def input(self) -> QWidget:
        return self.edit

    def refresh(self, *, force: bool = False) -> None:
        text = self.document.text(self.key)
        if self.edit.text() != text and (force or not self.edit.hasFocus()):
            self.edit.setText(text)
            self.edit.setCursorPosition(0)

    def show_problem(self, problem: str) -> None:
        set_property(self.edit, "invalid", "true" if problem else "false")
        self.edit.setAccessibleDescription(problem or tr(self.setting.help))

    def _typed(self, text: str) -> None:
        self.document.edit(self.key, text)

    def _done(self) -> None:
        self.refresh(force=True)
        self.left.emit()


class ListedField(TextField):
    """A line of text with a list that is searched as one types; the arrow, or Down, shows all of it."""

    def __init__(self, session: Session, key: str) -> None:
        """Bind to the setting `key`, whose kind is a Suggested or a TimeZone."""
        super().__init__(session, key)
        self._listed: Listed | None = None
        self._arrow = ListArrow(self.edit, tr("Show the list: {title}", title=self.title), self._show_all)
        kind = self.setting.kind
        if isinstance(kind, Suggested):
            self._offer([(value, f"{value}   {called}") for value, called in kind.offers])
        else:
            session.background.run(_zones, self._offer, owner=self)  # they are read from the system's folder

    def _offer(self, offers: list[tuple[str, str]]) -> None:
        self._listed = Listed(offers, self.edit)
        self._listed.chosen.connect(self._choose)
        self.edit.setCompleter(self._listed)

    def _show_all(self) -> None:
        if self._listed:
            self.edit.setFocus()
            self._listed.show_all()

    def _choose(self, value: str) -> None:
        self._typed(value)
        self.refresh(force=True)


def _zones() -> list[tuple[str, str]]:
    TimeZone().parse("UTC")  # it remembers the names from now on
    return [(name, name) for name in sorted(available_timezones())]


class CheckField(Field):
    """Yes or no, with its label at its right."""

    def __init__(self, session: Session, key: str) -> None:
        """Bind to the setting `key`."""
        super().__init__(session, key)
        self.box = CheckBox(self.title)
        self.box.setObjectName(f"input.{key}")
        self.box.clicked.connect(self._clicked)
        self.setLayout(row(self.box))
        self.setMinimumHeight(theme().px(tokens.CONTROL))
        self.refresh()

    def stand_alone(self) -> None:
        """Keep, in a line of its own, no room below the box: the hint stands as near as below other fields."""
        above = (theme().px(tokens.CONTROL) - self.box.sizeHint().height()) // 2
        self.setMinimumHeight(0)
        self.setContentsMargins(0, above, 0, 0)

    def input(self) -> QWidget:
        return self.box

    def refresh(self, *, force: bool = False) -> None:
        del force
        self.box.setChecked(bool(self.document.plan.get(self.key)))

    def _clicked(self) -> None:
        self.document.set(self.key, self.box.isChecked())
        self.left.emit()


class ChoiceField(Field):
    """One of a closed set: segments where they fit, a list otherwise."""

    def __init__(self, session: Session, key: str) -> None:
        """Bind to the setting `key`, whose kind is a Choice."""
        super().__init__(session, key)
        kind = self.setting.kind
        if not isinstance(kind, Choice):
            raise TypeError(key)
        self._options: list[StrEnum] = list(kind.options.__members__.values())
        labels = [tr(text) for text in kind.labels]
        self.segments: Segments | None = None
        self.combo: ComboBox | None = None
        if self._fits(labels):
            self.segments = Segments(labels)
            self.segments.name(self.title)
            self.segments.chosen.connect(self._chosen)
            shown: QWidget = self.segments
        else:
            self.combo = ComboBox()
            self.combo.addItems(labels)
            self.combo.setAccessibleName(self.title)
            self.combo.activated.connect(self._chosen)
            shown = self.combo
        shown.setObjectName(f"input.{key}")
        self.setLayout(row(shown))
        self.refresh()

    def input(self) -> QWidget:
        return self.segments or self.combo or self

    def refresh(self, *, force: bool = False) -> None:
        del force
        index = self._options.index(self.document.plan.get(self.key))
        if self.segments:
            self.segments.choose(index)
        elif self.combo:
            self.combo.setCurrentIndex(index)

    def _fits(self, labels: list[str]) -> bool:
        px, metrics = theme().px, QFontMetrics(theme().font(tokens.BODY))
        room = min(px(_SEGMENTS), theme().least_room)
        return sum(metrics.horizontalAdvance(text) + px(30) for text in labels) < room

    def _chosen(self, index: int) -> None:
        self.document.set(self.key, self._options[index])
        self.left.emit()


class SecretField(Field):
    """A secret: hidden unless asked for; a strong one is generated where the setting offers it."""

    def __init__(self, session: Session, key: str) -> None:
        """Bind to the setting `key`, whose kind is a SecretValue."""
        super().__init__(session, key)
        kind = self.setting.kind
        if not isinstance(kind, SecretValue):
            raise TypeError(key)
        self._kind = kind
        self.edit = SecretEdit(self.title)
        self.edit.setObjectName(f"input.{key}")
        self.edit.textEdited.connect(self._typed)
        self.edit.left.connect(self.left)
        self._sure = False
        layout = row(self.edit, gap=tokens.S)
        if kind.length:
            self.generate = button(tr("Generate"), "", self._generate, name=f"generate.{key}")
            self.generate.setAccessibleName(tr("Generate “{title}”", title=self.title))
            self.generate.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # clicked, Enter would ask to replace what came
            layout.addWidget(self.generate)
        self.setLayout(layout)
        self.setFocusProxy(self.edit)
        self.refresh(force=True)

    def input(self) -> QWidget:
        return self.edit

    def refresh(self, *, force: bool = False) -> None:
        secret = self.document.secret(self.key)
        text = secret.reveal() if secret else ""
        if self.edit.text() != text and (force or not self.edit.hasFocus()):
            self.edit.setText(text)
            if not self.edit.hasFocus():
                self.edit.setCursorPosition(0)  # else the first sign is cut
        self.edit.setPlaceholderText(tr("Enter it again") if self.document.absent(self.key) else "")

    def show_problem(self, problem: str) -> None:
        set_property(self.edit, "invalid", "true" if problem else "false")
        self.edit.setAccessibleDescription(problem or tr(self.setting.help))

    def _typed(self, text: str) -> None:
        value = text.strip() if self._kind.multiline else text
        self.document.set_secret(self.key, Secret(value) if value else None, typed=True)

    def _generate(self) -> None:
        if self.edit.text() and not self._sure:
            self._ask()
            return
        self._ask(sure=False)
        self.document.set_secret(self.key, generate(self._kind))
        self.refresh(force=True)
        self.left.emit()

    def _ask(self, *, sure: bool = True) -> None:
        """Ask once more before a value is replaced: an installed cluster may lean on it."""
        self._sure = sure
        self.generate.setText(tr("Replace it?") if sure else tr("Generate"))


def field_for(session: Session, key: str) -> Field:
    """Return the field that fits the setting's kind."""
    match session.document.plan.setting(key).kind:
        case Boolean():
            return CheckField(session, key)
        case Choice():
            return ChoiceField(session, key)
        case SecretValue():
            return SecretField(session, key)
        case TimeZone() | Suggested():
            return ListedField(session, key)
        case _:
            return TextField(session, key)
