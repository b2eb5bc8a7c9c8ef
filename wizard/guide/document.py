"""The document of the window: one cluster being worked on, with its secrets, findings and former states. No Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wizard.dataclass import dataclass
from wizard.guide import field_notes, flow
from wizard.guide.acceptances_in_file import Noting
from wizard.guide.edits import UNREADABLE, Filled, is_of_a_client, looks_like_address
from wizard.guide.entered import Entered
from wizard.guide.field_notes import Note
from wizard.guide.findings_store import FindingsStore
from wizard.plan.changed_meanwhile import learned, places_changed
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.identity import new_id
from wizard.plan.kinds import BadValueError, Host
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.secret import Secret, SecretRef

_MOST_FORMER = 200
"""As many edits can be undone."""

Judge = Callable[[Plan, Mapping[str, Secret]], Iterable[Iterable[Finding]]]
"""What finds out what is wrong with a plan without asking anything, in parts: each may bring findings, or none."""


@dataclass(frozen=True, slots=True)
class State:
    """What an edit replaced: the plan and the secrets at hand before it, and the key of the setting it was made at."""

    plan: Plan
    secrets: Mapping[str, Secret]
    key: str


class Document:
    """One cluster being worked on. All edits go through here.

    `on_edit` is called after each edit with the key of the setting (or of the group) it was made at, empty for many;
    `on_secret` before it, with the key, the reference's name and the secret for each secret that came or went (None);
    `on_seal` when what was typed is all there.
    """

    def __init__(
        self,
        judge: Judge,
        *,
        on_edit: Callable[[str], None] = lambda _key: None,
        on_secret: Callable[[str, str, Secret | None], None] = lambda _key, _name, _secret: None,
        on_seal: Callable[[], None] = lambda: None,
        mark: Callable[[Plan, Finding], Finding] = lambda _plan, finding: finding,
    ) -> None:
        """Begin with an empty plan that nobody has asked for yet; `mark` marks the findings that a plan accepts."""
        self._judge, self._on_edit, self._on_secret, self._mark = judge, on_edit, on_secret, mark
        self._on_seal = on_seal
        self._languages = 0
        self.clear(Plan(), {}, "")
        self.begun = False
        self._judged = True  # nobody asks what is wrong with a plan that nobody began

    def clear(
        self,
        plan: Plan,
        secrets: Mapping[str, Secret],
        title: str,
        bundle: Path | None = None,
        accepts_in: Path | None = None,
    ) -> None:
        """Let `plan` take the place of the cluster worked on before; nothing of that one can be undone any more.

        `bundle` is where the plan lies, if it was read from a bundle; `accepts_in` the source's file in which stands
        what is accepted.
        """
        self.accepts_in = accepts_in
        self.noting = Noting(plan.accepted)
        self.plan = plan
        self.secrets: Mapping[str, Secret] = dict(secrets)
        self.bundle = bundle
        """Where the bundle lies that the plan was read from, or was exported to last: its files are checked, too."""
        self._of_bundle = plan
        self._saved = title == plan.name
        self.source = "" if self._saved else title
        """What the plan was read from, if it was not one of the saved clusters."""
        self.visited = {"start"}
        self.exported = ""
        self.outdated = False
        """Whether the plan was edited since the export; what was accepted since makes it no other."""
        self._findings = FindingsStore(self._mark)
        self._findings.now(Entered(plan, self.secrets))
        self._judged = False
        self._former: deque[State] = deque(maxlen=_MOST_FORMER)
        self._undone: list[State] = []
        self._typed = ""
        self.begun = True

    @property
    def title(self) -> str:
        """What the plan was read from, in words; empty for a new one."""
        return tr("Saved cluster") if self._saved else self.source

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
        return self.plan.has_setting(key)

    def secret(self, key: str) -> Secret | None:
        """Return the secret of the setting `key`, if there is one and it is at hand."""
        ref = self.plan.get(key)
        return self.secrets.get(ref.name) if isinstance(ref, SecretRef) else None

    def absent(self, key: str) -> bool:
        """Whether the plan names a secret for `key` whose value is not at hand."""
        ref = self.plan.get(key)
        return isinstance(ref, SecretRef) and ref.name not in self.secrets

    # What is known of it

    @property
    def findings(self) -> FindingsStore:
        """What was found so far. Those of the rules are made anew at the first look after an edit."""
        self.judge()
        return self._findings

    def judge(self) -> None:
        """Have the rules judge what stands in the plan now, if nobody did."""
        if not self._judged:
            self._judged = True
            self._findings.judge(item for part in self._judge(self.plan, self.secrets) for item in part)

    @property
    def known(self) -> FindingsStore:
        """What was found so far; after an edit the rules' findings are those of before, until somebody judges.

        For whatever follows once they are told of: a key does not wait for all rules.
        """
        return self._findings

    @property
    def judged(self) -> bool:
        """Whether the rules have judged what stands in the plan now."""
        return self._judged

    def judge_in_parts(self) -> Iterator[None]:
        """Have the rules judge what stands in the plan now, if nobody did; whoever edits meanwhile ends that."""
        plan, secrets, found = self.plan, self.secrets, list[Finding]()
        languages = self._languages
        if self._judged:
            return
        for part in self._judge(plan, secrets):
            found += part
            yield
            if self._judged or self.plan is not plan or self.secrets is not secrets or self._languages != languages:
                return
        self._judged = True
        self._findings.judge(found)

    def tell_again(self) -> None:
        """Have the rules told anew: the language is another one."""
        self._judged = False
        self._languages += 1  # what is judged in parts now would speak both

    def note(self, key: str, *, left: bool) -> Note | None:
        """Return what is wrong with a field: by the rules, too, once it was `left` or edited, or its step was."""
        judged = left or flow.step_of_key(key) in self.visited
        return field_notes.note(self.plan, self.known, key, judged=judged)

    @property
    def edited(self) -> bool:
        """Whether the plan is no longer the one that is in the bundle; what was accepted since makes it no other."""
        return _differ(self.plan, self._of_bundle)

    def exported_to(self, destination: Path, plan: Plan) -> None:
        """Learn that `plan` was exported: the bundle at `destination` is this cluster's from now on."""
        self.exported, self.outdated = destination.name, _differ(plan, self.plan)
        self.bundle, self._of_bundle = destination, plan
        self.findings.overtake_bundle()

    # Edits

    def edit(self, key: str, text: str) -> None:
        """Put what a person typed into the plan; what cannot be read is kept beside it, as typed."""
        if isinstance(self.plan.setting(key).kind, Host) and looks_like_address(text):
            self._hold_back(key, text)
        else:
            self._commit(self.plan.with_text(key, text), key, typed=True)

    def set(self, key: str, value: Any) -> None:
        """Put a value into the plan."""
        self._commit(self.plan.with_value(key, value), key)

    def set_secret(self, key: str, secret: Secret | None, *, typed: bool = False) -> None:
        """Take a secret, or its absence (None): the plan gets its name, the secret store its value."""
        if secret == self.secret(key) and not self.absent(key):
            return
        ref = self.plan.get(key) or SecretRef(key)
        plan = self.plan.with_value(key, ref if secret else None)
        self._commit(plan, key, {ref.name: (key, secret)}, typed=typed)

    def find_secrets(self, found: Mapping[str, Secret]) -> None:
        """Learn the secrets that the plan refers to and that were not at hand: no edit, and nothing to be undone."""
        missing = {ref.name for _key, ref in self.plan.secret_refs()} - self.secrets.keys()
        self.secrets = {**self.secrets, **{name: found[name] for name in missing & found.keys()}}
        self._findings.now(Entered(self.plan, self.secrets))
        self._judged = False

    def learn(self, sent: Plan, kept: Plan) -> bool:
        """Learn what another program has changed, by the plan that was `sent` to be saved and as it was `kept`.

        It is no edit, and nothing to be undone. Returns whether there was anything to learn.
        """
        changed = kept.accepted != sent.accepted or places_changed(sent, kept)
        if kept.id != self.plan.id or not changed:
            return False
        self.plan = learned(self.plan, sent, kept)
        self._change_states(lambda state: State(learned(state.plan, sent, kept), state.secrets, state.key))
        self._findings.now(Entered(self.plan, self.secrets))
        self._judged = False
        return True

    def learn_secrets(self, found: Mapping[str, Secret]) -> bool:
        """Take the values that secrets have elsewhere now, in the place of former ones: no edit, nothing to be undone.

        Returns whether any of them is another one than before.
        """
        was = self.secrets
        new = {name: secret for name, secret in found.items() if was.get(name) != secret}
        if not new:
            return False

        def told(state: State) -> State:
            same = {name: secret for name, secret in new.items() if state.secrets.get(name) == was.get(name)}
            return State(state.plan, {**state.secrets, **same}, state.key)

        self._change_states(told)
        self.secrets = {**was, **new}
        self._findings.now(Entered(self.plan, self.secrets))
        self._judged = False
        return True

    def _change_states(self, change: Callable[[State], State]) -> None:
        for states in (self._former, self._undone):
            for at, state in enumerate(states):
                states[at] = change(state)

    def fill(self, group: str, filled: Filled) -> None:
        """Take the parts of a pasted address for the server `group`."""
        plan, key, held = filled.plan, f"{group}.password", {}
        if filled.password:
            ref = plan.get(key) or SecretRef(key)
            held[ref.name] = key, filled.password
            plan = plan.with_value(key, ref)
        self._commit(plan, group, held)

    def take_over(self, plan: Plan, secrets: Mapping[str, Secret]) -> None:
        """Put `plan` in the place of this one, with secrets by the names of their references: one edit."""
        held = {ref.name: (key, secrets[ref.name]) for key, ref in plan.secret_refs() if ref.name in secrets}
        self._commit(plan, "", held)

    def replace(self, plan: Plan, key: str = "") -> None:
        """Put `plan` in the place of this one; `key` says what was edited (a setting, a group, or empty for many)."""
        self._commit(plan, key)

    def seal(self) -> None:
        """End what counts as one edit: what is typed from now on is undone apart from what was typed before."""
        self._typed = ""
        self._on_seal()

    @property
    def typed(self) -> str:
        """The key of the setting that is being typed at; nothing where the last edit was none of keys."""
        return self._typed

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._former)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit that was taken back."""
        return bool(self._undone)

    def undo(self) -> str | None:
        """Take the last edit back; return the key it was made at, or None if there is nothing to take back."""
        return self._swap(self._former, self._undone)

    def redo(self) -> str | None:
        """Make the edit again that was taken back last; return the key it was made at, or None if there is none."""
        return self._swap(self._undone, self._former)

    def _swap(self, source: deque[State] | list[State], target: deque[State] | list[State]) -> str | None:
        if not source:
            return None
        state = source.pop()
        target.append(State(self.plan, self.secrets, state.key))
        names = {ref.name: key for plan in (self.plan, state.plan) for key, ref in plan.secret_refs()}
        was = self.secrets
        self._typed = ""
        self._take(state.plan, state.secrets)
        for name in was.keys() | state.secrets.keys():
            if was.get(name) != state.secrets.get(name):
                self._on_secret(names.get(name, name), name, state.secrets.get(name))
        self._on_edit("")
        return state.key

    def _commit(
        self,
        plan: Plan,
        key: str,
        held: Mapping[str, tuple[str, Secret | None]] | None = None,
        *,
        typed: bool = False,
    ) -> None:
        """Let `plan` take the place of this one, and secrets with their keys come and go; if there is any change."""
        held = {**_freed(self.plan, plan), **(held or {})}
        decides = plan.unsaid != self.plan.unsaid  # who chooses what stands there says what the source did not
        if plan == self.plan and not held and not decides:
            return
        if not (typed and key == self._typed):
            self._former.append(State(self.plan, self.secrets, key))
        self._undone.clear()
        self._typed = key if typed else ""
        secrets = {**self.secrets, **{name: secret for name, (_key, secret) in held.items() if secret}}
        gone = {name for name, (_key, secret) in held.items() if not secret}
        self._take(plan, {name: secret for name, secret in secrets.items() if name not in gone})
        for name, (where, secret) in held.items():
            self._on_secret(where, name, secret)
        self._on_edit(key)

    def _take(self, plan: Plan, secrets: Mapping[str, Secret]) -> None:
        edited = _differ(plan, self.plan) or plan.unsaid != self.plan.unsaid or secrets != self.secrets
        self.outdated = self.outdated or (edited and bool(self.exported))
        self.plan, self.secrets = plan, secrets
        self._findings.now(Entered(plan, secrets))
        self._judged = False

    def _hold_back(self, key: str, text: str) -> None:
        """Keep a whole address out of the plan: it may hold a password, and the plan is saved as plain text."""
        ref = self._place_for(key)
        problem = tr("Enter the host alone: user and password have fields of their own.")
        if not is_of_a_client(text):  # of that nothing is quoted
            try:
                Host().parse(text if "://" in text else text.rpartition("@")[2])
            except BadValueError as error:
                problem = str(error)
        plan = self.plan.with_unreadable(Unreadable(key, ref, problem))
        self._commit(plan, key, {ref.name: (key, Secret(text))}, typed=True)

    def _place_for(self, key: str) -> SecretRef:
        """Return the name for an address held back at `key`.

        Its own, as that of a node moves with it to another key.
        """
        names = {item.key: item.value for item in self.plan.unreadable if isinstance(item.value, SecretRef)}
        usual = SecretRef(f"{UNREADABLE}{key}")
        return names.get(key) or (SecretRef(f"{usual.name}.{new_id()}") if usual in names.values() else usual)


def _differ(one: Plan, other: Plan) -> bool:
    """Whether two plans differ in more than in what they accept."""
    return replace(one, accepted=()) != replace(other, accepted=())


def _freed(former: Plan, plan: Plan) -> dict[str, tuple[str, Secret | None]]:
    """Return the names of addresses that were held back in `former` and were split, replaced or removed since."""
    were = {item.key: item.value for item in former.unreadable if isinstance(item.value, SecretRef)}
    held = {ref for _key, ref in plan.secret_refs()} if were else set()
    return {ref.name: (key, None) for key, ref in were.items() if ref not in held}
