"""Verb diff: what two plans decide differently. Secrets are compared by fingerprint and never shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from secrets import token_bytes

from wizard.dataclass import dataclass
from wizard.formats import dotenv
from wizard.formats.files import UnwritableError
from wizard.plan.i18n import tr
from wizard.plan.pasted import is_key
from wizard.plan.plan import Plan
from wizard.plan.redact import concealed, masked
from wizard.plan.secret import Secret, SecretRef, Secrets
from wizard.plan.sections.redis import ADAPTER_VARIABLES, ROLE_VARIABLES
from wizard.plan.setting import settings_of

_ENVIRONMENT = "application.environment"
Value = str | Secret | SecretRef | None


class Outcome(StrEnum):
    """How two values relate; `UNKNOWN`: a secret that is not at hand on one side or both."""

    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting, what each side says, and whether that is a difference or could not be found out.

    `variables` are those that NocoBase reads the setting from, or that another value of it changes; nothing where
    there are none.
    """

    key: str
    left: str
    right: str
    outcome: Outcome = Outcome.DIFFERENT
    variables: tuple[str, ...] = ()


def compare(left: Plan, left_secrets: Secrets, right: Plan, right_secrets: Secrets) -> list[Difference]:
    """Return what differs, in the order of the left plan's settings; nodes are matched by their names.

    Several nodes of one name are matched in their order. The name of a plan that came from a file's name is none.
    """
    ours, theirs = dict(_values(left)), dict(_values(right))
    silent = _silent(left), _silent(right)
    variables = {**_variables(right), **_variables(left)}
    salt = token_bytes(16)  # of this run: a weak secret cannot be guessed from what it shows
    found = [
        _compared(key, (ours.get(key), left_secrets), (theirs.get(key), right_secrets), salt)
        for key in {**ours, **theirs}
        if not (left.id == right.id and _same_absent(ours.get(key), theirs.get(key), left_secrets, right_secrets))
        and not (key == "name" and "name" in left.unsaid | right.unsaid)
        and not (key.startswith("nodes.") and _says_nothing(key, ours, theirs, *silent))
    ]
    found += [Difference(_ENVIRONMENT, *texts) for texts in _environments(left, right)]
    written = _Written(left), _Written(right)
    named = (replace(one, variables=variables.get(one.key) or _changed_by(one.key, *written)) for one in found if one)
    return [_worded(one, *silent) for one in named]


def _says_nothing(
    key: str, ours: dict[str, Value], theirs: dict[str, Value], left: frozenset[str], right: frozenset[str]
) -> bool:
    """Whether a node is on one side alone, which says nothing of this setting: that it is there is said by its name."""
    if (key in ours) == (key in theirs):
        return False
    return (ours.get(key) or theirs.get(key)) in {None, ""} or key in (left if key in ours else right)


def _environments(left: Plan, right: Plan) -> Iterator[tuple[str, str]]:
    """Return what both sides say of APP_ENV where one alone says it, and the other's default hides the difference."""
    if left.application.environment is right.application.environment and _ENVIRONMENT in left.unsaid ^ right.unsaid:
        said = left.application.environment.value
        yield (tr("(not said)"), said) if _ENVIRONMENT in left.unsaid else (said, tr("(not said)"))


def _worded(one: Difference, left: frozenset[str], right: frozenset[str]) -> Difference:
    """Return the difference with what a side does not say called so, and no default as if it stood there."""
    if one.outcome is Outcome.UNKNOWN or one.key == _ENVIRONMENT:
        return one
    adapter = one.key.removeprefix("unreadable.") in ADAPTER_VARIABLES
    texts = [
        _unsaid_text(text) if one.key in silent else "redis" if adapter and one.key in other else text
        for text, silent, other in ((one.left, left, right), (one.right, right, left))
    ]
    return replace(one, left=texts[0], right=texts[1])


def _unsaid_text(default: str) -> str:
    return tr("(not said; the default is {value})", value=default) if default else tr("(not said)")


def _silent(plan: Plan) -> frozenset[str]:
    """Return the keys of the settings that the plan's source says nothing of, or has no way to say.

    Nothing of a plan that was not read from a source whose places are known. The variables of adapters that lack are
    among them.
    """
    if not plan.places:
        return frozenset()
    numbers = {f"nodes.{index}": f"nodes.{called}" for index, called in enumerate(_called(plan))}
    keys = [
        key
        for key, setting, _value in plan.settings()
        if (setting.env or key in plan.unsaid) and not setting.secret and not plan.place_of(key)
    ]
    lacking = [item.key for item in plan.unreadable if item.value == "" and not item.where]
    renamed = (_renamed(key, numbers) for key in keys)
    return frozenset((*renamed, *lacking, *(f"unreadable.{key}" for key in lacking)))


def _renamed(key: str, numbers: dict[str, str]) -> str:
    group, _, name = key.rpartition(".")
    return f"{numbers[group]}.{name}" if group in numbers else key


