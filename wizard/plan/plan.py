"""The plan: all that an admin decided about one cluster. Immutable; edits give a new plan.

No secret is in it, but what an admin put where none belongs: that is kept as a Secret, and never written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, fields, is_dataclass, replace
from functools import cache
from typing import Any

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.accepted import Accepted
from wizard.plan.accounts import OF_PASSWORD_FILE, WITH_PASSWORD
from wizard.plan.i18n import mark
from wizard.plan.identity import new_id
from wizard.plan.kinds import BadValueError, Text
from wizard.plan.literals import SHORTEST
from wizard.plan.observed import Observed, Topic
from wizard.plan.pasted import may_be_pasted, without_value
from wizard.plan.place import Disagreement, Place
from wizard.plan.redact import concealed, masked
from wizard.plan.secret import HIDDEN, Secret, SecretRef
from wizard.plan.sections import (
    Application,
    Balancer,
    Database,
    Licence,
    Node,
    Queue,
    QueueKind,
    Reach,
    Redis,
    RedisRole,
    Storage,
)
from wizard.plan.sections.redis import variables_decided_by
from wizard.plan.setting import Setting, declared, setting, settings_of

SCHEMA = 1
_ACCENTS = "".join(chr(code) for code in range(0x300, 0x370))
"""Unicode's combining diacritical marks."""
_BESIDE_DIGEST = 14
"""Letters of a name beside its digest: what is shortened further, for Kubernetes, must keep the digest."""
_ACCOUNT_AT_A_HOST = pattern(r"^(?!.*://).*@|^[^:]+:(?!\d*$)[^:]*$")
"""An account before a host without a scheme, or as far as its password: no port is written so."""
SECTIONS = ("licence", "application", "database", "redis", "queue", "storage", "nodes", "reach", "balancer")


