"""The side: the cluster's name, when the draft was saved, and the list of steps with their states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.pace import Parts, pace
from wizard.gui.session import Session
from wizard.gui.theme import Scheme, theme
from wizard.gui.tips import plain_tip
from wizard.gui.widgets.basics import button, column, label, row, set_property
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.pressed import Pressed
from wizard.guide import flow
from wizard.guide.flow import Line, Step
from wizard.plan.i18n import listing, mark, tr

_SCHEMES = {
    Scheme.SYSTEM: mark("Colours: the system's"),
    Scheme.LIGHT: mark("Colours: light"),
    Scheme.DARK: mark("Colours: dark"),
}


_BORDER = 4
"""Pixels that a step's border takes at its two sides."""
_heights: dict[tuple[str, int, str], int] = {}
"""Heights of words in pixels by font, dots per inch and words: each of ten rows asks five times until it is painted."""


class StepButton(Pressed, QPushButton):
    """A step at the side: icon, title, and one fact."""

    def __init__(self, step: Step) -> None:
        """Show `step` as not yet begun."""
        super().__init__()
        self.step = step
        self.setObjectName(f"step.{step.id}")
        self.setAccessibleName(tr(step.title))
        self.setProperty("role", "step")
        self.setCheckable(True)
        self.setAutoExclusive(True)  # its group sees to that; so a screen reader is told of a radio button
        self.hear()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon = StateIcon("todo")
        self._title = label(tr(step.title))
        self._fact = label("", "hint")
        self._whole = ""
        self._line: Line | None = None
        self._room = -1
        for part in (self._icon, self._title, self._fact):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for part in (self._title, self._fact):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setLayout(row(self._icon, column(self._title, self._fact)))
        self.fit(narrow=False)
        self.toggled.connect(self._embolden)

    @property
    def icon_name(self) -> str:
        """The icon in sight."""
        return self._icon.name

    @property
    def fact(self) -> str:
        """The whole fact, even if there is no room for all of it."""
        return self._whole

    def show_line(self, line: Line) -> None:
        """Say how the step stands."""
        if line == self._line:
            return
        self._line = line
        stale = line.state is flow.State.STALE and line.fact
        words = line.fact if stale else tr(flow.STATE_WORDS[line.state])
        self._icon.show_state(line.state.value, words)
        self._whole = line.fact
        self._room = -1
        self._elide()
        self.setAccessibleName(listing(part for part in dict.fromkeys((tr(self.step.title), words, line.fact)) if part))

    def fit(self, *, narrow: bool) -> None:
        """Leave the words as much room as there is."""
        px, layout = theme().px, self.layout()
        if layout:
            sides = (4, 4) if narrow else (10, 8)
            layout.setContentsMargins(px(sides[0]), px(6), px(sides[1]), px(6))
            layout.setSpacing(px(tokens.S if narrow else tokens.M))
            self._elide()
            self._keep_height()

    def _keep_height(self) -> None:
        """Be as high as a title and a fact, whether there is one or not: rows that move are hard to hit."""
        layout = self.layout()
        if layout:
            margins = layout.contentsMargins()
            texts = _height_of_words(self._title) + _height_of_words(self._fact)
            self.setFixedHeight(texts + margins.top() + margins.bottom())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._keep_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        margins = layout.contentsMargins()
        room = self.width() - margins.left() - margins.right() - layout.spacing() - self._icon.width() - _BORDER
        if room == self._room:
            return
        self._room = room
        for shown, whole in ((self._title, tr(self.step.title)), (self._fact, self._whole)):
            shown.setText(shown.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
        self.setToolTip(plain_tip(self._whole) if self._fact.text() != self._whole else "")
        self._fact.setVisible(bool(self._whole))  # a title alone stands beside the middle of its icon

    def _embolden(self) -> None:
        set_property(self._title, "role", "strong" if self.isChecked() else "")
        self._room = -1
        self._elide()


class Side(QFrame):
    """The list of steps. `asked` names the step a person wants to go to; `about` asks what this program is."""

    asked = Signal(str)
    about = Signal()

    def __init__(self, session: Session) -> None:
        """Follow `session`."""
        super().__init__()
        self._session = session
        self.setProperty("role", "side")
        self._name: QLabel = label("", "heading")
        self._saved = label("", "hint", wrap=True)
        self._saved.setObjectName("draft")
        self._colours = button("", "link", self._next_scheme, name="colours")
        self._steps = [StepButton(step) for step in flow.STEPS]
        self._current = ""
        group = QButtonGroup(self)
        for each in self._steps:
            group.addButton(each)
            each.clicked.connect(lambda _on=False, step=each.step: self.asked.emit(step.id))
        head = column(self._name, self._saved, gap=2, margins=(12, 14, 8, 14))
        steps = column(*self._steps, gap=1)
        steps.addStretch(1)
        inside = QWidget()
        inside.setLayout(steps)
        scroll = self._scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setProperty("role", "steps")
        layout = self._layout = column(head, gap=0)
        layout.addWidget(scroll, 1)
        layout.addLayout(self._foot())
        self.setLayout(layout)
        theme().changed.connect(self._word_scheme)
        self._word_scheme()
        self.fit(tokens.USUAL[0])

    def _foot(self) -> QLayout:
        """Return what is of no step: the colours, and beside them, or below, what this program is."""
        about = button(tr("About"), "link", self.about.emit, name="about-program")
        about.setAccessibleName(tr("About this program"))
        for each in (self._colours, about):
            each.setProperty("small", "true")
        foot = Flowing(self._colours, gap=tokens.S)
        foot.add_stretch()
        foot.addWidget(about)
        px = theme().px
        foot.setContentsMargins(px(10), px(4), 0, px(4))
        return foot

    def fit(self, window: int) -> None:
        """Take a share of the window's width, in pixels, that leaves room for the page."""
        px = theme().px
        width = min(px(tokens.SIDE), round(window * tokens.SIDE_SHARE))
        narrow = width < px(tokens.SIDE)
        self.setFixedWidth(width)
        self._layout.setContentsMargins(px(4 if narrow else 10), px(4), px(4 if narrow else 10), px(6))
        for each in self._steps:
            each.fit(narrow=narrow)
        self._show_name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._keep_current_in_sight)  # the list below is laid out by then

    def _keep_current_in_sight(self) -> None:
        for each in self._steps:
            if each.isChecked():
                self._scroll.ensureWidgetVisible(each, 0, 0)

    def step(self, identifier: str) -> StepButton:
        """Return the line of a step."""
        return self._steps[flow.IDS.index(identifier)]

    def refresh(self, current: str, *, open_steps: bool) -> None:
        """Show where things stand; before a cluster was begun only the first step is open.

        The lines of the steps follow in parts, but for the step that was left and the one that was gone to: two would
        look like the current one meanwhile.
        """
        self._show_name()
        self._saved.setText(_saved(self._session))
        moved = {self._current, current} if self._current != current else set()
        self._current = current
        for each in self._steps:
            each.setChecked(each.step.id == current)
            each.setEnabled(open_steps or each.step.id == "start")
        at_once = [each for each in self._steps if each.step.id in moved]
        for _part in self._show_lines(current, at_once, open_steps=open_steps):
            pass
        pace().do(self, lambda: self._show_lines(current, self._steps, open_steps=open_steps))
        self._keep_current_in_sight()

    def _show_lines(self, current: str, steps: Iterable[StepButton], *, open_steps: bool) -> Parts:
        """Show how each of these steps stands."""
        session = self._session
        now = flow.Situation(
            current=current,
            visited=session.document.visited,
            testing=session.runs.pending,
            exported=session.document.exported,
            outdated=session.document.outdated,
            origin=_origin(session),
        )
        for each in steps:
            each.show_line(self._line_of(each.step, now) if open_steps else _unopened(current=each.step.id == current))
            yield

    def _line_of(self, step: Step, now: flow.Situation) -> Line:
        document = self._session.document
        return flow.line(step, document.plan, document.known, now)

    def _show_name(self) -> None:
        """Show the cluster's name, its middle left out where it is too long: names differ at their ends."""
        name = self._session.document.plan.name if self._session.document.begun else tr("Cluster Wizard")
        room = self.width() - theme().px(48)
        shown = self._name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self._name.setText(shown)
        self._name.setToolTip(plain_tip(name) if shown != name else "")
        self._name.setAccessibleName(name)

    def _next_scheme(self) -> None:
        schemes = list(Scheme)
        theme().choose(schemes[(schemes.index(theme().scheme) + 1) % len(schemes)])

    def _word_scheme(self) -> None:
        self._colours.setText(tr(_SCHEMES[theme().scheme]))