def _variables(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the variables of each setting by its key; a node's by its name."""
    found = {key: setting.env for key, setting, _value in plan.settings() if not key.startswith("nodes.")}
    for node, called in zip(plan.nodes, _called(plan), strict=True):
        found |= {f"nodes.{called}.{name}": setting.env for name, setting in settings_of(node).items()}
    for role in plan.redis_roles:
        group = plan.redis.endpoint_key(role)
        for name in settings_of(plan.redis.endpoint(role)):
            found[f"{group}.{name}"] = (*found.get(f"{group}.{name}", ()), ROLE_VARIABLES[role])
        found[f"redis.databases.{role.field}"] = (ROLE_VARIABLES[role],)
    return found


class _Written:
    """A plan, and what an export of it writes, which is found once, however many differences ask for it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def variables(self) -> dict[str, tuple[str, ...]]:
        return _written(self.plan)

    def changed_by(self, key: str, others: object) -> Iterator[str]:
        """Go through the variables that are others once the plan has what the other one has at `key`."""
        own = self.plan.get(key)
        if self.plan.setting(key).secret:  # only whether there is one is written; both may have one
            others = None if own else SecretRef(key)
        if own != others and not self.plan.problem(key):
            yield from _unlike(self.variables, _written(self.plan.with_value(key, others)))


def _changed_by(key: str, left: _Written, right: _Written) -> tuple[str, ...]:
    """Return the variables of an env file that are others once a plan has the other one's value at `key`."""
    try:
        values = left.plan.get(key), right.plan.get(key)
    except KeyError:  # no setting, or one of a node that goes by its name here
        return ()
    return tuple(dict.fromkeys((*left.changed_by(key, values[1]), *right.changed_by(key, values[0]))))


def _unlike(one: dict[str, tuple[str, ...]], other: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield from (name for name in {**one, **other} if one.get(name) != other.get(name))


def _written(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the variables that an export writes, each with its values on all nodes; none where it writes none."""
    try:
        written = dotenv.variables(plan)
    except UnwritableError:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for one in (*written.common, *(one for _name, own in written.nodes for one in own)):
        found[one.name] = (*found.get(one.name, ()), one.shown(one.ref.name if one.ref else ""))
    return found


def _same_absent(ours: Value, theirs: Value, left: Secrets, right: Secrets) -> bool:
    """Whether both sides of one cluster name the same secret and neither has it: then there is nothing to compare."""
    return isinstance(ours, SecretRef) and ours == theirs and ours.name not in left and ours.name not in right


def _values(plan: Plan) -> Iterator[tuple[str, Value]]:
    """Go through everything decided: settings as text, nodes by name, extras, and what could not be read."""
    unread = {item.key: item.value for item in plan.unreadable}
    for key, setting, value in plan.settings():
        if not key.startswith("nodes."):
            yield key, unread.pop(key, value if setting.secret else setting.kind.render(value))
    for index, (node, called) in enumerate(zip(plan.nodes, _called(plan), strict=True)):
        for name, setting in settings_of(node).items():
            key = f"nodes.{index}.{name}"
            text = unread.pop(key, setting.kind.render(getattr(node, name)))
            yield f"nodes.{called}.{name}", text
    for extra in plan.extras:
        yield f"extras.{extra.name}", extra.value
    for key, text in unread.items():
        yield f"unreadable.{key}", text


def _called(plan: Plan) -> Iterator[str]:
    """Return what each node is called: its name, or its number; the second of one name is `node1#2`."""
    met: Counter[str] = Counter()
    for index, node in enumerate(plan.nodes):
        name = node.name or str(index + 1)
        met[name] += 1
        yield name if met[name] == 1 else f"{name}#{met[name]}"


def _compared(key: str, left: tuple[Value, Secrets], right: tuple[Value, Secrets], salt: bytes) -> Difference | None:
    if not any(isinstance(value, SecretRef) for value, _secrets in (left, right)):
        return None if left[0] == right[0] else Difference(key, _shown(left[0], salt), _shown(right[0], salt))
    shown = _fingerprint(*left, salt), _fingerprint(*right, salt)
    if None in shown:
        words = [tr("not at hand") if text is None else text for text in shown]
        return Difference(key, words[0], words[1], Outcome.UNKNOWN)
    return None if shown[0] == shown[1] else Difference(key, str(shown[0]), str(shown[1]))


def _shown(value: Value, salt: bytes) -> str:
    if isinstance(value, Secret):
        return concealed(value, tr("secret {fingerprint}", fingerprint=value.fingerprint(salt)))
    if isinstance(value, str) and is_key(value):
        return _shown(Secret(value), salt)
    return tr("(not there)") if value is None else masked(str(value))


def _fingerprint(value: Value, secrets: Secrets, salt: bytes) -> str | None:
    """Return what stands for a secret.

    Its fingerprint, “none” where the plan has none, None where it is not at hand.
    """
    if not isinstance(value, Secret | SecretRef):
        return value or tr("none")
    secret = value if isinstance(value, Secret) else secrets.get(value.name)
    return tr("secret {fingerprint}", fingerprint=secret.fingerprint(salt)) if secret is not None else None