@dataclass(frozen=True, slots=True)
class Extra:
    """An environment variable kept verbatim: no setting covers it, and nothing is lost."""

    name: str
    value: str | SecretRef


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that could not be read as its setting's kind. It is kept as it came, and a rule reports it.

    `key` is a setting's key or a variable's name; `value` the text as it came: a Secret where it may hold one, or a
    reference to it. `problem` is a sentence for the admin; `where` the place it came from (`line 12`), if known.
    """

    key: str
    value: str | Secret | SecretRef
    problem: str
    where: str = ""

    @property
    def shown(self) -> str:
        """The text as anybody may see it, what looks like a secret hidden; empty for a reference."""
        match self.value:
            case Secret() as secret:
                return concealed(secret)
            case SecretRef():
                return ""
            case text:
                return text


@dataclass(frozen=True, slots=True)
class Unlike:
    """A variable whose text the readers of env files read differently, and where it stands (`line 12`).

    With `earlier` they read it alike, and the line of that number gives it another value, which counts for nobody.
    """

    name: str
    where: str
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Expression:
    """A variable of an env file in which Compose puts another value in the place of `$NAME` (`key`: what it decides).

    `meant` is that value, a Secret where it may be one; None where Compose refuses or has none to give. `named` are the
    variables that stand in it.
    """

    name: str
    key: str
    place: Place
    meant: str | Secret | None
    named: tuple[str, ...] = ()
    composed: bool = False
    """Whether it stands in a Compose file, which takes what is missing from the environment that it is started in."""
    torn: tuple[Place, ...] = ()
    """Where a secret stands with a “$” that Compose takes for a variable's, and nobody can tell whether it is one."""
    templated: bool = False
    """Whether a program, such as Helm, fills it in before the nodes are started."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One cluster. Each section is a group of settings; `nodes` has one group a node."""

    id: str = field(default_factory=new_id)
    name: str = setting("nocobase", Text(), mark("Name of the cluster"))
    licence: Licence = field(default_factory=Licence)
    application: Application = field(default_factory=Application)
    database: Database = field(default_factory=Database)
    redis: Redis = field(default_factory=Redis)
    queue: Queue = field(default_factory=Queue)
    storage: Storage = field(default_factory=Storage)
    nodes: tuple[Node, ...] = ()
    reach: Reach = field(default_factory=Reach)
    balancer: Balancer = field(default_factory=Balancer)
    extras: tuple[Extra, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    """Findings that are known and wanted."""

    unsaid: frozenset[str] = field(default=frozenset(), compare=False)
    """Keys of settings, or of a group, that the source had no way to say: their values are defaults, and no fact.

    A cluster file says all there is, so this is never written.
    """

    unlike: tuple[Unlike, ...] = field(default=(), compare=False)
    """Variables of the env file it came from: the plan has what NocoBase reads. A cluster file has none."""

    expressions: tuple[Expression, ...] = field(default=(), compare=False)
    """Variables of the env file that are written for Compose; each is unreadable, too, and judged once, as these."""

    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    """Where each setting (or variable) stood that the source says something of; never written."""

    disagreements: tuple[Disagreement, ...] = field(default=(), compare=False)
    """What several sources say differently; never written."""

    observed: tuple[Observed, ...] = field(default=(), compare=False)
    """What the source says of how the nodes are run, beside its settings; never written."""

    def get(self, key: str) -> Any:
        """Return the value of the setting `key` (`database.port`, `nodes.0.host`); raises KeyError."""
        found: Any = self
        for part in key.split("."):
            found = _child(found, part, key)
        return found

    def has_setting(self, key: str) -> bool:
        """Whether `key` is that of a setting; a further variable is none, and a node has its settings by its number."""
        try:
            self.setting(key)
        except KeyError:
            return False
        return True

    def setting(self, key: str) -> Setting:
        """Return the declaration of the setting `key`; raises KeyError."""
        group, _, name = key.rpartition(".")
        try:
            return settings_of(self.get(group) if group else self)[name]
        except (KeyError, TypeError):
            raise KeyError(key) from None

    def with_value(self, key: str, value: Any) -> Plan:
        """Return a plan in which `key` has `value`; what was unsaid, or unreadable, and is decided by it is gone."""
        changed: Plan = _replaced(self, key.split("."), value)
        decided = {key, *variables_decided_by(key)}
        return replace(
            changed,
            unreadable=tuple(item for item in changed.unreadable if item.key not in decided),
            unsaid=frozenset(other for other in changed.unsaid if not _overlap(other, key)),
            unlike=tuple(item for item in changed.unlike if item.name not in self._variables_of(key)),
            expressions=tuple(item for item in changed.expressions if item.key not in decided),
            places={other: place for other, place in changed.places.items() if not _overlap(other, key)},
            disagreements=tuple(item for item in changed.disagreements if not _overlap(item.key, key)),
        )

    def place_of(self, key: str) -> Place | None:
        """Return where what the plan says of the setting (or variable) `key` stood; None where that is not known."""
        while key:
            if key in self.places:
                return self.places[key]
            key = key.rpartition(".")[0]
        return None

    def seen(self, *topics: Topic) -> list[Observed]:
        """Return what the source says of these topics, in its order."""
        return [item for item in self.observed if item.topic in topics]

    def _variables_of(self, key: str) -> tuple[str, ...]:
        """Return the variables that the setting `key` decides, alone or with others."""
        try:
            own = self.setting(key).env
        except KeyError:
            own = ()
        return (*own, *variables_decided_by(key))

    def with_text(self, key: str, text: str) -> Plan:
        """Return a plan in which `key` has what `text` says; a text that says nothing valid is kept as unreadable."""
        try:
            return self.with_value(key, self.setting(key).parse(text))
        except BadValueError as error:
            return self.with_unreadable(Unreadable(key, text, str(error)))

    def with_unreadable(self, item: Unreadable) -> Plan:
        """Return a plan that keeps `item`, in the place of an earlier one of the same key.

        A text that may hold a secret is kept as one: an address with a password, a key, what stands at a secret
        setting. The problem may quote it.
        """
        value, problem = item.value, masked(item.problem)
        if isinstance(value, str) and value and (masked(value) != value or self._may_hold_secret(item.key, value)):
            problem = without_value(problem, value)
            if len(value) < SHORTEST:  # a letter is in each sentence
                problem = problem.replace(f"“{value}”", f"“{HIDDEN}”")
            value = Secret(value)
        others = tuple(other for other in self.unreadable if other.key != item.key)
        return replace(self, unreadable=(*others, replace(item, value=value, problem=problem)))

    def _may_hold_secret(self, key: str, value: str) -> bool:
        if WITH_PASSWORD.search(value) or may_be_pasted(value):
            return True
        try:
            if self.setting(key).secret:
                return True
        except KeyError:
            return False
        told = _ACCOUNT_AT_A_HOST.search(value) or OF_PASSWORD_FILE.fullmatch(value.strip())
        return key.endswith(".host") and told is not None

    def text(self, key: str) -> str:
        """Return the text to show for `key`: the unreadable one if there is one, secrets hidden, else the value's."""
        for item in self.unreadable:
            if item.key == key and not isinstance(item.value, SecretRef):
                return item.shown
        return self.setting(key).kind.render(self.get(key))

    def held_back(self, key: str) -> Secret | None:
        """Return the unreadable text of `key` if it may hold a secret: for the field it was typed into."""
        found = (item.value for item in self.unreadable if item.key == key)
        return next((value for value in found if isinstance(value, Secret)), None)

    def problem(self, key: str) -> str:
        """Return the sentence that says why the text of `key` cannot be read, or nothing."""
        return next((item.problem for item in self.unreadable if item.key == key), "")

    def is_expression(self, key: str) -> bool:
        """Whether the text of `key` is written for Compose, which makes something else of it."""
        return any(item.key == key for item in self.expressions)

    def beyond(self, key: str) -> str:
        """Return the text of `key` that NocoBase takes and this program has no value for, or nothing (`Setting`)."""
        found = next((item.value for item in self.unreadable if item.key == key), "")
        text = found.strip() if isinstance(found, str) else ""
        return text if text and text in self.setting(key).beyond else ""

    def settings(self) -> Iterator[tuple[str, Setting, Any]]:
        """Go through every setting of the plan: key, declaration, value; nodes by their index."""
        yield from _walk(self, "")

    def secret_refs(self) -> Iterator[tuple[str, SecretRef]]:
        """Go through every reference to a secret: the key it stands at, and the reference."""
        for key, _setting, value in self.settings():
            if isinstance(value, SecretRef):
                yield key, value
        for extra in self.extras:
            if isinstance(extra.value, SecretRef):
                yield extra.name, extra.value
        for item in self.unreadable:
            if isinstance(item.value, SecretRef):
                yield item.key, item.value

    @property
    def several_machines(self) -> bool:
        """Whether the nodes stand on more than one host, so that "localhost" means different things."""
        return len({node.host for node in self.nodes if node.host}) > 1

    @property
    def redis_roles(self) -> tuple[RedisRole, ...]:
        """The roles that Redis plays in this plan: RabbitMQ may carry the queue."""
        carries_queue = self.queue.kind is QueueKind.REDIS
        return tuple(role for role in RedisRole if carries_queue or role is not RedisRole.QUEUE)

    @property
    def processes(self) -> int:
        """NocoBase processes in the whole cluster; each takes one of the worker IDs (WORKER_ID_COUNT)."""
        return sum(node.processes for node in self.nodes)


def _child(group: Any, part: str, key: str) -> Any:
    if isinstance(group, tuple):
        if part.isdecimal() and int(part[:9]) < len(group):
            return group[int(part)]
    elif is_dataclass(group) and part in group.__dataclass_fields__:
        return getattr(group, part)
    raise KeyError(key)


def _overlap(one: str, other: str) -> bool:
    """Whether one key is the other, or a group that holds it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _replaced(group: Any, path: list[str], value: Any) -> Any:
    head, *rest = path
    child = _child(group, head, ".".join(path))
    new = _replaced(child, rest, value) if rest else value
    if isinstance(group, tuple):
        index = int(head)
        return (*group[:index], new, *group[index + 1 :])
    return replace(group, **{head: new})


def _walk(group: Any, prefix: str) -> Iterator[tuple[str, Setting, Any]]:
    for name, found in _declarations(group.__class__):
        value = getattr(group, name)
        if found:
            yield prefix + name, found, value
        elif is_dataclass(value):
            yield from _walk(value, f"{prefix}{name}.")
        elif name == "nodes":
            for index, node in enumerate(value):
                yield from _walk(node, f"{prefix}nodes.{index}.")


@cache
def _declarations(section: type) -> tuple[tuple[str, Setting | None], ...]:
    """Return the fields of a section, each with the setting declared on it, if it is one."""
    return tuple((item.name, declared(item)) for item in fields(section))


def slug(name: str) -> str:
    """Return a file name made from a cluster's name: small letters, digits and `-`; the same name gives the same one.

    Accents are left off. Where a letter or a sign has no such form, a digest of the name follows: what stands in the
    files must not be another cluster's.
    """
    import hashlib
    import unicodedata

    whole = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(sign for index, sign in enumerate(whole) if not _is_accent(whole, index))
    short = re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or "cluster"
    lost = any(not sign.isascii() and unicodedata.category(sign)[0] not in "PZ" for sign in bare)
    digest = hashlib.sha256(whole.encode()).hexdigest()[:6]
    return f"{short[:_BESIDE_DIGEST].rstrip('-')}-{digest}" if lost else short


def _is_accent(text: str, index: int) -> bool:
    """Whether the sign there stands on a Latin letter; on others it makes a letter of its own."""
    base = text[:index].rstrip(_ACCENTS)[-1:]
    return text[index] in _ACCENTS and base.isascii() and base.isalpha()
