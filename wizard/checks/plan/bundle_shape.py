"""What the Compose file and the manifests of a bundle run, and on what, beside what the plan's own would: part by part.

A part is one thing that an owner (a service, an object) is given, in a form in which it is the same however it is
written. Only parts that change what runs are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from wizard.checks.plan.specs_read import SOURCES
from wizard.dataclass import dataclass
from wizard.formats.image import version_of
from wizard.plan.finding import Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.place import Place
from wizard.plan.remedy import advice

Value = str | tuple[str, ...]
_MOST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Part:
    """What stands there, and where. `shown` is how it is told, where that is not as it is compared.

    What may have a secret in it is told by nothing.
    """

    value: Value
    place: Place
    shown: str | None = None

    @property
    def words(self) -> str:
        """What stands there as a person would write it; nothing where that is no help."""
        text = self.value if isinstance(self.value, str) else listing(self.value)
        text = text if self.shown is None else self.shown
        return "" if len(text) > _MOST_SHOWN else text


@dataclass(frozen=True, slots=True)
class Owner:
    """A service or an object: where it begins, and its parts by their names."""

    place: Place
    parts: Mapping[str, Part] = field(default_factory=dict)
    runs: bool = False
    """Whether it is a node, or makes some."""


Shape = Mapping[str, Owner]
"""All owners by the words that lead to them, such as `services.node2`."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What follows where a part is another one (marked for translation), and whether a value will do all the same."""

    effect: str
    will_do: Callable[[Value | None], bool] = lambda _value: False
    may_be_more: bool = False
    """Whether one of which the plan says nothing does no harm, or what comes to those of the plan."""


Meanings = Mapping[str, Meaning]
"""By the name of the part, or by its first word."""


def differences(now: Shape, planned: Shape, meanings: Meanings) -> Iterator[Finding]:
    """Say what each owner of the plan is given otherwise in the files as they are now, the same place once."""
    found: dict[tuple[Place, str], list[tuple[str, Part | None, Part | None]]] = {}
    for name, wanted in planned.items():
        has = now.get(name)
        for key in {**wanted.parts, **has.parts} if has else ():
            stands = has.parts.get(key) if has else None
            one, other = _there(stands), _there(wanted.parts.get(key))
            if has and not _is_alike(one, other, meanings[_kind(key)]):
                found.setdefault((stands.place if stands else has.place, key), []).append((name, one, other))
    for (place, key), rows in found.items():
        name = _named([name for name, _one, _other in rows], key)
        _first, one, other = rows[0]
        says = tr("{path} gives {name} otherwise than the plan.", path=place.file, name=name)
        if one is None:
            says = tr("{path} does not give {name}, which the plan says.", path=place.file, name=name)
        yield finding(name, says, place, sentences(_beside(one, other), tr(meanings[_kind(key)].effect)))


def _there(part: Part | None) -> Part | None:
    """Return a part that says something: one that was emptied is none, and stands where that was done."""
    return part if part and part.value else None


def _kind(key: str) -> str:
    return key.partition(" ")[0]


def _is_alike(one: Part | None, other: Part | None, meaning: Meaning) -> bool:
    """Whether a part will do; where the plan does not say it, the exported file has an expression that refuses."""
    if meaning.may_be_more and (other is None or _has_all(one, other)):
        return True
    if other and "${" in other.value:
        return True
    return (one and one.value) == (other and other.value) or meaning.will_do(one.value if one else None)


def _has_all(one: Part | None, other: Part) -> bool:
    value = one.value if one else ""
    return isinstance(value, tuple) and isinstance(other.value, tuple) and {*other.value} <= {*value}


def _named(owners: list[str], key: str) -> str:
    if len(owners) == 1:
        return f"{owners[0]}.{key}"
    folder = owners[0].partition(".")[0]
    return f"{folder}.{{{','.join(owner.partition('.')[2] for owner in owners)}}}.{key}"


def _beside(one: Part | None, other: Part | None) -> str:
    if one and one.words and other and other.words:
        return tr("“{now}” stands there, and by the plan “{planned}”.", now=one.words, planned=other.words)
    if one and one.words and not other:
        return tr("“{now}” stands there, and by the plan nothing.", now=one.words)
    if other and other.words and not one:
        return tr("By the plan it is “{planned}”.", planned=other.words)
    return ""


def gone(now: Shape, planned: Shape, effect: str) -> Iterator[Finding]:
    """Say which owners of the plan are not there any more."""
    for name, wanted in planned.items():
        if name not in now:
            file = wanted.place.file
            says = tr("{path} does not give {name}, which the plan says.", path=file, name=name)
            yield finding(name, says, Place(file), effect)


def further(now: Shape, planned: Shape) -> Iterator[Finding]:
    """Say which nodes are there that the plan knows nothing of."""
    for name, owner in now.items():
        if owner.runs and name not in planned:
            says = tr("{path} has {name}, of which the plan knows nothing.", path=owner.place.file, name=name)
            why = tr("A further node takes a worker ID and connections, and nothing here was checked for it.")
            yield finding(name, says, owner.place, why)


def finding(name: str, says: str, place: Place, why: str) -> Finding:
    """Return what is told of one difference, which is at `place`."""
    found = SOURCES.fail(
        says,
        subject=f"{place.file} {name}",
        detail=sentences(f"{place.words}.", why),
        remedy=advice(tr("Put back there what the plan says, or change the plan and export again.")),
        facts={"setting": name, "places": [place.words]},
    )
    return replace(found, places=(place,))


def image(name: str) -> str:
    """Return what an image is compared by: of NocoBase's the version, from wherever it is fetched."""
    return (version_of(name) if "nocobase" in name else "") or name
