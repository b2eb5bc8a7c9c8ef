"""A finding as a card: icon, one sentence, its time; then the evidence, and a remedy that can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, frame, label, row, set_property
from wizard.gui.widgets.flowing import Flowing
from wizard.guide import status
from wizard.guide.advice import page_of
from wizard.guide.figures import by_severity, duration
from wizard.guide.groups import Group, subjects_in_words
from wizard.guide.places import Link
from wizard.plan.finding import Acceptance, Severity
from wizard.plan.i18n import listing, tr
from wizard.plan.remedy import RemedyKind

_COPIED = 2000


class Remedy(QFrame):
    """A sunken line or a few of what can be pasted, with Copy at its right."""

    def __init__(self, text: str) -> None:
        """Show `text` as it is to be pasted."""
        super().__init__()
        self.setProperty("role", "sunken")
        self._text = text
        words = label(text, "code", wrap=True)
        words.setFont(theme().font(tokens.TINY, mono=True))
        words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy: QPushButton = button(tr("Copy"), "link", self._to_clipboard, name="copy")
        self._copy.setAccessibleName(tr("Copy the remedy"))
        self._copy.setProperty("small", "true")
        layout = row(gap=tokens.M, margins=(10, 5, 6, 5))
        layout.addWidget(words, 1)
        layout.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self._copy.setText(tr("Copied"))
        QTimer.singleShot(_COPIED, self._copy, lambda: self._copy.setText(tr("Copy")))


class FindingCard(QFrame):
    """One finding. A passed one is a line; an overtaken one is dimmed and says so in words.

    `asked` names the step, or the setting, that a person wants to go to from here; `accepting` and `withdrawing` bring
    the group that a person wants to accept, or no longer.
    """

    asked = Signal(str)
    accepting = Signal(object)
    withdrawing = Signal(object)

    def __init__(self, group: Group, *, overtaken: str = "", link: Link | None = None) -> None:
        """Show `group`; `link` is where it leads to; the rest as in `follow`."""
        super().__init__()
        finding = self.finding = group.finding
        self._group = group
        self._accept: QPushButton | None = None
        self.subjects, self._details, self._link = group.subjects, group.details, link
        self.setProperty("role", "card")
        layout = row(gap=tokens.L, margins=(14, 10, 14, 10))
        self.icon = StateIcon(finding.severity.value)
        layout.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        self._time = label("", "hint")
        self._summary = label("", wrap=True)
        layout.addWidget(self._body(), 1)
        self.setLayout(layout)
        describe_buttons(self, finding.summary)
        self.follow(group, overtaken)

    def follow(self, group: Group, overtaken: str) -> None:
        """Show how old the finding is, and how long it took lately; all else about `group` is as it was.

        `overtaken` says why it no longer counts (an edit, or a new test), empty as long as it does.
        """
        self._group, self.finding = group, group.finding
        accepted = bool(self.finding.accepted)
        words = status.in_words(self.finding.severity)
        if accepted:
            words = tr("{state}, accepted", state=words)
        if overtaken:
            words = f"{words}, {overtaken}"
        icon = Severity.SKIP.value if accepted else self.finding.severity.value
        self.icon.show_state(status.STALE if overtaken else icon, words)
        self._time.setText(overtaken or " · ".join(filter(None, (self._counts(), duration(group.elapsed_ms)))))
        for part in (self, self._summary):
            set_property(part, "stale", "true" if overtaken or accepted else "false")
        if self._accept:
            self._accept.setVisible(not overtaken)
        self.setAccessibleName(f"{words}: {self.finding.summary}")

    def _counts(self) -> str:
        """Say how many findings the card stands for, in the words in which the side counts them; nothing of one."""
        count = len(self._group.findings)
        if count == 1 or not status.wants_person(self.finding):
            return ""
        return listing(by_severity({self.finding.severity: count}))

    def is_of(self, sought: tuple[str, str, bool] | None) -> bool:
        """Whether it is the card of the finding of this id and subject, and that is accepted, or not."""
        return sought == (self.finding.id, self.finding.subject, bool(self.finding.accepted))

    @property
    def way_on(self) -> QPushButton | None:
        """The button that accepts the finding, or takes that back."""
        return self.findChild(QPushButton, "withdraw" if self.finding.accepted else "accept")

    def _body(self) -> QWidget:
        finding, body = self.finding, QWidget()
        quiet = finding.severity in {Severity.PASS, Severity.SKIP}
        words = finding.summary
        if quiet and len(self.subjects) > 1:
            words += f" ({listing(self.subjects)})"
        summary = self._summary
        summary.setText(words)
        summary.setProperty("role", "" if quiet or finding.severity is Severity.INFO else "strong")
        summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = row(gap=tokens.L)
        head.addWidget(summary, 1)
        head.addWidget(self._time, 0, Qt.AlignmentFlag.AlignTop)
        layout = column(head, gap=tokens.XS)
        if not quiet:
            self.setAccessibleDescription("\n".join(part for part in (*self._details, finding.remedy) if part))
        if finding.detail and not quiet:
            detail = label("\n".join(self._details), "detail", wrap=True)
            detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(detail)
        if finding.accepted:
            layout.addWidget(self._why_accepted(finding.accepted))
        elif finding.remedy and not quiet:
            layout.addSpacing(theme().px(tokens.XS))
            layout.addWidget(
                advice_label(finding.remedy) if finding.remedy_kind is RemedyKind.ADVICE else Remedy(finding.remedy)
            )
        if not quiet:
            layout.addLayout(self._foot())
        body.setLayout(layout)
        return body

    def _foot(self) -> Flowing:
        """The stable id, for those who search for it, of which parts it is true, and the page that explains."""
        finding = self.finding
        layout = Flowing(label(" · ".join([finding.id, *subjects_in_words(self.subjects)]), "hint", wrap=True))
        if address := page_of(finding):
            page = button(tr("Read more"), "link", lambda: open_page(address))
            page.setProperty("small", "true")
            page.setAccessibleName(tr("Read more about {id} in the browser", id=finding.id))
            layout.addWidget(page)
        layout.add_stretch()
        if finding.accepted:
            take_back = button(tr("Withdraw"), "link", lambda: self.withdrawing.emit(self._group), name="withdraw")
            take_back.setProperty("small", "true")
            take_back.setAccessibleName(tr("Accept no longer: {finding}", finding=finding.summary))
            layout.addWidget(take_back)
        elif finding.severity in status.OPEN:
            take = self._accept = button(tr("Accept …"), "link", lambda: self.accepting.emit(self._group), "accept")
            take.setProperty("small", "true")
            take.setAccessibleName(tr("Accept: {finding}", finding=finding.summary))
            layout.addWidget(take)
        if link := self._link:
            to_place = button(link.words, "link", lambda: self.asked.emit(link.place), name="go-to")
            to_place.setProperty("small", "true")
            layout.addWidget(to_place)
        return layout

    @staticmethod
    def _why_accepted(acceptance: Acceptance) -> QLabel:
        from wizard.guide.reports.text import accepted_words  # with the first that is accepted

        words = label(accepted_words(acceptance), "detail", wrap=True)
        words.setObjectName("accepted")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return words


def describe_buttons(card: QWidget, words: str) -> None:
    """Say to a screen reader what a card's buttons are about: those of other cards have the same names."""
    for each in card.findChildren(QPushButton):
        each.setAccessibleDescription(words)


def advice_label(text: str) -> QLabel:
    """Show a remedy that is a sentence."""
    words = label(text, wrap=True)
    words.setObjectName("advice")
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return words


def banner(kind: str, icon: str, text: str, way_on: QPushButton | None = None, below: QWidget | None = None) -> QFrame:
    """Return a quiet coloured box with an icon and a text; `kind` is `info`, `warn`, `bad` or `ok`.

    `way_on` is a button that leads on from it, `below` stands under the text.
    """
    above = tokens.XS if way_on else 0  # so that the first line stands in line with the words of the button
    mark = column(StateIcon(icon), margins=(0, above, 0, 0))
    words = column(label(text, wrap=True), gap=tokens.XS, margins=(0, above, 0, 0))
    if below:
        words.addWidget(below)
    layout = row(gap=tokens.M, margins=(14, 10, 14, 10))
    layout.addLayout(mark)
    layout.addLayout(words, 1)
    if way_on:
        layout.addWidget(way_on, 0, Qt.AlignmentFlag.AlignTop)
    for part in (mark, words):
        part.addStretch(1)
    return frame(f"banner-{kind}", layout)


def open_page(address: str) -> None:
    """Open a documentation page in the browser."""
    QDesktopServices.openUrl(QUrl(address))
