"""What the window works with: the document, and the services around it, put together in one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from wizard.checks.registry import on_request
from wizard.gui.autosave import Autosave
from wizard.gui.background import Background
from wizard.gui.look_inside import LookInside
from wizard.gui.pace import Parts, pace
from wizard.gui.run_controller import RunController
from wizard.gui.run_keeper import RunKeeper
from wizard.gui.services import Services
from wizard.gui.source_loader import Found, SourceLoader
from wizard.guide.document import Document
from wizard.plan.changed_meanwhile import places_changed
from wizard.plan.plan import SECTIONS, Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import LicenceMethod

if TYPE_CHECKING:
    from wizard.plan.finding import Finding
    from wizard.storage.secret_store import Opened


_FRAME = 40
"""Milliseconds in which findings that came gather, before they are shown together."""
_MINUTE = 60_000
"""Milliseconds after which it is looked whether the day is another one."""
_PAUSE = 120
"""Milliseconds without an edit before the rules judge what was typed."""


class Session(QObject):
    """One cluster being worked on, and what saves it, opens another one, and runs its checks.

    `changed` names the key of an edit (empty: many), `restored` that of one taken back or made again. `opened` comes
    when another cluster takes the place of this one, `judged` when findings were added, overtaken or removed: once for
    all that happen within a moment.
    """

    changed = Signal(str)
    restored = Signal(str)
    opened = Signal()
    judged = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        """Begin with an empty plan that nobody has asked for yet."""
        super().__init__(parent)
        self.services = services
        self.background = Background(self)
        self.document = Document(
            _rules, on_edit=self._edited, on_secret=self._secret_changed, on_seal=self._sealed, mark=_marked
        )
        self.autosave = Autosave(
            self.background,
            lambda plan, known: services.save(plan, known=known),
            self.document.plan.id,
            self,
        )
        self.autosave.draft_saved.connect(self._draft_saved)
        self.opening = SourceLoader(self.background, services, self)
        self.runs = RunController(self.background, services, self)
        self.inside = LookInside(lambda: self.document.plan, self)
        self.keeper = RunKeeper(self.background, services, self.document, self.runs, self.autosave)
        self.opening.found.connect(self._found)
        self.opening.deleted.connect(self.autosave.deleted)
        self.opening.store_found.connect(self._store_found)
        self.opening.store_failed.connect(lambda error: self.autosave.miss_secret_store(str(error)))
        self.runs.judged.connect(self._gather)
        self.runs.started.connect(self._tell)
        self.runs.finished.connect(self._tell)
        self.moved: frozenset[str] = frozenset()
        """The names of the secrets of which another program said that they are elsewhere, until that was read."""
        self._soon = QTimer(self, interval=_FRAME, singleShot=True)
        self._soon.timeout.connect(self._tell_in_turn)
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._judge_in_turn)
        self._today = _today()
        self._days = QTimer(self, interval=_MINUTE, timerType=Qt.TimerType.VeryCoarseTimer)
        self._days.timeout.connect(self._look_at_the_day)
        self._days.start()

    def start_new(self, name: str) -> None:
        """Begin a new cluster."""
        plan = Plan().with_text("name", name).with_value("licence.method", LicenceMethod.KEY)
        self._begin(plan, {}, "")
        self.autosave.keep_draft(plan)

    def take(
        self,
        plan: Plan,
        secrets: Mapping[str, Secret],
        title: str,
        saved: datetime | None = None,
        bundle: Path | None = None,
        accepts_in: Path | None = None,
    ) -> None:
        """Go on with a plan that was read from somewhere; its rules are judged on every step at once.

        `saved` is when it was saved, if it is one of the saved clusters; `bundle` where it lies, if it is a bundle;
        `accepts_in` the source's file in which stands what is accepted.
        """
        self._begin(plan, secrets, title, saved, bundle, accepts_in)
        self.document.visited.update(SECTIONS)
        self._tell()

    def exported_to(self, destination: Path, plan: Plan) -> None:
        """Learn that `plan` was exported: the bundle at `destination` is this cluster's from now on."""
        self.document.exported_to(destination, plan)
        self._tell()

    def undo(self) -> None:
        """Take the last edit back, whatever it was, *Generate* too."""
        self._restored(self.document.undo())

    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        self._restored(self.document.redo())

    def _restored(self, key: str | None) -> None:
        if key is not None:
            self.restored.emit(key)

    def tell_again(self) -> None:
        """Have what is known told anew: the language is another one."""
        self.document.tell_again()
        self.runs.tell_again()
        self.autosave.tell_again()
        self._tell()

    def test(self, components: Sequence[str], title: str) -> None:
        """Run the checks of `components` (none: all), beside the rules; inside the nodes where that is chosen.

        Only what a person presses to look there may name such a component while it is not chosen.
        """
        self.document.visited.update({title} if components else {title, *SECTIONS})  # the rules judge all, too
        inside = not set(on_request()).isdisjoint(components) or (not components and self.inside.on)
        self.runs.start(self.document, components, title, inside=inside)

    def _begin(
        self,
        plan: Plan,
        secrets: Mapping[str, Secret],
        title: str,
        saved: datetime | None = None,
        bundle: Path | None = None,
        accepts_in: Path | None = None,
    ) -> None:
        self.runs.give_up()
        self.keeper.forget()
        self.inside.forget()
        self.moved = frozenset()
        self.autosave.flush()
        self.document.clear(plan, secrets, title, bundle, accepts_in)
        self.autosave.begin(plan, saved)
        self._tell()
        self.opened.emit()

    def _found(self, found: Found) -> None:
        self.take(*found)

    def _store_found(self, opened: Opened) -> None:
        self.autosave.take_secret_store(opened.secret_store, opened.reason, opened.again)
        document, secret_store = self.document, opened.secret_store
        if document.begun and any(ref.name not in document.secrets for _key, ref in document.plan.secret_refs()):
            plan, known = document.plan, dict(document.secrets)
            self.background.run(
                lambda: self.services.gather(plan, known, secret_store),
                lambda found: self._secrets_found(plan.id, found),
                owner=self,
            )

    def _secrets_found(self, identity: str, found: Mapping[str, Secret]) -> None:
        """Take the secrets that a secret store has that was found late, where none was entered meanwhile."""
        if identity == self.document.plan.id:
            self.document.find_secrets(found)
            self.restored.emit("")
            self._tell()

    def _draft_saved(self, sent: Plan, kept: Plan) -> None:
        """Take what another program has changed meanwhile, and look anew for the secrets that are elsewhere now."""
        if not self.document.learn(sent, kept):
            return
        self.autosave.keep_draft(self.document.plan)  # a draft that is on its way does not know of it
        self._note_accepted()
        plan, moved = self.document.plan, places_changed(sent, kept)
        if moved:
            self.moved |= moved
        self._tell()
        if moved:
            others = {name: secret for name, secret in self.document.secrets.items() if name not in moved}
            self.background.run(
                lambda: self.services.gather(plan, others, self.autosave.secret_store),
                lambda found: self._secrets_moved(plan, {name: found[name] for name in moved & found.keys()}),
                owner=self,
            )

    def _secrets_moved(self, plan: Plan, found: Mapping[str, Secret]) -> None:
        """Say that another program changed where secrets are, and take their values from there."""
        if plan.id != self.document.plan.id:
            return
        if self.document.learn_secrets(found):
            self.restored.emit("")
        self._tell()

    def read_moved(self) -> None:
        """Hear that a person has read which secrets are elsewhere now."""
        self.moved = frozenset()
        self._tell()

    def _secret_changed(self, key: str, name: str, secret: Secret | None) -> None:
        self.autosave.keep_secret(self.document.plan, key, name, secret, typed=key == self.document.typed)

    def _sealed(self) -> None:
        self.autosave.settle()

    def _edited(self, key: str) -> None:
        if self.document.begun:  # nothing is saved before a cluster was begun or opened
            self.autosave.keep_draft(self.document.plan)
            self._note_accepted()
        self.changed.emit(key)
        self._pause.start()

    def _note_accepted(self) -> None:
        """Bring into the source's own file what was accepted: there the command line looks for it."""
        file, noting, now = self.document.accepts_in, self.document.noting, self.document.plan.accepted
        if file is None or not noting.asks(now):
            return

        def told(reason: str) -> None:
            if reason:
                noting.failed()
            if noting is self.document.noting:  # or else another cluster is open by now
                self.autosave.miss_source(reason)

        note = partial(self.services.note_accepted, file)
        self.autosave.note(lambda: noting.write(now, note), told)

    def _gather(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _look_at_the_day(self) -> None:
        """End what is accepted until yesterday, in a window that stays open."""
        today = _today()
        if today != self._today:
            self._today = today
            self.document.findings.mark_again()
            self._tell()

    def _tell_in_turn(self) -> None:
        pace().do(self._soon, self._told)

    def _judge_in_turn(self) -> None:
        pace().do(self._pause, self._judged)  # an owner of its own: telling does not take the place of judging

    def _told(self) -> Parts:
        """Tell that findings came, between other parts: whoever hears of it has much to do."""
        self.judged.emit()
        yield

    def _judged(self) -> Parts:
        """Judge what was typed in parts, then tell; who types on is judged after the next pause."""
        for _part in self.document.judge_in_parts():
            yield
        if not self._pause.isActive():
            self._tell()

    def _tell(self) -> None:
        """Tell now what waits to be told."""
        self._soon.stop()
        self._pause.stop()
        self.document.judge()
        self.judged.emit()


def _today() -> date:
    return datetime.now().astimezone().date()


def _marked(plan: Plan, finding: Finding) -> Finding:
    """Return a finding, marked where the plan accepts it today; that is loaded once something is accepted."""
    if not plan.accepted:
        return finding
    from wizard.app.check import accepted

    return accepted(plan, finding)


def _rules(plan: Plan, secrets: Mapping[str, Secret]) -> Iterator[list[Finding]]:
    """Judge a plan by the rules, in parts; they are loaded once there is a plan to judge."""
    from wizard.checks.plan.rules import rules_in_parts

    yield from rules_in_parts(plan, secrets)
