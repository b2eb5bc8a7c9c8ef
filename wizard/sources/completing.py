"""Several sources that complete one another. The first that says something of a setting is taken; others agree or not.

What a source says is what it has a place for (`Plan.places`): a default that stands in for nothing completes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wizard.formats.allowance import refuse_many_nodes
from wizard.plan.i18n import listing
from wizard.plan.node_variables import POOL, may_differ
from wizard.plan.place import Disagreement, Place
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node, RedisRole
from wizard.plan.setting import settings_of
from wizard.plan.variables import known_variables
from wizard.sources.contract import OpenedSource
from wizard.sources.shared.elsewhere import comes_from_elsewhere, from_elsewhere
from wizard.sources.shared.env_names import node_of
from wizard.sources.shared.lacking import lacking
from wizard.sources.shared.same_nodes import with_names_of_others

_GROUPS = ("redis", "queue")
"""Sections whose settings come together, from addresses: taken whole or not at all."""


def completed(sources: Sequence[OpenedSource], *, of_nodes: bool = False, whole: bool | None = None) -> OpenedSource:
    """Return one plan of all `sources`, at least one, with what they disagree on.

    With `of_nodes` each is what one node gets: a variable that NocoBase is not known to read may differ, and so may
    what a node does at a time. `whole` says whether each has all that its node gets, so that what others have and it
    has not is told; None: nobody knows.
    """
    if len(sources) == 1:
        return sources[0]
    if of_nodes:
        refuse_many_nodes(len(sources) - 1)  # one may be what all of them are given
    first, *others = map(_with_named_nodes, with_names_of_others(sources))
    merging = _Merging(first, of_nodes=of_nodes)
    for other in others:
        merging.add(other)
    if of_nodes:
        merging.tell(from_elsewhere([source.plan for source in sources], merging.plan))
    if whole is not None:
        merging.tell(lacking([source.plan for source in sources], whole=whole))
    bundle = next((source.bundle for source in sources if source.bundle), None)
    sealed = next((source.sealed for source in sources if source.sealed), "")
    title = listing(source.title for source in sources)
    return OpenedSource(merging.plan, merging.secrets, title, bundle, sealed=sealed)


def _with_named_nodes(source: OpenedSource) -> OpenedSource:
    """Return a source whose nodes have names: the one of an env file that does not say its own is called after it."""
    plan = source.plan
    for index, node in enumerate(plan.nodes):
        if f"nodes.{index}.name" not in plan.places and "nodes" in plan.unsaid:
            name = node_of(source.title) or node.name
            nodes = tuple(replace(one, name=name) if at == index else one for at, one in enumerate(plan.nodes))
            plan = replace(plan, nodes=nodes)
    return replace(source, plan=plan)


class _Merging:
    """The plan so far, and the secrets."""

    def __init__(self, first: OpenedSource, *, of_nodes: bool) -> None:
        self.plan = first.plan
        self._of_nodes = of_nodes
        self._node_of = ""
        self.secrets = dict(first.secrets)

    def add(self, other: OpenedSource) -> None:
        theirs = other.plan
        self._node_of = theirs.nodes[0].name if self._of_nodes and theirs.nodes else ""
        unsaid = {key for key in self.plan.unsaid if key.startswith("nodes.") or key in theirs.unsaid}
        self._missing_no_more(theirs)
        self._decided_by_absence(theirs)
        for key, _setting, value in theirs.settings():
            if not key.startswith(("nodes.", *(f"{group}." for group in _GROUPS))) and key in theirs.places:
                self._decide(key, value, other)
        for group in _GROUPS:
            self._group(group, other)
        self._extras(other)
        for node in range(len(theirs.nodes)):
            unsaid |= self._node(node, other)
        self._unreadable(other)
        known = {(item.name, item.key) for item in self.plan.expressions}
        expressions = [replace(item, key=self._key(item.key, other)) for item in theirs.expressions]
        expressions = [
            item
            for item in expressions
            if self.plan.places.get(item.key) == item.place and (item.name, item.key) not in known
        ]
        self.plan = replace(
            self.plan,
            unsaid=frozenset(key for key in unsaid if key not in self.plan.places),
            expressions=(*self.plan.expressions, *expressions),
            unlike=(*self.plan.unlike, *(item for item in theirs.unlike if item not in self.plan.unlike)),
            observed=(*self.plan.observed, *(item for item in theirs.observed if item not in self.plan.observed)),
        )

    def _missing_no_more(self, theirs: Plan) -> None:
        """Drop complaints that something is not there where the other source has it."""
        kept = (item for item in self.plan.unreadable if item.key in self.plan.places or item.key not in theirs.places)
        self.plan = replace(self.plan, unreadable=tuple(kept))

    def _decided_by_absence(self, theirs: Plan) -> None:
        """Take what the other source decides by not having a variable, where ours has no way to say it."""
        for key in sorted(self.plan.unsaid - theirs.unsaid):
            section = key.partition(".")[0]
            if section == "nodes" or key in theirs.places or key == section:
                continue
            self.plan = replace(self.plan.with_value(key, theirs.get(key)), disagreements=self.plan.disagreements)

    def _decide(self, key: str, value: object, other: OpenedSource) -> None:
        place = other.plan.places[key]
        if key not in self.plan.places or self.plan.is_expression(key):
            if not other.plan.problem(key):
                self._take(key, value, place, other)
        elif self._of_nodes and comes_from_elsewhere(other.plan, key):
            return
        elif self.plan.problem(key) != other.plan.problem(key):
            self._disagree(key, place)
        elif not self._same(self.plan.get(key), value, other):
            if not (self._of_nodes and may_differ(place.name)):
                self._disagree(key, place)
            elif key == POOL and isinstance(value, int) and value > self.plan.get(key):
                self._take(key, value, place, other)
        elif not self._of_nodes:
            self._known_now(key)

    def _known_now(self, key: str) -> None:
        """Drop that a node's value was not in the files: a source that was given for it says what others have."""
        kept = (item for item in self.plan.disagreements if not (item.unknown and item.key == key))
        self.plan = replace(self.plan, disagreements=tuple(kept))

    def _take(self, key: str, value: object, place: Place, other: OpenedSource) -> None:
        disagreements, places = self.plan.disagreements, self.plan.places
        plan = self.plan.with_value(key, value)
        self.plan = replace(plan, places={**places, key: place}, disagreements=disagreements)
        self._learn(value, value, other)

    def tell(self, more: Iterable[Disagreement]) -> None:
        self.plan = replace(self.plan, disagreements=(*self.plan.disagreements, *more))

    def _disagree(self, key: str, place: Place) -> None:
        if any(item.key == key and item.other == place for item in self.plan.disagreements):
            return
        taken = self.plan.place_of(key) or Place(self.plan.name)
        self.tell([Disagreement(key, taken, place, node=self._node_of)])

    def _same(self, ours: object, value: object, other: OpenedSource) -> bool:
        if not isinstance(ours, SecretRef) and not isinstance(value, SecretRef):
            return ours == value
        known, new = _plain(ours, self.secrets), _plain(value, other.secrets)
        self._learn(ours, value, other)
        return known is None or new is None or known == new

    def _learn(self, ours: object, value: object, other: OpenedSource) -> None:
        """Keep the value of a secret that only the other source has, under the name that the plan knows it by."""
        if isinstance(ours, SecretRef) and isinstance(value, SecretRef) and (found := other.secrets.get(value.name)):
            self.secrets.setdefault(ours.name, found)

    def _group(self, group: str, other: OpenedSource) -> None:
        theirs = other.plan
        said = {key: place for key, place in theirs.places.items() if key == group or key.startswith(f"{group}.")}
        if not said:
            return
        if not any(key == group or key.startswith(f"{group}.") for key in self.plan.places):
            places = {**self.plan.places, **said, **_places_of_roles(theirs)}
            self.plan = replace(self.plan, places=places, **{group: theirs.get(group)})
            for key, ref in theirs.secret_refs():
                if key.startswith(f"{group}."):
                    self._learn(ref, ref, other)
        elif group == "queue":
            self._queue(other)
        else:
            self._redis(other)

    def _queue(self, other: OpenedSource) -> None:
        for name in settings_of(self.plan.queue):
            key = f"queue.{name}"
            place = other.plan.place_of(key)
            if place and not self._same(self.plan.get(key), other.plan.get(key), other):
                self._disagree(key, place)

    def _redis(self, other: OpenedSource) -> None:
        ours, theirs = self.plan.redis, other.plan.redis
        for role in RedisRole:
            one, two = ours.endpoint(role), theirs.endpoint(role)
            place = other.plan.place_of(f"redis.{role.field}") or other.plan.place_of(theirs.endpoint_key(role))
            if not one.host or not two.host or place is None:
                continue
            alike = replace(one, password=None) == replace(two, password=None)
            if not alike or not self._same(one.password, two.password, other):
                self._disagree(f"{ours.endpoint_key(role)}.host", place)
            elif ours.database(role) != theirs.database(role):
                self._disagree(f"redis.databases.{role.field}", place)

    def _extras(self, other: OpenedSource) -> None:
        known = {extra.name: extra for extra in self.plan.extras}
        for extra in other.plan.extras:
            place = other.plan.places.get(extra.name, Place(other.title, name=extra.name))
            if extra.name not in known:
                places = {**self.plan.places, extra.name: place}
                self.plan = replace(self.plan, extras=(*self.plan.extras, extra), places=places)
                self._learn(extra.value, extra.value, other)
            elif self._of_nodes and (extra.name not in known_variables() or may_differ(extra.name)):
                continue
            elif not self._same(known[extra.name].value, extra.value, other):
                self._disagree(extra.name, place)

    def _node(self, index: int, other: OpenedSource) -> set[str]:
        """Take a node in, or complete the one of that name; returns the keys that are unsaid of a new one."""
        theirs = other.plan.nodes[index]
        at = next((at for at, node in enumerate(self.plan.nodes) if node.name == theirs.name), None)
        prefix = f"nodes.{index}."
        if at is None:
            new = len(self.plan.nodes)
            places = {
                f"nodes.{new}.{key.removeprefix(prefix)}": place
                for key, place in other.plan.places.items()
                if key.startswith(prefix)
            }
            self.plan = replace(self.plan, nodes=(*self.plan.nodes, theirs), places={**self.plan.places, **places})
            silent = {key.removeprefix(prefix) for key in other.plan.unsaid if key.startswith(prefix)}
            return {f"nodes.{new}.{name}" for name in silent}
        for name in settings_of(Node()):
            key, place = f"nodes.{at}.{name}", other.plan.places.get(prefix + name)
            if place is None:
                continue
            value = getattr(theirs, name)
            if key not in self.plan.places:
                self._take(key, value, place, other)
            elif self.plan.get(key) != value:
                self._disagree(key, place)
        return set()

    def _unreadable(self, other: OpenedSource) -> None:
        for item in other.plan.unreadable:
            place, key = other.plan.places.get(item.key), self._key(item.key, other)
            of_new_node = key.startswith("nodes.") and self.plan.places.get(key) == place
            if place is None:
                continue
            if key in self.plan.places and not of_new_node:
                elsewhere = self._of_nodes and comes_from_elsewhere(other.plan, item.key)
                if self.plan.problem(key) != item.problem and not elsewhere:
                    self._disagree(key, place)
                continue
            unreadable = self.plan.with_unreadable(replace(item, key=key))
            self.plan = replace(unreadable, places={**self.plan.places, key: place})
            self._learn(item.value, item.value, other)

    def _key(self, key: str, other: OpenedSource) -> str:
        """Return the key by which the plan so far knows a setting of the other source: its nodes have other numbers."""
        section, _, rest = key.partition(".")
        number, _, name = rest.partition(".")
        if section != "nodes" or not name or not number.isdecimal() or int(number[:9]) >= len(other.plan.nodes):
            return key
        called = other.plan.nodes[int(number)].name
        return f"nodes.{next(at for at, node in enumerate(self.plan.nodes) if node.name == called)}.{name}"


def _places_of_roles(plan: Plan) -> dict[str, Place]:
    return {key: place for key, place in plan.places.items() if key.endswith("_REDIS_URL") or key == "REDIS_URL"}


def _plain(value: object, secrets: dict[str, Secret]) -> str | None:
    """Return the text of a value; None for a secret that is not at hand, and for none at all."""
    if isinstance(value, SecretRef):
        found = secrets.get(value.name)
        return found.reveal() if found else None
    return None if value is None else str(value)
