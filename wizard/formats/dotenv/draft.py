"""What a reader of variables builds up: the plan so far, the secrets found, and the variables not yet used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wizard.formats.dotenv.expressions import Expanded, surely_named
from wizard.formats.dotenv.grammar import Assignment
from wizard.pattern import pattern
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.kinds import BadValueError, Boolean, FilePath, Text
from wizard.plan.pasted import may_be_pasted, without_value
from wizard.plan.place import Place
from wizard.plan.plan import Expression, Extra, Plan, Unreadable
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Queue
from wizard.plan.sections.redis import ROLE_VARIABLES
from wizard.plan.setting import Setting
from wizard.plan.variables import may_be_secret

_CUT = mark(
    "NocoBase's reader cuts an unquoted value at “#”: write it in single quotes, and a “#” in the password of an "
    "address as %23."
)

_FOR_COMPOSE = mark(
    "It is written for Compose, which puts a value in the place of “$NAME”; NocoBase takes it as it is."
)
_FROM_ELSEWHERE = mark("Its value comes from elsewhere when a node is started, and is not at hand here.")

_ADDRESSES = frozenset({*ROLE_VARIABLES.values(), Queue().url_variable})
_WHOLE_ADDRESS = pattern(r"(?:[a-z]+|\$\{?\w+\}?)://")


class Draft:
    """A plan under construction. A variable that is set and empty counts as not set, as NocoBase fills it in."""

    def __init__(self, assignments: dict[str, Assignment], file: str) -> None:
        """Begin with all variables of `file` unused."""
        self.plan = Plan()
        self._file = file
        self._places: dict[str, Place] = {}
        self.secrets: dict[str, Secret] = {}
        self.left = dict(assignments)
        self._refused: list[Unreadable] = []
        self._unexpanded: list[Unreadable] = []
        self._expressions: list[Expression] = []

    def finished(self) -> Plan:
        """Return the plan with what was refused; last, as deciding a setting drops what was kept for it."""
        for item in (*self._refused, *self._unexpanded):
            self.plan = self.plan.with_unreadable(item)
        return replace(self.plan, places=self._places, expressions=tuple(self._expressions))

    def place(self, key: str, found: Assignment) -> None:
        """Remember where what is said of `key` stands; a variable that is not there stands nowhere."""
        if found.line:
            self._places[key] = Place(found.file or self._file, found.line, found.name)

    def take(self, name: str) -> Assignment | None:
        """Use a variable up; None if it is not there or empty."""
        found = self.left.pop(name, None)
        return found if found and found.value else None

    def set(self, key: str, value: Any) -> None:
        """Decide a setting."""
        self.plan = self.plan.with_value(key, value)

    def read(self, key: str, found: Assignment) -> None:
        """Decide the setting `key` by the text of a variable; what cannot be read is kept."""
        setting = self.plan.setting(key)
        self.place(key, found)
        if setting.secret:
            self.set(key, self.hide(key, found.value))
            return
        try:
            value = _parsed(setting, found.value)
        except BadValueError as error:
            if isinstance(setting.kind, Boolean):
                self.set(key, False)  # NocoBase takes any text but “true” for no
            self.refuse(key, found, str(error))
        else:
            self.set(key, value)

    def hide(self, name: str, value: str) -> SecretRef:
        """Keep a secret's value apart and give its reference."""
        self.secrets[name] = Secret(value)
        return SecretRef(name)

    def refuse(self, key: str, found: Assignment, problem: str, *, secret: bool = False) -> None:
        """Keep a variable that cannot be read as the setting (or variable) `key`, with the sentence that says why."""
        if found.cut:
            problem = sentences(problem, tr(_CUT))
        self._refused.append(self._unreadable(key, found, problem, secret=secret))

    def express(self, key: str, found: Assignment, expanded: Expanded, *, composed: bool = False) -> None:
        """Keep a variable that Compose puts another value in: what it says here is nothing that can be judged."""
        secret = may_be_secret(found.name, found.value) or _may_be_half_of_an_address(found.name, key, found.value)
        problem = _FROM_ELSEWHERE if composed else _FOR_COMPOSE
        self._unexpanded.append(self._unreadable(key, found, tr(problem), secret=secret))
        meant = None if expanded.value is None or (expanded.unset and not expanded.value) else expanded.value
        shown = Secret(meant) if meant is not None and (secret or may_be_secret(found.name, meant)) else meant
        place = Place(found.file or self._file, found.line, found.name)
        sure = surely_named(found.value)
        told = (name for name in expanded.named if not secret or name in sure or name not in found.value)
        kept = Expression(found.name, key, place, shown, tuple(told), composed, expanded.torn, expanded.templated)
        self._expressions.append(kept)

    def _unreadable(self, key: str, found: Assignment, problem: str, *, secret: bool) -> Unreadable:
        self.place(key, found)
        hidden = secret or may_be_secret(found.name, found.value) or may_be_pasted(found.value)
        value = self.hide(f"unreadable.{found.name}", found.value) if hidden else found.value
        return Unreadable(key, value, without_value(problem, found.value) if hidden else problem, where(found))

    def keep(self, found: Assignment) -> None:
        """Keep a variable verbatim: no setting covers it. Its value is a secret unless it is known to be none."""
        hidden = found.value and may_be_secret(found.name, found.value)
        value = self.hide(f"extra.{found.name}", found.value) if hidden else found.value
        self.place(found.name, found)
        self.plan = replace(self.plan, extras=(*self.plan.extras, Extra(found.name, value)))


def _may_be_half_of_an_address(name: str, key: str, value: str) -> bool:
    """Whether an address has no scheme to tell by where its account ends, or one that is misspelt."""
    return (name in _ADDRESSES and not _WHOLE_ADDRESS.match(value)) or (key.endswith(".host") and "@" in value)


def _parsed(setting: Setting, text: str) -> Any:
    """Parse without the leniency that a form wants: NocoBase trims few values."""
    kind, value = setting.kind, setting.parse(text)
    trims = isinstance(kind, Text) and kind.trimmed
    if isinstance(kind, Text | FilePath) and value != text and not trims:
        raise BadValueError(tr("It begins or ends with white space, which NocoBase keeps."))
    return value


def where(found: Assignment) -> str:
    """Say where a variable stands; nothing if it does not."""
    return tr("line {number}", number=found.line) if found.line else ""
