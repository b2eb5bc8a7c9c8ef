"""What the window holds: the plan, the secrets at hand, and what is known. Every edit passes through here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from wizard.checks.plan.rules import rules
from wizard.gui.autosave import Autosave
from wizard.gui.background import Background
from wizard.gui.run_controller import RunController
from wizard.gui.services import Services
from wizard.gui.source_loader import SourceLoader
from wizard.guide import field_notes, flow
from wizard.guide.edits import UNREADABLE, Filled, looks_like_address
from wizard.guide.field_notes import Note
from wizard.guide.findings_store import FindingsStore
from wizard.plan.i18n import tr
from wizard.plan.kinds import BadValueError, Host
from wizard.plan.plan import SECTIONS, Plan, Unreadable, new_id
from wizard.plan.secret import Secret, SecretRef


class Session(QObject):
    """One cluster being worked on.

    `changed` names the key of an edit (empty: many). `opened` comes when another cluster takes the place of this one.
    `judged` comes when findings were added, overtaken or removed.
    """

    changed = Signal(str)
    opened = Signal()
    judged = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        """Begin with an empty plan that nobody has asked for yet."""
        super().__init__(parent)
        self.services = services
        self.background = Background(self)
        self.plan = Plan()
        self.secrets: dict[str, Secret] = {}
        self.record = FindingsStore()
        self.begun = False
        self.visited: set[str] = set()
        self.title = ""
        self.source = ""
        """What the plan was read from, if it was not one of the saved clusters."""
        self.bundle: Path | None = None
        """Where the bundle lies that the plan was read from, or was exported to last: its files are checked, too."""
        self._of_bundle = self.plan
        self.exported = ""
        self.outdated = False
        """Whether the plan was edited since the export."""
        self.autosave = Autosave(self)
        self.opening = SourceLoader(self)
        self.runs = RunController(self)

    # What stands in the plan

    def text(self, key: str) -> str:
        """Return the text a field shows for `key`, also one that cannot be read."""
        for item in self.plan.unreadable:
            if item.key == key and isinstance(item.value, SecretRef):
                held = self.secrets.get(item.value.name)
                return held.reveal() if held else ""
        held_back = self.plan.held_back(key)
        return held_back.reveal() if held_back else self.plan.text(key)

    def has(self, key: str) -> bool:
        """Whether the plan has the setting `key`: a node may be gone."""
        try:
            self.plan.setting(key)
        except KeyError:
            return False
        return True

    def secret(self, key: str) -> Secret | None:
        """Return the secret of the setting `key`, if there is one and it is at hand."""
        ref = self.plan.get(key)
        return self.secrets.get(ref.name) if isinstance(ref, SecretRef) else None

    def absent(self, key: str) -> bool:
        """Whether the plan names a secret for `key` whose value is not at hand."""
        ref = self.plan.get(key)
        return isinstance(ref, SecretRef) and ref.name not in self.secrets

    def note(self, key: str, *, left: bool) -> Note | None:
        """Return what is wrong with a field: by the rules, too, once it was `left` or edited, or its step was."""
        judged = left or flow.step_of_key(key) in self.visited
        return field_notes.note(self.plan, self.record, key, judged=judged)

    # Edits

    def edit(self, key: str, text: str) -> None:
        """Put what a person typed into the plan; what cannot be read is kept beside it, as typed."""
        if isinstance(self.plan.setting(key).kind, Host) and looks_like_address(text):
            self._hold_back(key, text)
        else:
            self.replace(self.plan.with_text(key, text), key)

    def set(self, key: str, value: Any) -> None:
        """Put a value into the plan."""
        self.replace(self.plan.with_value(key, value), key)

    def set_secret(self, key: str, secret: Secret | None) -> None:
        """Take a secret, or its absence: the plan gets its name, the secret store its value."""
        if secret == self.secret(key) and not self.absent(key):
            return
        ref = self.plan.get(key) or SecretRef(key)
        self._hold(key, ref, secret)
        self._commit(self.plan.with_value(key, ref if secret else None), key)

    def fill(self, group: str, filled: Filled) -> None:
        """Take the parts of a pasted address for the server `group`."""
        plan, key = filled.plan, f"{group}.password"
        if filled.password:
            ref = plan.get(key) or SecretRef(key)
            self._hold(key, ref, filled.password)
            plan = plan.with_value(key, ref)
        self._commit(plan, group)

    def replace(self, plan: Plan, key: str = "") -> None:
        """Put `plan` in the place of this one; `key` says what was edited (a setting, a group, or empty for many)."""
        if plan != self.plan:
            self._commit(plan, key)

    def _commit(self, plan: Plan, key: str) -> None:
        former, self.plan = self.plan, plan
        self._forget_what_was_unreadable(former)
        self.outdated = bool(self.exported)
        self.record.edited(key.partition(".")[0])
        self.autosave.plan_changed()
        self.record.judge(rules(self.plan, self.secrets))
        self.changed.emit(key)
        self.judged.emit()

    def _hold(self, key: str, ref: SecretRef, secret: Secret | None) -> None:
        if secret:
            self.secrets[ref.name] = secret
        else:
            self.secrets.pop(ref.name, None)
        self.autosave.keep_secret(key, ref.name, secret)

    def _forget_what_was_unreadable(self, former: Plan) -> None:
        """Forget the addresses that were held back in `former` and were split, replaced or removed since."""
        were = {item.key: item.value for item in former.unreadable if isinstance(item.value, SecretRef)}
        held = {ref for _key, ref in self.plan.secret_refs()} if were else set()
        for key, ref in were.items():
            if ref not in held:
                self._hold(key, ref, None)

    def _hold_back(self, key: str, text: str) -> None:
        """Keep a whole address out of the plan: it may hold a password, and the plan is saved as plain text."""
        ref = self._place_for(key)
        self._hold(key, ref, Secret(text))
        try:
            Host().parse(text if "://" in text else text.rpartition("@")[2])
            problem = tr("Enter the host alone: user and password have fields of their own.")
        except BadValueError as error:
            problem = str(error)
        self.replace(self.plan.with_unreadable(Unreadable(key, ref, problem)), key)

    def _place_for(self, key: str) -> SecretRef:
        """Return the name for an address held back at `key`.

        Its own, as that of a node moves with it to another key.
        """
        names = {item.key: item.value for item in self.plan.unreadable if isinstance(item.value, SecretRef)}
        usual = SecretRef(f"{UNREADABLE}{key}")
        return names.get(key) or (SecretRef(f"{usual.name}.{new_id()}") if usual in names.values() else usual)

    # Beginning

    def start_new(self, name: str) -> None:
        """Begin a new cluster."""
        self._take(Plan().with_text("name", name), {}, "")
        self.autosave.plan_changed()

    def take(
        self,
        plan: Plan,
        secrets: dict[str, Secret],
        title: str,
        saved: datetime | None = None,
        bundle: Path | None = None,
    ) -> None:
        """Go on with a plan that was read from somewhere; its rules are judged on every step at once.

        `saved` is when it was saved, if it is one of the saved clusters; `bundle` where it lies, if it is a bundle.
        """
        self._take(plan, secrets, title, saved, bundle)
        self.visited.update(SECTIONS)
        self.judged.emit()

    def exported_to(self, destination: Path, plan: Plan) -> None:
        """Learn that `plan` was exported: the bundle at `destination` is this cluster's from now on."""
        self.exported, self.outdated = destination.name, plan != self.plan
        self.bundle, self._of_bundle = destination, plan
        self.record.overtake_bundle()
        self.judged.emit()

    @property
    def edited(self) -> bool:
        """Whether the plan is no longer the one that is in the bundle."""
        return self.plan != self._of_bundle

    def _take(
        self,
        plan: Plan,
        secrets: dict[str, Secret],
        title: str,
        saved: datetime | None = None,
        bundle: Path | None = None,
    ) -> None:
        self.runs.give_up()
        self.autosave.flush()
        self.plan, self.secrets = plan, dict(secrets)
        self.bundle, self._of_bundle = bundle, plan
        self.source = "" if title == plan.name else title
        self.title = tr("Saved cluster") if title == plan.name else title
        self.record, self.visited, self.begun, self.exported = FindingsStore(), {"start"}, True, ""
        self.outdated = False
        self.autosave.forget(saved)
        self.judge()
        self.opened.emit()

    # Findings

    def judge(self) -> None:
        """Judge the plan by the rules that need no network."""
        self.record.judge(rules(self.plan, self.secrets))
        self.judged.emit()

    def test(self, components: Sequence[str], title: str) -> None:
        """Run the checks of `components` (none: all), beside the rules."""
        self.visited.add(title)
        self.runs.start(components, title)
