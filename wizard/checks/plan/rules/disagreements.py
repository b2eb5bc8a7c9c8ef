"""Rule on several sources of one plan: they say the same wherever they speak of the same."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs_read import SOURCES
from wizard.checks.shared.unread import label
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import clauses, listing, tr
from wizard.plan.place import Disagreement
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import Secrets


def _disagreements(plan: Plan, _secrets: Secrets) -> list[Finding]:
    """Name both places of each disagreement; what they say may be secret and is not shown."""
    return [*_found(plan), *_between_nodes(plan), *_from_elsewhere(plan)] or [
        SOURCES.passed(tr("No two sources say different things of one setting."))
    ]


def _found(plan: Plan) -> Iterator[Finding]:
    for item in plan.disagreements:
        if item.server:
            yield _refusing(plan, item)
            continue
        if item.node:
            continue
        yield SOURCES.fail(
            tr("Two sources say different things of {name}.", name=label(plan, item.key)),
            subject=item.key,
            detail=tr(
                "{taken} is what was checked; {other} says something else. What reads the other one is not what was "
                "checked.",
                taken=item.taken.words,
                other=item.other.words,
            ),
            facts={"setting": item.key, "places": [item.taken.words, item.other.words]},
        )


def _between_nodes(plan: Plan) -> Iterator[Finding]:
    """Name the nodes that are not given what others are, each setting once."""
    of_nodes = [item for item in plan.disagreements if item.node and not item.unknown]
    for key, lacks in dict.fromkeys((item.key, item.lacks) for item in of_nodes):
        items = [item for item in of_nodes if (item.key, item.lacks) == (key, lacks)]
        nodes = listing(dict.fromkeys(item.node for item in items))
        others = clauses(dict.fromkeys(item.other.words for item in items))
        facts = {"setting": key, "places": [items[0].taken.words, *(item.other.words for item in items)]}
        if lacks:
            yield SOURCES.fail(
                tr("{nodes}: {name} is not given, and other nodes are given it.", nodes=nodes, name=label(plan, key)),
                ErrorKind.MISSING,
                subject=key,
                detail=tr(
                    "It stands in {taken}, and not in {other}: NocoBase takes its default there.",
                    taken=items[0].taken.words,
                    other=others,
                ),
                remedy=advice(tr("Give {nodes} the same variables as the others, and restart it.", nodes=nodes)),
                facts=facts,
                cause=f"lacks {nodes}",
            )
            continue
        yield SOURCES.fail(
            tr("{nodes}: another value of {name} is given than to other nodes.", nodes=nodes, name=label(plan, key)),
            subject=key,
            detail=tr(
                "{taken} is what was checked; {other} says something else.", taken=items[0].taken.words, other=others
            ),
            remedy=advice(tr("Give all nodes the same, and restart those that change.")),
            facts=facts,
        )


def _from_elsewhere(plan: Plan) -> Iterator[Finding]:
    """Say of which values nobody can tell here whether nodes have the same, each setting once."""
    unknown = [item for item in plan.disagreements if item.unknown]
    for key in dict.fromkeys(item.key for item in unknown):
        items = [item for item in unknown if item.key == key]
        yield SOURCES.unknown(
            tr(
                "{nodes}: not known whether {name} is the same as on the other nodes.",
                nodes=listing(dict.fromkeys(item.node for item in items)),
                name=label(plan, key),
            ),
            subject=key,
            detail=tr(
                "The values come from elsewhere when the nodes are started, by different names: {places}.",
                places=clauses(dict.fromkeys((items[0].taken.words, *(item.other.words for item in items)))),
            )
            if plan.is_expression(key)
            else tr(
                "{taken} is what was checked. The value comes from elsewhere when the node is started: {other}.",
                taken=items[0].taken.words,
                other=clauses(dict.fromkeys(item.other.words for item in items)),
            ),
            remedy=advice(tr("Name a second source beside this one, such as an env file with these variables.")),
            facts={"setting": key, "places": [items[0].taken.words, *(item.other.words for item in items)]},
        )


def _refusing(plan: Plan, item: Disagreement) -> Finding:
    return SOURCES.fail(
        tr(
            "The server “{server}” is started with another password than the nodes have: {name}.",
            server=item.server,
            name=label(plan, item.key),
        ),
        ErrorKind.CREDENTIALS,
        subject=item.key,
        detail=tr(
            "The server has what {other} says, the nodes what {taken} says: it refuses them.",
            taken=item.taken.words,
            other=item.other.words,
        ),
        remedy=advice(tr("Let both places have the same password, best one variable of Compose for both.")),
        facts={"setting": item.key, "places": [item.taken.words, item.other.words], "server": item.server},
    )


RULES = (Rule(_disagreements, None),)
