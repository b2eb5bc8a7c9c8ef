"""Whether the balancer's list and the nodes that are there are the same. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from wizard.checks.inside.compare import View, listed, unheard
from wizard.checks.inside.document import Document
from wizard.checks.inside.facts import Entries, Entry
from wizard.checks.inside.specs import BALANCER
from wizard.engine.facts import Fact, Known, Trouble
from wizard.plan import worker_mode
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import clauses, tr
from wizard.plan.remedy import advice


def judge(view: View, entries: Fact[Entries]) -> Finding:
    """Compare the addresses in the list with those that the nodes have."""
    if not isinstance(entries, Known):
        trouble = entries if isinstance(entries, Trouble) else Trouble(ErrorKind.TIMEOUT)
        return BALANCER.unknown(
            tr("Could not be found out: the balancer's list could not be read."),
            error=trouble.kind,
            detail=trouble.message,
        )
    documents = dict(view.documents())
    if unknown := _unknown_to(view, documents, entries.value):
        return unknown
    if silent := view.silent(lambda _document: True):
        return unheard(BALANCER, silent)
    return _empty(documents, entries.value) or BALANCER.passed(
        tr("The balancer's list and the nodes are the same."), facts={"entries": len(entries.value.entries)}
    )


def _unknown_to(view: View, documents: Mapping[str, Document], found: Entries) -> Finding | None:
    """Say which nodes serve and stand at no address of the list."""
    serving = {name: one for name, one in documents.items() if one.choices is None or _serves(one)}
    unknown = [name for name, one in serving.items() if not any(_is_at(one, entry) for entry in found.entries)]
    inner = [
        name for name in unknown if view.planned.in_containers or (view.told[name].at_hand and serving[name].container)
    ]
    if inner:
        return BALANCER.unknown(
            tr(
                "Could not be found out: NocoBase runs in a container on {names}, whose addresses are its own.",
                names=listed(inner),
            ),
            remedy=advice(tr("Compare the ports that the containers publish with the balancer's list by hand.")),
        )
    if not unknown:
        return None
    return BALANCER.warn(
        tr(
            "The balancer does not know {names}: no address in {place} is theirs.",
            names=listed(unknown),
            place=_place(found),
        ),
        error=ErrorKind.MISSING,
        detail=clauses(f"{name}: {listed(_outer(documents[name]))}" for name in unknown),
        remedy=advice(tr("Add {names} to the balancer's list, or stop what runs there.", names=listed(unknown))),
        facts={"unknown": unknown},
    )


def _empty(documents: Mapping[str, Document], found: Entries) -> Finding | None:
    """Say at which addresses of the list no node is."""
    empty = [entry for entry in found.entries if not any(_is_at(one, entry) for one in documents.values())]
    if not empty:
        return None
    addresses = [f"{entry.host}:{entry.port}" for entry in empty]
    return BALANCER.warn(
        tr("The balancer sends requests to {addresses}, and no node is there.", addresses=listed(addresses)),
        error=ErrorKind.MISSING,
        detail=tr("The list is in {place}; the nodes that were looked at have other addresses.", place=_place(found)),
        remedy=advice(
            tr("Take {addresses} out of the balancer's list, or start the node.", addresses=listed(addresses))
        ),
        facts={"empty": addresses},
    )


def _place(found: Entries) -> str:
    return found.place or tr("the plan")


def _serves(document: Document) -> bool:
    return worker_mode.read(document.worker_mode)[0].serves


def _is_at(document: Document, entry: Entry) -> bool:
    """Whether an entry leads to the node: by its address, and by its port where several nodes may share that."""
    same_port = not document.process.port or document.process.port == entry.port
    return same_port and bool(set(entry.resolved) & set(document.addresses))


def _outer(document: Document) -> list[str]:
    found = []
    for address in document.addresses:
        try:
            if not ipaddress.ip_address(address.partition("%")[0]).is_loopback:
                found.append(address)
        except ValueError:
            continue
    return found or list(document.addresses)
