"""The window: the steps at the side, one page at a time, the bar below."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QPalette, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QStackedWidget, QWidget

from wizard.gui import steps, tokens, whereabouts
from wizard.gui.arrival import Arrival
from wizard.gui.bar import Bar
from wizard.gui.clipboard import ClipboardGuard
from wizard.gui.ending import Ending
from wizard.gui.focus import in_reading_order
from wizard.gui.languages import languages
from wizard.gui.lent_focus import LentFocus
from wizard.gui.pace import lay_out_up_to_the_page, pace
from wizard.gui.session import Session
from wizard.gui.side import Side
from wizard.gui.standing_words import StandingWords
from wizard.gui.steps.page import Memory, Page
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, enable_if, row
from wizard.guide import flow, places
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from wizard.gui.commands import Ways
    from wizard.gui.source_loader import Locked


class Shell(Ending):
    """Holds the pages and leads from one to the next. A page is built when it is first asked for."""

    def __init__(self, session: Session) -> None:
        """Show the first step of `session`."""
        super().__init__(session)
        self._places: dict[str, QScrollArea] = {}
        self._memories: dict[str, Memory] = {}
        self._current = flow.IDS[0]
        self._arrival = Arrival()
        self._lent = LentFocus(self, lambda: self.bar, session.runs)
        self._build()
        self.setMinimumSize(*tokens.MINIMUM)
        self.resize(*tokens.USUAL)
        self._connect()
        self._shortcuts()
        self.go(self._current)
        theme().dress(self)

    def _build(self) -> None:
        """Make side, bar and the place for the pages, in the language in force."""
        self.side, self.bar, self._stack = Side(self.session), Bar(), QStackedWidget()
        self.words = StandingWords(self.session)
        right = column()
        right.addWidget(self._stack, 1)
        right.addWidget(self.words)
        middle = row(self.side)
        middle.addLayout(right, 1)
        whole = QWidget()
        whole.setProperty("role", "window")
        layout = column()
        layout.addLayout(middle, 1)
        layout.addWidget(self.bar)
        whole.setLayout(layout)
        self.setCentralWidget(whole)
        whole.show()  # else a window that is in sight shows it later, by a queued call
        self.side.asked.connect(self.go)
        self.side.about.connect(lambda: _commands().show_about(self._ways()))
        self.bar.skip.connect(self.next)
        self.bar.back.connect(self.back)
        self.bar.primary.connect(self.primary)
        self.bar.cancel.connect(self.session.runs.cancel)
        self.bar.let_go.connect(self._lent.give_back)
        self.words.again.connect(self._look_for_store)

    @property
    def page(self) -> Page:
        """The page in sight."""
        return self.page_of(self._current)

    @property
    def current(self) -> str:
        """The id of the step in sight."""
        return self._current

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The parts of the window in the order in which Tab goes through them."""
        return self.side, self.page, self.words, self.bar

    def page_of(self, identifier: str) -> Page:
        """Return the page of a step, built if it is not there yet."""
        if identifier not in self._places:
            page = steps.page(self.session, flow.step(identifier))
            page.turned.connect(self._show_bar)
            page.go_on.connect(self.next)
            page.asked.connect(self.go_to)
            page.found.connect(self.go_to_findings)
            page.in_sight.connect(self._bring_into_sight)
            scroll = QScrollArea(widgetResizable=True)
            scroll.resize(self._stack.size())  # else all is laid out for other widths before
            scroll.setViewport(_port())
            scroll.setWidget(page)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._places[identifier] = scroll
            self._stack.addWidget(scroll)
            if memory := self._memories.pop(identifier, None):
                page.remember(memory)
        found = self._places[identifier].widget()
        if not isinstance(found, Page):
            raise TypeError(identifier)
        return found

    def go(self, identifier: str) -> None:
        """Bring a step into sight; nothing on the step left behind is lost."""
        moves = identifier != self._current
        if moves:
            self.page.leave()
            self._let_go_of_focus()
        self._current = identifier
        page = self.page_of(identifier)
        self._stack.setCurrentWidget(self._places[identifier])
        self.bar.place(page.bar_left, page.bar_right)
        page.enter()
        self.refresh()
        if moves:
            self._focus()

    def _let_go_of_focus(self) -> None:
        """Take the focus from the page that goes: else Qt looks for another part for it, all over the window."""
        focused = self.focusWidget()
        if focused is not None and self.page.isAncestorOf(focused):
            focused.clearFocus()

    def go_to(self, place: str) -> None:
        """Bring a step into sight, or the very field of a setting, unfolded and with the focus.

        Of a setting that does not count for this plan it is the field of what decides about it.
        """
        from wizard.guide.deciding import deciding  # it brings the layouts of all pages

        place = deciding(self.session.document.plan, place) or place
        step = places.step_of(place)
        self.go(step)
        if place == step:
            return
        field = self.page.show_field(place)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, field, lambda: self._bring_into_sight(field))  # it is laid out by then

    def go_to_findings(self, step: str, subject: str) -> None:
        """Bring a step into sight, and there what was found of `subject`."""
        self.page_of(step).seek(subject)
        self.go(step)

    def _bring_into_sight(self, part: QWidget) -> None:
        if self.page.isAncestorOf(part):
            lay_out_up_to_the_page()
            self._places[self._current].ensureWidgetVisible(part, 0, theme().px(tokens.XXL))

    def next(self) -> None:
        """Go on to the next step."""
        at = flow.IDS.index(self._current)
        if at + 1 < len(flow.IDS):
            self.go(flow.IDS[at + 1])

    def back(self) -> None:
        """Go back one step."""
        at = flow.IDS.index(self._current)
        if at > 0:
            self.go(flow.IDS[at - 1])

    def primary(self) -> None:
        """Do the one primary action of the page in sight."""
        if not self.page.ready:
            return
        if self.page.action:
            self.page.act()
        else:
            self.next()

    def refresh(self) -> None:
        """Show side and bar as things stand now."""
        self.side.refresh(self._current, open_steps=self.session.document.begun)
        self.words.refresh(self._current)
        self._show_bar()
        name = self._cluster
        title = tr("NocoBase Cluster Wizard")
        self.setWindowTitle(f"{name} – {title}" if name else title)

    @property
    def _cluster(self) -> str:
        return self.session.document.plan.name if self.session.document.begun else ""

    def _show_bar(self) -> None:
        page, at = self.page, flow.IDS.index(self._current)
        self.bar.back_button.setEnabled(at > 0)
        words = page.action
        onwards = tr("&Next: {step}", step=tr(flow.STEPS[at + 1].title)) if at + 1 < len(flow.STEPS) else ""
        self.bar.show_way_on(onwards if words and page.may_skip else "")
        self.bar.primary_button.setText(words or onwards)
        enable_if(self.bar.primary_button, enabled=page.ready)
        self._arrival.hand_on(page, self.bar.primary_button)
        self.bar.show_run(self.session.runs)
        self._lent.lend()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's own signature
        order = [widget for part in self.parts for widget in in_reading_order(part)]
        if not order:
            return False
        at = next((index for index, widget in enumerate(order) if widget.hasFocus()), -1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        target = order[(at + (1 if forward else -1)) % len(order)]
        target.setFocus(reason)
        if self.page.isAncestorOf(target):
            self._places[self._current].ensureWidgetVisible(target)
        return True

    def enter(self) -> None:
        """Press the button that has the focus, or do what the page does at Enter there, else the primary action.

        On a choice that is made already there is nothing to press.
        """
        focused = self.focusWidget()
        made = isinstance(focused, QAbstractButton) and focused.group() is not None and focused.isChecked()
        if isinstance(focused, QAbstractButton) and focused.isEnabled() and not made:
            focused.click()
        elif focused is None or not self.page.entered(focused):
            self.primary()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.fit(self.width())

    def _connect(self) -> None:
        session = self.session
        session.judged.connect(self.refresh)
        session.autosave.kept.connect(self.refresh)
        session.runs.started.connect(self._lent.note)
        if isinstance(application := QApplication.instance(), QApplication):
            application.focusChanged.connect(self._lent.follow)
        session.runs.progressed.connect(self._show_run)
        session.opened.connect(self._rebuild)
        session.opening.locked.connect(self._unlock)
        self.guard = ClipboardGuard(lambda: list(session.document.secrets.values()), self)
        session.restored.connect(self._show_restored)
        theme().changed.connect(self.refresh)
        languages().changed.connect(self._tell_again)
        self.refitted.connect(self._tell_again)
        self.dropped.connect(self._open_dropped)

    def _show_run(self) -> None:
        self.bar.show_run(self.session.runs)

    def _unlock(self, locked: Locked) -> None:
        from wizard.gui.widgets.passphrase_dialog import unlock

        unlock(self, self.session.background, self.session.opening, locked)

    def _shortcuts(self) -> None:
        for keys, action in (
            ("Return", self.enter),
            ("Enter", self.enter),
            ("Ctrl+Return", self.primary),
            ("Ctrl+Enter", self.primary),
            ("F5", self._test),
            ("Alt+Left", self.back),
            ("Esc", self.session.runs.cancel),
            ("Ctrl+F", lambda: _commands().find_setting(self._ways())),
            ("Ctrl+K", lambda: _commands().choose_command(self._ways())),
            ("F1", lambda: _commands().show_keys(self._ways())),
            ("Ctrl+Z", self.session.undo),
            ("Ctrl+Shift+Z", self.session.redo),
            ("Ctrl+Y", self.session.redo),
        ):
            QShortcut(QKeySequence(keys), self, action)

    def _ways(self) -> Ways:
        session, page = self.session, lambda: self.page
        ways: Ways = _commands().Ways(self, session, page, self.go, self.go_to, self.back, self.primary, self._test)
        return ways

    def _show_restored(self, key: str) -> None:
        """Show where an edit was taken back or made again, with the focus: nothing changes out of sight."""
        step = flow.step_of_key(key)
        if step and step != self._current:
            there = (one for one in (key, f"{key}.host") if self.session.document.has(one))  # a setting, or a server's
            self.go_to(next(there, step))

    def _focus(self) -> None:
        self._arrival.put(self.page, self.bar.primary_button)

    def _test(self) -> None:
        self.page.test()

    def _rebuild(self) -> None:
        """Another cluster: let go of all pages but the first, and build them anew from its plan."""
        self._memories.clear()
        for identifier in [name for name in self._places if name != flow.IDS[0]]:
            place = self._places.pop(identifier)
            self._stack.removeWidget(place)
            place.deleteLater()
        self._current = flow.IDS[0]
        self.go(self._current)
        self._focus()
        pace().do(self, steps.load)

    def _open_dropped(self, paths: list[str]) -> None:
        def read(paths: list[str]) -> None:
            self.go(flow.IDS[0])
            self.page.open_sources(paths)

        self.offer_to_open(paths, self._cluster, read)

    def _tell_again(self) -> None:
        """Build everything anew in the language and the sizes now in force, and go on where one was."""
        where = whereabouts.of(self, self._places)
        self._memories |= {name: self.page_of(name).memory() for name in self._places}
        self._places.clear()
        self._lent.forget()
        self._build()
        self.side.fit(self.width())
        self.session.tell_again()
        self.go(self._current)
        whereabouts.go_back(self, self._places, where)

    def _look_for_store(self) -> None:
        self.session.opening.look_for_store()
        self.words.refresh(self._current)


def _commands() -> ModuleType:
    """Return the module of the commands, which is loaded when the first of them is wanted."""
    from wizard.gui import commands

    return commands


def _port() -> QWidget:
    """Return the part of a scroll area through which its page is seen, as Qt makes it itself.

    Where one of Qt's own is asked for, as by `parentWidget`, PySide6 first makes the names of all kinds of parts.
    """
    port = QWidget()
    port.setObjectName("qt_scrollarea_viewport")
    port.setAutoFillBackground(True)
    port.setBackgroundRole(QPalette.ColorRole.NoRole)
    return port
