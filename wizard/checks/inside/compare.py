"""Compare what the nodes told of one thing, with one another and with the plan. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from wizard.checks.inside.document import Document
from wizard.checks.inside.facts import Planned, Told
from wizard.checks.inside.specs import ANSWERS
from wizard.dataclass import dataclass
from wizard.engine.facts import Known
from wizard.plan.finding import Finding
from wizard.plan.i18n import listing, tr
from wizard.plan.spec import Spec


@dataclass(frozen=True, slots=True)
class View:
    """What is judged: what each node told, and what the plan says."""

    told: Mapping[str, Told]
    planned: Planned

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Go through the nodes that told something, in the plan's order, then the others by name."""
        for name in self.names():
            one = self.told.get(name)
            if one and isinstance(one.document, Known):
                yield name, one.document.value

    def names(self) -> tuple[str, ...]:
        """Return the names of all nodes: those of the plan, and those that only a file tells of."""
        others = sorted(set(self.told) - set(self.planned.nodes))
        return (*self.planned.nodes, *others)

    @property
    def by_hand(self) -> bool:
        """Whether what a node told came as a file."""
        return any(one.at_hand for one in self.told.values())

    def silent(self, has: Callable[[Document], bool]) -> tuple[str, ...]:
        """Return the nodes that did not tell what `has` looks for."""
        speaking = {name for name, document in self.documents() if has(document)}
        return tuple(name for name in self.names() if name not in speaking)


def listed(names: Sequence[str]) -> str:
    """Return names, one behind the other."""
    return listing(names)


def unheard(spec: Spec, silent: Sequence[str]) -> Finding:
    """Say that some nodes did not tell enough to judge all of them."""
    words = tr(
        "Could not be found out for all nodes: {names} told nothing of it.",
        names=listed(silent),
    )
    return spec.unknown(words, because=(ANSWERS.id,))


def too_few(spec: Spec) -> Finding:
    """Say that there is nothing to compare."""
    return spec.skip(tr("Not compared: fewer than two nodes told anything of it."), because=(ANSWERS.id,))


@dataclass(frozen=True, slots=True)
class Compared:
    """`odd` are the nodes that differ from `reference`; `by_plan`: that is what the plan says.

    `beside_plan`: all nodes are alike, and unlike the plan.
    """

    odd: tuple[str, ...] = ()
    by_plan: bool = False
    beside_plan: bool = False


def compared(values: Mapping[str, str], planned: Mapping[str, str]) -> Compared:
    """Compare the values of the nodes (at least one), `planned` by node as far as the plan says something of them."""
    fits = [name for name, value in values.items() if planned.get(name) == value]
    against = [name for name, value in values.items() if planned.get(name) not in {None, value}]
    if fits:
        right = {values[name] for name in fits}
        strange = [name for name, value in values.items() if name not in planned and value not in right]
        return Compared(odd=(*against, *strange), by_plan=True)
    counts = Counter(values.values())
    usual = max(counts, key=lambda value: counts[value])  # the first of those that are as frequent
    odd = tuple(name for name, value in values.items() if value != usual)
    return Compared(odd=odd, beside_plan=not odd and bool(against))


def one_key(documents: Sequence[Document]) -> bool:
    """Whether the fingerprints of these nodes are made with one key, so that they can be compared."""
    return len({document.key for document in documents}) <= 1


def planned_prints(view: View, variable: str) -> dict[str, str]:
    """Return what the plan says of one variable, as each node's fingerprint of it would be."""
    found = {}
    for name, document in view.documents():
        prints = view.planned.prints.get(document.key, {}).get(name, {})
        if variable in prints:
            found[name] = prints[variable]
    return found
