"""Step export: which files, what stands where secrets belong, where to; every file in sight before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QLayout, QPushButton, QWidget

from wizard.dataclass import dataclass
from wizard.gui import tokens
from wizard.gui.steps.page import Memory, Page
from wizard.gui.steps.target_boxes import TargetBoxes
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import bounded, button, column, label, row
from wizard.gui.widgets.changes import ChangesView
from wizard.gui.widgets.flowing import Labelled
from wizard.gui.widgets.inputs import CheckBox, Segments
from wizard.gui.widgets.line_edits import FreeEdit
from wizard.gui.widgets.next_steps import NextSteps
from wizard.gui.widgets.outcome import Outcome, folder_button
from wizard.gui.widgets.passphrase_dialog import PassphraseDialog
from wizard.gui.widgets.preview import Preview
from wizard.guide import exporting, flow, refusal
from wizard.guide import targets as offered
from wizard.plan.i18n import mark, sentences, tr, trn
from wizard.plan.plan import slug

if TYPE_CHECKING:
    from wizard.app.changes import Changes
    from wizard.app.export import Exported
    from wizard.app.former_choices import FormerChoices
    from wizard.formats.files import BundleFile
    from wizard.plan.plan import Plan

_MODES = (("reference", mark("Leave them out")), ("inline", mark("Write them")), ("encrypted", mark("Encrypt them")))
_MODE_HINTS = (
    mark("No file holds a secret. Each is named in a comment, and the README says how to fill it in."),
    mark("The env files hold every secret in plain text; only their owner may read them (mode 0600)."),
    mark("secrets.env.age holds every secret, encrypted with a passphrase; the README says how to open it."),
)
_MODE, _TARGETS = "mode", "targets"
_MASKED = "masked"
_PAUSE = 150
_ALL = 1000
"""The preview's share of the room that is left on the page, against 1 for none."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """What no input holds: how secrets are treated, which targets are not wanted, and what was written by that.

    `by_hand` are those of the choices that somebody made, and not this page.
    """

    mode: int
    unwanted: frozenset[str]
    by_hand: frozenset[str]
    written: tuple[Exported, Plan] | None


class ExportPage(Page):
    """Writes the bundle. An error loses nothing: all choices stay."""

    grows = True

    def build(self) -> None:
        self._busy = self._rendered = self._compared = False
        self._look = 0
        self._written: tuple[Exported, Plan] | None = None
        self._by_hand: frozenset[str] = frozenset()
        self._asked: tuple[str, ...] = ()
        self._next: NextSteps | None = None
        self.session.runs.finished.connect(self._run_ended)
        self.outcome = Outcome()
        self.question = Outcome("doubts")
        self.preview = Preview()
        self.changes = ChangesView()
        self.uncompared = Outcome("uncompared")
        self.add(self._choices())
        self.add(self.question, self.outcome, self.uncompared)
        self.add(self.changes, wide=True)
        self.add(label(tr("Preview"), "heading"), gap=tokens.S)
        self.add(self.preview, wide=True)
        self.body.setStretchFactor(self.preview, _ALL)
        self._soon = QTimer(self, interval=_PAUSE, singleShot=True)
        self._soon.timeout.connect(self._render)
        self._ask_what_is_there()
        self._chosen()

    def _choices(self) -> QLayout:
        """Return the lines with what is written, how secrets are treated, and where it goes."""
        self.targets = TargetBoxes()
        self.targets.chosen.connect(lambda: self._choose(_TARGETS))
        self.secrets = Segments([tr(text) for _mode, text in _MODES])
        self.secrets.name(tr("Secrets"))
        self.secrets.choose(0)
        self.secrets.chosen.connect(lambda _index: self._choose(_MODE))
        self._mode_hint = label("", "hint", wrap=True)
        self.place = FreeEdit(str(self.document.bundle or Path.home() / f"{slug(self.document.plan.name)}-cluster"))
        self.place.setObjectName("destination")
        self.place.setAccessibleName(tr("Destination"))
        self.place.textChanged.connect(self._chosen)
        browse = button(tr("Browse …"), "", self._browse, name="browse")
        browse.setAccessibleName(tr("Browse for the destination"))
        place_hint = label(
            tr("A new or empty folder, or a former bundle's; or a file ending in .zip."), "hint", wrap=True
        )
        return column(
            self._line(tr("Files"), column(self.targets)),
            self._line(tr("Secrets"), column(self.secrets, self._mode_hint, gap=tokens.XS)),
            self._line(tr("Destination"), column(row(self.place, browse, gap=tokens.S), place_hint, gap=tokens.XS)),
            gap=tokens.M,
        )

    def _ask_what_is_there(self) -> None:
        """Look up the targets, and how a bundle at hand was exported."""
        self.session.background.run(self.session.services.targets, self._offer, owner=self)
        if bundle := self.document.bundle:  # what an export over it does not keep is asked for, and not only shown
            look = partial(self.session.services.former_choices, bundle)
            self.session.background.run(look, self._propose, lambda _error: None, owner=self)

    @property
    def action(self) -> str:
        return tr("&Export all the same") if self._asked else tr("&Export")

    @property
    def ready(self) -> bool:
        """Whether all that would be written, and what it would change, was shown for exactly these choices."""
        return self._rendered and self._compared and not self._busy

    def act(self) -> None:
        """Write the files; what somebody should know before is told once, and asked for another press."""
        self._by_hand = frozenset((_MODE, _TARGETS))  # what is exported as it stands was chosen by that
        doubts = exporting.doubts(self.document.findings.all, self._mode())
        if doubts and doubts != self._asked:
            self._asked = doubts
            self._untell()
            self.question.tell("warn", sentences(*doubts))
            self.turned.emit()
            self.in_sight.emit(self.question)
            return
        self.question.untell()
        session, place, mode, targets = self.session, self._destination(), self._mode(), self.targets.wanted
        plan, secrets = session.document.plan, dict(session.document.secrets)
        if mode == exporting.ENCRYPTED:
            words = tr("The secrets are encrypted with this passphrase. Nobody can recover it.")
            PassphraseDialog(
                self,
                session.background,
                words,
                lambda phrase: session.services.export(plan, secrets, place, mode, targets, phrase),
                lambda exported: self._exported(exported, plan),
                new=True,
            ).open()
            return
        self._busy = True
        self.turned.emit()
        session.background.run(
            lambda: session.services.export(plan, secrets, place, mode, targets),
            lambda exported: self._exported(exported, plan),
            self._refused,
            owner=self,
        )

    def plan_changed(self) -> None:
        if self.document.outdated:
            self._untell()
        self._ask_anew()
        self.targets.fit(self.document.plan)
        self._look_again()

    @staticmethod
    def _line(title: str, content: Any) -> QLayout:
        holder = QWidget()
        holder.setLayout(content)
        holder.setMinimumHeight(theme().px(tokens.CONTROL))
        return bounded(Labelled(label(title, wrap=True), holder), tokens.FORM)

    def _offer(self, targets: Sequence[str]) -> None:
        self.targets.offer(targets, self.document.plan)
        self._look_again()

    def _propose(self, former: FormerChoices) -> None:
        """Export as the bundle at hand was, until somebody wants it otherwise; what changes nothing takes nothing."""
        before = self._mode(), self.targets.wanted
        if _MODE not in self._by_hand:
            self.secrets.choose([name for name, _title in _MODES].index(former.mode))
        if _TARGETS not in self._by_hand:
            self.targets.clear(former.unwanted)
        if (self._mode(), self.targets.wanted) != before:
            self._chosen()

    def _choose(self, what: str) -> None:
        self._by_hand |= {what}
        self._chosen()

    def own_memory(self) -> _Choices:
        return _Choices(self.secrets.current(), self.targets.unwanted, self._by_hand, self._written)

    def remember(self, memory: Memory) -> None:
        super().remember(memory)
        own = memory.own
        if not isinstance(own, _Choices):
            return
        self.targets.clear(own.unwanted)
        self._by_hand = own.by_hand
        self.secrets.choose(own.mode)
        self._chosen()
        if own.written:
            self._tell_written(*own.written)
            for box in self.outcome.findChildren(CheckBox):
                box.setChecked(memory.ticks[box.objectName()])

    def _mode(self) -> str:
        return _MODES[self.secrets.current()][0]

    def _destination(self) -> Path:
        return Path(self.place.text().strip()).expanduser()

    def _untell(self) -> None:
        self._written = self._next = None
        self.outcome.untell()

    def _chosen(self, _text: str = "") -> None:
        self._untell()
        self._ask_anew()
        self._mode_hint.setText(tr(_MODE_HINTS[self.secrets.current()]))
        self._look_again()

    def _ask_anew(self) -> None:
        """Forget that somebody wants to export all the same: it was of another plan, or of other choices."""
        self._asked = ()
        self.question.untell()

    def _look_again(self) -> None:
        """Forget what was shown for other choices, and look soon at what these would write and change."""
        self._look += 1
        self._rendered = self._compared = False
        self._soon.start()
        self.turned.emit()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Destination"), str(self._destination().parent))
        if chosen:
            self.place.setText(chosen)

    def _render(self) -> None:
        session, targets = self.session, self.targets.wanted
        if not self.targets.known:
            return  # the targets are still being looked up
        if not targets:
            self.preview.say(tr("Choose which files to write."))
            self._compare_nothing()
            return
        plan, secrets, look = session.document.plan, dict(session.document.secrets), self._look
        mode = _MASKED if self._mode() == exporting.INLINE else self._mode()
        session.background.run(
            lambda: refusal.rendered(lambda some: session.services.preview(plan, secrets, mode, some), targets),
            lambda files: self._show_files(files, look),
            lambda error: self._no_preview(error, look),
            lane="preview",
            owner=self,
        )
        if not self.place.text().strip():
            self._compare_nothing()
            return
        place, real = self._destination(), self._mode()
        session.background.run(
            lambda: session.services.changes(plan, secrets, place, real, targets),
            lambda changes: self._show_changes(changes, look),
            lambda error: self._no_changes(error, look),
            lane="preview",
            owner=self,
        )

    def _show_files(self, files: Sequence[BundleFile], look: int) -> None:
        if look == self._look:
            self._rendered = True
            self.preview.show_files(files)
            self.turned.emit()

    def _no_preview(self, error: Exception, look: int) -> None:
        if look == self._look:
            self.preview.say(self._reason(error), self._way_out(error))

    def _show_changes(self, changes: Changes, look: int) -> None:
        if look == self._look:
            self._compared = True
            self.uncompared.untell()
            if not self._written:  # else it shows what was written, and nothing would change again
                self.changes.show_changes(changes)
            self.turned.emit()

    def _no_changes(self, error: Exception, look: int) -> None:
        """Say that nobody knows what would change, unless the preview says already why nothing can be written."""
        if look != self._look:
            return
        self._compare_nothing()
        if self._rendered:
            said = tr("Nothing can be written there.")
            if not refusal.is_refusal(error):
                said = tr("What would change there could not be found out.")
            words = sentences(said, self._reason(error))
            way_on = self._way_out(error) or button(tr("Look again"), "link", self._look_again, name="look-again")
            self.uncompared.tell("bad", words, way_on)

    def _compare_nothing(self) -> None:
        self.changes.hide()
        self.uncompared.untell()

    def _reason(self, error: Exception) -> str:
        """Name the setting by its label, and the target that could be left out if it alone is in the way."""
        words = refusal.words(self.document.plan, error)
        culprit = getattr(error, "culprit", "")
        if culprit:
            others = tr("Without “{target}” the other files can be written.", target=offered.title(culprit))
            return sentences(words, others)
        return words

    def _way_out(self, error: Exception) -> QPushButton | None:
        """Return a button that leads to the step where the setting in an error's way is, if it names one."""
        section = flow.step_of_key(str(getattr(error, "key", "")))
        if not section:
            return None
        title = tr(flow.step(section).title)
        return button(tr("Go to {step}", step=title), "link", lambda: self.asked.emit(section))

    def _exported(self, exported: Exported, plan: Plan) -> None:
        self._busy = False
        self.session.exported_to(exported.destination, plan)
        self._ask_anew()
        self._tell_written(exported, plan)
        self._look_again()
        self.in_sight.emit(self.outcome)

    def _tell_written(self, exported: Exported, plan: Plan) -> None:
        """Say what was written, and what to do next."""
        self._written = exported, plan
        words = trn(
            "{count} file written to {path}.",
            "{count} files written to {path}.",
            count=len(exported.files),
            path=exported.destination,
        )
        if exported.kept:
            kept = tr("The former files, some changed by hand, are kept in {path}.", path=exported.kept)
            words = sentences(words, kept)
        words = sentences(words, exporting.with_failures(self.document.findings.all))
        place = exported.destination
        folder = place.parent if place.suffix == ".zip" else place
        self._next = NextSteps(exporting.next_steps(plan, self._mode()), self.document.findings.all)
        self.outcome.tell("ok", words, folder_button(folder), below=self._next)

    def _run_ended(self) -> None:
        """Tick what is to be done next, as far as a run shows that it is done."""
        runs = self.session.runs
        if self._written and self._next and runs.report:
            self._next.follow(runs.report, whole=runs.whole)

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self._tell("bad", self._reason(error), self._way_out(error))

    def _tell(self, kind: str, words: str, way_on: QPushButton | None) -> None:
        self.outcome.tell(kind, words, way_on)
        self.turned.emit()
        self.in_sight.emit(self.outcome)


PAGE = ExportPage