def _height_of_words(part: QLabel) -> int:
    """Return the height, in pixels, of any step's title in the font of `part`: all rows are alike.

    Signs of another font, as Chinese ones, are higher than the font itself.
    """
    words = "".join(tr(step.title) for step in flow.STEPS)
    drawn = part.font().key(), part.logicalDpiY(), words
    if drawn not in _heights:
        metrics = part.fontMetrics()
        _heights[drawn] = max(metrics.height(), metrics.boundingRect(words).height())
    return _heights[drawn]


def _unopened(*, current: bool) -> Line:
    """Return the line of a step before there is a cluster."""
    return Line(flow.State.CURRENT if current else flow.State.TODO, "")


def _origin(session: Session) -> str:
    """Say where the plan came from; of a path, its end."""
    if not session.document.begun:
        return ""
    return PurePath(session.document.title).name or tr("New cluster")


def _saved(session: Session) -> str:
    autosave = session.autosave
    if not session.document.begun:
        return tr("for NocoBase")
    if autosave.draft_trouble:
        return tr("Draft not saved: {reason}", reason=autosave.draft_trouble)
    if autosave.source_trouble:
        return tr("Accepted in the window alone: {reason}", reason=autosave.source_trouble)
    if autosave.saved:
        return tr("draft saved {time}", time=autosave.saved.strftime("%H:%M"))
    if autosave.opened:
        today = autosave.opened.date() == datetime.now().astimezone().date()
        return tr("saved {time}", time=autosave.opened.strftime("%H:%M" if today else "%Y-%m-%d %H:%M"))
    return tr("as opened") if session.document.title else tr("draft not saved yet")
